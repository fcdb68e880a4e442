"""Makes figures of measurements: medians, ratios within one run, a table and JSON."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.contenders import ABOUT, ContenderName
from benchmarks.load import Measurement
from benchmarks.measure import Cell
from benchmarks.questions import OPERATIONS, OperationName

BASE: Final[ContenderName] = "handwritten"
LEAST_THROUGHPUT: Final[dict[OperationName, float]] = {"point": 1.5, "profile": 1.5, "batch": 1.0}
"""Requests a second of the gateway, as a multiple of the endpoint written by hand, at the highest number of connections."""
UNIVERSAL: Final[ContenderName] = "gateway-universal"
LEAST_OF_UNIVERSAL: Final = 0.95
"""Requests a second of the gateway, as a fraction of its own under a universal grant."""
MOST_LATENCY: Final = 1.3
"""Median latency of the gateway at one connection, as a multiple of the endpoint written by hand."""
_PACKAGES: Final = ("asyncpg", "starlette", "uvicorn", "uvloop", "orjson", "strawberry-graphql")


class Figures(msgspec.Struct, frozen=True):
    """The medians of one cell over the rounds; ratios are to the endpoint written by hand, round by round."""

    operation: OperationName
    contender: ContenderName
    connections: int
    requests_per_second: float
    least_and_most: tuple[float, float]
    p50_ms: float
    p99_ms: float
    server_cpu_ms: float
    postgres_cpu_ms: float
    client_cpu_ms: float
    answer_bytes: float
    throughput_ratio: float | None
    latency_ratio: float | None
    of_universal: float | None = None
    """Requests a second as a fraction of those under a universal grant, round by round."""


class Report(msgspec.Struct, frozen=True):
    """A whole run."""

    date: str
    machine: str
    versions: dict[str, str]
    persons: int
    enterprises: int
    rounds: int
    seconds: float
    values: dict[OperationName, float]
    """The mean number of values in an answer."""
    figures: list[Figures]


def make_report(
    found: Mapping[Cell, Sequence[Measurement]],
    values: Mapping[OperationName, float],
    size: tuple[int, int],
    effort: tuple[int, float],
) -> Report:
    """Return the figures of a run over a city of `size` persons and enterprises.

    `effort` is the number of rounds and the seconds of each measurement.
    """
    return Report(
        date=datetime.now(UTC).date().isoformat(),
        machine=f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        versions={"CPython": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        persons=size[0],
        enterprises=size[1],
        rounds=effort[0],
        seconds=effort[1],
        values=dict(values),
        figures=[_figures(cell, measured, found) for cell, measured in found.items()],
    )


def _figures(
    cell: Cell, measured: Sequence[Measurement], found: Mapping[Cell, Sequence[Measurement]]
) -> Figures:
    def median(value: Callable[[Measurement], float]) -> float:
        return statistics.median(map(value, measured))

    base = found.get(Cell(cell.operation, BASE, cell.connections))
    universal = found.get(Cell(cell.operation, UNIVERSAL, cell.connections))
    speeds = [_speed(each) for each in measured]
    return Figures(
        operation=cell.operation,
        contender=cell.contender,
        connections=cell.connections,
        requests_per_second=statistics.median(speeds),
        least_and_most=(min(speeds), max(speeds)),
        p50_ms=median(lambda each: each.p50),
        p99_ms=median(lambda each: each.p99),
        server_cpu_ms=median(lambda each: 1000 * each.server_cpu / each.requests),
        postgres_cpu_ms=median(lambda each: 1000 * each.postgres_cpu / each.requests),
        client_cpu_ms=median(lambda each: 1000 * each.client_cpu / each.requests),
        answer_bytes=median(lambda each: each.answer_bytes),
        throughput_ratio=_ratio(measured, base, _speed),
        latency_ratio=_ratio(measured, base, lambda each: each.p50),
        of_universal=_ratio(measured, universal, _speed),
    )


def _speed(measured: Measurement) -> float:
    return measured.requests / measured.seconds


def _ratio(
    measured: Sequence[Measurement], base: Sequence[Measurement] | None, value: Callable[[Measurement], float]
) -> float | None:
    """Return the median of the rounds' ratios; a slow round changes both sides of its ratio."""
    if base is None:
        return None
    return statistics.median(value(each) / value(other) for each, other in zip(measured, base, strict=True))


def show(report: Report, console: Console) -> None:
    """Print a table for each operation, and the gateway beside the required figures."""
    console.print(
        f"{report.date}, {report.machine}; {report.persons:,} persons, {report.enterprises:,} enterprises; "
        f"medians of {report.rounds} rounds of {report.seconds:g} s"
    )
    for name in OPERATIONS:
        if name not in report.values:
            continue
        console.print(_table(name, report))
    shown = {each.contender for each in report.figures}
    for contender, about in ABOUT.items():
        if contender in shown:
            console.print(f"{contender}: {about}")
    for line in targets(report.figures):
        console.print(line)


def _table(name: OperationName, report: Report) -> Table:
    about = f"{name}: {OPERATIONS[name].about}; {report.values[name]:.0f} values"
    table = Table(title=about, title_justify="left")
    for heading in ("connections", "contender"):
        table.add_column(heading)
    for heading in (
        "req/s",
        "least-most",
        "p50 ms",
        "p99 ms",
        "CPU ms",
        "PostgreSQL",
        "client",
        "x",
        "p50 x",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in report.figures:
        if each.operation == name:
            table.add_row(*_row(each))
    return table


def _row(each: Figures) -> tuple[str, ...]:
    least, most = each.least_and_most
    return (
        str(each.connections),
        each.contender,
        f"{each.requests_per_second:,.0f}",
        f"{least:,.0f}-{most:,.0f}",
        f"{each.p50_ms:.2f}",
        f"{each.p99_ms:.2f}",
        f"{each.server_cpu_ms:.3f}",
        f"{each.postgres_cpu_ms:.3f}",
        f"{each.client_cpu_ms:.3f}",
        "" if each.throughput_ratio is None else f"{each.throughput_ratio:.2f}",
        "" if each.latency_ratio is None else f"{each.latency_ratio:.2f}",
    )


def targets(figures: Iterable[Figures]) -> list[str]:
    """Say of each target whether the gateway reaches it."""
    ours = [each for each in figures if each.contender == "gateway"]
    most = max((each.connections for each in ours), default=0)
    said: list[str] = []
    for each in ours:
        if each.connections == most > 1 and each.throughput_ratio is not None:
            least = LEAST_THROUGHPUT[each.operation]
            said.append(_describe(each, "requests/s", each.throughput_ratio, f">= {least}", least))
        if each.connections == most and each.of_universal is not None:
            said.append(_of_universal(each, each.of_universal))
        if each.connections == 1 and each.latency_ratio is not None:
            said.append(_describe(each, "median latency", each.latency_ratio, f"<= {MOST_LATENCY}", None))
    return said


def _of_universal(each: Figures, part: float) -> str:
    verdict = "reached" if part >= LEAST_OF_UNIVERSAL else "NOT reached"
    cost = f"authorization costs {100 * (1 - part):.1f} % of the throughput"
    return f"{each.operation}: {cost} (wanted at most {100 * (1 - LEAST_OF_UNIVERSAL):.0f} %) {verdict}"


def _describe(each: Figures, what: str, ratio: float, wanted: str, least: float | None) -> str:
    reached = ratio <= MOST_LATENCY if least is None else ratio >= least
    verdict = "reached" if reached else "NOT reached"
    return f"{each.operation}, {what} at {each.connections}: {ratio:.2f} (wanted {wanted}) {verdict}"
