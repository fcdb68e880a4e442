"""`python -m benchmarks.own_incentives`: how long a person waits for every incentive of the city, with outcome and reasons.

Persons of a synthetic city ask the registered operation `my-incentives`, each with a token of its own, over one connection
that is kept open. `first` is the time of a person's first request, in which the gateway verifies the token as well; `again`
is the time of the same request once more. The gateway is `creditgraph serve` as a user runs it, and the bureaus are those of the
demo: six databases and one signed HTTP service. One line a city: how many incentives the answer tells of, and how many of these
can be answered.
"""

from __future__ import annotations

import json
import os
import random
import secrets
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import mean, median, quantiles
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer

from benchmarks.contenders import Contender, start_contenders
from benchmarks.questions import SEED, Operation
from benchmarks.silence import Asker
from catalogue.incentives.city_files import city_names
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.scene_threshold import answerable
from sandbox.city import RunningCity, prepare
from sandbox.model import City, CityError
from sandbox.people import person_number
from sandbox.transport_process import TransportProcess
from tests.support.tested_city import VARIABLE

OWN: Final = Operation("point", "my-incentives", "citizen", "one person: every incentive of the city")
WANTED: Final = 25.0
"""Milliseconds of the median, on two cores."""
HTTP_BUREAU: Final = "transport"
_DATA: Final = Path(__file__).resolve().parent.parent / ".demo"


def persons_of(city: City, number: int) -> list[str]:
    """Return the numbers of so many persons of a city, drawn alike in each run."""
    drawn = random.Random(SEED).sample(range(city.population), min(number, city.population))
    return [person_number(city, each) for each in drawn]


def ask_all(asker: Asker, persons: Sequence[str]) -> tuple[list[bytes], list[float]]:
    """Return the answer to each person, and the milliseconds that it took."""
    found = [asker.ask_with({"id": each}) for each in persons]
    return [answer for answer, _ in found], [1e3 * seconds for _, seconds in found]


def check(name: str, answers: Sequence[bytes]) -> int:
    """Return how many outcomes are TRUE; RuntimeError where an answer does not tell of every incentive."""
    told = 0
    for each in answers:
        answer: Any = json.loads(each)
        listed: list[dict[str, Any]] = [] if "errors" in answer else answer["data"]["standing"]["incentives"]
        if [it["id"] for it in listed] != list(incentives(name)):
            raise RuntimeError(f"an answer in {name} does not tell of every incentive: {each[:200]!r}")
        told += sum(it["outcome"]["answer"] == "TRUE" for it in listed)
    return told


def p95(times: Sequence[float]) -> float:
    """Return the time within which 95 of 100 requests are answered."""
    return quantiles(times, n=20)[-1]


def measure(name: str, contender: Contender, persons: Sequence[str]) -> None:
    """Ask for each person twice, and print a line with the figures."""
    asker = Asker(contender, OWN)
    warm = persons[: len(persons) // 10]
    ask_all(asker, warm)
    asked = persons[len(warm) :]
    answers, first = ask_all(asker, asked)
    _, again = ask_all(asker, asked)
    met = check(name, answers)
    of_persons = sum("person" in each.beneficiaries for each in answerable(name).values())
    verdict = "reached" if max(median(first), median(again)) < WANTED else "NOT reached"
    typer.echo(
        f"{name:13} {len(incentives(name)):2} incentives, {len(answerable(name)):2} answerable, "
        f"{of_persons:2} of persons, {met / len(asked):4.1f} TRUE; {mean(map(len, answers)) / 1e3:5.0f} kB; "
        f"first median {median(first):5.2f} p95 {p95(first):5.2f} ms; "
        f"again median {median(again):5.2f} p95 {p95(again):5.2f} ms; wanted {WANTED:g} ms {verdict}"
    )


@contextmanager
def bureaus(city: RunningCity, folder: Path) -> Generator[Mapping[str, str]]:
    """Start the bureau that is no database, let the gateways of this process find it, and return the other databases."""
    file = folder / "transport.secret"
    file.touch(mode=0o600)
    file.write_text(secrets.token_urlsafe(32))
    source = f"CREDITGRAPH_SOURCES__{HTTP_BUREAU.upper()}__"
    with TransportProcess(city.dsns[HTTP_BUREAU], file, log=folder / "transport.log") as service:
        os.environ |= {f"{source}URL": service.url, f"{source}SECRET": file.read_text()}
        yield {name: dsn for name, dsn in city.dsns.items() if name != HTTP_BUREAU}


def main(
    cities: Annotated[str, typer.Option(help="Which cities.")] = ",".join(city_names()),
    persons: Annotated[int, typer.Option(min=20, help="Persons who ask, each twice.")] = 400,
    population: Annotated[int, typer.Option(min=20, help="Persons of each city.")] = 20_000,
) -> None:
    """Measure the time of a person's own incentives in each city."""
    try:
        for name in cities.split(","):
            measure_in(name, population, persons)
    except (CityError, RuntimeError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None


def measure_in(name: str, population: int, persons: int) -> None:
    """Bring up a city with its bureaus and a gateway, and measure there."""
    os.environ[VARIABLE] = name
    with (
        prepare(_DATA / f"bench-{name}-{population}", population, name=name) as city,
        TemporaryDirectory() as run,
        bureaus(city, Path(run)) as databases,
        start_contenders(["gateway"], databases, Path(run)) as contenders,
    ):
        measure(name, contenders["gateway"], persons_of(city.city, persons))


if __name__ == "__main__":
    typer.run(main)
