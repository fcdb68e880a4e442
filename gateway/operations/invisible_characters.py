"""What an approver sees is what the file says: no sign in it that is not shown, or that reorders what is.

A text with bidirectional controls or zero-width signs is read as another one than it is (Unicode Technical Report
36, section 2; CVE-2021-42574), and an approval is a signature below it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from catalogue.unseen_signs import is_unseen, sign_name
from gateway.errors import StartRefused

_SEEN: Final = "\n\t"


def refuse_invisible(file: str, text: str, statements: Mapping[str, Any]) -> None:
    """Refuse signs that are not seen, by statement, or by line where they stand in none; StartRefused."""
    for name, value in statements.items():
        for sign in (each for one in _texts(value) for each in one if _is_unseen(each)):
            raise StartRefused(
                f"{file}: {name} holds {sign_name(sign)}, and an approver would sign it unseen"
            )
    for number, line in enumerate(text.split("\n"), start=1):
        for sign in filter(_is_unseen, line):
            raise StartRefused(
                f"{file}: line {number} holds {sign_name(sign)}, and an approver would pass over it"
            )


def _is_unseen(sign: str) -> bool:
    return sign not in _SEEN and is_unseen(sign)


def _texts(value: object) -> Iterator[str]:
    """Yield every text within a value of TOML, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in cast("dict[str, object]", value).items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _texts(each)
