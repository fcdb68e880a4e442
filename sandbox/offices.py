"""The offices of persons in enterprises.

The holders of each kind of office are a permutation of the pool of officers. The offices of a person and those
of an enterprise are therefore computed equally fast, without a table. One officer in ten represents up to
three enterprises, in place of the next two officers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise, enterprise
from sandbox.model import City
from sandbox.people import POOL_EVERY, permutation, person

Role = Literal["LEGAL_REPRESENTATIVE", "OPERATOR", "DIRECTOR", "SUPERVISOR", "MANAGER"]
_SEATS: Final = ("representative", "predecessor", "director", "supervisor", "manager")
_OTHERS: Final[tuple[tuple[Role, str], ...]] = (
    ("DIRECTOR", "director"),
    ("SUPERVISOR", "supervisor"),
    ("MANAGER", "manager"),
)
_SHARING: Final = 10
_SHARED: Final = 3


@dataclass(frozen=True, slots=True)
class Office:
    """An office (任职) of a person in an enterprise; `until` is None for a current office.

    `number` is the number of its entry in the register. It is drawn at random, so it reveals nothing.
    """

    person: int
    enterprise: int
    role: Role
    since: date
    until: date | None
    number: str


def offices_of_enterprise(firm: Enterprise) -> list[Office]:
    """Return the past and present offices in the enterprise."""
    drawn = draw(firm.city.seed, "office", firm.index)
    found = _representatives(firm, drawn)
    if firm.kind == "INDIVIDUAL_BUSINESS":
        return found
    if found and firm.kind == "COMPANY" and drawn.chance(300):
        head = found[0]
        number = _number(firm, "acting")
        found.append(Office(head.person, head.enterprise, "MANAGER", head.since, head.until, number))
    for role, seat in _OTHERS:
        if drawn.chance(450):
            found.extend(_other(firm, role, seat, drawn, found))
    return found


def offices_of_person(city: City, index: int) -> list[Office]:
    """Return the past and present offices of person `index`."""
    if index % POOL_EVERY:
        return []
    places = sorted({place for seat in _SEATS for place in _places(city, seat, index // POOL_EVERY)})
    return [
        office
        for place in places
        for office in offices_of_enterprise(enterprise(city, place))
        if office.person == index
    ]


def _representatives(firm: Enterprise, drawn: Draw) -> list[Office]:
    """Return the last legal representative, and the previous one if there was one; an individual business has operators."""
    role: Role = "OPERATOR" if firm.kind == "INDIVIDUAL_BUSINESS" else "LEGAL_REPRESENTATIVE"
    holder = _holder(firm.city, "representative", firm.index)
    founded, last = firm.established_on, firm.last_day
    start = drawn.day(founded, last) if drawn.chance(250) else founded
    since = max(start, person(firm.city, holder).adult_on)
    if since > last:
        return []
    number = _number(firm, "representative")
    found = [Office(holder, firm.index, role, since, firm.ended_on, number)]
    before = _holder(firm.city, "predecessor", firm.index)
    began = max(founded, person(firm.city, before).adult_on)
    if began < since and before != holder:
        number = _number(firm, "predecessor")
        found.append(Office(before, firm.index, role, began, since, number))
    return found


def _other(firm: Enterprise, role: Role, seat: str, drawn: Draw, beside: list[Office]) -> list[Office]:
    holder = _holder(firm.city, seat, firm.index)
    since = drawn.day(firm.established_on, firm.last_day)
    left = drawn.day(since, firm.last_day) if drawn.chance(200) else firm.ended_on
    known = any(office.person == holder and office.role == role for office in beside)
    if known or since < person(firm.city, holder).adult_on:
        return []
    return [Office(holder, firm.index, role, since, left, _number(firm, seat))]


def _number(firm: Enterprise, seat: str) -> str:
    return f"{draw(firm.city.seed, f'office.number.{seat}', firm.index).bits():016x}"


def _pool(city: City) -> int:
    return -(-city.population // POOL_EVERY)


def _holder(city: City, seat: str, index: int) -> int:
    size = _pool(city)
    stride, offset = permutation(city.seed, f"office.{seat}", size)
    rank = (index * stride + offset) % size
    if seat == "representative" and rank % _SHARING < _SHARED:
        rank -= rank % _SHARING
    return rank * POOL_EVERY


def _places(city: City, seat: str, rank: int) -> Iterator[int]:
    """Return the enterprises in which the officer has this seat: the inverse of `_holder`."""
    size = _pool(city)
    stride, offset = permutation(city.seed, f"office.{seat}", size)
    back = pow(stride, -1, size)
    for image in _images(seat, rank, size):
        place = (image - offset) * back % size
        if place < city.enterprises:
            yield place


def _images(seat: str, rank: int, size: int) -> range:
    if seat != "representative" or rank % _SHARING >= _SHARED:
        return range(rank, rank + 1)
    return range(rank, min(rank + _SHARED, size)) if rank % _SHARING == 0 else range(0)
