"""Operations as Hypothesis draws them, varied.

`varied` rewrites a valid document without changing what it may ask: literals become variables with and
without defaults, selections move into fragments, anything may get @include and @skip.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    get_named_type,
    parse,
    parse_type,
    parse_value,
    print_ast,
    value_from_ast_untyped,
)
from graphql.language import NamedTypeNode, NameNode, VariableDefinitionNode, VariableNode
from hypothesis import strategies as st

from schema.graphql_types import default_of
from schema.list_arguments import CERTAIN
from tests.support.drawn_documents import DOCUMENTS, deep, shallow
from tests.support.small_city import PERSONS

MOST_CONDITIONS = 3
SOMEBODY = parse_value(f'{{person: "{PERSONS[0]}"}}')
SOME_DOCUMENT = parse_value(f'{{{DOCUMENTS[0][0]}: "{DOCUMENTS[0][1]}"}}')


@dataclass(frozen=True, slots=True)
class Asked:
    """A document and its variables."""

    text: str
    variables: Mapping[str, Any]


def asked(schema: GraphQLSchema) -> st.SearchStrategy[Asked]:
    """Draw documents of both kinds, deep ones more often, and vary them."""
    return st.one_of(deep(schema), deep(schema), deep(schema), shallow(schema)).flatmap(
        lambda text: varied(schema, text)
    )


@st.composite
def varied(draw: st.DrawFn, schema: GraphQLSchema, text: str) -> Asked:
    """Rewrite a document; see above."""
    rewriter = _Rewriter(draw, schema)
    ast = rewriter.document(parse(text))
    return Asked(print_ast(ast), rewriter.given)


@dataclass(slots=True)
class _Rewriter:
    draw: st.DrawFn
    schema: GraphQLSchema
    definitions: list[VariableDefinitionNode] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    values: dict[tuple[str, str], ValueNode] = field(default_factory=dict)
    """What stands for a literal, everywhere alike: fields that merge must have equal arguments."""
    fragments: list[FragmentDefinitionNode] = field(default_factory=list)
    conditions: list[ValueNode] = field(default_factory=list)

    def document(self, ast: DocumentNode) -> DocumentNode:
        operation = ast.definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        selection = self._set(operation.selection_set, self.schema.query_type)
        asked = OperationDefinitionNode(
            operation=operation.operation,
            name=NameNode(value="Drawn"),
            variable_definitions=tuple(self.definitions),
            directives=(),
            selection_set=selection,
        )
        return DocumentNode(definitions=(asked, *self.fragments))

    def _set(self, selection_set: SelectionSetNode, type_: Any) -> SelectionSetNode:
        selections = [self._selection(each, type_) for each in selection_set.selections]
        if selections and self._seldom():
            selections = self._moved(selections, type_)
        return SelectionSetNode(selections=tuple(selections))

    def _selection(self, node: SelectionNode, type_: Any) -> SelectionNode:
        if isinstance(node, InlineFragmentNode):
            named = self.schema.type_map[node.type_condition.name.value] if node.type_condition else type_
            return InlineFragmentNode(
                type_condition=node.type_condition,
                directives=self._directives(),
                selection_set=self._set(node.selection_set, named),
            )
        assert isinstance(node, FieldNode)
        if node.name.value == "__typename":
            return FieldNode(name=node.name, alias=node.alias, arguments=(), directives=self._directives())
        definition = type_.fields[node.name.value]
        below = get_named_type(definition.type)
        return FieldNode(
            name=node.name,
            alias=node.alias,
            arguments=tuple(
                self._argument(each, definition.args[each.name.value])
                for each in map(_certain, node.arguments or ())
                if each is not None
            ),
            directives=self._directives(),
            selection_set=self._set(node.selection_set, below) if node.selection_set else None,
        )

    def _moved(self, selections: list[SelectionNode], type_: Any) -> list[SelectionNode]:
        """Move the first few selections into a fragment, and mention it twice now and then."""
        cut = self.draw(st.integers(1, len(selections)))
        head, tail = selections[:cut], selections[cut:]
        condition = NamedTypeNode(name=NameNode(value=self._condition_type(head, type_)))
        if self.draw(st.booleans()):
            inline = InlineFragmentNode(
                type_condition=condition if self.draw(st.booleans()) else None,
                directives=self._directives(),
                selection_set=SelectionSetNode(selections=tuple(head)),
            )
            return [inline, *tail]
        name = NameNode(value=f"F{len(self.fragments) + 1}")
        self.fragments.append(
            FragmentDefinitionNode(
                name=name,
                variable_definitions=(),
                type_condition=condition,
                directives=(),
                selection_set=SelectionSetNode(selections=tuple(head)),
            )
        )
        spreads = [
            FragmentSpreadNode(name=name, directives=self._directives()) for _ in range(1 + self._seldom())
        ]
        return [*spreads[:1], *tail, *spreads[1:]]

    def _condition_type(self, selections: list[SelectionNode], type_: Any) -> str:
        if type_.name not in ("Person", "Enterprise") or self.draw(st.booleans()):
            return type_.name
        shared = self.schema.type_map["CreditSubject"].fields
        fits = all(isinstance(each, FieldNode) and each.name.value in shared for each in selections)
        return "CreditSubject" if fits else type_.name

    def _argument(self, node: ArgumentNode, definition: Any) -> ArgumentNode:
        has_default = default_of(definition) is not Undefined
        certain = node.name.value in CERTAIN
        value = node.value if certain else _named(node.value, str(get_named_type(definition.type)))
        return ArgumentNode(name=node.name, value=self._value(value, definition.type, has_default, certain))

    def _value(self, node: ValueNode, type_: Any, has_default: bool, certain: bool = False) -> ValueNode:
        """`certain` is a value that no caller may leave out: all variables in it are of non-null types."""
        if isinstance(node, NullValueNode):
            return node
        key = (f"{type_}{certain}", print_ast(node))
        if key not in self.values:
            how = self.draw(st.sampled_from(("literal", "variable", "inside")))
            make: dict[str, Callable[[], ValueNode]] = {
                "literal": lambda: node,
                "variable": lambda: self._variable(node, type_, has_default, certain),
                "inside": lambda: self._inside(node, type_, certain),
            }
            self.values[key] = make[how]()
        return self.values[key]

    def _inside(self, node: ValueNode, type_: Any, certain: bool) -> ValueNode:
        bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(node, ListValueNode) and isinstance(bare, GraphQLList):
            items = tuple(self._value(each, bare.of_type, False, certain) for each in node.values)
            return ListValueNode(values=items)
        if isinstance(node, ObjectValueNode) and isinstance(bare, GraphQLInputObjectType):
            fields = tuple(
                type(each)(
                    name=each.name,
                    value=self._value(each.value, bare.fields[each.name.value].type, False, True),
                )
                for each in node.fields
            )
            return ObjectValueNode(fields=fields)
        return node

    def _variable(self, node: ValueNode, type_: Any, has_default: bool, certain: bool) -> ValueNode:
        """A variable for a literal: required or not, with a default or not, sent, left out or null."""
        bare = str(type_).removesuffix("!")
        literal = print_ast(node)
        kinds = {
            "required": (f"{bare}!", None, ("sent",)),
            "defaulted": (f"{bare}!", literal, ("sent", "absent")),
            "nullable": (bare, literal, ("sent", "absent", "null")),
        }
        if has_default:
            kinds["optional"] = (bare, None, ("sent", "absent", "null"))
        usable = ["required", "defaulted"] if certain else list(kinds)
        type_text, default, hows = kinds[self.draw(st.sampled_from(usable))]
        name = f"v{len(self.definitions)}"
        self._declare(name, type_text, default)
        how = self.draw(st.sampled_from((*hows, "sent", "sent")))
        if how == "sent":
            self.given[name] = self._json(node)
        elif how == "null":
            self.given[name] = None
        return VariableNode(name=NameNode(value=name))

    def _json(self, node: ValueNode) -> Any:
        value = value_from_ast_untyped(node)
        if isinstance(value, list) and len(value) == 1 and self.draw(st.booleans()):
            return value[0]  # a single value stands for a list of one
        return value

    def _declare(self, name: str, type_text: str, default: str | None) -> None:
        self.definitions.append(
            VariableDefinitionNode(
                variable=VariableNode(name=NameNode(value=name)),
                type=parse_type(type_text),
                default_value=parse_value(default) if default else None,
                directives=(),
            )
        )

    def _directives(self) -> tuple[DirectiveNode, ...]:
        if not self._seldom():
            return ()
        names = self.draw(st.sampled_from((("include",), ("skip",), ("include", "skip"))))
        return tuple(
            DirectiveNode(
                name=NameNode(value=name),
                arguments=(ArgumentNode(name=NameNode(value="if"), value=self._condition(name)),),
            )
            for name in names
        )

    def _condition(self, directive: str) -> ValueNode:
        """Decide by a literal or a variable, and more often so that something is left to ask."""
        if self.draw(st.booleans()):
            kept = self.draw(st.sampled_from((True, True, False))) is (directive == "include")
            return parse_value("true" if kept else "false")
        chosen = self.draw(st.integers(0, MOST_CONDITIONS - 1))
        if chosen >= len(self.conditions):
            self.conditions.append(self._condition_variable())
        return self.conditions[min(chosen, len(self.conditions) - 1)]

    def _condition_variable(self) -> ValueNode:
        name = f"c{len(self.conditions)}"
        type_text, default, hows = self.draw(
            st.sampled_from(
                (
                    ("Boolean!", None, ("sent",)),
                    ("Boolean! ", "true", ("sent", "absent")),
                    ("Boolean", "false", ("sent", "absent")),
                )
            )
        )
        self._declare(name, type_text.strip(), default)
        if self.draw(st.sampled_from(hows)) == "sent":
            self.given[name] = self.draw(st.booleans())
        return VariableNode(name=NameNode(value=name))

    def _seldom(self) -> bool:
        return self.draw(st.integers(0, 5)) == 5


def _named(node: ValueNode, type_name: str) -> ValueNode:
    """Return what names subjects as it may be sent."""
    if isinstance(node, ListValueNode):
        return _unique(node)
    return _one_of(node) or (SOME_DOCUMENT if type_name == "IdentityDocumentKey" else SOMEBODY)


def _unique(node: ListValueNode) -> ListValueNode:
    """Drop what is refused as a whole: a subject named twice, and objects that @oneOf does not allow."""
    items = [_one_of(each) for each in node.values]
    return ListValueNode(values=tuple({print_ast(each): each for each in items if each}.values()))


def _certain(node: ArgumentNode) -> ArgumentNode | None:
    """Take nulls out of a filter or an order, where they are refused: hypothesis-graphql does not know."""
    if node.name.value not in CERTAIN:
        return node
    value = _without_nulls(node.value)
    return ArgumentNode(name=node.name, value=value) if value else None


def _without_nulls(node: ValueNode) -> ValueNode | None:
    if isinstance(node, ObjectValueNode):
        members = [(each, _without_nulls(each.value)) for each in node.fields]
        return ObjectValueNode(
            fields=tuple(ObjectFieldNode(name=each.name, value=value) for each, value in members if value)
        )
    if isinstance(node, ListValueNode):
        return ListValueNode(values=tuple(each for each in map(_without_nulls, node.values) if each))
    return None if isinstance(node, NullValueNode) else node


def _one_of(node: ValueNode) -> ValueNode | None:
    """Keep the first member that is not null: hypothesis-graphql does not know @oneOf."""
    if not isinstance(node, ObjectValueNode):
        return node
    members = [each for each in node.fields if not isinstance(each.value, NullValueNode)]
    return ObjectValueNode(fields=tuple(members[:1])) if members else None
