"""What a driver's exception means in the tree of `adapters.bureau_errors`.

Drivers' messages hold values (a key, a row, an address), so nothing of them is kept: the reason is a fixed
text of our own. Whoever translates raises outside of the handler, so that the driver's exception is not
chained to ours either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import asyncpg

from adapters.bureau_errors import (
    BureauError,
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
    made,
)

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
