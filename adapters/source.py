"""The contract between the join and a bureau: requested columns and a batch of keys in, rows by key out.

A row is a sequence whose item 0 is the key and whose items 1… are the requested columns, in the order in
which they were requested. A column that nobody may see is never requested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable

from adapters.bureau_errors import BureauError
from catalogue.declarations import Dataset

Key: TypeAlias = str
Row: TypeAlias = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Query:
    """What is read in one round trip: everything but the keys and the deadline.

    It is also the key under which concurrent requests share round trips, and it is compared in full:
    two callers with other columns or another purpose never share one.
    """

    bureau: str
    dataset: Dataset
    columns: tuple[str, ...]
    purpose: str
    """An opaque tag that the bureau can log."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The answer to a batch of keys.

    `rows` has an entry for each key that the bureau knows: a list of rows where the dataset says `many`,
    else one row. `broken` has an entry for each key of which at least one row breaks the contract; such a
    key has no entry in `rows`.
    """

    rows: Mapping[Key, Any]
    broken: Mapping[Key, BureauError] = field(default_factory=dict[Key, BureauError])


@dataclass(frozen=True, slots=True)
class Read:
    """A query and whose rows it is to find."""

    query: Query
    keys: Sequence[Key]


@dataclass(frozen=True, slots=True)
class SourceMark:
    """What a source says of itself: whether its data is synthetic, and of which city and edition."""

    synthetic: bool
    city: str
    edition: str


class Source(Protocol):
    """One bureau, ready to be read."""

    @property
    def bureau(self) -> str:
        """The name of the bureau."""
        ...

    @property
    def concurrency(self) -> int:
        """How many round trips may be under way at once."""
        ...

    async def open(self) -> None:
        """Make ready; raise nothing when the bureau is down, since it may come back."""
        ...

    async def close(self) -> None:
        """Give back every connection."""
        ...

    async def mark(self) -> SourceMark:
        """Read the source's own mark; raise BureauError when it cannot be read."""
        ...

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Read `query` for `keys` before `deadline`, a time of the running loop in seconds.

        Raises BureauError and nothing else, save CancelledError.
        """
        ...


@runtime_checkable
class JoiningSource(Source, Protocol):
    """A source that answers several queries by one round trip."""

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        """Do as `fetch` does for each read and return, in their order, what it returns or raises."""
        ...
