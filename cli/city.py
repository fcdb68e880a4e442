"""The commands of the city: make it, and look at what it holds."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from catalogue.incentives.city_files import DEMO_CITY
from cli.common import command_group
from sandbox.city import DEFAULT_DATA, SHOWN_DATA, known_city, prepare
from sandbox.model import City, CityError
from sandbox.truth import sample

DEFAULT_POPULATION = 20_000

app = command_group(
    "The synthetic city: make its databases, or list subjects to try with the truth about them."
)

Population = Annotated[
    int | None, typer.Option(help="Persons in the city; there is one enterprise to five persons.")
]
Seed = Annotated[
    int | None, typer.Option(help="The same seed, city and population give the same subjects, anywhere.")
]
CityName = Annotated[
    str | None,
    typer.Option(
        "--city", help="The city: a folder of catalogue/cities, such as nanyang.", show_default=DEMO_CITY
    ),
]
Data = Annotated[
    Path | None, typer.Option(help="Directory of the city's databases.", show_default=SHOWN_DATA)
]


@app.command(
    epilog="Example: creditgraph city generate --population 1000000 --data /var/tmp/million. "
    "A directory that holds this city already is left as it is."
)
def generate(
    population: Population = None, seed: Seed = None, data: Data = None, city: CityName = None
) -> None:
    """Make the city's seven databases, or check that they are there.

    The data is synthetic throughout and every source says so. What is made is used by `creditgraph demo`
    when it gets the same --data and --population.
    """
    folder = data or DEFAULT_DATA
    with prepare(folder, size_of(population), seed, name=DEMO_CITY if city is None else city) as running:
        made = running.city
    typer.echo(f"{made.population:,} persons and {made.enterprises:,} enterprises are ready in {folder}.")


@app.command(
    name="sample",
    epilog="Example: creditgraph city sample --json -n 10. The truth is computed from the seed, "
    "not read from a database, so an answer of the gateway can be checked against it.",
)
def show_sample(
    number: Annotated[int, typer.Option("-n", min=1, help="How many subjects.")] = 10,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, all records with all columns.")
    ] = False,
    population: Population = None,
    seed: Seed = None,
    data: Data = None,
    city: CityName = None,
) -> None:
    """List subjects to try, with what each bureau holds of them.

    Persons and enterprises take turns: an officer, a minor, a defaulter, one on a red list and so on come
    first. The city is the one in --data, else the one that --city, --population and --seed name.
    """
    subjects = sample(_city(population, seed, data, city), number)
    if as_json:
        sys.stdout.write(json.dumps(subjects, ensure_ascii=False, indent=1) + "\n")
    else:
        _print(subjects)


def size_of(population: int | None, known: City | None = None) -> int:
    """Return the size that is asked for; where none is, that of a known city, or the usual one."""
    if population is not None:
        return population
    return known.population if known else DEFAULT_POPULATION


def _city(population: int | None, seed: int | None, data: Path | None, name: str | None) -> City:
    if population is not None or seed is not None or name is not None:
        return City.of(size_of(population), seed, DEMO_CITY if name is None else name)
    known = known_city(data or DEFAULT_DATA)
    if known is None and data is not None:
        raise CityError(f"{data} holds no city yet. Make one with `creditgraph city generate --data`.")
    return known or City.of(DEFAULT_POPULATION)


def _print(subjects: list[dict[str, Any]]) -> None:
    table = Table("kind", "identifier", "name", "records")
    for subject in subjects:
        records = subject["records"]
        basic = (records["registry.person"] or records["registry.enterprise"])[0]
        counts = ", ".join(f"{name} {len(rows)}" for name, rows in records.items() if rows)
        table.add_row(subject["kind"], subject["identifier"], basic["name"], counts)
    Console().print(table)
