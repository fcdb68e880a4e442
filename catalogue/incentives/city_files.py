"""A city's own files in `catalogue/cities/<name>/`, and refusals that name the file, the line and the reason.

One installation serves one city: nothing of another city is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from catalogue.score_programmes import ScoreProgramme
from catalogue.toml_files import Text, TomlError, read_text_and_tables, structure

T = TypeVar("T")
CITIES: Final = Path(__file__).resolve().parent.parent / "cities"
DEMO_CITY: Final = "xinyang"
"""The city of the demo, and of commands that serve nobody, where no city is set."""
_FILE: Final = "city.toml"
_NAME: Final = re.compile(r"[a-z]{1,40}")
_SCENE: Final = re.compile(r"reward(\.[a-z_]+)+")


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A city: its document, the scenes and the responsible units in it, its districts, its score programme if it has one."""

    code: Text
    """The letters with which the numbers of its incentives begin."""
    zh: Text
    en: Text
    region: Text
    document: Text
    scenes: tuple[str, ...]
    bureaus: tuple[str, ...]
    districts: dict[str, str]
    by_duty: dict[str, str]
    """The scenes in which an organ acts by duty, each with its basis."""
    programme: ScoreProgramme | None = None

    @property
    def programme_code(self) -> str | None:
        """The code of its score programme; None where it has none."""
        return self.programme and self.programme.code

    @property
    def counties(self) -> frozenset[str]:
        """The division codes of the city: of its own authorities and of its districts."""
        return frozenset({self.region, *self.districts})

    @property
    def courts(self) -> tuple[str, ...]:
        """The names of its courts: the intermediate one, then one a district."""
        of_district = (
            f"{self.zh if name.endswith('区') else ''}{name}人民法院" for name in self.districts.values()
        )
        return (f"{self.zh}中级人民法院", *of_district)


class CityFile:
    """One file of a city, with the place of what stands in it."""

    def __init__(self, folder: Path, name: str) -> None:
        """Read it, or raise TomlError."""
        self._place = f"{folder.name}/{name}"
        try:
            self._text, self.tables = read_text_and_tables(folder / name, TomlError)
        except TomlError as error:
            raise TomlError(f"{folder.name}/{error}") from None

    def structure(self, type_: type[T], key: str | None = None, node: Any = None) -> T:
        """Return the file, or what stands in it under a key, as a structure; raise TomlError with its line."""
        if key is None:
            return structure(self._place, self.tables, type_)
        try:
            return structure("", node, type_)
        except TomlError as error:
            raise self.refusal(key, f"{key}{error}") from None

    def refusal(self, key: str, reason: str) -> TomlError:
        """Return the refusal of what stands under a key or as a text."""
        found = re.search(rf'^\s*\[*"?{re.escape(key)}"?\b', self._text, re.MULTILINE)
        if found is None:
            return TomlError(f"{self._place}: {reason}")
        line = self._text.count("\n", 0, found.end()) + 1
        return TomlError(f"{self._place}, line {line}: {reason}")


def city_names(folder: Path = CITIES) -> tuple[str, ...]:
    """Return the names of the cities that an installation can serve."""
    return tuple(sorted(each.parent.name for each in folder.glob(f"*/{_FILE}")))


@cache
def city_called(name: str, folder: Path = CITIES) -> City:
    """Return a city, or raise TomlError with what is wrong."""
    if not _NAME.fullmatch(name) or name not in city_names(folder):
        known = ", ".join(city_names(folder))
        raise TomlError(f"the city is no one of those there are: name one of {known}")
    file = CityFile(folder / name, _FILE)
    city = file.structure(City)
    for key, reason in _problems(city):
        raise file.refusal(key, reason)
    return city


def _problems(city: City) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a city, each with the key at which it stands."""
    for scene in city.scenes:
        if not _SCENE.fullmatch(scene):
            yield scene, f"{scene} is no leaf of reward"
    for scene in city.by_duty:
        if scene not in city.scenes:
            yield scene, f"an organ acts by duty in {scene}, which is no scene of the city"
    yield from _problems_of_districts(city.districts, city.region)
    if city.programme is not None:
        for reason in city.programme.problems():
            yield "programme", reason


def _problems_of_districts(districts: Mapping[str, str], region: str) -> Iterator[tuple[str, str]]:
    if not re.fullmatch(r"\d{4}00", region):
        yield "region", "the region is no city of GB/T 2260: six digits of which the last two are 00"
    if not districts:
        yield "districts", "the city has no district"
    for code in districts:
        if len(code) != len(region) or code[:4] != region[:4]:
            yield code, f"the district {code} lies in another city"
