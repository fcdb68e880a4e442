"""Maps exceptions of asyncpg and of the socket to the errors of `adapters.bureau_errors`.

A driver's message can contain a key, a row or an address. The mapped error therefore has a fixed reason of our
own. Callers raise it outside the `except` block, so that Python does not chain the driver's exception to it.
"""

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


def error_of(error: Exception, bureau: str, dataset: str | None) -> BureauError:
    """Return the BureauError for an exception of asyncpg or of the socket."""
    if isinstance(error, BureauError):
        return error
    kind, reason = _meaning(error)
    return kind(bureau, dataset, reason)


def is_decoding_error(error: Exception) -> bool:
    """Whether the driver could not decode a value; an InterfaceError means that it could not encode one."""
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
    if is_decoding_error(error):
        return ContractBroken, "a value that cannot be read"
    return BureauUnavailable, "no connection"
