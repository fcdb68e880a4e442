"""`python -m benchmarks.silence`: whether the time of a one-sided answer tells an enrolled person from an unknown one.

The library asks about two persons who get the same silent answer: one who consented and is below the condition, and
one whom no bureau knows. It asks about them in turn over one connection. The figure is the AUC: the probability that
a request about the first takes longer than one about the second. 0.5 is silence, 1 tells them apart by one request.

Each width of the grid has gateways of its own; the grid 0 sends answers at once. The throughput is that of several
connections at once, about persons of the whole city. Only figures of one run are comparable.

`python -m benchmarks.silence --records` measures records that are withheld by their state. The tax bureau asks by its
registered operation about an enterprise with social insurance arrears that were cleared, 0, 1, 5 and 30 of them, and about one
with none, in turn; both get an answer without arrears. The figure is the AUC of the first one's times, with
`silence_records` off and on (`CREDITGRAPH_SILENCE_RECORDS`). The line of 0 records shows what else makes two enterprises
differ. The run writes the arrears into the database of its city, and deletes them at its end.
"""

from __future__ import annotations

import asyncio
import os
import time
from bisect import bisect_left, bisect_right
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Annotated, Final

import asyncpg
import typer

from benchmarks.contenders import Contender, start_contenders
from benchmarks.questions import Operation
from sandbox.city import RunningCity, prepare
from sandbox.enterprises import enterprise
from sandbox.model import City
from sandbox.people import person, person_number
from sandbox.truth import records_of
from tests.support.tested_city import TESTED_CITY

LIBRARY: Final = Operation("point", "library", "library", "one person: two one-sided answers")
TAX: Final = Operation(
    "point", "tax-bureau", "tax-bureau", "one enterprise: its grades and what stands of its duties"
)
UNKNOWN: Final = "11010519491231002X"
WITHHELD: Final = (0, 1, 5, 30)
"""The numbers of cleared arrears of the enterprises that are watched."""
DECISION_NUMBER: Final = "benchmarks.silence 1"
"""The number of the decision in each row that this program writes."""
_ARREARS: Final = "social_security.insurance_arrears"
_VIOLATIONS: Final = "tax.serious_violation"
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
        return self.ask_with(_about_person(person))

    def ask_with(self, variables: Mapping[str, object]) -> tuple[bytes, float]:
        """Return the body of an answer and the seconds that it took."""
        body = self._contender.body(self._operation, variables).encode()
        headers = {"Content-Type": "application/json", **self._contender.headers(self._operation, variables)}
        started = time.perf_counter()
        self._connection.request("POST", "/graphql", body, headers)
        answer = self._connection.getresponse().read()
        return answer, time.perf_counter() - started


def measure_auc(
    asker: Asker, watched: Mapping[str, object], other: Mapping[str, object], requests: int
) -> tuple[float, float, float]:
    """Return the AUC, and the median milliseconds of the requests with the variables of the watched and the other subject."""
    for _ in range(WARM_UPS):
        asker.ask_with(watched)
        asker.ask_with(other)
    pairs = [(asker.ask_with(watched)[1], asker.ask_with(other)[1]) for _ in range(requests)]
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
        watched = map(_about_person, silent_persons(city.city, asker, repeats))
        found = [measure_auc(asker, each, _about_person(UNKNOWN), requests) for each in watched]
        numbers = range(min(POPULATION, city.city.population))
        persons = [person_number(city.city, number) for number in numbers]
        speed = measure_throughput(contender, persons, connections, 4.0)
    typer.echo(f"grid {1e3 * width:4.1f} ms  {_shown(found)}  {speed:,.0f} requests/s")


def _about_person(number: str) -> dict[str, object]:
    return {"of": {"person": number}}


def _shown(found: Sequence[tuple[float, float, float]]) -> str:
    aucs = ", ".join(f"{each:.3f}" for each, _, _ in found)
    times = f"{median(each for _, each, _ in found):.2f} and {median(each for _, _, each in found):.2f} ms"
    return f"AUC {aucs}  medians {times}"


def like_enterprises(city: City, asker: Asker, most: int) -> list[tuple[str, str]]:
    """Return pairs of enterprises without arrears and violations, whose answers are of one length."""
    waiting: dict[int, str] = {}
    found: list[tuple[str, str]] = []
    for number in range(city.enterprises):
        each = enterprise(city, number)
        records = records_of(each)
        if records[_ARREARS] or records[_VIOLATIONS]:
            continue
        length = len(asker.ask_with({"ids": [each.number]})[0])
        other = waiting.pop(length, None)
        if other is None:
            waiting[length] = each.number
        else:
            found.append((other, each.number))
        if len(found) == most:
            break
    return found


@contextmanager
def withheld_arrears(city: RunningCity, codes: Sequence[str], each: int) -> Generator[None]:
    """Write a number of cleared arrears of each enterprise, and delete them at the end; the gateway shows no organ any of them."""
    first = date(2025, 1, 1)
    days = [(first + timedelta(number), first + timedelta(number + 30)) for number in range(each)]
    rows = [
        (code, "PENSION", 100_000, since, cleared, "市社会保险中心", DECISION_NUMBER, since)
        for code in codes
        for since, cleared in days
    ]
    asyncio.run(_rewrite(city.server.dsn("social_security"), rows))
    try:
        yield
    finally:
        asyncio.run(_rewrite(city.server.dsn("social_security"), ()))


async def _rewrite(dsn: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Put rows in the place of those that this program wrote before."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(
                "DELETE FROM own.insurance_arrears WHERE determination_number = $1", DECISION_NUMBER
            )
            await connection.executemany(
                "INSERT INTO own.insurance_arrears (subject, insurance, amount_fen, since, cleared_on, organ,"
                " determination_number, determined_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                rows,
            )
    finally:
        await connection.close()


def measure_records(city: RunningCity, on: bool, repeats: int, requests: int) -> None:
    """Start a gateway with `silence_records` off or on, and print a line for each number of withheld records."""
    os.environ["CREDITGRAPH_SILENCE_RECORDS"] = str(on)
    with TemporaryDirectory() as folder, start_contenders(["gateway"], city.dsns, Path(folder)) as contenders:
        asker = Asker(contenders["gateway"], TAX)
        pairs = like_enterprises(city.city, asker, repeats)
        for each in WITHHELD:
            before = [asker.ask_with({"ids": [code]})[0] for code, _ in pairs]
            with withheld_arrears(city, [code for code, _ in pairs], each):
                if before != [asker.ask_with({"ids": [code]})[0] for code, _ in pairs]:
                    raise RuntimeError("an answer tells of records that should be withheld")
                asked = (({"ids": [one]}, {"ids": [other]}) for one, other in pairs)
                found = [measure_auc(asker, one, other, requests) for one, other in asked]
            typer.echo(f"silence_records {'on ' if on else 'off'}  {each:2} withheld  {_shown(found)}")


def main(
    grids: Annotated[str, typer.Option(help="Widths in seconds; 0 is no grid.")] = "0,0.01",
    repeats: Annotated[
        int, typer.Option(min=1, help="Enrolled persons or enterprises, each measured by itself.")
    ] = 5,
    requests: Annotated[int, typer.Option(min=1, help="Requests about each of two subjects.")] = 200,
    connections: Annotated[int, typer.Option(min=1, help="Connections of the throughput.")] = 32,
    records: Annotated[
        bool, typer.Option("--records", help="Measure withheld records, and no one-sided answers.")
    ] = False,
) -> None:
    """Measure the AUC and the throughput for each width of the grid, or with --records the AUC of withheld records."""
    with prepare(CITY_FOLDER, POPULATION, name=TESTED_CITY) as city:
        if records:
            for on in (False, True):
                measure_records(city, on, repeats, requests)
            return
        for width in grids.split(","):
            measure(city, float(width), repeats, requests, connections)


if __name__ == "__main__":
    typer.run(main)
