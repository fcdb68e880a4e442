"""What the arguments of a list choose, in the plainest way, for the oracle."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from sandbox.expected.shown import stands
from tests.support.hand_map import Home, column_of

COLUMNS = {
    "identityNumber": "person_number",
    "asOf": "confirmed_on",
    "birthDate": "birth_date",
    "creditCode": "credit_code",
    "establishedOn": "established_on",
    "registeredCapitalFen": "registered_capital_fen",
}


def born_of(number: str) -> date:
    """Return the birth date in an identity number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


class Missing(Exception):
    """A field cannot be had; `code` is the stable code of the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Choice:
    """What the arguments of a list choose of its rows, `most` of them behind the row with the number `after`.

    A row is numbered by the values of `known_by`, and by its turn among those that are equal in them.
    """

    where: Mapping[str, Mapping[str, Any]]
    order: Mapping[str, str] | None
    after: int | None
    most: int
    known_by: tuple[str, ...] = ()
    standing: bool = False
    """Whether records that do not stand are no part of the list."""

    def of(self, rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
        """Return what is chosen: the number of each row in the list, and its index in `rows`."""
        listed = [index for index, row in enumerate(rows) if not self.standing or stands(row)]
        numbers = dict(zip(listed, self.numbers([rows[index] for index in listed]), strict=True))
        kept = [index for index in listed if _meets(rows[index], self.where)]
        if self.order is not None:
            column = self.order["field"].lower()
            valued = [index for index in kept if rows[index][column] is not None]
            rest = [index for index in kept if rows[index][column] is None]
            descends = self.order["direction"] == "DESC"
            kept = sorted(valued, key=lambda index: rows[index][column], reverse=descends) + rest
        start = 0
        if self.after is not None:
            places = [place for place, index in enumerate(kept, start=1) if numbers[index] == self.after]
            if not places:
                raise Missing("CURSOR_INVALID")
            start = places[0]
        return [(numbers[index], index) for index in kept[start : start + self.most]]

    def numbers(self, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Number every row, whether it is chosen or not; a list that cannot be continued has no numbers."""
        if not self.known_by:
            return [0] * len(rows)
        columns = [*([self.order["field"].lower()] if self.order else []), *self.known_by]
        values = [[row[column] for column in columns] for row in rows]
        turns = [values[: at + 1].count(each) for at, each in enumerate(values)]
        texts = [
            orjson.dumps([each, turn, values.count(each)]) for each, turn in zip(values, turns, strict=True)
        ]
        return [int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) for text in texts]


def top(most: int) -> Choice:
    """Return the choice of the first rows."""
    return Choice({}, None, None, most)


def known_by(home: Home, *, named: bool) -> tuple[str, ...]:
    """Return the columns by which a record of a list is known again: all of its order where the subject is named."""
    shown = tuple(column_of(home.record, each) for each in home.order)
    return (*shown, *home.neutral) if named else shown


def _meets(record: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    for field, condition in where.items():
        value = record[column_in(record, field)]
        written = value.isoformat() if isinstance(value, date) else value
        asked = {
            "eq": lambda given, written=written: written == given,
            "in": lambda given, written=written: written in given,
            "from": lambda given, written=written: written is not None and written >= given,
            "until": lambda given, written=written: written is not None and written <= given,
            "isNull": lambda given, written=written: (written is None) == given,
        }
        if not all(asked[operator](given) for operator, given in condition.items()):
            return False
    return True


def column_in(values: Mapping[str, Any], field: str) -> str:
    """Return the column of a record that a field shows."""
    if field in COLUMNS:
        return COLUMNS[field]
    if field in values:
        return field
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in field)
