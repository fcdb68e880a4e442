"""What can go wrong with the gateway's own store.

An error carries a reason and a remedy, which are fixed texts: nothing of the address, of a row or of what the
driver said, because these hold passwords and identity numbers.
"""

from __future__ import annotations

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


def error_of(error: Exception) -> StoreError:
    """Return what an exception of asyncpg, or of the socket below it, means."""
    state = getattr(error, "sqlstate", None) or ""
    # 57014 and 55P03: the time of a statement or of a lock is over.
    if isinstance(error, TimeoutError) or state in ("57014", "55P03"):
        return StoreTimedOut(
            "the store did not answer in time", "See what keeps its PostgreSQL busy, or raise the timeout."
        )
    if state.startswith("28"):
        return StoreRefused("the store refuses the login", "Check the user and the password.")
    if state == "3D000":
        return StoreRefused(
            "the database of the store is not there", "Create it, owned by the gateway's login."
        )
    if state == "42501":
        return StoreRefused(
            "the login may not make or use the tables of the store",
            "Let it own the database, or run `creditgraph store migrate` under a login that does.",
        )
    if isinstance(error, asyncpg.PostgresError) and state[:2] not in ("08", "53", "57"):
        return StoreError(
            f"a statement failed with SQLSTATE {state}", "See the log of the store's PostgreSQL."
        )
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return StoreRefused(
            "the address of the store cannot be used", "Write postgresql://user:password@host/database."
        )
    return StoreUnavailable("the store cannot be reached", "Start its PostgreSQL, or mend the address.")
