"""The commands of the city."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.city import app
from sandbox.model import City, CityError
from sandbox.truth import sample

RUN = CliRunner()


def test_sample_prints_the_truth_as_json():
    """`sample --json` prints what the city's own computation says, and nothing else."""
    done = RUN.invoke(app, ["sample", "--json", "-n", "4", "--population", "1000", "--seed", "9"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == sample(City.of(1000, 9), 4)


def test_sample_prints_a_table():
    """Without --json one line a subject is shown."""
    done = RUN.invoke(app, ["sample", "-n", "2", "--population", "1000"])
    assert done.exit_code == 0
    assert "person" in done.stdout


def test_generate_makes_the_city_that_sample_reads(tmp_path: Path):
    """`generate` makes a city and `sample --data` speaks of it."""
    place = ["--data", str(tmp_path / "d")]
    done = RUN.invoke(app, ["generate", "--population", "40", *place])
    assert done.exit_code == 0
    assert "40 persons and 8 enterprises" in done.stdout
    shown = RUN.invoke(app, ["sample", "--json", "-n", "2", *place])
    assert json.loads(shown.stdout) == sample(City.of(40), 2)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["generate", "--population", "3"], "--population"),
        (["sample", "--population", "3"], "--population"),
        (["sample", "--data", "no/such/place"], "city generate"),
    ],
)
def test_a_refusal_says_what_to_do(arguments: list[str], advice: str):
    """What cannot be had is refused with advice, which the command line says on standard error."""
    done = RUN.invoke(app, arguments)
    assert isinstance(done.exception, CityError)
    assert advice in str(done.exception)
    assert done.stdout == ""
