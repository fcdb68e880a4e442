"""The synthetic city that a gateway is checked against: which one is meant, and whether the gateway's has its size."""

from pathlib import Path
from typing import Any, Final

from cli.city import size_of
from cli.common import configured
from cli.systems_asking import RunningGateway
from cli.systems_questions import Question
from gateway.authorization.clients import Client
from gateway.errors import StartRefused
from gateway.operations.register import Registration
from sandbox.city import DEFAULT_DATA, known_city
from sandbox.expected.comparing import Rule
from sandbox.model import City, CityError
from sandbox.people import person_number

OF_A_PERSON: Final = "citizen"
"""The operation by which a person reads its own file: it tells whether a city has a person, also one who has died."""
_EDGE: Final = 3
"""So many persons on each side of the city's end are looked for."""
_PERSON: Final = "person"
_REMEDY: Final = "Name its directory with --data, or its size and seed with --population and --seed."


def city_to_check(name: str | None, data: Path | None, population: int | None, seed: int | None) -> City:
    """Return the synthetic city that is meant: the one in the directory, unless another one is asked for.

    Raises CityError for a directory that holds none, or another one than is asked for beside it.
    """
    if data is not None:
        return _in_directory(data, name, population, seed)
    known = known_city(DEFAULT_DATA)
    if known and name in (None, known.name) and (population, seed) == (None, None):
        return known
    return City.of(size_of(population), seed, name or str(configured().city))


def _in_directory(data: Path, name: str | None, population: int | None, seed: int | None) -> City:
    known = known_city(data)
    if known is None:
        raise CityError(
            f"{data} holds no city. Name the directory of the gateway's city with --data, or leave it out and name the"
            " city's size with --population."
        )
    asked = City.of(size_of(population, known), known.seed if seed is None else seed, name or known.name)
    if asked != known:
        raise CityError(
            f"{data} holds {known.name}, a city of {known.population:,} persons, seed {known.seed}, edition {known.edition};"
            f" asked for were {asked.name}, {asked.population:,} persons, seed {asked.seed}, edition {asked.edition}."
            " Leave --city, --population and --seed out, or --data."
        )
    return known


def require_size(city: City, operation: Registration, client: Client, gateway: RunningGateway) -> None:
    """Raise StartRefused if the gateway's city has other persons, fewer or more than this one.

    The operation shows a person its own file, and the client asks it: `OF_A_PERSON`.
    """
    last, behind = range(max(city.population - _EDGE, 0), city.population), city.population + _EDGE
    asked = dict.fromkeys((0, *last, *range(city.population, behind)))
    questions = [_of_person(operation, client, city, index) for index in asked]
    differing = {
        index for index, paths in zip(asked, gateway.ask(questions), strict=True) if paths == [_PERSON]
    }
    if differing:
        raise StartRefused(f"{_difference(city, differing)} {_REMEDY}")


def _difference(city: City, differing: set[int]) -> str:
    about = f"{city.name} with {city.population:,} persons and the seed {city.seed}"
    if 0 in differing:
        return (
            f"The check is about {about}, and the gateway's city has other persons: its seed is another one."
        )
    fewer = "fewer" if min(differing) < city.population else "more"
    return f"The check is about {about}, and the gateway's city has {fewer} persons."


def _of_person(operation: Registration, client: Client, city: City, index: int) -> Question:
    """Return the question of a person about itself: nobody is there behind the last one."""
    there: Any = Rule(lambda _: iter(())) if index < city.population else None
    number = person_number(city, index)
    return Question(operation, client, f"{_PERSON} {index}", person=number, expected={_PERSON: there})
