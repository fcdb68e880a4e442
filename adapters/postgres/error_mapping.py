"""Maps exceptions of asyncpg and of the socket to the errors of `adapters.bureau_errors`.

A driver's message can contain a key, a row or an address. The mapped error therefore has a fixed reason of our
own, with the SQLSTATE and our own names of settings and parameters, which contain no value. Callers raise it
outside the `except` block, so that Python does not chain the driver's exception to it.
"""

import os
import re
import socket
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import asyncpg

from adapters.bureau_errors import (
    BureauError,
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
)
from adapters.postgres.session import SHARED, SessionRefused, session_settings

LOCK_NOT_AVAILABLE: Final = "55P03"
_NO_ANSWER_IN_TIME: Final = "no answer in time"
NO_ANSWER: Final = f"connecting: {_NO_ANSWER_IN_TIME}"
STATEMENT_LOST: Final = "26000"
_Meaning = tuple[type[BureauError], str]

_BY_STATE: Final[Mapping[str, _Meaning]] = {
    "57014": (BureauTimedOut, "the bureau's statement timeout"),
    LOCK_NOT_AVAILABLE: (BureauTimedOut, "the relation is locked"),
    "42P01": (ContractBroken, "the relation is not there"),
    "42703": (ContractBroken, "a column is not there"),
    STATEMENT_LOST: (BureauRefused, SHARED),
    "42501": (BureauRefused, "the login may not read the relation"),
    "22021": (BureauRefused, "a key that is no text"),
    "22P05": (BureauRefused, "a key that is no text"),
    "53300": (BureauUnavailable, "too many connections: the source's `connections` and two more are needed"),
}
_BY_CLASS: Final[Mapping[str, _Meaning]] = {
    "28": (BureauRefused, "the login"),
    "3D": (BureauRefused, "the database is not there"),
    "3F": (ContractBroken, "the schema is not there"),
    "42": (ContractBroken, "the relation or a column is not as declared"),
    "0A": (ContractBroken, "the relation cannot be read"),
    "22": (ContractBroken, "the relation cannot be read"),
    "54": (OverBudget, "the bureau's own limits"),
}
_STATE: Final = re.compile(r"[0-9A-Z]{5}")
_CONSTANT: Final = re.compile(r"[0-9A-Z_]{1,80}")
_QUOTED: Final = re.compile(r'"([^"]+)"')
_ENDED_STATES: Final = frozenset({"57P01", "57P02", "57P03", "57P05"})
"""The server ends the connection, or starts."""
_UNDONE_STATES: Final = frozenset({"40001", "40P01"})
"""The server gave a statement up for another one: on a standby for what the primary has changed, or in a deadlock."""
_CONNECTION_CLASSES: Final = frozenset({"08", "26", "53", "57"})
"""States of the connection or of the server, which say nothing about a relation."""
_LONGEST_NAME: Final = 63
_REFUSED_AT_CONNECTING: Final = frozenset({"08P01", "22023", "42704", "55P02"})
_PARAMETERS: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "target_session_attrs")
_FILES: Final = frozenset({"sslrootcert", "sslcert", "sslkey", "sslcrl"})
"""Parameters of an address that the driver itself reads, and those that name a file."""


def error_of(error: Exception, bureau: str, dataset: str | None) -> BureauError:
    """Return the BureauError for an exception that a statement raised."""
    if isinstance(error, BureauError):
        return error
    kind, reason = _meaning(error)
    return kind(bureau, dataset, _with_state(reason, error))


def connecting_error(error: Exception, bureau: str, dataset: str | None, dsn: str) -> BureauError:
    """Return the BureauError for an exception at connecting; no relation has been read yet."""
    if isinstance(error, BureauError):
        return type(error)(bureau, dataset, error.reason)
    kind, reason = _meaning_at_connecting(error, dsn)
    return kind(bureau, dataset, _with_state(f"connecting: {reason}", error))


def is_decoding_error(error: Exception) -> bool:
    """Whether the driver could not decode a value; an InterfaceError means that it could not encode one."""
    return isinstance(error, ValueError | OverflowError) and not isinstance(error, asyncpg.InterfaceError)


def is_passing(error: Exception) -> bool:
    """Whether a read can be tried again: the connection broke, or the server gave the statement up."""
    return ends_connection(error) or state_of(error) in _UNDONE_STATES


def ends_connection(error: Exception) -> bool:
    """Whether the connection broke, or the server ended it."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state in _ENDED_STATES or state.startswith("08")
    if isinstance(error, asyncpg.ClientConfigurationError):
        return False
    if isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError):
        return True  # the connection was closed under the statement
    lasting = (TimeoutError, ConnectionRefusedError, ssl.SSLCertVerificationError, FileNotFoundError)
    return isinstance(error, ConnectionError | EOFError | OSError) and not isinstance(error, lasting)


def is_of_connection(error: asyncpg.PostgresError) -> bool:
    """Whether the connection or the server failed; the statement is not the cause."""
    return (error.sqlstate or "")[:2] in _CONNECTION_CLASSES


def state_of(error: Exception) -> str:
    """Return the SQLSTATE of an error, or the empty text."""
    return (error.sqlstate or "") if isinstance(error, asyncpg.PostgresError) else ""


def _with_state(reason: str, error: Exception) -> str:
    state = state_of(error)
    return f"{reason} (SQLSTATE {state})" if _STATE.fullmatch(state) else reason


def _meaning(error: Exception) -> _Meaning:
    if isinstance(error, TimeoutError):
        return BureauTimedOut, ""
    if isinstance(error, SessionRefused):
        return BureauRefused, error.reason
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        by_class = _BY_CLASS.get(state[:2], (BureauUnavailable, "the database"))
        return _BY_STATE.get(state, by_class)
    if isinstance(error, asyncpg.InterfaceError):
        return BureauUnavailable, "the connection"
    if is_decoding_error(error):
        return ContractBroken, "a value that cannot be read"
    return BureauUnavailable, "no connection"


def _meaning_at_connecting(error: Exception, dsn: str) -> _Meaning:
    if isinstance(error, asyncpg.PostgresError):
        return _refusal_at_connecting(error, dsn)
    if isinstance(error, OSError):
        return _failed_way(error, dsn)
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return BureauUnavailable, "no host is as the address's parameter target_session_attrs says"
    if isinstance(error, asyncpg.ClientConfigurationError):
        return BureauRefused, _wrong_address(error)
    if isinstance(error, SessionRefused | asyncpg.InterfaceError | asyncpg.InternalClientError | EOFError):
        return _meaning(error)
    return (
        BureauRefused,
        "the address is wrong",
    )  # the driver's parser raises what its Python code happens to raise


def _refusal_at_connecting(error: asyncpg.PostgresError, dsn: str) -> _Meaning:
    """Say what the server refuses; no relation has been read yet but the source's mark."""
    text = str(error)
    named = _named_parameter(text, dsn) if state_of(error) in _REFUSED_AT_CONNECTING else None
    if named is not None:
        return BureauRefused, named
    if text.startswith("permission denied to"):
        return BureauRefused, "the login may not use a parameter of the address"
    kind, reason = _meaning(error)
    return (BureauUnavailable, "the database") if kind is ContractBroken else (kind, reason)


def _failed_way(error: OSError, dsn: str) -> _Meaning:
    """Say what is wrong on the way to the server: a host, a file, or the encryption."""
    if isinstance(error, TimeoutError):
        return BureauTimedOut, _NO_ANSWER_IN_TIME
    if isinstance(error, ssl.SSLCertVerificationError):
        return BureauRefused, "the bureau's certificate is not valid"
    if isinstance(error, ssl.SSLError):
        name: str = getattr(error, "reason", None) or ""  # a constant of OpenSSL
        return BureauRefused, f"TLS fails ({name if _CONSTANT.fullmatch(name) else 'for no known reason'})"
    if isinstance(error, socket.gaierror):
        return BureauUnavailable, "a host name of the address is not known"
    if isinstance(error, ConnectionRefusedError):
        return BureauUnavailable, "no server listens at the address"
    if isinstance(error, FileNotFoundError | PermissionError):
        return _missing_file(dsn)
    if "rejected SSL upgrade" in str(error):
        return BureauRefused, "the server has no TLS, which the address asks for"
    return BureauUnavailable, "no connection"


def _missing_file(dsn: str) -> _Meaning:
    """Name the parameter whose file cannot be read; without one, the socket of a local server is missing."""
    for name, path in parse_qsl(urlsplit(dsn).query):
        if name in _FILES and not os.access(path, os.R_OK):
            return BureauRefused, f"the file of the address's parameter {name} cannot be read"
    return BureauUnavailable, "no connection"


def _wrong_address(error: asyncpg.ClientConfigurationError) -> str:
    text = str(error).lower()
    if "root certificate" in text or "root.crt" in text:
        return "the root certificate is missing: sslrootcert has to name its file"
    named = next((name for name in _PARAMETERS if name in text), None)
    return "the address is wrong" if named is None else f"the address's parameter {named} is wrong"


def _named_parameter(text: str, dsn: str) -> str | None:
    """Name the parameter that the server refuses: one of the address, or a setting of the gateway's sessions."""
    for name, _ in parse_qsl(urlsplit(dsn).query, keep_blank_values=True):
        if f'"{name}"' in text or text.endswith(f" {name}"):
            return f"the address's parameter {_quoted(name)} is refused"
    quoted = _QUOTED.search(text)
    if quoted and quoted[1] in dict(parse_qsl(urlsplit(dsn).query)).get("options", ""):
        return "the address's parameter options is refused"
    if any(name in text for name in session_settings(1.0)):
        return "the session settings are refused: does a pooler not pass them?"
    return None


def _quoted(name: str) -> str:
    return name if name.isidentifier() and len(name) <= _LONGEST_NAME else "(a name of another form)"
