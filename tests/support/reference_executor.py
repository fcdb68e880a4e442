"""The oracle: graphql-core's own executor over the same rows, with resolvers that know no plan.

Which dataset answers which field is written down here by hand and not taken from the declarations.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from graphql import (
    GraphQLResolveInfo,
    GraphQLSchema,
    execute_sync,
    parse,
)

from adapters.source import Key
from catalogue.identity_documents import NOBODY
from gateway.release.cursors import List
from resolvers.fetch.reading import CursorRefused
from resolvers.plan.field_use import AccessPath, FieldPlace
from sandbox.expected.shown import ages_shown, lets_be_shown, may_be_shown, sees_history, stands
from tests.support import standing_oracle
from tests.support.gateway_in_memory import CURSORS, EVERYTHING, TODAY
from tests.support.hand_map import DOCUMENT_KINDS, LINKS, LISTS, gathered_of
from tests.support.laid_out_tables import TABLES, laid_out
from tests.support.plain_choices import Choice, Missing, born_of, column_in, known_by, top
from tests.support.reference_reasons import explainers, of_record, told
from tests.support.small_city import SmallCity

MANY = {
    "taxGrades": "tax.taxpayer_grade",
    "taxArrears": "tax.tax_arrears",
    "seriousTaxViolations": "tax.serious_violation",
    "insuranceArrears": "social_security.insurance_arrears",
    "judgmentDefaults": "courts.judgment_defaulter",
    "closedEnforcements": "courts.closed_enforcement",
    "transportLicences": "transport.licence",
    "transportViolations": "transport.transport_violation",
    "scores": "credit_office.score",
    "consents": "credit_office.consent",
    "identityDocuments": "registry.identity_document",
    "authorisations": "credit_office.authorisation",
    "volunteering": "credit_office.volunteering",
    "redLists": "credit_office.red_list",
    "honours": "credit_office.honour",
    "donations": "credit_office.donation",
    "offices": "registry.office_by_person",
    "officers": "registry.office_by_enterprise",
    "guardianOf": "registry.guardianship_by_guardian",
    "guardians": "registry.guardianship_by_child",
    "responsibleFor": "tax.responsibility_by_person",
    "responsiblePersons": "tax.responsibility_by_enterprise",
}
ONE = {
    "latestTaxGrade": "tax.latest_taxpayer_grade",
    "contribution": "social_security.contribution",
    "socialSecurityGrade": "social_security.payment_grade",
    "transportGrade": "transport.transport_grade",
    "labourGrade": "social_security.labour_grade",
    "customsLevel": "customs.credit_level",
    "legalRepresentative": "registry.legal_representative",
    "operator": "registry.operator",
}
ADVERSE = {
    "TaxArrears": "taxArrears",
    "SeriousTaxViolation": "seriousTaxViolations",
    "InsuranceArrears": "insuranceArrears",
    "JudgmentDefault": "judgmentDefaults",
    "TransportViolation": "transportViolations",
}
FOR_ITSELF = ("why", "incentives")
"""The fields of a standing that are for the subject alone."""
LEADS = {
    **dict.fromkeys(("Office.person", "Responsibility.person"), ("Person", "person_number")),
    **dict.fromkeys(("Office.enterprise", "Responsibility.enterprise"), ("Enterprise", "credit_code")),
    "Guardianship.guardian": ("Person", "guardian_number"),
    "Guardianship.child": ("Person", "child_number"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A person or an enterprise as the registry has it."""

    type_name: str
    key: Key
    record: Mapping[str, Any]
    reached: AccessPath = "asked"


@dataclass(frozen=True, slots=True)
class Record:
    """A record, and of which type."""

    type_name: str
    values: Mapping[str, Any]
    reached: AccessPath = "asked"
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose standing is asked."""

    kind: str
    key: Key


@dataclass(frozen=True, slots=True)
class World:
    """What there is, what the purpose denies, which bureaus are down and which keys are broken."""

    city: SmallCity
    catalogue: list[dict[str, Any]]
    denied: Container[FieldPlace] = ()
    down: Container[str] = ()
    broken: Container[tuple[str, Key]] = ()
    grantee: str | None = None
    """The client that asks; None where the subject itself does."""
    purpose: str = EVERYTHING

    def standing(self, asked: Asked, field: str) -> str | None:
        """Answer one field of a standing: nothing where a record breaks its contract."""
        whole = replace(self, broken=())
        names = standing_oracle.consulted(field, asked.kind)
        records = {each: [row for row in whole.rows(each, asked.key) if stands(row)] for each in names}
        broken = any((each, asked.key) in self.broken for each in records)
        return None if broken else standing_oracle.expected(field, asked.kind, records, TODAY, self.grantee)

    def told(self, asked: Asked, field: str) -> Any:
        """Tell the subject of itself: what that says is another test's business, from which records is this one's."""
        names, whole = sorted(explainers()[asked.kind].needs), replace(self, broken=())
        records, failed = {each: list[Any]() for each in names}, dict[str, Missing]()
        for each in names:
            try:
                records[each] = [row for row in whole.rows(each, asked.key) if stands(row)]
            except Missing as missing:
                failed[each] = missing
        broken = frozenset(each for each in names if (each, asked.key) in self.broken)
        return told(field, asked.kind, records, broken, failed, self.grantee)

    def rows(self, dataset: str, key: Key) -> Any:
        """Read one key of a dataset."""
        if dataset.split(".", maxsplit=1)[0] in self.down:
            raise Missing("BUREAU_UNAVAILABLE")
        if (dataset, key) in self.broken:
            raise Missing("BUREAU_CONTRACT_BROKEN")
        return self.city.tables[dataset].get(key, ())

    def subject(self, type_name: str, key: Key, reached: AccessPath = "asked") -> Subject | None:
        """Read one subject of the registry; a person only where both birth dates and life let it be shown."""
        if type_name == "Enterprise":
            found = self.chosen("registry.enterprise", key, top(1))
            return Subject(type_name, key, found[0][1], reached) if found else None
        ages = ages_shown(self.purpose, reached)
        if not may_be_shown(ages, born_of(key), TODAY):
            return None
        found = self.chosen("registry.person", key, top(1))
        shown = found and self.is_shown(found[0][1], reached)
        return Subject(type_name, key, found[0][1], reached) if shown else None

    def is_shown(self, values: Mapping[str, Any], reached: AccessPath) -> bool:
        """Whether the registration of a person lets it be shown."""
        return lets_be_shown(values, self.purpose, reached, TODAY)

    def led(self, coordinate: str, record: Record) -> Subject | None:
        """Return the subject to which a record leads; of a guardian who asks, to the ward while the term runs."""
        type_name, column = LEADS[coordinate]
        reached: AccessPath = "person" if type_name == "Person" else "enterprise"
        if coordinate == "Guardianship.child" and record.reached == "asked":
            reached = "ward"
        if ages_shown(self.purpose, reached) == "wards" and not self._runs(record.values):
            return None
        return self.subject(type_name, record.values[column], reached)

    def linked(self, member: str, number: str) -> Key | None:
        """Return the one whom every running link of a document names, if one of them was reviewed and is sure."""
        rows = replace(self, broken=()).rows(LINKS[0], number)
        of_kind = [row for row in rows if row["kind"] == DOCUMENT_KINDS[member] and self._runs(row)]
        names = {row["person_number"] for row in of_kind}
        reviewed = [row["reviewed_on"] for row in of_kind if row["confidence"] == "HIGH"]
        joins = len(names) == 1 and any(day is not None and day <= TODAY for day in reviewed)
        return names.pop() if joins and (LINKS[0], number) not in self.broken else None

    @staticmethod
    def _runs(values: Mapping[str, Any]) -> bool:
        return values["since"] <= TODAY and (values["until"] is None or values["until"] >= TODAY)

    def chosen(self, dataset: str, key: Key, choice: Choice) -> list[tuple[int, Mapping[str, Any]]]:
        """Return the rows that are chosen, each with its number in the list."""
        rows, chosen = self.rows(dataset, key), self.limited(choice)
        return [(number, rows[index]) for number, index in chosen.of(rows)]

    def limited(self, choice: Choice) -> Choice:
        """Return a choice among the records that the purpose may be shown."""
        return replace(choice, standing=not sees_history(self.purpose))


@dataclass(frozen=True, slots=True)
class Expected:
    """The answer as it must be: the data as JSON text, and path and code of each error in their order."""

    data: bytes
    errors: list[tuple[list[str | int], str | None]]
    """The code is None where graphql-core refused an argument."""


def expected(schema: GraphQLSchema, world: World, text: str, variables: Mapping[str, Any]) -> Expected:
    """Execute a document the plain way."""

    def resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        coordinate = f"{info.parent_type.name}.{info.field_name}"
        if (coordinate, getattr(source, "reached", "asked")) in world.denied:
            raise Missing("FIELD_DENIED")
        if info.parent_type.name == "Query":
            return _root(world, info, arguments)
        if coordinate in LEADS:
            return world.led(coordinate, source)
        if isinstance(source, Asked):
            field = info.field_name
            return world.told(source, field) if field in FOR_ITSELF else world.standing(source, field)
        if isinstance(source, Subject):
            taken = info.parent_type.fields[info.field_name].args
            return _of_subject(world, source, info.field_name, arguments, taken)
        return of_record(source, info.parent_type.name, info.field_name)

    result = execute_sync(
        schema,
        parse(text),
        variable_values=dict(variables),
        field_resolver=resolve,
        type_resolver=lambda value, *_: value.type_name,
    )
    errors = [
        (list(each.path or ()), getattr(each.original_error, "code", None)) for each in result.errors or ()
    ]
    return Expected(orjson.dumps(result.data), errors)


def _root(world: World, info: GraphQLResolveInfo, arguments: Mapping[str, Any]) -> Any:
    field = info.field_name
    if field in ("catalogue", "openIndex"):  # the rules of these tests have no open index
        return world.catalogue if field == "catalogue" else None
    if field == "standing":
        return Asked(*next(iter(arguments["of"].items())))
    if field == "standings":
        return [Asked(*next(iter(each.items()))) for each in arguments["of"]]
    if field in TABLES:
        return laid_out(info.schema, field, world.rows(TABLES[field][0], str(arguments["year"])))
    if field in ("person", "enterprise"):
        return world.subject(field.capitalize(), arguments["id"])
    if field == "personByDocument":
        return _of_document(world, next(iter(arguments["document"].items())))
    if field in ("persons", "enterprises"):
        return [_caught(world, field.capitalize()[:-1], key) for key in arguments["ids"]]
    named = [next(iter(each.items())) for each in arguments["by"]]
    return [_caught(world, member.capitalize(), key) for member, key in named]


def _of_document(world: World, document: tuple[str, str]) -> Subject | None:
    """Return the person to whom a document leads; without a link, and for a minor where adults are shown, nobody is asked for."""
    found = world.linked(*document)
    shown = found is not None and may_be_shown(ages_shown(world.purpose, "asked"), born_of(found), TODAY)
    return world.subject("Person", found if found is not None and shown else NOBODY)


def _caught(world: World, type_name: str, key: Key) -> Any:
    """An exception in a list is graphql-core's way to fail one item."""
    try:
        return world.subject(type_name, key)
    except Missing as missing:
        return missing


def _of_subject(
    world: World, subject: Subject, field: str, arguments: Mapping[str, Any], taken: Container[str]
) -> Any:
    if field in MANY:
        return _listed(world, subject, field, arguments, taken)
    if field in ONE:
        found = world.chosen(ONE[field], subject.key, top(1))
        return Record("", found[0][1], subject.reached) if found else None
    if field == "adverseRecords":
        return _gathered(world, subject, arguments["first"])
    return subject.record[column_in(subject.record, field)]


def _gathered(world: World, subject: Subject, most: int) -> list[Record]:
    gathered: list[Record] = []
    kinds = gathered_of(subject.type_name)
    for type_name, listed in [each for each in ADVERSE.items() if each[1] in kinds]:
        # One more is looked at: the answer tells of each kind whether it leaves records out.
        found = world.chosen(MANY[listed], subject.key, top(most + 1))[:most]
        gathered += [Record(type_name, values, subject.reached) for _, values in found]
    return gathered


def _listed(
    world: World, subject: Subject, field: str, arguments: Mapping[str, Any], taken: Container[str]
) -> list[Record]:
    """Filter, order, continue and bound a list, and give each record its cursor."""
    where, order, after = [arguments.get(name) for name in ("where", "orderBy", "after")]
    chosen_by = orjson.dumps([where, order], option=orjson.OPT_SORT_KEYS)
    of = subject.key if subject.reached == "asked" else ""
    listed = List(world.purpose, f"{subject.type_name}.{field}", chosen_by, of)
    world.rows(MANY[field], subject.key)  # a failure of the bureau is told before that of a cursor
    opened = None if after is None else _opened(listed, after)
    home = LISTS[subject.type_name][field]
    numbered = known_by(home, named=subject.reached == "asked") if "after" in taken else ()
    choice = Choice(where or {}, order, opened, arguments["first"], numbered)
    return [
        Record("", values, subject.reached, CURSORS.seal(listed, number))
        for number, values in world.chosen(MANY[field], subject.key, choice)
    ]


def _opened(listed: List, cursor: str) -> int:
    try:
        return CURSORS.open(listed, cursor)
    except CursorRefused:
        raise Missing("CURSOR_INVALID") from None
