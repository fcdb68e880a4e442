"""`python -m benchmarks.silence`: whether the time of a one-sided answer tells an enrolled person from an unknown one.

The library asks about two persons who get the same silent answer: one who consented and is below the condition, and
one whom no bureau knows. It asks about them in turn over one connection. The figure is the AUC: the probability that
a request about the first takes longer than one about the second. 0.5 is silence, 1 tells them apart by one request.

Each width of the grid has gateways of its own; the grid 0 sends answers at once. The throughput is that of several
connections at once, about persons of the whole city. Only figures of one run are comparable.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Annotated, Final

import typer

from benchmarks.contenders import Contender, start_contenders
from benchmarks.questions import Operation
from sandbox.city import RunningCity, prepare
from sandbox.model import City
from sandbox.people import person, person_number
from sandbox.truth import records_of
from tests.support.tested_city import TESTED_CITY

LIBRARY: Final = Operation("point", "library", "library", "one person: two one-sided answers")
UNKNOWN: Final = "11010519491231002X"
POPULATION: Final = 5_000
WARM_UPS: Final = 100
CITY_FOLDER: Final = Path(__file__).resolve().parent.parent / ".demo" / "bench-quick"


def auc(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the probability that one of the first is above one of the second; a tie counts as a half."""
    ordered = sorted(second)
    wins = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in first)
    return wins / (2 * len(first) * len(second))


class Asker:
    """Asks a registered operation over one connection that is kept open."""

    def __init__(self, contender: Contender, operation: Operation = LIBRARY) -> None:
        self._contender = contender
        self._operation = operation
        self._connection = HTTPConnection("127.0.0.1", contender.port)

    def ask(self, person: str) -> tuple[bytes, float]:
        """Return the body of an answer about a person and the seconds that it took."""
        return self.ask_with({"of": {"person": person}})

    def ask_with(self, variables: Mapping[str, object]) -> tuple[bytes, float]:
        """Return the body of an answer and the seconds that it took."""
        body = self._contender.body(self._operation, variables).encode()
        headers = {"Content-Type": "application/json", **self._contender.headers(self._operation, variables)}
        started = time.perf_counter()
        self._connection.request("POST", "/graphql", body, headers)
        answer = self._connection.getresponse().read()
        return answer, time.perf_counter() - started


def measure_auc(asker: Asker, enrolled: str, requests: int) -> tuple[float, float, float]:
    """Return the AUC, and the median milliseconds of the enrolled and the unknown person."""
    for _ in range(WARM_UPS):
        asker.ask(enrolled)
        asker.ask(UNKNOWN)
    pairs = [(asker.ask(enrolled)[1], asker.ask(UNKNOWN)[1]) for _ in range(requests)]
    first, second = zip(*pairs, strict=True)
    return auc(first, second), 1e3 * median(first), 1e3 * median(second)


def measure_throughput(
    contender: Contender, persons: Sequence[str], connections: int, seconds: float
) -> float:
    """Return the answered requests a second of several connections."""
    end, counts = time.perf_counter() + seconds, [0] * connections

    def ask(number: int) -> None:
        asker = Asker(contender)
        while time.perf_counter() < end:
            asker.ask(persons[(number * 997 + counts[number]) % len(persons)])
            counts[number] += 1

    threads = [Thread(target=ask, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def silent_persons(city: City, asker: Asker, most: int) -> list[str]:
    """Return persons who consented and get the same bytes as a person whom nobody knows."""
    silence = asker.ask(UNKNOWN)[0]
    found: list[str] = []
    for number in range(city.population):
        consented = records_of(person(city, number))["credit_office.consent"]
        if consented and asker.ask(person_number(city, number))[0] == silence:
            found.append(person_number(city, number))
        if len(found) == most:
            break
    return found


def measure(city: RunningCity, width: float, repeats: int, requests: int, connections: int) -> None:
    """Start a gateway with a grid, and print a line with its figures."""
    os.environ["CREDITGRAPH_SILENCE_GRID"] = str(width)
    os.environ["CREDITGRAPH_LIMITS__SUBJECT_REQUESTS"] = str(10**6)  # the bound would end the measurement
    with TemporaryDirectory() as folder, start_contenders(["gateway"], city.dsns, Path(folder)) as contenders:
        contender = contenders["gateway"]
        asker = Asker(contender)
        found = [measure_auc(asker, each, requests) for each in silent_persons(city.city, asker, repeats)]
        numbers = range(min(POPULATION, city.city.population))
        persons = [person_number(city.city, number) for number in numbers]
        speed = measure_throughput(contender, persons, connections, 4.0)
    aucs = ", ".join(f"{each:.3f}" for each, _, _ in found)
    times = f"{median(each for _, each, _ in found):.2f} and {median(each for _, _, each in found):.2f} ms"
    typer.echo(f"grid {1e3 * width:4.1f} ms  AUC {aucs}  medians {times}  {speed:,.0f} requests/s")


def main(
    grids: Annotated[str, typer.Option(help="Widths in seconds; 0 is no grid.")] = "0,0.01",
    repeats: Annotated[int, typer.Option(min=1, help="Enrolled persons, each measured by itself.")] = 5,
    requests: Annotated[int, typer.Option(min=1, help="Requests about each of two persons.")] = 200,
    connections: Annotated[int, typer.Option(min=1, help="Connections of the throughput.")] = 32,
) -> None:
    """Measure the AUC and the throughput for each width of the grid."""
    with prepare(CITY_FOLDER, POPULATION, name=TESTED_CITY) as city:
        for width in grids.split(","):
            measure(city, float(width), repeats, requests, connections)


if __name__ == "__main__":
    typer.run(main)
