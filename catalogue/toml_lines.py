"""Finds where a text of TOML states a member, so that a refusal names the line that somebody must correct."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

TomlPath: TypeAlias = Sequence[str | int]
"""The keys and list positions that lead from the root to a member."""
_AT: Final = re.compile(r" - at `\$([^`]*)`")
_STEP: Final = re.compile(r"\.([A-Za-z_]+)|\[(\d+)\]|(\[\.\.\.\])")
_UNKNOWN: Final = re.compile(r"it states what means nothing: `([^`]+)`")


class TomlProblem(NamedTuple):
    """What is wrong with a member: the reason, the path of its statement, and the text in it that is wrong."""

    reason: str
    path: TomlPath
    word: str = ""


def line_of(text: str, path: TomlPath, word: str = "") -> int | None:
    """Return the line of the statement that states a member, counted from 1; None where no statement does.

    In a statement of several lines it is the first line that has the word, if one has it.
    """
    lines, begin = text.split("\n"), 0
    for end in range(1, len(lines) + 1):
        try:
            tables = tomllib.loads("\n".join(lines[:end]))
        except ValueError:  # the lines end within a statement
            continue
        if _states(tables, path):
            return _line_with(lines, begin, end, word)
        begin = end
    return None


def path_named(error: str) -> tuple[str | int, ...]:
    """Return the path of the member that an error of `catalogue.toml_files.structure` names."""
    found, path = _AT.search(error), list[str | int]()
    for key, position, any_of_them in _STEP.findall(found[1]) if found else ():
        if any_of_them:
            return tuple(path)
        path.append(key or int(position))
    unknown = _UNKNOWN.search(error)
    return (*path, unknown[1]) if unknown else tuple(path)


def _states(tables: Any, path: TomlPath) -> bool:
    for step in path:
        try:
            tables = tables[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _line_with(lines: Sequence[str], begin: int, end: int, word: str) -> int:
    """Return the first of the lines that has the word; else the first one that is neither blank nor a comment."""
    own = [at for at in range(begin, end) if lines[at].strip() and not lines[at].lstrip().startswith("#")]
    having = (at for at in own if word in lines[at])
    return next(having, own[0] if own else begin) + 1
