"""Cities as they may be: rows of every dataset for a handful of subjects, valid by contract, and answered by them.

Values are few, so that rows often agree in what orders them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from adapters.bureau_errors import BureauError, BureauTimedOut, BureauUnavailable, ContractBroken
from adapters.record_entry import RecordEntry
from adapters.source import Batch, Key, Query
from adapters.validation import Checker
from catalogue.declarations import COUNT, Column, Dataset, Kind
from catalogue.identifiers import credit_code_check_sign, person_check_sign
from catalogue.identity_documents import NOBODY
from catalogue.record_forms import RecordForm
from resolvers.graph.graph import BureauDataset, Graph
from sandbox.expected.shown import stands
from tests.support.drawn_records import COMPUTED, Record, computed, drawn_begin, lived, whose
from tests.support.small_city import ADULTS, CHILDREN, ENTERPRISES, PERSONS, YEARS
from tests.support.standing_oracle import ADVERSE, SCENES

STRANGERS: Final = tuple(
    body + person_check_sign(body)
    for body in (f"4115021{year}0505{year % 900:03}" for year in (*range(941, 949), *range(991, 999)))
)
LATE_BORN: Final = tuple(
    body + person_check_sign(body)
    for body in (f"4115022{year:03}0505{year:03}" for year in (*range(9, 12), *range(16, 19)))
)
"""Strangers who are minors by their number."""
"""Persons whom no request names; some of their numbers sort before and some after those that are named."""
FOREIGNERS: Final = tuple(
    body + credit_code_check_sign(body)
    for body in (f"91411502MA9K{sign}{number:02}37" for sign in "2X" for number in range(1, 8))
)
"""Enterprises whom no request names."""
COMPANIES: Final = tuple(code for code in ENTERPRISES if code.startswith("91"))
"""Enterprises that are no individual businesses by their code."""
EVERY_PERSON: Final = (*PERSONS, *STRANGERS, *LATE_BORN)
LED: Final[Mapping[str, tuple[Key, ...]]] = {
    "person_number": PERSONS,
    "credit_code": ENTERPRISES,
    "guardian_number": ADULTS,
    "child_number": CHILDREN,
}
"""Columns that lead to a subject, and to whom they lead."""
DAYS: Final = tuple(date.fromisoformat(f"{year}-06-30") for year in (2008, 2021, 2025, 2027))
COUNTS: Final = (0, 0, 1, 3, 4, 5, 8, 20)
LIKELY: Final[Mapping[str, tuple[Any, ...]]] = {
    "birth_date": (date(1970, 1, 1), date(2008, 6, 30), date(2008, 7, 1)),
    "deceased": (False, False, False, False, True),
    "status": ("ACTIVE", "ACTIVE", "SUSPENDED"),
    "kind": ("COMPANY", "COMPANY", "COMPANY", "COOPERATIVE"),
    "score": (99, 100, 120, 150),
    "established_on": DAYS,
    "enrolled_on": DAYS,
    "given_on": DAYS,
    "until": (None, DAYS[3], *DAYS[:3]),
    "withdrawn_on": (None, None, DAYS[3], DAYS[2]),
    "grantee": (None, None, "library", "somebody else"),
    "scene": SCENES,
}
"""Values of the columns on which one-sided answers hang, on either side of what is required."""
MODEL: Final[Mapping[str, Any]] = {
    "birth_date": DAYS[0],
    "deceased": False,
    "score": 150,
    "enrolled_on": DAYS[0],
    "given_on": DAYS[0],
    "until": None,
    "withdrawn_on": None,
    "grantee": None,
}
"""What is held of many subjects beside a clean record: drawn at random, hardly anybody would be rewarded."""
OUTAGES: Final[tuple[type[BureauError], ...]] = (BureauUnavailable, BureauTimedOut)


@dataclass(frozen=True, slots=True)
class Held:
    """What a dataset holds of one key, in the order that it states, and whether its rows break the contract.

    `out` are records that the bureau gives beside them and that the law keeps out.
    """

    rows: Sequence[Record] = ()
    broken: bool = False
    out: Sequence[Record] = ()


Draws = Callable[[str, Key], Held]
"""What a dataset, by its full name, holds of a key."""


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """What every dataset holds of everybody, drawn when it is first looked at, and the datasets that fail."""

    draws: Draws
    failing: Mapping[str, type[BureauError]] = field(default_factory=dict)
    drawn: dict[tuple[str, Key], Held] = field(default_factory=dict)

    def held(self, name: str, key: Key) -> Held:
        """Return what a dataset holds of a key, the same every time; of nobody it holds nothing."""
        found = self.drawn.get((name, key))
        if found is None:
            found = self.drawn[name, key] = Held() if key == NOBODY else self.draws(name, key)
        return found

    def read(self, query: Query, keys: Sequence[Key]) -> Batch:
        """Answer one round trip as an adapter does, through the contract's own checks."""
        bureau, dataset = query.bureau, query.dataset
        name = f"{bureau}.{dataset.name}"
        if name in self.failing:
            raise self.failing[name](bureau, dataset.name)
        held = {key: self.held(name, key) for key in keys}
        broken = {
            key: ContractBroken(bureau, dataset.name, rows=1) for key, each in held.items() if each.broken
        }
        columns = query.columns if dataset.life is None else query.read_columns
        rows = [
            (key, *(record[column] for column in columns))
            for key, each in held.items()
            if key not in broken
            for record in ordered(dataset, [*each.rows, *each.out])[: 1 if dataset.latest else None]
        ]
        batch = Checker(bureau, dataset, columns).check(keys, rows, broken)
        return batch if dataset.life is None else entered(query, batch)


def entered(query: Query, batch: Batch) -> Batch:
    """Let records with a life in as the gateway does, and return what was asked for of them.

    Records are few in value and often equal in their order, so the order is not checked as a bureau's is.
    """
    entry = RecordEntry(query)
    names = (query.dataset.key, *query.read_columns, *entry.computed)
    places = [0, *(names.index(column, 1) for column in query.columns)]
    found = entry.let_in(batch)
    rows = {key: [[row[at] for at in places] for row in rows] for key, rows in found.rows.items()}
    return Batch(rows, found.broken, found.refused)


def drawn_city(seed: int, graph: Graph) -> City:
    """Return the city of a seed: most subjects are known, most bureaus answer."""
    rng = random.Random(seed)
    failing = {name: rng.choice(OUTAGES) for name in graph.sources if rng.random() < 0.03}

    return City(lambda name, key: drawn_held(seed, graph.sources[name], key), failing)


def drawn_held(seed: int, source: BureauDataset, key: Key) -> Held:
    """Draw what a dataset holds of a subject, seldom broken; of a model of a subject it holds what is good."""
    name, dataset = f"{source.bureau}.{source.dataset.name}", source.dataset
    if dataset.counting is not None:
        return Held(drawn_cells(rng_of(seed, name, key), dataset, key))
    rng, model = rng_of(seed, name, key), rng_of(seed, "model", key).random() < 0.5
    if rng.random() < (0.0 if model else 0.2):
        return Held(broken=rng.random() < 0.02)
    rows = drawn_rows(rng, dataset, key)
    if model and name in ADVERSE:
        rows = [row for row in rows if not stands(row)]
    elif model:
        good = ({each: good for each, good in MODEL.items() if each in row} for row in rows)
        rows = [computed(dataset, key, row | better) for row, better in zip(rows, good, strict=True)]
    return Held(ordered(dataset, rows), rng.random() < 0.02, drawn_out(rng, dataset, key))


def drawn_out(rng: random.Random, dataset: Dataset, key: Key) -> list[Record]:
    """Draw the penalties of a person that the law keeps out."""
    penal = dataset.life is not None and dataset.life.form is RecordForm.PENALTY
    if not penal or key not in EVERY_PERSON:
        return []
    return [drawn_row(rng, dataset, key, out=True) for _ in range(rng.randint(0, 2))]


def rng_of(seed: int, name: str, key: Key) -> random.Random:
    """Return the chance by which a city is drawn at one place."""
    return random.Random(f"{seed} {name} {key}")


def drawn_rows(rng: random.Random, dataset: Dataset, key: Key) -> list[Record]:
    """Draw the rows of one subject, in the order that the dataset states."""
    if marks_nobody(dataset, key):
        return []
    if dataset.name == "consent":
        rows = [{**drawn_row(rng, dataset, key), "scene": scene} for scene in SCENES if rng.random() < 0.9]
        return ordered(dataset, rows)
    most = 4 if dataset.many or dataset.latest else 1
    return ordered(dataset, [drawn_row(rng, dataset, key) for _ in range(rng.randint(1, most))])


def marks_nobody(dataset: Dataset, code: Key | None) -> bool:
    """Whether a data set marks nobody as responsible for an enterprise: the law lets no mark of an individual business in."""
    marks = dataset.life is not None and dataset.life.form is RecordForm.RESPONSIBILITY
    return marks and code in ENTERPRISES and code not in COMPANIES


def drawn_cells(rng: random.Random, dataset: Dataset, year: Key) -> list[Record]:
    """Draw a table of counts: some cells are missing, many are small, and some years were never counted."""
    counting = dataset.counting
    assert counting is not None
    labels = [sorted(dataset.by_name[each].codes or ()) for each in (counting.row, counting.column)]
    return [
        {dataset.key: year, counting.row: row, counting.column: column, COUNT: rng.choice(COUNTS)}
        for row in labels[0]
        for column in labels[1]
        if year in YEARS and rng.random() < 0.8
    ]


def drawn_row(rng: random.Random, dataset: Dataset, key: Key, *, out: bool = False) -> Record:
    """Draw one row of a subject; with `out` one that the law keeps out."""
    row = {
        column.name: None if column.name in COMPUTED else drawn_value(rng, column)
        for column in dataset.columns
    }
    if marks_nobody(dataset, row.get("credit_code")):
        row["credit_code"] = rng.choice(COMPANIES)
    row[dataset.key] = key
    if dataset.life is None:
        return row
    row[dataset.life.begins] = drawn_begin(rng, whose(dataset, key, row), row[dataset.life.begins])
    return lived(rng, dataset, key, row, out=out)


def drawn_value(rng: random.Random, column: Column) -> Any:
    """Draw a value that the contract allows."""
    if column.name in LED:
        return rng.choice(LED[column.name])
    likely = LIKELY.get(column.name, ())
    if likely and (column.codes is None or column.codes.issuperset(likely)):
        return rng.choice([each for each in likely if each is not None or column.nullable])
    if column.nullable and rng.random() < 0.3:
        return None
    if column.codes is not None:
        return rng.choice(sorted(column.codes))
    return {
        Kind.TEXT: f"{column.name}·{rng.randint(0, 999 if column.neutral else 3)}",
        Kind.INTEGER: rng.choice((0, 99, 100, 2025)),
        Kind.FEN: rng.choice((-1, 0, 100, 2**52)),
        Kind.DATE: rng.choice(DAYS),
        Kind.BOOLEAN: rng.random() < 0.3,
    }[column.kind]


def ordered(dataset: Dataset, records: Sequence[Record]) -> list[Record]:
    """Put records in the order of their dataset, nulls above every value as PostgreSQL has it."""
    return [records[number] for number in ordered_numbers(dict(enumerate(records)), dataset.order)]


def ordered_numbers(records: Mapping[int, Record], by: Sequence[str]) -> list[int]:
    """Return the numbers of records in the order of the columns `by`; equal ones stay as they are."""
    found = list(records)
    for name in reversed(by):
        found.sort(key=lambda number: _place(records[number], name), reverse=name.startswith("-"))
    return found


def _place(record: Record, name: str) -> tuple[bool, Any]:
    value = record[name.removeprefix("-")]
    return (value is None, 0 if value is None else value)
