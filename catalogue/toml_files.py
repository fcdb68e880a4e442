"""TOML files read as msgspec structures; a refusal names the file, the member and what is expected of it."""

import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias, TypeVar, cast

import msgspec

T = TypeVar("T")
Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]
"""A text that says something."""

_BUILT_IN: Final = (datetime, date, time)
"""Types that TOML has itself: a text in the place of a date is refused."""
_IN_WORDS: Final = (
    ("Object missing required field", "it does not state"),
    ("Object contains unknown field", "it states what means nothing:"),
    ("Expected `object`", "Expected a table"),
    ("Expected `array`", "Expected a list"),
    (r"Expected `str` matching regex '\\S'", "it states a blank"),
    ("Expected `str` of length >= 1", "it states a blank"),
)


class TomlError(ValueError):
    """A file of TOML cannot be read or states what cannot be."""


def read_toml(file: Path, type_: type[T], refusal: type[Exception] = TomlError) -> T:
    """Read a file as a structure, or raise the refusal."""
    return structure(file.name, read_tables(file, refusal), type_, refusal)


def read_tables(file: Path, refusal: type[Exception] = TomlError) -> dict[str, Any]:
    """Read the tables of a file, or raise the refusal."""
    return read_text_and_tables(file, refusal)[1]


def read_text_and_tables(file: Path, refusal: type[Exception]) -> tuple[str, dict[str, Any]]:
    """Read a file as it stands and its tables, or raise the refusal."""
    try:
        text = file.read_text("utf-8")
        return text, tomllib.loads(text)
    except OSError as error:  # its own text holds the path
        raise refusal(f"{file.name} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise refusal(f"{file.name} cannot be read as TOML: {error}") from None


def named_structure(
    place: str, name: str, table: object, type_: type[T], refusal: type[Exception] = TomlError
) -> T:
    """Return a table as a structure whose member `name` is the table's own name, which the table does not state."""
    if not isinstance(table, dict):
        return structure(place, table, type_, refusal)
    if "name" in table:
        raise refusal(f"{place}: it states what means nothing: `name`")
    return structure(place, {**cast("dict[str, Any]", table), "name": name}, type_, refusal)


def structure(place: str, node: object, type_: type[T], refusal: type[Exception] = TomlError) -> T:
    """Return what TOML holds as a structure, or raise the refusal; `place` is how it names the table."""
    try:
        return msgspec.convert(node, type_, builtin_types=_BUILT_IN)
    except msgspec.ValidationError as error:
        why = str(error)
        for text, words in _IN_WORDS:
            why = why.replace(text, words)
        raise refusal(f"{place}: {why}") from None
