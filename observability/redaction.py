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
]
ALLOWED: Final[frozenset[str]] = frozenset(get_args(AttributeName))
"""The allowed attributes of spans, metrics and their resource."""

ALLOWED_KEYS: Final[frozenset[str]] = frozenset({
    "event", "level", "timestamp", "logger", "message", "error_type", "location", "code", "operation",
    "purpose", "client", "outcome", "seconds", "nodes", "errors", "bureau", "dataset", "keys", "callers",
    "broken_rows", "suppressed", "count", "port", "version", "status", "setting", "policy", "why",
    "rules", "case_number",
})  # fmt: skip
"""The allowed keys of log lines."""

REDACTED: Final = "[redacted]"

# Fifteen digits or more, also in groups: an identity number of 18 or 15 characters, a bank card.
_NUMBER = re.compile(r"\d(?:[\s._-]?\d){14,}[Xx]?")
# A unified social credit code: two characters, six digits of the region, ten characters. Without word boundaries
# it also matches a code inside other text. It can match a hex digest as well; telemetry needs no digests.
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.IGNORECASE)
# A name of our own; eight digits in a row are a birth date or part of a number.
_NAME = re.compile(r"(?!.*[0-9]{8})[A-Za-z_][A-Za-z0-9_./:-]{0,79}")
_LARGEST_COUNT: Final = 10**14 - 1


class Written(str):
    """A text of the program's source code, which contains no personal data."""

    __slots__ = ()


class Checked(str):
    """A text of a caller with a checked form, such as a case number; it is no name of our own."""

    __slots__ = ()


def scrub(text: str) -> str:
    """Replace the parts of a text that look like an identity number or a credit code."""
    return _CREDIT_CODE.sub(REDACTED, _NUMBER.sub(REDACTED, text))


def name(text: str) -> str:
    """Return a text with the form of our own names, or the empty text, unchanged, and any other text redacted."""
    if text == "" or (_NAME.fullmatch(text) and scrub(text) == text):
        return text
    return REDACTED


def value(given: object) -> Value:
    """Return a safe form of a value: counts, our own names, source texts and checked texts; other objects are redacted."""
    if isinstance(given, Written | Checked):
        return scrub(given)
    if isinstance(given, str):
        return name(given)
    if isinstance(given, bool | int | float):
        return given if abs(given) <= _LARGEST_COUNT else REDACTED
    if isinstance(given, tuple):
        items = cast("tuple[object, ...]", given)
        return tuple([name(item) if isinstance(item, str) else REDACTED for item in items])
    return REDACTED


def attributes(given: Mapping[AttributeName, Value]) -> dict[str, Value]:
    """Return the attributes that may be set, with safe values.

    The type checker rejects other names in the source code, and instruments refuse them when they are built.
    This function drops a name that passed both, because an observer must not raise.
    """
    return {key: value(item) for key, item in given.items() if key in ALLOWED}
