"""Every way on which a document comes to a person, and a city in which records of every kind lead to one."""

from __future__ import annotations

from datetime import date
from functools import cache

from adapters.source import Key
from catalogue.record_life import STANDS
from gateway.pipeline.prepare import Operation, Preparer, Terms
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.gateway_in_memory import TODAY, InMemory, document_of, graph, permissive
from tests.support.one_person import calls
from tests.support.rows_source import Record
from tests.support.small_city import (
    ADULTS,
    BY_CHILD,
    BY_ENTERPRISE,
    BY_GUARDIAN,
    BY_PERSON,
    ENTERPRISES,
    OPERATOR,
    REPRESENTATIVE,
    SmallCity,
    small_city,
)

FIRM, ADULT = ENTERPRISES[0], ADULTS[0]
OF_PERSON = """name sex region birthDate identityNumber deceased taxArrears { amountFen } honours { title }
    adverseRecords(first: 1) { __typename } offices(first: 9) { role enterprise { name } }
    judgmentDefaults(first: 2) { cursor listedOn } responsibleFor(first: 2) { role enterprise { name } }"""
WAYS = {
    "by number": f"query Q($id: PersonNumber!) {{ person(id: $id) {{ {OF_PERSON} }} }}",
    "in a list": f'query Q($id: PersonNumber!) {{ persons(ids: ["{ADULT}", $id]) {{ {OF_PERSON} }} }}',
    "among subjects": "query Q($id: PersonNumber!) { subjects(by: [{person: $id}, {enterprise: "
    f'"{FIRM}"}}]) {{ name region taxArrears {{ amountFen }} ... on Person {{ {OF_PERSON} }} }} }}',
    "as an officer": f'{{ enterprise(id: "{FIRM}") {{ name officers {{ role person {{ {OF_PERSON} }} }} }} }}',
    "as the representative": f'{{ enterprise(id: "{FIRM}") {{ legalRepresentative {{ person {{ {OF_PERSON} }} }} }} }}',
    "as the operator": f'{{ enterprise(id: "{FIRM}") {{ operator {{ person {{ {OF_PERSON} }} }} }} }}',
    "as a responsible person": f'{{ enterprise(id: "{FIRM}") {{ responsiblePersons {{ role person {{ {OF_PERSON} }} }} }} }}',
    "as a ward": f'{{ person(id: "{ADULT}") {{ guardianOf {{ since child {{ {OF_PERSON} }} }} }} }}',
    "as a guardian": f'{{ person(id: "{ADULT}") {{ guardians {{ since guardian {{ {OF_PERSON} }} }} }} }}',
    "for an incentive": "query Q($id: PersonNumber!) { standing(of: {person: $id}) { pds028 pds001 } }",
}
"""Every way to a person."""
BY_NAME = "query Q($id: PersonNumber!) { person(id: $id) { name } }"


@cache
def town(key: Key, *, known: bool = True, died: bool = False) -> SmallCity:
    """Return a city in which records of every kind lead to a person.

    `known` tells whether the registry knows the person, and `died` whether it calls the person dead.
    """
    tables = dict(small_city(3).tables)
    office = {"role": "LEGAL_REPRESENTATIVE", "since": date(2020, 1, 1), "until": None, "office_number": "1"}
    office |= {"person_number": key, "credit_code": FIRM}
    tables |= {
        BY_ENTERPRISE: {FIRM: [office]},
        REPRESENTATIVE: {FIRM: [office]},
        OPERATOR: {FIRM: [office | {"role": "OPERATOR"}]},
        BY_PERSON: {key: [office]},
        "tax.responsibility_by_enterprise": {FIRM: [mark_of(key)]},
        "tax.responsibility_by_person": {key: [mark_of(key)]},
    }
    wards, guardians = guardianship(ADULT, key), guardianship(key, ADULT)
    tables |= {BY_GUARDIAN: {ADULT: [wards]}, BY_CHILD: {ADULT: [guardians]}}
    people = tables["registry.person"]
    tables["registry.person"] = {**people, key: [{**people[key][0], "deceased": died}]}
    if not known:
        tables = {
            name: {each: rows for each, rows in held.items() if each != key} for name, held in tables.items()
        }
    return SmallCity(tables)


def mark_of(key: Key) -> Record:
    """Return a mark, which stands, of a person as responsible for an entry of the enterprise."""
    return {
        "person_number": key,
        "credit_code": FIRM,
        "role": "LEGAL_REPRESENTATIVE",
        "decision_number": "1",
        "since": date(2026, 1, 1),
        "mark_number": "1",
        "state": STANDS,
    }


def guardianship(guardian: Key, child: Key, since: str = "2020-01-01", until: str | None = None) -> Record:
    """Return a guardianship with its term."""
    return {
        "guardian_number": guardian,
        "child_number": child,
        "since": date.fromisoformat(since),
        "until": until and date.fromisoformat(until),
        "guardianship_number": f"{guardian}{child}",
    }


def prepared(gateway: InMemory, text: str, purpose: str) -> Operation:
    """Prepare a document for a purpose as if every use of every field were permitted for it."""
    loaders = Loaders(gateway.sources, gateway.hooks)
    preparer = Preparer(graph(), permissive(), loaders, Hooks())
    return preparer.prepare(
        "test", document_of(text), Terms("developer", purpose, 10_000, plays_subject=True)
    )


async def shown(
    city: SmallCity, text: str, purpose: str, key: Key, today: date = TODAY
) -> tuple[bytes, object]:
    """Return the bytes of an answer, and the calls that were made for it."""
    gateway = InMemory(city.sources(), today=today)
    variables = {"id": key} if "$id" in text else {}
    answer = await gateway.answer(prepared(gateway, text, purpose), variables)
    return answer.body, calls(gateway)
