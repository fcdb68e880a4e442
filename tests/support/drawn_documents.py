"""Valid documents as Hypothesis draws them: deep ones of our own, and hypothesis-graphql's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_interface_type, is_leaf_type, is_union_type
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from tests.support.drawn_arguments import choosing
from tests.support.small_city import ENTERPRISES, PERSONS, YEARS, linked_by_hand

DEPTH = 4
EMPTY = 31
"""One selection set in so many is empty: GraphQL allows that since September 2026, and it asks for existence alone."""
LEADING = ("offices", "officers", "legalRepresentative", "operator", "guardianOf", "guardians")
"""Fields below which another subject can be reached; drawn more often than their number would have it."""
OF_ITSELF = {
    "why": (
        "incentive responsible reading",
        "incentive unmet { requirement metFrom unknown kinds { kind until } }",
        "title scene alternatives { __typename unmet { requirement source unknown kinds { provider } } }",
        "document unanswerable unmet { source } alternatives { unmet { metFrom } }",
    ),
    "incentives": (
        "id scene sceneZh bureaus documentTitle waitsFor configured",
        "id outcome { state answer always { requirement met metFrom unknown kinds { kind until } } }",
        "outcome { __typename alternatives { met requirements { met source remedies { right organ } } } }",
        "id outcome {}",
    ),
}
"""What is asked of what is for the subject alone."""
DOCUMENTS = (
    *linked_by_hand(),
    *(("passport", f"F0000000{at}") for at in range(6)),
    ("taiwanPermit", "E00000001"),
    ("formerNumber", "410105491231003"),
)
"""Documents that lead to a person, and some that lead to nobody."""
TABLES = {
    "enterprisesByCountyAndTaxGrade": "EnterprisesByCountyAndTaxGrade",
    "defaultersByCourtAndConduct": "DefaultersByCourtAndConduct",
}


def shallow(schema: GraphQLSchema) -> st.SearchStrategy[str]:
    """Draw what hypothesis-graphql makes of the SDL: wide, seldom deep, lists often empty."""
    return queries(
        schema,
        custom_scalars={
            "PersonNumber": st.sampled_from(PERSONS).map(nodes.String),
            "CreditCode": st.sampled_from(ENTERPRISES).map(nodes.String),
            "DocumentNumber": st.sampled_from([number for _, number in DOCUMENTS]).map(nodes.String),
            "FormerNumber": st.sampled_from(("410105491231002", "410105491231003")).map(nodes.String),
            "Count": st.integers(1, 5).map(nodes.Int),
            "Cursor": st.sampled_from(("", "abc")).map(nodes.String),
            "Date": st.dates().map(lambda day: nodes.String(day.isoformat())),
            "Fen": st.integers(-(2**52), 2**52).map(nodes.Int),
        },
    )


@st.composite
def deep(draw: st.DrawFn, schema: GraphQLSchema) -> str:
    """Draw a document that follows references, gathers records and asks known subjects."""
    writer = _Writer(draw, schema)
    roots = [writer.root() for _ in range(draw(st.integers(1, 3)))]
    if draw(st.integers(0, 3)):
        roots.append(writer.standing())
    if draw(st.integers(0, 5)) == 0:
        roots.append(writer.table())
    if draw(st.booleans()):
        roots.append(writer.document())
    return "{ " + " ".join(roots) + " }"


@dataclass(slots=True)
class _Writer:
    draw: st.DrawFn
    schema: GraphQLSchema
    arguments: dict[str, str] = field(default_factory=dict)
    """The arguments of each field without an alias: the same wherever it stands, so that fields merge."""
    aliases: int = 0
    asked: list[str] = field(default_factory=list)
    """The subjects that the document names."""

    def table(self) -> str:
        name = self.draw(st.sampled_from(list(TABLES)))
        year = self.draw(st.sampled_from((*YEARS, "1999")))
        return f"{self._alias()}: {name}(year: {year}) {self._selection(TABLES[name], 0)}"

    def document(self) -> str:
        """Ask for a person by a document, which leads to nobody now and then."""
        member, number = document = self.draw(st.sampled_from(DOCUMENTS))
        self.asked += [person for each, person in linked_by_hand().items() if each == document]
        below = self._selection("Person", DEPTH - 1)
        return f'{self._alias()}: personByDocument(document: {{{member}: "{number}"}}) {below}'

    def standing(self) -> str:
        """Ask many answers about one subject: hardly any subject is rewarded twice for the same thing."""
        answers = [*self.schema.type_map["Standing"].fields]
        asked = self.draw(st.lists(st.sampled_from(answers), min_size=3, max_size=9))
        asked = [self._of_itself(each) if each in OF_ITSELF else each for each in asked]
        below = f"{{ __typename {' '.join(asked)} }}"
        if self.draw(st.booleans()):
            return f"{self._alias()}: standing(of: {self._key()}) {below}"
        keys = dict.fromkeys(self._key() for _ in range(self.draw(st.integers(0, 3))))
        return f"{self._alias()}: standings(of: [{' '.join(keys)}]) {below}"

    def _of_itself(self, field: str) -> str:
        """Ask for what is for the subject alone."""
        return f"{self._alias()}: {field} {{ {self.draw(st.sampled_from(OF_ITSELF[field]))} }}"

    def root(self) -> str:
        name = self.draw(
            st.sampled_from(("person", "persons", "enterprise", "enterprises", *["subjects"] * 2))
        )
        type_name = {"p": "Person", "e": "Enterprise", "s": "CreditSubject"}[name[0]]
        return f"{self._alias()}: {name}({self._subjects(name)}) {self._selection(type_name, DEPTH)}"

    def _key(self) -> str:
        """Name any subject; more often a person whom something may be answered about."""
        key = self.draw(st.sampled_from((*PERSONS, *ENTERPRISES, *PERSONS[:5] * 4)))
        return f'{{{"person" if key in PERSONS else "enterprise"}: "{key}"}}'

    def _subjects(self, name: str) -> str:
        draw = self.draw
        if name in ("person", "enterprise"):
            self.asked.append(draw(st.sampled_from(PERSONS if name == "person" else ENTERPRISES)))
            return f'id: "{self.asked[-1]}"'
        persons = draw(st.lists(st.sampled_from(PERSONS), min_size=1, max_size=4, unique=True))
        enterprises = draw(st.lists(st.sampled_from(ENTERPRISES), min_size=1, max_size=4, unique=True))
        self.asked += {"persons": persons, "enterprises": enterprises}.get(name, persons + enterprises)
        if name == "subjects":
            keys = [f'{{person: "{key}"}}' for key in persons] + [
                f'{{enterprise: "{key}"}}' for key in enterprises
            ]
            return f"by: [{', '.join(draw(st.permutations(keys)))}]"
        quoted = [f'"{key}"' for key in (persons if name == "persons" else enterprises)]
        return f"ids: [{', '.join(quoted)}]"

    def _selection(self, type_name: str, depth: int) -> str:
        if self.draw(st.integers(0, EMPTY)) == EMPTY // 2:  # Hypothesis prefers the ends
            return "{}"
        type_: Any = self.schema.type_map[type_name]
        if is_union_type(type_):
            parts = [self._inline(each.name, depth) for each in self._some([*type_.types])]
        else:
            parts = [self._field(name, type_.fields[name], depth) for name in self._names(type_, depth)]
        if is_interface_type(type_):
            parts += [
                self._inline(name, depth) for name in self._some(["Person", "Enterprise", "CreditSubject"])
            ]
        if not parts or self.draw(st.booleans()):
            parts.append("__typename")
        return "{ " + " ".join(self.draw(st.permutations(parts))) + " }"

    def _some(self, options: list[Any]) -> list[Any]:
        return self.draw(st.lists(st.sampled_from(options), min_size=1, max_size=3))

    def _names(self, type_: Any, depth: int) -> list[str]:
        leaves = [name for name, each in type_.fields.items() if is_leaf_type(get_named_type(each.type))]
        others = [name for name in type_.fields if name not in leaves]
        found = self.draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=3 if others else 6))
        others += [name for name in others if name in LEADING] * 3
        if depth and others:
            found += self.draw(st.lists(st.sampled_from(others), min_size=1, max_size=3))
        return found

    def _inline(self, type_name: str, depth: int) -> str:
        return f"... on {type_name} {self._selection(type_name, depth)}"

    def _field(self, name: str, definition: Any, depth: int) -> str:
        aliased = name == "violation" or self.draw(st.booleans())
        alias = f"{self._alias()}: " if aliased else ""
        arguments = self._arguments(name, definition) if aliased else self._plain(name, definition)
        named = get_named_type(definition.type)
        below = "" if is_leaf_type(named) else self._selection(named.name, depth - 1)
        return f"{alias}{name}{arguments} {below}"

    def _plain(self, name: str, definition: Any) -> str:
        if name not in self.arguments:
            self.arguments[name] = self._arguments(name, definition)
        return self.arguments[name]

    def _arguments(self, name: str, definition: Any) -> str:
        found = self.draw(choosing(name, definition.args, self.asked))
        return f"({found})" if found else ""

    def _alias(self) -> str:
        self.aliases += 1
        return f"a{self.aliases}"
