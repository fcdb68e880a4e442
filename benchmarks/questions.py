"""The three measured operations, with subjects drawn from the city."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, TypeAlias

from sandbox.books.authorisations import standing_number
from sandbox.enterprises import credit_code
from sandbox.model import City
from sandbox.offices import offices_of_person
from sandbox.people import person, person_number

OperationName: TypeAlias = Literal["point", "profile", "batch"]
SEED: Final = 20261121
BATCH: Final = 100
PERSONS: Final = 4_000
BATCHES: Final = 400


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: its name in the figures, and its registered operation."""

    name: OperationName
    registered: str
    client: str
    about: str


OPERATIONS: Final[dict[OperationName, Operation]] = {
    "point": Operation(
        "point", "bank", "bank", "one person: name, region, contributions, what stands against them"
    ),
    "profile": Operation("profile", "report-summary", "approval-hall", "one person, every bureau"),
    "batch": Operation("batch", "inspection", "approval-hall", "100 enterprises, five bureaus"),
}


def variables(operation: OperationName, city: City, seed: int = SEED) -> list[dict[str, object]]:
    """Yield the variables of one request after the other; equal cities and seeds give equal variables.

    Each person has an office, so that every bureau has records, and has authorised the lender that asks for `point`. No
    person occurs twice, and no enterprise occurs twice in a batch.
    """
    drawn = random.Random(seed)
    if operation == "batch":
        return batches_of([credit_code(city, number) for number in range(city.enterprises)], drawn)
    shuffled = drawn.sample(range(city.population), city.population)
    officers = (number for number in shuffled if offices_of_person(city, number))
    if operation == "point":
        officers = (number for number in officers if standing_number(person(city, number)))
    return [{"id": person_number(city, number)} for number in islice(officers, PERSONS)]


def batches_of(codes: Sequence[str], drawn: random.Random) -> list[dict[str, object]]:
    """Return the variables of requests that draw their enterprises of `codes`."""
    return [{"ids": drawn.sample(codes, min(BATCH, len(codes)))} for _ in range(BATCHES)]


def authorisations(city: City) -> dict[str, str]:
    """Return the number of the authorisation of each person whom `bank` may read as often as it asks."""
    officers = (person(city, n) for n in range(city.population) if offices_of_person(city, n))
    numbers = ((each.number, standing_number(each)) for each in officers)
    return {key: number for key, number in numbers if number is not None}
