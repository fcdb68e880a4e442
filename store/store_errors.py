"""What can go wrong with the gateway's own store.

An error carries a reason and a remedy, which are fixed texts: nothing of the address, of a row or of what the
driver said, because these hold passwords and identity numbers.
"""

from collections.abc import Mapping
from typing import Final

import asyncpg


class StoreError(Exception):
    """The store cannot be used, or a statement failed; `code` is stable, `reason` and `remedy` are for the operators."""

    code = "STORE_ERROR"

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}. {remedy}")
        self.reason = reason
        self.remedy = remedy


class StoreUnavailable(StoreError):
    """No connection could be made, or it broke while it was used."""

    code = "STORE_UNAVAILABLE"


class StoreTimedOut(StoreError):
    """The store did not answer in time, or no connection was free."""

    code = "STORE_TIMED_OUT"


class StoreRefused(StoreError):
    """The login, the database or a permission is missing, or the address cannot be used."""

    code = "STORE_REFUSED"


class StoreVersionWrong(StoreError):
    """The store was made by another program: a newer one, or one with other migrations; this one must not use it."""

    code = "STORE_VERSION"


_READ_ONLY: Final = ("the store is read-only", "Name its primary server, or allow writes.")
_TIMED_OUT: Final = (
    "the store did not answer in time",
    "See what keeps its PostgreSQL busy, or raise the timeout.",
)
_OTHER_SCHEMA: Final = (
    "the schema `store` is not what this program's migrations make",
    "Name a database in which nothing else uses that schema, or restore the store.",
)
_MEANINGS: Final[Mapping[str, tuple[type[StoreError], tuple[str, str]]]] = {
    "57014": (StoreTimedOut, _TIMED_OUT),  # the time of a statement is over
    "55P03": (StoreTimedOut, _TIMED_OUT),  # the time of a lock is over
    "28": (StoreRefused, ("the store refuses the login", "Check the user and the password.")),
    "3D000": (
        StoreRefused,
        ("the database of the store is not there", "Create it, owned by the gateway's login."),
    ),
    "42501": (
        StoreRefused,
        (
            "the login may not make or use the tables of the store",
            "Let it own the database, or run `creditgraph store migrate` under a login that does.",
        ),
    ),
    "25006": (StoreRefused, _READ_ONLY),
    "42P01": (StoreVersionWrong, _OTHER_SCHEMA),  # a table is missing
    "42P06": (StoreVersionWrong, _OTHER_SCHEMA),  # the schema is there already
    "42P07": (StoreVersionWrong, _OTHER_SCHEMA),  # the table is there already
}
"""What an SQLSTATE, or the class that its first two signs name, means."""


def read_only() -> StoreError:
    """Return the error of a store that cannot be written."""
    return StoreRefused(*_READ_ONLY)


def error_of(error: Exception) -> StoreError:
    """Return what an exception of asyncpg, or of the socket below it, means."""
    state = getattr(error, "sqlstate", None) or ""
    meaning = _MEANINGS.get(state) or _MEANINGS.get(state[:2])
    if meaning is not None:
        kind, texts = meaning
        return kind(*texts)
    if isinstance(error, TimeoutError):
        return StoreTimedOut(*_TIMED_OUT)
    if isinstance(error, asyncpg.PostgresError) and state[:2] not in ("08", "53", "57"):
        return StoreError(
            f"a statement failed with SQLSTATE {state}", "See the log of the store's PostgreSQL."
        )
    if isinstance(error, (ValueError, OverflowError)) and not isinstance(error, OSError):
        return StoreRefused(
            "the address of the store cannot be used", "Write postgresql://user:password@host/database."
        )
    return StoreUnavailable("the store cannot be reached", "Start its PostgreSQL, or mend the address.")
