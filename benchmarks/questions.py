"""The three operations, and subjects drawn from the city to ask them of."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, TypeAlias

from sandbox.city import City, credit_code, person_number
from sandbox.offices import offices_of_person

OperationName: TypeAlias = Literal["point", "profile", "batch"]
SEED: Final = 20261121
BATCH: Final = 100
PERSONS: Final = 4_000
BATCHES: Final = 400


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation under the name that the figures carry, and the registered operation that it is."""

    name: OperationName
    registered: str
    client: str
    about: str


OPERATIONS: Final[dict[OperationName, Operation]] = {
    "point": Operation("point", "bank", "bank", "one person: name, region, two grades"),
    "profile": Operation("profile", "credit-report", "approval-hall", "one person, every bureau"),
    "batch": Operation("batch", "inspection", "approval-hall", "100 enterprises, five bureaus"),
}


def variables(operation: OperationName, city: City, seed: int = SEED) -> list[dict[str, object]]:
    """Return the variables of one request after the other; the same city and seed give the same ones.

    Persons hold an office, so that every bureau has something to say of them. No subject stands twice among
    persons, and no enterprise twice in one batch.
    """
    drawn = random.Random(seed)
    if operation == "batch":
        size = min(BATCH, city.enterprises)
        codes = [credit_code(city, number) for number in range(city.enterprises)]
        return [{"ids": drawn.sample(codes, size)} for _ in range(BATCHES)]
    shuffled = drawn.sample(range(city.population), city.population)
    officers = (number for number in shuffled if offices_of_person(city, number))
    return [{"id": person_number(city, number)} for number in islice(officers, PERSONS)]
