"""What a driver's exception means in the tree of `adapters.errors`.

Drivers' messages hold values (a key, a row, an address), so nothing of them is kept: the reason is a fixed
text of our own. Whoever translates raises outside of the handler, so that the driver's exception is not
chained to ours either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from adapters.errors import (
    BureauError,
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
)

PAUSE_FIRST: Final = 0.25
PAUSE_LONGEST: Final = 5.0

_BY_STATE: Final[Mapping[str, tuple[type[BureauError], str]]] = {
    "57014": (BureauTimedOut, "the bureau's statement timeout"),
    "42501": (BureauRefused, "the login may not read the relation"),
    "22021": (BureauRefused, "a key that is no text"),
    "22P05": (BureauRefused, "a key that is no text"),
}
_BY_CLASS: Final[Mapping[str, tuple[type[BureauError], str]]] = {
    "28": (BureauRefused, "the login"),
    "3D": (BureauRefused, "the database is not there"),
    "3F": (ContractBroken, "the schema is not there"),
    "42": (ContractBroken, "the relation or a column is not as declared"),
    "0A": (ContractBroken, "the relation cannot be read"),
    "22": (ContractBroken, "the relation cannot be read"),
    "54": (OverBudget, "the bureau's own limits"),
}


def from_postgres(error: Exception, bureau: str, dataset: str | None) -> BureauError:
    """The error that says what `error` of asyncpg or of the socket means."""
    if isinstance(error, BureauError):
        return error
    return made(*_meaning(error), bureau, dataset)


def made(kind: type[BureauError], reason: str, bureau: str, dataset: str | None) -> BureauError:
    """The error of a whole read: a broken contract that no single row is to blame for counts no rows."""
    if kind is ContractBroken:
        return ContractBroken(bureau, dataset, reason, rows=0)
    return kind(bureau, dataset, reason)


def undecodable(error: Exception) -> bool:
    """Whether the driver could not decode a value; over one that it cannot encode its error is another."""
    return isinstance(error, ValueError | OverflowError) and not isinstance(error, asyncpg.InterfaceError)


def _meaning(error: Exception) -> tuple[type[BureauError], str]:
    if isinstance(error, TimeoutError):
        return BureauTimedOut, ""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        by_class = _BY_CLASS.get(state[:2], (BureauUnavailable, "the database"))
        return _BY_STATE.get(state, by_class)
    if isinstance(error, asyncpg.InterfaceError):
        return BureauUnavailable, "the connection"
    if undecodable(error):
        return ContractBroken, "a value that cannot be read"
    return BureauUnavailable, "no connection"


@dataclass(slots=True)
class Outage:
    """Remembers that a bureau could not be reached, so that not every caller waits to learn it again."""

    _failure: BureauError | None = None
    _until: float = 0.0
    _pause: float = 0.0

    def check(self, now: float, dataset: str | None) -> None:
        """Raise the last failure anew while the pause lasts."""
        if self._failure is not None and now < self._until:
            raise made(type(self._failure), self._failure.reason, self._failure.bureau, dataset)

    def began(self, now: float, failure: BureauError) -> None:
        """The bureau could not be reached: pause, twice as long as the last time."""
        self._pause = min(max(PAUSE_FIRST, self._pause * 2), PAUSE_LONGEST)
        self._until = now + self._pause
        self._failure = failure

    def over(self) -> None:
        """The bureau was reached."""
        self._failure, self._pause = None, 0.0
