"""What may be said to the outside, by name and by shape.

Two rules stand behind each other. Only names of one list may be attributes of spans and metrics, and only
keys of another may be keys of log lines. And a text beside them is one of the house's own names (an
operation, a bureau, an error code) or it is replaced: no person's name, address or number has that shape.
"""

from __future__ import annotations

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
"""Every attribute that a span, a metric or the resource of both may carry."""

ALLOWED_KEYS: Final[frozenset[str]] = frozenset({
    "event", "level", "timestamp", "logger", "message", "error_type", "location", "code", "operation",
    "purpose", "client", "outcome", "seconds", "nodes", "errors", "bureau", "dataset", "keys", "callers",
    "broken_rows", "suppressed", "count", "port", "version", "status", "setting", "policy", "why",
    "rules", "case_number",
})  # fmt: skip
"""Every key that a log line may carry."""

REDACTED: Final = "[redacted]"

# Fifteen digits or more, also when grouped: an identity number of 18 or 15 signs, a bank card.
_NUMBER = re.compile(r"\d(?:[\s._-]?\d){14,}[Xx]?")
# A unified social credit code: two signs, six digits of the region, ten signs. It has no word boundary on
# purpose, so that a code glued to other text is found; a hex digest can be hit too, and none is needed.
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.IGNORECASE)
# A name of our own; eight digits in a row are a birth date or part of a number.
_NAME = re.compile(r"(?!.*[0-9]{8})[A-Za-z_][A-Za-z0-9_./:-]{0,79}")
_LARGEST_COUNT: Final = 10**14 - 1


class Written(str):
    """A text that stands in a program's source and therefore holds nobody's data."""

    __slots__ = ()


class Checked(str):
    """A text of a caller whose form was checked on its way in, as a case number's: it is no name of our own."""

    __slots__ = ()


def scrub(text: str) -> str:
    """Replace whatever looks like an identity number or a credit code inside a text."""
    return _CREDIT_CODE.sub(REDACTED, _NUMBER.sub(REDACTED, text))


def name(text: str) -> str:
    """Return a name of our own, or the empty text, as it is, and anything else redacted."""
    if text == "" or (_NAME.fullmatch(text) and scrub(text) == text):
        return text
    return REDACTED


def value(given: object) -> Value:
    """Return what may be said of a value: counts, own names, source texts and checked texts, never another object."""
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

    The type checker rejects a name outside the list where it is written, and instruments refuse it when
    they are built. At run time a name that got past both is dropped: an observer must not raise.
    """
    return {key: value(item) for key, item in given.items() if key in ALLOWED}
