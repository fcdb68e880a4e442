"""Values that must never be said outside an answer, and a search for them in whatever was said.

The values are well-formed, so they can be put where real ones go: into a bureau's rows, a request's
variables, a token. A test runs them through and asserts that `leaks` finds nothing in spans, metrics and
logs. All of them are invented; the identity numbers belong to address codes and dates that nobody was given.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from urllib.parse import quote

PERSON_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643"""
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""GB 32100"""


@dataclass(frozen=True, slots=True)
class Marked:
    """A value that is looked for, and what kind of value it is; a test's failure shows the kind only."""

    kind: str
    text: str


def identity_number(body: str) -> str:
    """Return the 17 digits with their check sign."""
    total = sum(int(digit) * weight for digit, weight in zip(body, PERSON_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def credit_code(body: str) -> str:
    """Return the 17 signs with their check sign."""
    total = sum(CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(body, CREDIT_WEIGHTS, strict=True))
    return body + CREDIT_SIGNS[-total % 31]


def marked_values() -> tuple[Marked, ...]:
    """Return one value or more of each kind that a gateway meets."""
    return (
        Marked("identity number", identity_number("41150219491231001")),
        Marked("identity number ending in X", "11010519491231002X"),
        Marked("identity number of 15 digits", "411502491231001"),
        Marked("passport", "EK7771234"),
        Marked("travel permit", "H07771234"),
        Marked("permanent residence card", "XYZ411577712345"),
        Marked("credit code", credit_code("91411500MA9MARK77")),
        Marked("credit code of a village collective", credit_code("N2411500MF9MARK77")),
        Marked("person's name", "欧阳标记"),
        Marked("enterprise's name", "信阳市标记不外传商贸有限公司"),
        Marked("address", "信阳市浉河区标记路七百七十七号"),
        Marked("telephone number", "13900077377"),
        Marked("licence plate", "豫S7Z7Z7"),
        Marked(
            "bearer token",
            "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJtYXJrZWQifQ.bWFya2VkLXNpZ25hdHVyZS1uZXZlci1zYWlk0",
        ),
        Marked("password", "marked password, never said"),
        Marked("a bureau's message", 'no row for "欧阳标记" in relation'),
    )


def leaks(said: str | bytes, values: tuple[Marked, ...] | None = None) -> list[str]:
    """Return the kinds of the values that were said, plainly or in a coding that undoes itself."""
    heard = said.encode() if isinstance(said, str) else said
    wanted = marked_values() if values is None else values
    return [
        f"{value.kind} ({coding})"
        for value in wanted
        for coding, text in _codings(value.text)
        if text.encode() in heard
    ]


def _codings(text: str) -> list[tuple[str, str]]:
    raw = text.encode()
    return [
        ("plain", text),
        ("lower case", text.lower()),
        ("JSON", json.dumps(text)[1:-1]),
        ("URL", quote(text)),
        ("base64", base64.b64encode(raw).decode().rstrip("=")),
        ("SHA-256", hashlib.sha256(raw).hexdigest()),
    ]
