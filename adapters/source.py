"""The contract between the join and a bureau: requested columns and a batch of keys in, rows by key out.

A row is a sequence: item 0 is the key, items 1… are the requested columns in the order of the request. The
gateway never requests a column that the caller may not see. The limits of one round trip, and the checks before
it, hold for every bureau and every caller.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

import msgspec

from adapters.bureau_errors import BureauError, BureauRefused
from catalogue.declarations import Dataset

Key: TypeAlias = str
Row: TypeAlias = Sequence[Any]
MAX_KEYS: Final = 10_000
MAX_ROWS: Final = 200_000
MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024

_PURPOSE = re.compile(r"[a-z0-9_.]{1,200}")


@dataclass(frozen=True, slots=True)
class Query:
    """A read without its keys and its deadline.

    Concurrent requests share round trips if their queries are equal in full. Callers with other columns or
    another purpose therefore never share one.
    """

    bureau: str
    dataset: Dataset
    columns: tuple[str, ...]
    purpose: str
    """An opaque tag that the bureau can log."""
    unordered: bool = False
    """Whether nothing depends on the order of a key's rows: a rule that looks at all of them alike."""
    history: bool = False
    """Whether records that do not stand are among the rows. The others of a data set with a life never are."""

    @property
    def read_columns(self) -> tuple[str, ...]:
        """The columns to read of the bureau: the requested ones, those of the declared order, those of its entry.

        Without the columns of the order, a source could not see that two rows are equal in it, nor that a row comes
        first by a missing value or by a day that never comes; without those of its entry, nobody could tell
        whether a record stands, or a grade is one of its scheme.
        """
        dataset = self.dataset
        entered_by = (*dataset.entered_by, *self.labelled_by)
        is_ordered = dataset.latest or (dataset.many and not self.unordered)
        if not (entered_by or is_ordered):
            return self.columns
        ordered = [name for name, _ in dataset.order_terms] if is_ordered else []
        asked = [name for name in self.columns if not dataset.by_name[name].computed]
        more = dict.fromkeys(name for name in (*ordered, *entered_by) if name not in (*asked, dataset.key))
        return (*asked, *more)

    @property
    def withholds(self) -> bool:
        """Whether it reads records of which those that do not stand are withheld."""
        return self.dataset.life is not None and not self.history

    @property
    def labelled_by(self) -> tuple[str, ...]:
        """The columns by which the label of a score is held to the city's table; none where no label is asked for."""
        banding = self.dataset.banding
        return banding.read if banding and banding.of and banding.label in self.columns else ()


QueryName: TypeAlias = tuple[str, tuple[str, ...], str, bool, bool]
"""Data set, columns, purpose, whether the order is of no account, whether history is shown: what names a query within
its bureau."""
name_query: Callable[[Query], QueryName] = attrgetter(
    "dataset.name", "columns", "purpose", "unordered", "history"
)


class Batch(msgspec.Struct, frozen=True):
    """The answer to a batch of keys.

    `rows` has an entry for each key that the bureau knows: a list of rows if the data set is `many`, else one
    row. `broken` has an entry for each key with at least one row that breaks the contract; such a key has no
    entry in `rows`. `refused` counts, by the rule, the rows that the law keeps out or whose state nobody can compute.
    """

    rows: Mapping[Key, Any]
    broken: Mapping[Key, BureauError] = {}
    refused: Mapping[str, int] = {}


class Read(msgspec.Struct, frozen=True):
    """A query and the keys of the rows that it reads."""

    query: Query
    keys: Sequence[Key]


@dataclass(frozen=True, slots=True)
class SourceMark:
    """The source's own statement: whether its data is synthetic, and of which city and edition."""

    synthetic: bool
    city: str
    edition: str


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """A `dsn` for PostgreSQL, or a `url` with the `requester` and the `secret` that signs its requests.

    `connections` limits the round trips that run at once, and `timeout` the seconds of each. `repr` omits the
    DSN and the secret.
    """

    dsn: str | None = field(default=None, repr=False)
    url: str | None = None
    requester: str = "creditgraph"
    secret: str | None = field(default=None, repr=False)
    connections: int = 2
    timeout: float = 3.0


class Source(Protocol):
    """A bureau that the gateway can read."""

    @property
    def bureau(self) -> str:
        """The name of the bureau."""
        ...

    @property
    def concurrency(self) -> int:
        """The number of round trips that may run at once."""
        ...

    async def open(self) -> None:
        """Prepare to read; raise nothing if the bureau is down, because it may come back."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...

    async def mark(self) -> SourceMark:
        """Read the source's mark; raise BureauError if that fails."""
        ...

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Read `query` for `keys` before `deadline`, a time of the running loop in seconds.

        Raises no other exceptions than BureauError and CancelledError.
        """
        ...


@runtime_checkable
class JoiningSource(Source, Protocol):
    """A source that can answer several queries in one round trip."""

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        """Return for each read, in the order of `reads`, what `fetch` would return or raise."""
        ...


@runtime_checkable
class TracingSource(Source, Protocol):
    """A source that can send its bureau the trace of a round trip: the value of `OUTGOING` while it fetches."""

    @property
    def sends_trace(self) -> bool:
        """Whether the source sends the trace."""
        ...


def is_purpose(tag: str) -> bool:
    """Whether a purpose tag can neither end an SQL comment nor break an HTTP header."""
    return _PURPOSE.fullmatch(tag) is not None


def check_purpose(query: Query) -> None:
    """Raise BureauRefused for a purpose that cannot be sent to the bureau: no read is made without one."""
    if not is_purpose(query.purpose):
        raise BureauRefused(query.bureau, query.dataset.name, "the purpose is not of the form [a-z0-9_.]+")


def check_synthetic(bureau: str, mark: SourceMark) -> None:
    """Raise BureauRefused for a source without synthetic data; call it where real data is not allowed."""
    if not mark.synthetic:
        raise BureauRefused(bureau, None, "the source is not marked synthetic")
