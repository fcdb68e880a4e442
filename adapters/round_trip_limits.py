"""What one round trip may carry, and under which conditions, whatever the bureau and whoever asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from adapters.bureau_errors import BureauRefused, OverBudget
from adapters.source import Key, Query, SourceMark

MAX_KEYS: Final = 10_000
MAX_ROWS: Final = 200_000
MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024

_PURPOSE = re.compile(r"[a-z0-9_.]{1,200}")


def is_purpose(tag: str) -> bool:
    """Whether a purpose tag can stand in an SQL comment and in a header without breaking out of it."""
    return _PURPOSE.fullmatch(tag) is not None


def check_purpose(query: Query) -> None:
    """Raise BureauRefused for a purpose that cannot be told to the bureau: without it nothing is read."""
    if not is_purpose(query.purpose):
        raise BureauRefused(query.bureau, query.dataset.name, "the purpose is not of the form [a-z0-9_.]+")


def check_keys(query: Query, keys: Sequence[Key]) -> None:
    """Raise OverBudget for more keys than one round trip may carry."""
    if len(keys) > MAX_KEYS:
        raise OverBudget(query.bureau, query.dataset.name, f"more than {MAX_KEYS} keys")


def check_synthetic(bureau: str, mark: SourceMark) -> None:
    """Raise BureauRefused for a source that holds data of real people where only a synthetic one may be."""
    if not mark.synthetic:
        raise BureauRefused(bureau, None, "the source is not marked synthetic")
