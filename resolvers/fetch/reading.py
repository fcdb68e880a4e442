"""What a masked plan reads, as plain data: level by level, each dataset once a level.

A slot is one dataset at one level; a position is a place where entities stand. The keys of a position come
from the request's arguments or, by a `Gather`, from the rows of another position's slot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.bureau_errors import BureauError
from adapters.form_entry import FormEntry
from adapters.grade_entry import GradeEntry
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
    """Who may be shown of the persons in `slot`: `born` is the place of their birth date, `died` of whether they have died.

    Nobody but adults is shown at the positions `adults`, nobody but minors at the positions `wards`, and nobody who has
    died at the positions `living`; `positions` are all of these. Of a person who is not shown, the slots `beside` show
    nothing either.
    """

    slot: int
    born: int
    died: int
    adults: tuple[int, ...]
    wards: tuple[int, ...]
    living: tuple[int, ...]
    positions: tuple[int, ...]
    beside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WardTerm:
    """The guardianships in `slot` lead to their ward while the term runs; the numbers are places in a row."""

    slot: int
    ward: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class FormLimit:
    """Which records an organisation can have: `registered` is the slot of the registry, `kind` the place of the kind in it.

    The grades or offices in `slot` are held to the legal form that the kind tells; `entry` lets them in.
    """

    registered: int
    kind: int
    slot: int
    entry: GradeEntry | FormEntry


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
    forms: tuple[FormLimit, ...] = ()


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
