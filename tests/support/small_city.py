"""A city of a few subjects in memory: every dataset of every bureau, filled by its own declaration."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, product
from typing import Any

from adapters import bureaus
from adapters.source import Key
from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Column, Dataset, Kind
from catalogue.identifiers import credit_code_check_sign, person_check_sign
from catalogue.record_forms import CONFIRMED
from catalogue.record_life import ENDS, STANDS
from tests.support.rows_source import Record, RowsSource
from tests.support.standing_oracle import SCENES

CHILDREN = tuple(
    body + person_check_sign(body)
    for body in (f"411502{year}0101{number:03}" for number, year in enumerate((2004, 2005, 2010, 2015), 21))
)
"""Persons who were born late by their number; the first two are of age by it."""
ADULTS = tuple(
    body + person_check_sign(body)
    for body in (f"41150219{70 + number}0101{number:03}" for number in range(1, 9))
)
PERSONS = (*ADULTS[:-2], *CHILDREN, *ADULTS[-2:])
"""The last two are known to no bureau."""
ENTERPRISES = tuple(
    body + credit_code_check_sign(body)
    for body in (f"{92 if number == 5 else 91}411502MA9K4X{number:02}7" for number in range(1, 8))
)
"""One has the code of an individual business. The last one is known to no bureau."""
YEARS = ("2024", "2025")
"""The years that every table of counts has."""

BY_PERSON, BY_ENTERPRISE = "registry.office_by_person", "registry.office_by_enterprise"
REPRESENTATIVE = "registry.legal_representative"
BY_GUARDIAN, BY_CHILD = "registry.guardianship_by_guardian", "registry.guardianship_by_child"
OPERATOR = "registry.operator"
DOCUMENTS, BY_DOCUMENT = "registry.identity_document", "registry.identity_document_by_number"
CONSENT = "credit_office.consent"
APART = frozenset(
    {
        "credit_office.authorisation",
        "tax.responsibility_by_person",
        "tax.responsibility_by_enterprise",
        DOCUMENTS,
    }
)
"""Data sets that are drawn by a chance of their own: what is held beside them stays as it is."""


@dataclass(frozen=True, slots=True)
class SmallCity:
    """The records of every dataset by its full name, then by key."""

    tables: Mapping[str, Mapping[Key, Sequence[Record]]]

    def sources(
        self, down: frozenset[str] = frozenset(), broken: frozenset[tuple[str, Key]] = frozenset()
    ) -> dict[str, RowsSource]:
        """Return one source a bureau; `down` names bureaus, `broken` datasets in full and keys."""
        return {
            name: RowsSource(
                name,
                {each.name: self.tables[f"{name}.{each.name}"] for each in bureau.shared},
                down=name in down,
                broken=frozenset(
                    (dataset.removeprefix(f"{name}."), key)
                    for dataset, key in broken
                    if dataset.startswith(f"{name}.")
                ),
            )
            for name, bureau in bureaus.discover().items()
        }


def small_city(seed: int = 0) -> SmallCity:
    """Fill every dataset for some of the subjects; the offices are the same from either end."""
    rng, late = random.Random(seed), random.Random(f"{seed} late")
    offices = _offices(rng, ADULTS, 0) + _offices(late, CHILDREN, len(ADULTS) * len(ENTERPRISES))
    tables: dict[str, Mapping[Key, Sequence[Record]]] = {}
    for bureau in bureaus.discover().values():
        for dataset in bureau.datasets:
            name = f"{bureau.name}.{dataset.name}"
            if dataset.type_name not in ("Guardianship", "DocumentLink"):
                apart = random.Random(f"{seed} {name}") if name in APART else None
                tables[name] = _table(apart or rng, dataset) | _table_of_children(apart or late, dataset)
    _lead(tables["tax.responsibility_by_person"], "credit_code", ENTERPRISES, seed)
    _lead(tables["tax.responsibility_by_enterprise"], "person_number", PERSONS, seed)
    tables[BY_PERSON] = _grouped(offices, "person_number")
    tables[BY_ENTERPRISE] = _grouped(offices, "credit_code")
    tables[REPRESENTATIVE] = {code: held[:1] for code, held in tables[BY_ENTERPRISE].items()}
    guardianships = _guardianships(late)
    tables[BY_GUARDIAN] = _grouped(guardianships, "guardian_number")
    tables[BY_CHILD] = _grouped(guardianships, "child_number")
    tables[OPERATOR] = {code: held[-1:] for code, held in tables[BY_ENTERPRISE].items()}
    tables[BY_DOCUMENT] = _grouped(_links(), "document_number")
    _admit(tables)
    owners = random.Random(f"{seed} owners")
    consents = {each: _consents(owners, each) for each in ENTERPRISES[:-1]}
    tables[CONSENT] = {each: _consents(rng, each) for each in ADULTS[:-2]} | consents
    for bureau in bureaus.discover().values():
        for dataset in bureau.tables:
            tables[f"{bureau.name}.{dataset.name}"] = {year: _cells(rng, dataset, year) for year in YEARS}
    return SmallCity(tables)


def _admit(tables: Mapping[str, Mapping[Key, Sequence[Record]]]) -> None:
    """Let most subjects be such that a reward is possible: of age and alive, or in business.

    Of one person the registry alone says that it is a minor, of one the number alone, and of one both.
    """
    people, firms = tables["registry.person"], tables["registry.enterprise"]
    for key, (firm, *_) in firms.items():
        if key.startswith("92") or firm["kind"] == "INDIVIDUAL_BUSINESS":
            firm["kind"] = "INDIVIDUAL_BUSINESS" if key.startswith("92") else "COMPANY"
    for key in PERSONS[:4]:
        people[key][0].update(birth_date=date(1970, 1, 1), deceased=False)
    for key, year in zip(CHILDREN, (2004, 2010, 2010, 2005), strict=True):
        people[key][0].update(birth_date=date(year, 1, 1))
    for key in ENTERPRISES[:4]:
        firms[key][0].update(status="ACTIVE")


def _lead(table: Mapping[Key, Sequence[Record]], column: str, subjects: Sequence[Key], seed: int) -> None:
    """Let the records of a table lead to subjects, some of which the registry does not know."""
    drawn = random.Random(f"{seed} {column}")
    for record in chain.from_iterable(table.values()):
        record[column] = drawn.choice(subjects)


def _consents(rng: random.Random, subject: Key) -> list[Record]:
    """Consents to most scenes; some to one client alone, some ended or withdrawn."""
    return [
        {
            "subject": subject,
            "scene": scene,
            "grantee": rng.choice((None, None, "test", "somebody else")),
            "given_on": date(2024, 1, rng.randint(1, 28)),
            "until": rng.choice((None, None, date(2025, 1, 1), date(2026, 6, 30))),
            "withdrawn_on": rng.choice((None, None, None, date(2026, 6, 30), date(2026, 7, 1))),
        }
        for scene in SCENES
        if rng.random() < 0.9
    ]


def _table_of_children(rng: random.Random, dataset: Dataset) -> dict[Key, list[Record]]:
    of_persons = dataset.field is None or SubjectKind.PERSON in dataset.field.subjects
    return {key: [_record(rng, dataset, key)] for key in CHILDREN} if of_persons else {}


def _table(rng: random.Random, dataset: Dataset) -> dict[Key, list[Record]]:
    persons, enterprises = ADULTS[:-2], ENTERPRISES[:-1]
    if dataset.key == "subject" and dataset.name != "consent":  # consents are drawn again
        subjects = dataset.field.subjects if dataset.field else frozenset[SubjectKind]()
        held = (persons if SubjectKind.PERSON in subjects else ()) + (
            enterprises if SubjectKind.ENTERPRISE in subjects else ()
        )
        known = [key for key in held if rng.random() < 0.8]
    else:
        known = list(enterprises if dataset.key == "credit_code" else persons)
    most = 4 if dataset.many else 1
    return {key: [_record(rng, dataset, key) for _ in range(rng.randint(1, most))] for key in known}


def _cells(rng: random.Random, dataset: Dataset, year: Key) -> list[Record]:
    """Count so that some cells are empty, some small and some ample."""
    counting = dataset.counting
    assert counting is not None
    rows, columns = (sorted(dataset.by_name[each].codes or ()) for each in (counting.row, counting.column))
    return [
        {"year": year, counting.row: row, counting.column: column, "count": rng.choice((1, 3, 8, 20, 44))}
        for row in rows
        for column in columns
        if rng.random() < 0.7
    ]


def _record(rng: random.Random, dataset: Dataset, key: Key) -> Record:
    return {column.name: _value(rng, column) for column in dataset.columns} | {dataset.key: key}


def _value(rng: random.Random, column: Column) -> Any:
    if column.name in (ENDS, CONFIRMED):  # by the chance of what comes next, which it leaves as it is
        state, rng = rng.getstate(), random.Random()
        rng.setstate(state)
    if column.nullable and rng.random() < 0.3:
        return None
    if column.computed and column.codes is not None:
        return STANDS if rng.random() < 0.1 else rng.choice(sorted(column.codes - {STANDS}))
    if column.codes is not None:
        return rng.choice(sorted(column.codes))
    return {
        Kind.TEXT: f"{column.name}·{rng.randint(0, 999)}",
        Kind.INTEGER: rng.randint(0, 3_000),
        Kind.FEN: rng.randint(-(2**52), 2**52),
        Kind.DATE: date(rng.randint(1990, 2026), rng.randint(1, 12), rng.randint(1, 28)),
        Kind.BOOLEAN: rng.random() < 0.5,
    }[column.kind]


def _offices(rng: random.Random, persons: Sequence[Key], first: int) -> list[Record]:
    """Offices of persons, numbered from `first`; some lead to a person or an enterprise that the registry does not know."""
    roles = ("LEGAL_REPRESENTATIVE", "DIRECTOR", "SUPERVISOR", "MANAGER")
    return [
        {
            "person_number": person,
            "credit_code": code,
            "role": rng.choice(roles),
            "since": date(rng.randint(2000, 2020), 1, 1),
            "until": rng.choice((None, date(2024, 6, 30))),
            "office_number": f"{number * 7 % 101:03}",
        }
        for number, (person, code) in enumerate(product(persons, ENTERPRISES), start=first)
        if rng.random() < 0.4
    ]


def _guardianships(rng: random.Random) -> list[Record]:
    """Guardianships of persons of any age, some ended, some to come; some are unknown to the registry."""
    return [
        {
            "guardian_number": guardian,
            "child_number": child,
            "since": date(rng.choice((2015, 2020, 2027)), 1, 1),
            "until": rng.choice((None, None, date(2025, 6, 30), date(2028, 6, 30))),
            "guardianship_number": f"{number * 7 % 101:03}",
        }
        for number, (guardian, child) in enumerate(product(ADULTS, CHILDREN))
        if rng.random() < 0.4
    ]


def _links() -> list[Record]:
    """Links of documents: for each person one that joins, and of the last known ones each that joins nothing."""
    certain = [document_link(f"E{at}0000001", person) for at, person in enumerate(PERSONS)]
    others = [
        document_link("F00000001", ADULTS[0], reviewed_on=None),
        document_link("F00000002", ADULTS[0], confidence="MEDIUM"),
        document_link("F00000003", ADULTS[0], until=date(2026, 6, 29)),
        document_link("F00000004", ADULTS[0]),
        document_link("F00000004", ADULTS[1], reviewed_on=None),
        document_link("410105491231002", ADULTS[2], kind="FORMER_NUMBER"),
    ]
    return [*certain, *others]


def document_link(number: str, person: Key, **changes: Any) -> Record:
    """Return a link of a document to a person that joins, changed."""
    return {
        "document_number": number,
        "person_number": person,
        "kind": "PASSPORT",
        "confidence": "HIGH",
        "reviewed_on": date(2025, 3, 1),
        "since": date(2020, 1, 1),
        "until": None,
        "link_number": f"{number}{person}",
        **changes,
    }


def linked_by_hand() -> dict[tuple[str, str], Key]:
    """Return the member and the number of each document of the small city that leads to a person, and to whom."""
    found = {("passport", f"E{at}0000001"): person for at, person in enumerate(PERSONS)}
    return {**found, ("formerNumber", "410105491231002"): ADULTS[2]}


def _grouped(records: Sequence[Record], column: str) -> dict[Key, list[Record]]:
    found: dict[Key, list[Record]] = {}
    for record in records:
        found.setdefault(record[column], []).append(record)
    return found
