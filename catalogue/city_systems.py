"""The systems that the five documents name, as data: `systems.toml`, checked as it is read.

Each states in which cities' documents it stands and where, what it asks of the graph, and whether the graph answers that:
it works, partly, or lies outside. What is missing, or why it lies outside, is said in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from catalogue.incentives.city_files import city_names
from catalogue.toml_files import Text, TomlError, read_text_and_tables, structure
from catalogue.toml_lines import TomlProblem, line_of, path_named

FILE: Final = Path(__file__).with_name("systems.toml")
LAST: Final = 78
"""The systems are counted S01 to S78."""
_PLACES: Final = "places"
_OPERATIONS: Final = "operations"
Both: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^.+ · .+$")]
"""A text in both languages: `中文 · English`."""
State: TypeAlias = Literal["works", "partly", "outside"]


class CitySystem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A system: `places` has the paragraph by city, `operations` those that serve it by city.

    `works`: what the documents ask of the graph is answered. `partly`: a part of it is. `outside`: nothing is.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^S\d\d$")]
    zh: Text
    en: Text
    places: Annotated[dict[str, Text], msgspec.Meta(min_length=1)]
    asks: Both
    """What it asks of the graph."""
    state: State
    missing: Both | None = None
    """What is missing, or why it lies outside; None where it works."""
    operations: dict[str, Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]] = {}
    group: Both | None = None
    """The title of the group that begins with it."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    system: list[object]


def city_systems(file: Path = FILE) -> tuple[CitySystem, ...]:
    """Return the systems in their order, or raise TomlError with file, line and reason."""
    text, tables = read_text_and_tables(file, TomlError)
    rows = structure(file.name, tables, _File).system
    found = tuple(_read(file.name, text, at, row) for at, row in enumerate(rows))
    for at, each in enumerate(found):
        for problem in _problems(each, at):
            raise _refusal(file.name, text, at, problem._replace(reason=f"{each.id} {problem.reason}"))
    if len(found) < LAST:
        raise TomlError(
            f"{file.name}: S{len(found) + 1:02} and what follows is missing; there are {LAST} systems"
        )
    return found


def require_registered(
    systems: Sequence[CitySystem], city: str, names: Collection[str], file: Path = FILE
) -> None:
    """Raise TomlError with file, line and reason if a system names an operation that is not registered in the city."""
    for at, each in enumerate(systems):
        for name in each.operations.get(city, ()):
            if name not in names:
                reason = f"{each.id} names {name}, which is no operation that is registered in {city}"
                text, _ = read_text_and_tables(file, TomlError)
                raise _refusal(file.name, text, at, TomlProblem(reason, (_OPERATIONS, city), f'"{name}"'))


def _read(file: str, text: str, at: int, row: object) -> CitySystem:
    try:
        return structure("", row, CitySystem)
    except TomlError as error:
        reason = str(error).removeprefix(": ")
        raise _refusal(file, text, at, TomlProblem(reason, path_named(reason))) from None


def _refusal(file: str, text: str, at: int, problem: TomlProblem) -> TomlError:
    """Return the refusal of a problem of a row, with the line of the member or of the row."""
    row = ("system", at)
    line = line_of(text, (*row, *problem.path), problem.word) or line_of(text, row)
    return TomlError(f"{file}, line {line}: {problem.reason}")


def _problems(system: CitySystem, at: int) -> Iterator[TomlProblem]:
    """Yield what is wrong with the row that stands at a place."""
    if system.id != f"S{at + 1:02}":
        reason = f"stands where S{at + 1:02} is due: each stands once, in order, and none is left out"
        yield TomlProblem(reason, ("id",))
    for member, named in ((_PLACES, system.places), (_OPERATIONS, system.operations)):
        for city in sorted(named.keys() - {*city_names()}):
            reason = f"names {city}, which is none of the cities {', '.join(city_names())}"
            yield TomlProblem(reason, (member, city))
    for city in sorted(system.operations.keys() - system.places.keys()):
        yield TomlProblem(f"is served in {city}, whose document does not name it", (_OPERATIONS, city))
    for city, names in system.operations.items():
        if len({*names}) < len(names):
            yield TomlProblem(f"names an operation of {city} twice", (_OPERATIONS, city))
    for reason in _problems_of_state(system):
        yield TomlProblem(reason, ("state",))


def _problems_of_state(system: CitySystem) -> Iterator[str]:
    if system.state == "works":
        for city in sorted(system.places.keys() - system.operations.keys()):
            yield f"works, and no operation serves it in {city}"
        if system.missing is not None:
            yield "works, and states that something is missing"
    elif system.missing is None:
        yield f"is {system.state}, and does not state what is missing or why"
    if system.state == "partly" and not system.operations:
        yield "works partly, and no operation serves it"
    if system.state == "outside" and system.operations:
        yield "lies outside, and operations serve it"
