"""The guardianships of minors: who acts for a child, since when and until when.

The guardians of a seat are a permutation of the pool of officers, as offices are, so the guardianships of a guardian are
computed as fast as those of a child. Some terms ended, some guardians were replaced, and of some persons who came of age
the bureau never ended the term.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sandbox.draws import Draw, draw
from sandbox.model import REFERENCE, City
from sandbox.people import POOL_EVERY, Person, permutation, person

_SEATS: Final = ("first", "second", "successor")
_DAY: Final = timedelta(days=1)
_KEPT: Final = timedelta(days=3 * 365)
"""How long after the coming of age the bureau keeps a guardianship."""


@dataclass(frozen=True, slots=True)
class Guardianship:
    """A guardianship (监护) of a child; `until` is None for a guardian in office.

    `number` is the number of its entry in the register. It is drawn at random, so it reveals nothing.
    """

    guardian: int
    child: int
    since: date
    until: date | None
    number: str


def guardianships_of_child(child: Person) -> list[Guardianship]:
    """Return the guardianships of a minor, and of who came of age in the last years."""
    if child.in_pool or child.deceased or child.adult_on + _KEPT < REFERENCE:
        return []
    drawn = draw(child.city.seed, "guardianship", child.index)
    found = list(_with_successor(child, drawn))
    if drawn.chance(600):
        found += _seat(child, "second", child.born, _end(child, drawn))
    guardians = [each.guardian for each in found]
    return [each for at, each in enumerate(found) if each.guardian not in guardians[:at]]


def guardianships_of_guardian(city: City, index: int) -> list[Guardianship]:
    """Return the guardianships that person `index` has or had."""
    if index % POOL_EVERY:
        return []
    children = sorted({place for seat in _SEATS for place in _children(city, seat, index // POOL_EVERY)})
    return [
        each
        for child in children
        for each in guardianships_of_child(person(city, child))
        if each.guardian == index
    ]


def _with_successor(child: Person, drawn: Draw) -> Iterator[Guardianship]:
    """Yield the first guardianship; where somebody replaced the guardian, it ended, and the next began."""
    if not drawn.chance(200):
        yield from _seat(child, "first", child.born, _end(child, drawn))
        return
    replaced = drawn.day(child.born + _DAY, min(REFERENCE, child.adult_on - _DAY))
    yield from _seat(child, "first", child.born, replaced - _DAY)
    if drawn.chance(900):
        yield from _seat(child, "successor", replaced, _end(child, drawn))


def _end(child: Person, drawn: Draw) -> date | None:
    """Return the last day of a term: the day before the coming of age, a day to come, or none that the bureau knows."""
    if child.adult:
        return child.adult_on - _DAY if drawn.chance(500) else None
    return drawn.pick((None, None, child.adult_on - _DAY))


def _seat(child: Person, seat: str, since: date, until: date | None) -> Iterator[Guardianship]:
    """Yield the guardianship of a seat, unless its guardian comes of age too late for it."""
    holder = _holder(child.city, seat, child.index)
    begins = max(since, person(child.city, holder).adult_on)
    if begins <= min(REFERENCE, until or REFERENCE, child.adult_on - _DAY):
        number = f"{draw(child.city.seed, f'guardianship.number.{seat}', child.index).bits():016x}"
        yield Guardianship(holder, child.index, begins, until, number)


def _pool(city: City) -> int:
    return -(-city.population // POOL_EVERY)


def _holder(city: City, seat: str, child: int) -> int:
    size = _pool(city)
    stride, offset = permutation(city.seed, f"guardian.{seat}", size)
    return (child % size * stride + offset) % size * POOL_EVERY


def _children(city: City, seat: str, rank: int) -> range:
    """Return the persons for whom the officer would have this seat: the inverse of `_holder`."""
    size = _pool(city)
    stride, offset = permutation(city.seed, f"guardian.{seat}", size)
    return range((rank - offset) * pow(stride, -1, size) % size, city.population, size)
