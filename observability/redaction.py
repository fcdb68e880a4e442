"""Filters telemetry by the names and the forms of its values.

Two rules apply. Spans and metrics have only attributes of one list, log lines only keys of another. A text value
must have the form of one of our own names (an operation, a bureau, an error code), or it is replaced: no name,
address or number of a person has that form.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, cast, get_args

Value: TypeAlias = str | bool | int | float | tuple[str, ...]

AttributeName: TypeAlias = Literal[
    "service.name",
    "service.instance.id",
    "telemetry.sdk.language",
    "telemetry.sdk.name",
    "telemetry.sdk.version",
    "otel.metric.overflow",
    "graphql.operation.name",
    "graphql.operation.type",
    "error.type",
    "creditgraph.purpose",
    "creditgraph.client",
    "creditgraph.case_number",
    "creditgraph.outcome",
    "creditgraph.errors",
    "creditgraph.nodes",
    "creditgraph.bureau",
    "creditgraph.dataset",
    "creditgraph.columns",
    "creditgraph.keys",
    "creditgraph.callers",
    "creditgraph.broken_rows",
    "creditgraph.fetches",
    "creditgraph.denied",
    "creditgraph.policy",
    "creditgraph.cache",
    "creditgraph.cache.result",
    "creditgraph.fault",
    "creditgraph.reason",
    "creditgraph.request_id",
    "creditgraph.state",
    "creditgraph.issuer",
    "service.version",
]
ALLOWED: Final[frozenset[str]] = frozenset(get_args(AttributeName))
"""The allowed attributes of spans, metrics and their resource."""

ALLOWED_KEYS: Final[frozenset[str]] = frozenset({
    "event", "level", "timestamp", "logger", "message", "error_type", "location", "code", "operation",
    "purpose", "client", "outcome", "seconds", "nodes", "errors", "bureau", "dataset", "keys", "callers",
    "broken_rows", "suppressed", "count", "port", "version", "status", "setting", "policy", "why", "reason",
    "rules", "case_number", "request_id", "request_ids",
})  # fmt: skip
"""The allowed keys of log lines."""

REDACTED: Final = "[redacted]"

# Fifteen digits or more, also in groups: an identity number of 18 or 15 characters, a bank card.
_NUMBER = re.compile(r"\d(?:[\s._-]?\d){14,}[Xx]?")
# A unified social credit code: two characters, six digits of the region, ten characters. Without word boundaries
# it also matches a code inside other text. It can match a hex digest as well; telemetry needs no digests.
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.IGNORECASE)
# A name of our own; seven digits in a row are part of a passport's number, of a birth date or of another number.
_NAME = re.compile(r"(?!.*[0-9]{7})[A-Za-z_][A-Za-z0-9_./:-]{0,79}")
# A person's identity number inside other signs, with its birth date: 18 characters, or 15 of the old form.
_PERSON = re.compile(
    r"\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"|\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
)
_SEPARATORS = str.maketrans("", "", "._- ")
_LARGEST_COUNT: Final = 10**14 - 1


class Written(str):
    """A text of the program's source code, which contains no personal data."""

    __slots__ = ()


class Checked(str):
    """A text of a caller with a checked form, such as a case number; it is no name of our own."""

    __slots__ = ()


class RequestId(str):
    """The id of a request: made by the gateway, or sent by a caller and checked; see `observability.request_trace`.

    Its hexadecimal digits can look like a credit code, so it is not scrubbed.
    """

    __slots__ = ()


def holds_person_number(text: str) -> bool:
    """Whether some digits of a text, groups put together, may be a person's identity number."""
    return _PERSON.search(text.translate(_SEPARATORS)) is not None


def scrub(text: str) -> str:
    """Replace the parts of a text that look like an identity number or a credit code."""
    return _CREDIT_CODE.sub(REDACTED, _NUMBER.sub(REDACTED, text))


def name(text: str) -> str:
    """Return a text with the form of our own names, or the empty text, unchanged, and any other text redacted."""
    if text == "" or (_NAME.fullmatch(text) and scrub(text) == text):
        return text
    return REDACTED


def label(given: str) -> str:
    """Return a safe label of a metric: a source text, such as a rule in our own words, or a name."""
    return scrub(given) if isinstance(given, Written) else name(given)


def value(given: object) -> Value:
    """Return a safe form of a value: counts, our own names, source texts and checked texts; other objects are redacted."""
    if isinstance(given, RequestId):
        return str(given)
    if isinstance(given, Written | Checked):
        return scrub(given)
    if isinstance(given, str):
        return name(given)
    if isinstance(given, bool | int | float):
        return given if abs(given) <= _LARGEST_COUNT else REDACTED
    if isinstance(given, tuple):
        items = cast("tuple[object, ...]", given)
        return tuple([_item(item) for item in items])
    return REDACTED


def _item(given: object) -> str:
    if isinstance(given, RequestId):
        return str(given)
    return name(given) if isinstance(given, str) else REDACTED


def attributes(given: Mapping[AttributeName, Value]) -> dict[str, Value]:
    """Return the attributes that may be set, with safe values.

    The type checker rejects other names in the source code, and instruments refuse them when they are built.
    This function drops a name that passed both, because an observer must not raise.
    """
    return {key: value(item) for key, item in given.items() if key in ALLOWED}
