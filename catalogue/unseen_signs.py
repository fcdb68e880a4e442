"""Signs of a text that nobody sees: controls, format characters, and separators of lines and of paragraphs."""

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Categories of Unicode."""


def is_unseen(sign: str) -> bool:
    """Whether a sign is not shown, or reorders what is shown."""
    return unicodedata.category(sign) in _UNSEEN


def sign_name(sign: str) -> str:
    """Return the number and the name of a sign."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'a control character')}"
