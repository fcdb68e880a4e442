"""Compares the scenes of a city with the purposes: a city's folder is read before the purposes are known."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from catalogue.incentives.city_files import CITIES, CITY_FILE, City, CityFile, city_called
from catalogue.toml_lines import TomlProblem
from gateway.authorization.callers import CallerKind, load_callers
from gateway.authorization.purposes import PurposeTree, load_purposes
from gateway.errors import StartRefused

_ORGANS: Final = frozenset({"organ"})
"""The kinds of caller that act by duty in a scene that rewards (河南省社会信用条例 art. 22)."""


def require_scenes(folder: Path, name: str, cities: Path = CITIES) -> None:
    """Raise StartRefused, with file and line, where a scene of the city is no purpose or no scene of duty."""
    kinds = load_callers(folder / "callers.toml")
    purposes = load_purposes(folder / "purposes.toml", kinds)
    for problem in _problems(city_called(name, cities), purposes, kinds):
        raise StartRefused(str(CityFile(cities / name, CITY_FILE).refusal(problem)))


def _problems(city: City, purposes: PurposeTree, kinds: Mapping[str, CallerKind]) -> Iterator[TomlProblem]:
    for scene in city.scenes:
        if scene not in purposes.leaves:
            yield TomlProblem(f"{scene} is no leaf of purposes.toml", ("scenes",), f'"{scene}"')
            return
    for scene in city.by_duty:
        for holder in sorted(purposes.leaves[scene].holders - _ORGANS):
            if not kinds[holder].sandbox:
                reason = (
                    f"{scene} is no scene of duty: by purposes.toml a {holder} asks too, who needs consent"
                )
                yield TomlProblem(reason, ("by_duty", scene))
