"""What no text of a city's files may hold: a sign that nobody sees, or an identity number."""

import re
from collections.abc import Iterator
from typing import Final, cast

from catalogue.number_spelling import fold_number
from catalogue.toml_lines import TomlPath, TomlProblem
from catalogue.unseen_signs import is_unseen, sign_name

_NUMBER: Final = re.compile(
    r"\d(?:[\s._-]?\d){14,}|(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])",
    re.IGNORECASE | re.ASCII,
)
"""Fifteen digits or more, also in groups, or a unified social credit code."""


_SPARED: Final = str.maketrans("", "", "\n\t")
"""What a text of several lines has, and everybody sees."""


def holds_number(text: str) -> bool:
    """Whether a text has what may be a person's identity number or a credit code, in any spelling of its digits."""
    return _NUMBER.search(fold_number(text)) is not None


def problems_of_texts(node: object, path: TomlPath = ()) -> Iterator[TomlProblem]:
    """Yield each text and each name of a file that holds such a thing, by where it stands and without what it holds."""
    if isinstance(node, str):
        yield from (TomlProblem(f"a text {reason}", path) for reason in _faults(node))
    elif isinstance(node, dict):
        for name, each in cast("dict[str, object]", node).items():
            yield from (TomlProblem(f"a name {reason}", (*path, name)) for reason in _faults(name))
            yield from problems_of_texts(each, (*path, name))
    elif isinstance(node, list):
        for at, each in enumerate(cast("list[object]", node)):
            yield from problems_of_texts(each, (*path, at))


def _faults(text: str) -> Iterator[str]:
    if holds_number(text):
        yield "holds what may be an identity number"
    for sign in filter(is_unseen, text.translate(_SPARED)):
        yield f"holds {sign_name(sign)}, which nobody sees"
