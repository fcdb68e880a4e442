"""A city of which this project knows nothing: a folder of data makes an installation of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.support.command_line import Caller, Process, demo_token
from tests.support.copied_project import copied_project

CITY = {
    "city": """
code = "LY"
zh = "洛阳市"
en = "Luoyang"
region = "410300"
document = "洛信用〔2026〕1号"
scenes = ["reward.reading"]
bureaus = []

[districts]
410302 = "老城区"

[by_duty]
""",
    "conditions": """
[CLEAN]
owner = "市信用办"
zh = "一年内无不良记录"
en = "Clean for a year"
configured = "一年 · one year"
person = [{ clean_years = 1 }]
""",
    "incentives": """
[unanswered]

[incentive]
LY-001 = { place = "图书馆", zh = "免押金", en = "No deposit", scene = "reward.reading", benefit = "DEPOSIT_FREE", for = ["person"], basis = "CLEAN", bureaus = [] }
""",
}
"""The least that makes a city."""
POPULATION = ("--population", "100")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project with the folder of one more city in it."""
    root = copied_project(tmp_path / "project")
    folder = root / "catalogue" / "cities" / "luoyang"
    folder.mkdir()
    for name, text in CITY.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return root


def test_a_folder_is_a_city(project: Path, tmp_path: Path):
    """Its demo makes the city's own population, shows the index of the city, and tells some TRUE and others nothing."""
    arguments = ("demo", "--city", "luoyang", *POPULATION, "--port", "0", "--data", str(tmp_path / "data"))
    with (
        Process(tmp_path / "run", *arguments, root=project) as process,
        httpx2.Client(trust_env=False) as http,
    ):
        address = process.ready()
        assert "gateway of Luoyang is ready" in process.printed
        index = http.get(f"{address}/open", headers={"accept": "application/json"}).json()
        assert [each["id"] for scene in index["scenes"] for each in scene["incentives"]] == ["LY-001"]
        session = http.get(f"{address}/explorer/session.json").json()
        http.base_url = address
        caller = Caller(http, demo_token("developer", ["reward.reading"]))
        persons = [each["identifier"] for each in session["samples"] if each["kind"] == "person"]
        asked = "query Q($of: SubjectKey!) { standing(of: $of) { ly001 } }"
        found = [
            caller.ask(asked, {"of": {"person": each}}, purpose="reward.reading").json() for each in persons
        ]
        process.stop()
    assert not any("errors" in each for each in found)
    assert {each["data"]["standing"]["ly001"] for each in found} == {"TRUE", None}


def test_a_folder_that_is_wrong_is_refused_in_a_sentence(project: Path, tmp_path: Path):
    """Whoever starts a city whose folder is wrong reads the file, the line and the reason, and no trace of the program."""
    file = project / "catalogue" / "cities" / "luoyang" / "city.toml"
    file.write_text(file.read_text("utf-8").replace('"410300"', '"410302"'), "utf-8")
    arguments = ("demo", "--city", "luoyang", *POPULATION, "--port", "0", "--data", str(tmp_path / "data"))
    done = subprocess.run(  # noqa: S603 own arguments
        (sys.executable, "-m", "cli", *arguments), cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: luoyang/city.toml, line 5: the region is no city")
    assert "Traceback" not in done.stderr
