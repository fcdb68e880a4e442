"""The offices of persons in enterprises.

The holders of each kind of office are a permutation of the pool of officers. The offices of a person and those
of an enterprise are therefore computed equally fast, without a table. One officer in ten represents up to
three enterprises, in place of the next two officers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise, enterprise
from sandbox.model import City
from sandbox.people import POOL_EVERY, permutation, person

Role = Literal["LEGAL_REPRESENTATIVE", "DIRECTOR", "SUPERVISOR", "MANAGER"]
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


def offices_of_enterprise(held_in: Enterprise) -> list[Office]:
    """Return the past and present offices in the enterprise."""
    drawn = draw(held_in.city.seed, "office", held_in.index)
    found = _representatives(held_in, drawn)
    if held_in.kind == "INDIVIDUAL_BUSINESS":
        return found
    if found and held_in.kind == "COMPANY" and drawn.chance(300):
        head = found[0]
        number = _number(held_in, "acting")
        found.append(Office(head.person, head.enterprise, "MANAGER", head.since, head.until, number))
    for role, seat in _OTHERS:
        if drawn.chance(450):
            found.extend(_other(held_in, role, seat, drawn, found))
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


def _representatives(held_in: Enterprise, drawn: Draw) -> list[Office]:
    """Return the last legal representative, and the previous one if there was one."""
    holder = _holder(held_in.city, "representative", held_in.index)
    founded, last = held_in.established_on, held_in.last_day
    start = drawn.day(founded, last) if drawn.chance(250) else founded
    since = max(start, person(held_in.city, holder).adult_on)
    if since > last:
        return []
    number = _number(held_in, "representative")
    found = [Office(holder, held_in.index, "LEGAL_REPRESENTATIVE", since, held_in.ended_on, number)]
    before = _holder(held_in.city, "predecessor", held_in.index)
    began = max(founded, person(held_in.city, before).adult_on)
    if began < since and before != holder:
        number = _number(held_in, "predecessor")
        found.append(Office(before, held_in.index, "LEGAL_REPRESENTATIVE", began, since, number))
    return found


def _other(held_in: Enterprise, role: Role, seat: str, drawn: Draw, beside: list[Office]) -> list[Office]:
    holder = _holder(held_in.city, seat, held_in.index)
    since = drawn.day(held_in.established_on, held_in.last_day)
    left = drawn.day(since, held_in.last_day) if drawn.chance(200) else held_in.ended_on
    known = any(office.person == holder and office.role == role for office in beside)
    if known or since < person(held_in.city, holder).adult_on:
        return []
    return [Office(holder, held_in.index, role, since, left, _number(held_in, seat))]


def _number(held_in: Enterprise, seat: str) -> str:
    return f"{draw(held_in.city.seed, f'office.number.{seat}', held_in.index).bits():016x}"


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
