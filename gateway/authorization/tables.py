"""TOML files of the policy folder, with an error that names the file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from gateway.errors import StartRefused


def read_tables(file: Path) -> dict[str, Any]:
    """Return the tables of a TOML file, or raise StartRefused."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read as TOML: {error}") from None


def checked_table(
    place: str, node: object, texts: Sequence[str], lists: Sequence[str] = (), switches: Sequence[str] = ()
) -> dict[str, Any]:
    """Return a table that states texts and lists of texts, and may state switches, or raise StartRefused.

    `place` is how the refusal names it. What else it states means nothing, and is refused by its name.
    """
    if not isinstance(node, dict):
        raise StartRefused(f"{place} is no table")
    table = cast("dict[str, Any]", node)
    missing = [key for key in (*texts, *lists) if table.get(key) in ("", [], None)]
    if missing:
        raise StartRefused(f"{place} does not state {', '.join(missing)}")
    unknown = sorted(table.keys() - {*texts, *lists, *switches})
    if unknown:
        raise StartRefused(f"{place} states {', '.join(unknown)}, which means nothing")
    for keys, is_right, kind in (
        (texts, _is_text, "a text"),
        (lists, _is_list, "a list of texts"),
        (switches, _is_switch, "true or false"),
    ):
        wrong = [key for key in keys if key in table and not is_right(table[key])]
        if wrong:
            raise StartRefused(f"{place} states {', '.join(wrong)}, which is not {kind}")
    return table


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(each) for each in cast("list[object]", value))


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)
