"""The limits of one round trip, and the checks before it; they hold for every bureau and every caller."""

from __future__ import annotations

import re
from typing import Final

from adapters.bureau_errors import BureauRefused
from adapters.source import Query, SourceMark

MAX_KEYS: Final = 10_000
MAX_ROWS: Final = 200_000
MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024

_PURPOSE = re.compile(r"[a-z0-9_.]{1,200}")


def is_purpose(tag: str) -> bool:
    """Whether a purpose tag can neither end an SQL comment nor break an HTTP header."""
    return _PURPOSE.fullmatch(tag) is not None


def check_purpose(query: Query) -> None:
    """Raise BureauRefused for a purpose that cannot be sent to the bureau: no read is made without one."""
    if not is_purpose(query.purpose):
        raise BureauRefused(query.bureau, query.dataset.name, "the purpose is not of the form [a-z0-9_.]+")


def check_synthetic(bureau: str, mark: SourceMark) -> None:
    """Raise BureauRefused for a source without synthetic data; call it where real data is not allowed."""
    if not mark.synthetic:
        raise BureauRefused(bureau, None, "the source is not marked synthetic")
