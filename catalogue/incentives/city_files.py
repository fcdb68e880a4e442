"""A city's own files in `catalogue/cities/<name>/`, and refusals that name the file, the line and the reason.

One installation serves one city: nothing of another city is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec

from catalogue.incentives.city_folders import (
    CITIES,
    CITY_FILE,
    FILES,
    city_names,
    is_city_name,
    problems_of_neighbours,
    unknown_files,
)
from catalogue.incentives.city_texts import holds_number, problems_of_texts
from catalogue.score_programmes import ScoreProgramme
from catalogue.toml_files import Text, TomlError, read_text_and_tables, structure
from catalogue.toml_lines import TomlProblem, line_of, path_named

T = TypeVar("T")
DEMO_CITY: Final = "xinyang"
"""The city of the demo, and of commands that serve nobody, where no city is set."""
_SCENE: Final = re.compile(r"reward(\.[a-z_]+)+")


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A city: its document, the scenes and the responsible units in it, its districts, its score programme if it has one."""

    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2,6}$")]
    """The letters with which the numbers of its incentives begin."""
    zh: Text
    en: Text
    region: Text
    document: Text
    scenes: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    bureaus: tuple[Text, ...]
    """The responsible units that the document names."""
    districts: dict[str, Text]
    by_duty: dict[str, Text]
    """The scenes in which an organ acts by duty, each with its basis."""
    document_title: Text | None = None
    """The title that its document bears, and `document_number` the number; None where it bears none."""
    document_number: Text | None = None
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
        for problem in problems_of_texts(self.tables):
            raise self.refusal(problem)

    def structure(self, type_: type[T], *path: str) -> T:
        """Return the file, or the member that a path names, as a structure; raise TomlError with its line."""
        node = self.tables
        for key in path:
            node = node[key]
        try:
            return structure(path[-1] if path else "", node, type_)
        except TomlError as error:
            reason = str(error).removeprefix(": ")
            raise self.refusal(TomlProblem(reason, (*path, *path_named(reason)))) from None

    def refusal(self, problem: TomlProblem) -> TomlError:
        """Return the refusal of a problem, with the line at which it stands in the file."""
        line = line_of(self._text, problem.path, problem.word) if problem.path else None
        place = self._place if line is None else f"{self._place}, line {line}"
        return TomlError(f"{place}: {problem.reason}")


@cache
def city_called(name: str, folder: Path = CITIES) -> City:
    """Return a city, or raise TomlError with what is wrong."""
    if not is_city_name(name) or not (folder / name).is_dir():
        known = ", ".join(city_names(folder))
        raise TomlError(f"the city is no one of those there are: name one of {known}")
    file = CityFile(folder / name, CITY_FILE)
    city = file.structure(City)
    for problem in _problems(city):
        raise file.refusal(problem)
    return city


def require_own_folder(name: str, folder: Path = CITIES) -> None:
    """Raise TomlError if a city states what is another city's, or its folder has a file that is none of a city.

    It is asked of the city that an installation serves: a neighbour's folder stops nobody who only needs districts.
    """
    file = CityFile(folder / name, CITY_FILE)
    for problem in problems_of_neighbours(name, file.tables, folder):
        raise file.refusal(problem)
    for each in unknown_files(folder / name):
        shown = "a file" if holds_number(each) else each
        raise TomlError(f"{name}/{shown}: no file of a city is called so: they are {', '.join(FILES)}")


def _problems(city: City) -> Iterator[TomlProblem]:
    """Yield what is wrong with a city, each with where it stands."""
    if city.document_number is not None and city.document_number not in city.document:
        yield TomlProblem("the document is called by another number", ("document_number",))
    for scene in city.scenes:
        if not _SCENE.fullmatch(scene):
            yield TomlProblem(f"{scene} is no leaf of reward", ("scenes",), f'"{scene}"')
    yield from _twice(city.scenes, "scenes")
    yield from _twice(city.bureaus, "bureaus")
    for scene in city.by_duty:
        if scene not in city.scenes:
            reason = f"an organ acts by duty in {scene}, which is no scene of the city"
            yield TomlProblem(reason, ("by_duty", scene))
    yield from _problems_of_districts(city.districts, city.region)
    if city.programme is not None:
        for each in city.programme.problems():
            yield each._replace(path=("programme", *each.path))


def _twice(texts: Iterable[str], key: str) -> Iterator[TomlProblem]:
    """Yield each text that a list has once more."""
    known = set[str]()
    for text in texts:
        if text in known:
            yield TomlProblem(f"{text} stands in {key} twice", (key,), f'"{text}"')
        known.add(text)


def _problems_of_districts(districts: Mapping[str, str], region: str) -> Iterator[TomlProblem]:
    if not re.fullmatch(r"[0-9]{2}(?!00)[0-9]{2}00", region):
        reason = "the region is no city of GB/T 2260: six digits of which the last two alone are 00"
        yield TomlProblem(reason, ("region",))
    if not districts:
        yield TomlProblem("the city has no district", ("districts",))
    named = dict[str, str]()
    for code, name in districts.items():
        at = ("districts", code)
        if not re.fullmatch(r"[0-9]{6}", code) or code == region:
            yield TomlProblem(f"{code} is no code of a district: six digits, and not those of the city", at)
        elif code[:4] != region[:4]:
            yield TomlProblem(f"the district {code} lies in another city", at)
        if name in named:
            yield TomlProblem(f"the districts {named[name]} and {code} have one name", at)
        named[name] = code
