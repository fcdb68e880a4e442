"""The scenes of a city are compared with the purposes before anything is served."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.incentives.city_files import CITIES, city_names
from gateway.authorization.city_scenes import require_scenes
from gateway.errors import StartRefused
from gateway.settings import ROOT

POLICIES = ROOT / "policies"


@pytest.fixture
def cities(tmp_path: Path) -> Path:
    """A copy of the cities."""
    return Path(shutil.copytree(CITIES, tmp_path / "cities"))


def changed(folder: Path, **replaced: tuple[str, str]) -> None:
    """Replace a text in files of a city."""
    for name, (old, new) in replaced.items():
        file = folder / f"{name}.toml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("city", city_names())
def test_each_city_has_scenes_that_are_purposes(city: str):
    """Nothing of the five cities is refused."""
    require_scenes(POLICIES, city)


@pytest.mark.parametrize(("city", "scene"), [("nanyang", "culture"), ("zhumadian", "trading")])
def test_a_scene_that_is_no_purpose_is_refused(cities: Path, city: str, scene: str):
    """Also where nothing of the scene can be answered: nobody could ask, and the open index shows the scene."""
    places = (f'"reward.{scene}"', '"reward.nowhere"')
    changed(cities / city, city=places, incentives=places)
    named = rf"^{city}/city\.toml, line \d+: reward\.nowhere is no leaf of purposes\.toml"
    with pytest.raises(StartRefused, match=named):
        require_scenes(POLICIES, city, cities)


@pytest.mark.rule("R03")
def test_a_scene_that_others_run_is_no_scene_of_duty(cities: Path):
    """Where anybody but an organ asks, no folder of a city can do without consent."""
    changed(cities / "zhumadian", city=("[by_duty]", '[by_duty]\n"reward.education" = "自行决定"'))
    named = (
        r"^zhumadian/city\.toml, line 48: reward\.education is no scene of duty: .* scene_operator asks too"
    )
    with pytest.raises(StartRefused, match=named):
        require_scenes(POLICIES, "zhumadian", cities)
