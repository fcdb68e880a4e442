"""`python -m benchmarks`: prepares a city, starts the contenders, compares their answers, measures them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
import typer
from rich.console import Console

from benchmarks.contenders import ABOUT, Contender, ContenderName, start_contenders
from benchmarks.load import Measurement
from benchmarks.measure import AnswersDiffer, Asked, Cell, Plan, check_equal, equal_questions, measure
from benchmarks.plot import draw
from benchmarks.questions import OPERATIONS, OperationName, authorisations, variables
from benchmarks.report import Report, make_report, show
from sandbox.city import RunningCity, prepare
from sandbox.model import CityError
from tests.support.tested_city import TESTED_CITY

_ROOT: Final = Path(__file__).resolve().parent.parent
_DATA: Final = _ROOT / ".demo"
_PICTURE: Final = _ROOT / "docs" / "benchmark.svg"
PERSONS: Final = 100_000
PERSONS_QUICK: Final = 5_000
Name = TypeVar("Name", bound=str)
ON_DEMAND: Final = frozenset({"gateway-stateless", "gateway-again", "gateway-before"})
"""The contenders that run only where they are named."""
DEFAULT_CONTENDERS: Final = tuple(name for name in ABOUT if name not in ON_DEMAND)
Seconds = Annotated[float | None, typer.Option(help="Seconds a measurement; 5, or 1 with --quick.")]
Starts = Annotated[
    int, typer.Option(min=1, help="How often the contenders are started anew; rounds count for each.")
]
Quick = Annotated[bool, typer.Option("--quick", help="A small city and one short round.")]
Json = Annotated[Path | None, typer.Option(help="File for the figures as JSON.")]
Plot = Annotated[bool, typer.Option("--plot", help="Draw docs/benchmark.svg.")]
Before = Annotated[
    Path | None, typer.Option(help="Another checkout, whose gateway is the contender gateway-before.")
]
Data = Annotated[Path | None, typer.Option(help="Directory of the city's databases.")]


def run(
    *,
    operations: Annotated[str, typer.Option(help="Which of point, profile, batch.")] = ",".join(OPERATIONS),
    contenders: Annotated[str, typer.Option(help=f"Which of {', '.join(ABOUT)}.")] = ",".join(
        DEFAULT_CONTENDERS
    ),
    rounds: Annotated[int | None, typer.Option(min=1, help="Rounds; 3, or 1 with --quick.")] = None,
    seconds: Seconds = None,
    starts: Starts = 1,
    connections: Annotated[str, typer.Option(help="Numbers of connections.")] = "32,1",
    quick: Quick = False,
    json: Json = None,
    plot: Plot = False,
    data: Data = None,
    before: Before = None,
) -> None:
    """Measure the gateway beside endpoints written by hand and stock Strawberry, in one run.

    The run compares all answers before it times anything. Ratios are to the endpoints written by hand, round
    by round. Only figures of the same run are comparable.
    """
    plan = _plan(quick, operations, connections, (starts, rounds, seconds))
    console = Console(width=130)
    chosen = _choose(contenders, ABOUT)
    if ("gateway-before" in chosen) is not (before is not None):
        raise typer.BadParameter("--before DIR and the contender gateway-before need each other")
    folder = data or _DATA / ("bench-quick" if quick else "bench")
    try:
        with prepare(folder, PERSONS_QUICK if quick else PERSONS, name=TESTED_CITY) as city:
            report = _measure(plan, chosen, city, folder, console, before)
    except (CityError, AnswersDiffer, RuntimeError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    show(report, console)
    if json:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    if plot:
        draw(report, _PICTURE)


def _plan(
    quick: bool,
    operations: str,
    connections: str,
    effort: tuple[int, int | None, float | None],
) -> Plan:
    starts, rounds, seconds = effort
    return Plan(
        operations=_choose(operations, OPERATIONS),
        connections=tuple(map(int, connections.split(","))),
        starts=starts,
        rounds=rounds or (1 if quick else 3),
        seconds=seconds or (1.0 if quick else 5.0),
        warm_up=0.5 if quick else 1.5,
    )


def _measure(
    plan: Plan,
    names: tuple[ContenderName, ...],
    city: RunningCity,
    folder: Path,
    console: Console,
    before: Path | None,
) -> Report:
    postgres = city.server.pid
    if postgres is None:
        raise RuntimeError("the city's databases are not running")

    def print_line(number: int, cell: Cell, measured: Measurement) -> None:
        speed = measured.requests / measured.seconds
        console.print(
            f"round {number}  {cell.operation:8} {cell.connections:3} connections  {cell.contender:18}"
            f"{speed:9,.0f} req/s  p50 {measured.p50:8.2f} ms"
        )

    found: dict[Cell, list[Measurement]] = {}
    numbers = authorisations(city.city)
    asked: Asked = {name: variables(name, city.city) for name in plan.operations}
    values: dict[OperationName, float] = {}
    for start in range(plan.starts):
        run = folder.with_name(folder.name + "-run")
        shutil.rmtree(run, ignore_errors=True)  # files of an earlier run
        # Forwards and backwards, so that no contender is always the first.
        order, other = list(names if start % 2 == 0 else names[::-1]), before and before.resolve()
        with start_contenders(order, city.dsns, run, other, numbers) as contenders:
            if start == 0:
                asked, values = _comparable(asked, contenders, console)
            for cell, measured in measure(plan, contenders, asked, postgres, print_line).items():
                found.setdefault(cell, []).extend(measured)
    size = (city.city.population, city.city.enterprises)
    return make_report(found, values, size, (plan.starts * plan.rounds, plan.seconds))


def _comparable(
    asked: Asked, contenders: Mapping[ContenderName, Contender], console: Console
) -> tuple[Asked, dict[OperationName, float]]:
    """Return the questions that the contenders answer alike, and the mean number of values of their answers."""
    if "gateway-stateless" in contenders:
        asked = equal_questions(asked, contenders)
        console.print("alike: " + ", ".join(f"{name} {len(each)} questions" for name, each in asked.items()))
    values = check_equal(asked, contenders)
    console.print("answers are equal: " + ", ".join(f"{n} {count:.0f} values" for n, count in values.items()))
    return asked, values


def _choose(text: str, known: Mapping[Name, object]) -> tuple[Name, ...]:
    """Return the names of a comma-separated list."""
    wanted = [each.strip() for each in text.split(",")]
    unknown = [each for each in wanted if each not in known]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: choose of {', '.join(known)}")
    return tuple(name for name in known if name in wanted)


if __name__ == "__main__":
    typer.run(run)
