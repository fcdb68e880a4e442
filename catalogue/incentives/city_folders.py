"""The folders of the cities, and what those of other cities state, to which a city's own statements are compared.

A neighbour's folder decides nothing here. Of two folders that state one document, at least one states another city's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from catalogue.number_spelling import fold_number
from catalogue.toml_lines import TomlPath, TomlProblem

CITIES: Final = Path(__file__).resolve().parent.parent / "cities"
CITY_FILE: Final = "city.toml"
FILES: Final = (CITY_FILE, "conditions.toml", "incentives.toml")
"""The files of a city."""
_NAME: Final = re.compile(r"[a-z]{1,40}")
_OF_ONE_CITY: Final[tuple[tuple[str, ...], ...]] = (
    ("code",),
    ("zh",),
    ("region",),
    ("document",),
    ("document_number",),
    ("programme", "code"),
)
"""What no two cities have in common, by where it stands."""


def city_names(folder: Path = CITIES) -> tuple[str, ...]:
    """Return the names of the cities that an installation can serve."""
    names = (each.parent.name for each in folder.glob(f"*/{CITY_FILE}"))
    return tuple(sorted(name for name in names if is_city_name(name)))


def is_city_name(text: str) -> bool:
    """Whether a city's folder may be called so."""
    return _NAME.fullmatch(text) is not None


def unknown_files(folder: Path) -> list[str]:
    """Return what stands in a city's folder and is no file of a city; hidden files are left out."""
    return sorted(
        each.name for each in folder.iterdir() if each.name not in FILES and not each.name.startswith(".")
    )


def problems_of_neighbours(name: str, tables: Mapping[str, Any], folder: Path) -> Iterator[TomlProblem]:
    """Yield what a city's file states as another city's does: its letters, name, region, document and programme."""
    for other, stated in _neighbours(name, folder).items():
        for path in _OF_ONE_CITY:
            own = _text_at(tables, path)
            if own and fold_number(own) == fold_number(_text_at(stated, path)):
                yield TomlProblem(f"{'.'.join(path)} is that of {other} too, a city of its own", path)


def neighbour_of(region: str, own: str, folder: Path = CITIES) -> str | None:
    """Return the other city than that of the region `own` in which a region of GB/T 2260 is; None where it is in none."""
    for other, stated in _neighbours("", folder).items():
        if region[:4] == _text_at(stated, ("region",))[:4] != own[:4]:
            return other
    return None


def city_in(text: str, name: str, folder: Path) -> str | None:
    """Return the other city to which an organ belongs: with its name and 市 its own begins; None where it is of none.

    An organ that only has its seat in another city may be responsible here too.
    """
    for other, stated in _neighbours(name, folder).items():
        short = _text_at(stated, ("zh",)).removesuffix("市")
        if short and text.startswith(f"{short}市"):
            return other
    return None


@cache
def _neighbours(name: str, folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the own file of each other city, without those that cannot be read: they are refused where they serve."""
    found = dict[str, Mapping[str, Any]]()
    for other in city_names(folder):
        try:
            text = (folder / other / CITY_FILE).read_text("utf-8") if other != name else ""
            found[other] = tomllib.loads(text)
        except (OSError, ValueError):
            continue
    return found


def _text_at(tables: Mapping[str, Any], path: TomlPath) -> str:
    found: Any = tables
    for step in path:
        try:
            found = found[step]
        except (KeyError, TypeError, IndexError):
            return ""
    return found if isinstance(found, str) else ""
