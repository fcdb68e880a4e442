"""The gateway without the states of records: it reads none of the columns that tell a record's life, and each record stands.

In all else it is `creditgraph serve`, so the difference between the two, over subjects whose answers are equal, is the
cost of the states. No other gateway serves so. Start it by `python -m benchmarks.stateless PORT`.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import adapters.validation
from adapters.source import Batch, Key, Query
from catalogue.record_forms import STATE
from catalogue.record_life import ENDS, PUBLISHED, STANDS
from gateway.access.server import bound_socket, serve
from gateway.settings import Settings
from observability.logging import configure

_ASSUMED: Final = {STATE: STANDS, PUBLISHED: True, ENDS: None}
"""What the gateway without states says of each record."""


class OpenEntry:
    """Lets every record in and computes nothing of it."""

    __slots__ = ("_assumed", "_many", "computed")

    def __init__(self, query: Query) -> None:
        self._many = query.dataset.many
        self.computed = tuple(name for name in query.columns if name in _ASSUMED)
        self._assumed = tuple(_ASSUMED[name] for name in self.computed)

    def let_in(self, batch: Batch) -> Batch:
        """Return the batch, each record with what is assumed of it."""
        if not self._assumed:
            return batch
        rows: dict[Key, Any] = {
            key: [(*each, *self._assumed) for each in found] if self._many else (*found, *self._assumed)
            for key, found in batch.rows.items()
        }
        return Batch(rows, batch.broken, batch.refused)


def leave_out_states() -> None:
    """Take the states of records out of this process."""
    entry_of = adapters.validation._entry_of  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001
    read_columns = Query.read_columns.fget
    assert read_columns is not None  # noqa: S101 it is a property

    def open_entry(query: Query) -> Any:
        return entry_of(query) if query.dataset.life is None else OpenEntry(query)

    def fewer_columns(query: Query) -> tuple[str, ...]:
        told = set(query.dataset.told_by) - {name for name, _ in query.dataset.order_terms}
        return tuple(name for name in read_columns(query) if name not in told or name in query.columns)

    adapters.validation._entry_of = open_entry  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001
    Query.read_columns = property(fewer_columns)  # pyright: ignore[reportAttributeAccessIssue]


def main(port: int) -> None:
    """Serve until SIGTERM."""
    leave_out_states()
    settings = Settings(port=port)
    configure(settings.log_level)
    serve(settings, bound_socket(settings.host, port), lambda: None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
