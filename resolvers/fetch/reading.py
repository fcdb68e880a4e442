"""What a masked plan reads, as plain data: level by level, each dataset once a level.

A slot is one dataset at one level; a position is a place where entities stand. The keys of a position come
from the request's arguments or, by a `Gather`, from the rows of another position's slot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.bureau_errors import BureauError
from adapters.source import Key, Query


@dataclass(frozen=True, slots=True)
class Gather:
    """The keys of `position` stand in column `index` of the rows that `slot` has for `parent`'s keys."""

    position: int
    parent: int
    slot: int
    index: int
    many: bool
    first: int | None
    """The number of the argument that bounds the rows."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """One read: `query` for the keys of all `positions` together, into `slot`."""

    slot: int
    query: Query
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A list whose arguments choose among rows: those of slot `of` for the keys of `position`, in a slot of its own."""

    slot: int
    of: int
    position: int


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """Who may be shown of the persons in `slot`, by age; `born` is the place of their birth date.

    Nobody but adults is shown at the positions `adults`, and nobody but minors at the positions `wards`. Of a person who
    is not shown, the slots `beside` show nothing either.
    """

    slot: int
    born: int
    adults: tuple[int, ...]
    wards: tuple[int, ...]
    beside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WardTerm:
    """The guardianships in `slot` lead to their ward while the term runs; the numbers are places in a row."""

    slot: int
    ward: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Level:
    """What can be read at the same time, once its keys are gathered."""

    gathers: tuple[Gather, ...]
    fetches: tuple[Fetch, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that a masked plan reads."""

    levels: tuple[Level, ...]
    slots: int
    positions: int
    views: tuple[View, ...] = ()
    """Their slots follow those that are read."""
    subjects: tuple[str | None, ...] = ()
    """For each position the type of the subjects that stand there; None where no subject does."""
    roots: tuple[int, ...] = ()
    """The positions whose keys the request names."""
    ages: tuple[AgeLimit, ...] = ()
    terms: tuple[WardTerm, ...] = ()


class OutsideAuthorisation(BureauError):
    """The authorisation under which a subject is read does not cover the data set; its rows were taken away."""

    code = "FIELD_NOT_AUTHORISED"


class CursorRefused(Exception):
    """What was given as `after` is no cursor of this list for this subject."""


class Table(msgspec.Struct, frozen=True):
    """What a slot holds after its read.

    `rows` has an entry for each known key: a list of rows where the dataset says `many`, else one row.
    `broken` has the error of each key whose rows break the contract or whose cursor is none of this list; `failure`
    is set where nothing could be read at all.
    """

    rows: Mapping[Key, Any] = {}
    broken: Mapping[Key, BureauError | CursorRefused] = {}
    failure: BureauError | None = None

    def failure_of(self, key: Key) -> BureauError | CursorRefused | None:
        """Return why the rows of a key cannot be read, or None where they can."""
        return self.failure or self.broken.get(key)


EMPTY = Table()
