"""`python -m benchmarks.crowd`: what a crowd of connections does to the gateway, and to those who ask it.

`probe`: many connections ask an address that needs no token without pause. The figure is the median time of the
library's question beside them, divided by its median without them, in rounds that alternate.

`held`: connections that never finish what they began. The figures are the memory that they cost at most, and the
seconds until the last of them is closed.

`peak`: a thousand connections ask the library's question at once, and again after each answer. The figures are how
many answers and refusals they get, and the slowest of them and of `/healthz` meanwhile.

The crowd is one process, and who asks `/healthz` another, on the processors that the gateway and the databases use as
well, so each time has the crowd's share in it. The gateway is `creditgraph serve` with its usual bounds on connections.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final, TypeVar, cast

import typer
import uvloop

from benchmarks.contenders import Contender, start_contenders
from benchmarks.load import Order, Request, encode_requests
from benchmarks.silence import CITY_FOLDER, LIBRARY, POPULATION
from sandbox.city import prepare
from sandbox.model import City
from sandbox.people import person_number
from tests.support.tested_city import TESTED_CITY

PATIENCE: Final = 90.0
"""Seconds after which a connection counts as never closed, and a request as never answered."""
HEAD: Final = b"POST /graphql HTTP/1.1\r\nhost: x\r\n"
HEALTH: Final = b"GET /healthz HTTP/1.1\r\nhost: x\r\n"
LINES: Final = b"x: y\r\n" * 10_000
HELD: Final[dict[str, tuple[tuple[bytes, ...], bytes]]] = {
    "trailers without an end": ((HEAD + b"transfer-encoding: chunked\r\n\r\n0\r\n",), LINES),
    "heads without an end": ((HEAD,), LINES),
    "one byte": ((b"G",), b""),
    "one byte after an answer": ((HEALTH + b"\r\n", b"G"), b""),
    "three bytes of nine": ((HEAD + b"content-length: 9\r\n\r\nabc",), b""),
}
"""What a held connection sends, a part after each answer, and what it goes on to send."""
P = TypeVar("P", bound=asyncio.Protocol)


class Answers:
    """Counts answers by status, and keeps the seconds of each; `lost` counts requests whose connection closed."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []
        self.lost = 0
        self.stopped = False

    def times(self) -> str:
        """Return the median and the longest time as text."""
        if not self.seconds:
            return "no answer"
        return f"median {1e3 * median(self.seconds):.1f}, slowest {1e3 * max(self.seconds):.1f} ms"


class Asker(asyncio.Protocol):
    """Asks over one connection, and again after each answer until `answers` is stopped.

    The time of the first answer begins before the connection is made.
    """

    def __init__(self, request: Callable[[], bytes], answers: Answers) -> None:
        self._request = request
        self._answers = answers
        self._asked_at: float | None = time.perf_counter()
        self._received = b""
        self._transport: asyncio.Transport
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transport is of no asyncio class
        self._transport.write(self._request())

    def data_received(self, data: bytes) -> None:
        """Count a whole answer and ask again."""
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank or len(body) < int(head.partition(b"content-length: ")[2].partition(b"\r")[0]):
            return
        now, self._received = time.perf_counter(), b""
        self._answers.statuses[int(head[9:12])] += 1
        self._answers.seconds.append(now - (self._asked_at or now))
        if self._answers.stopped or b"\r\nconnection: close" in head:
            self._asked_at = None
            self._transport.close()
        else:
            self._asked_at = now
            self._transport.write(self._request())

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a request without an answer."""
        del exc
        if self._asked_at is not None:
            self._answers.lost += 1
        self.ended.set_result(None)


class Holder(asyncio.Protocol):
    """Sends one part after each answer, and then `endless` for as long as it is taken."""

    def __init__(self, parts: Sequence[bytes], endless: bytes) -> None:
        self._parts = list(parts)
        self._endless = endless
        self._transport: asyncio.Transport
        self._sent_at = 0.0
        self.sent = 0
        self.ended = asyncio.get_running_loop().create_future()
        """The seconds from the last part to the end of the connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first part."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Send the next part."""
        del data
        self._send()

    def resume_writing(self) -> None:
        """Go on sending."""
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Keep how long the connection lived."""
        del exc
        self.ended.set_result(time.perf_counter() - self._sent_at)

    def _send(self) -> None:
        if self._parts:
            self._transport.write(self._parts.pop(0))
            self._sent_at = time.perf_counter()
            if not self._parts:
                self._go_on()

    def _go_on(self) -> None:
        """Write once; `resume_writing` follows when that was taken."""
        if self._endless and not self._transport.is_closing():
            self.sent += len(self._endless)
            self._transport.write(self._endless * 4)


async def connect(port: int, number: int, make: Callable[[], P]) -> list[P]:
    """Open connections at once, and return those that could be opened."""
    loop = asyncio.get_running_loop()
    opening = (loop.create_connection(make, "127.0.0.1", port) for _ in range(number))
    found = await asyncio.gather(*opening, return_exceptions=True)
    return [each[1] for each in found if not isinstance(each, BaseException)]


async def ask(
    port: int, number: int, requests: Sequence[bytes], wait: Awaitable[object]
) -> tuple[Answers, int]:
    """Ask over connections until `wait` is over; return the answers, and how many connections got no end to theirs."""
    answers, turns = Answers(), cycle(requests)
    askers = await connect(port, number, lambda: Asker(lambda: next(turns), answers))
    await wait
    answers.stopped = True
    if not askers:
        return answers, 0
    _, hanging = await asyncio.wait([each.ended for each in askers], timeout=PATIENCE)
    return answers, len(hanging)


def library_requests(contender: Contender, city: City) -> list[bytes]:
    """Return the library's question about the persons of the city."""
    persons = (person_number(city, number) for number in range(min(POPULATION, city.population)))
    asked: list[dict[str, object]] = [{"of": {"person": each}} for each in persons]
    requests = [Request(contender.headers(LIBRARY, each), contender.body(LIBRARY, each)) for each in asked]
    return encode_requests(Order(contender.port, "/graphql", requests, 0, 0, 0, 0, 0))


async def measure_probe(
    contender: Contender, city: City, path: str, number: int, rounds: int, seconds: float
) -> None:
    """Print the library's median with and without connections that ask an address, and the ratio."""
    library = library_requests(contender, city)
    address = f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode()
    alone: list[float] = []
    beside: list[float] = []
    for turn in range(2 * rounds + 1):
        crowd = number if turn % 2 else 0
        probing = asyncio.create_task(ask(contender.port, crowd, [address], asyncio.sleep(seconds + 0.5)))
        await asyncio.sleep(0.25)
        answers, _ = await ask(contender.port, 1, library, asyncio.sleep(seconds))
        found, _ = await probing
        if turn:
            (beside if crowd else alone).append(median(answers.seconds))
        if crowd:
            typer.echo(f"  {path}: {dict(found.statuses)} {found.times()}; library: {answers.times()}")
    ratio = median(beside) / median(alone)
    medians = f"{1e3 * median(beside):.2f} beside {number} connections, {1e3 * median(alone):.2f} ms alone"
    typer.echo(f"probe  {path}: median of the library {medians}, ratio {ratio:.2f} (wanted < 1.2)")


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def measure_held(contender: Contender, number: int) -> None:
    """Print the memory and the time that held connections cost."""
    await ask(contender.port, number, [HEALTH + b"\r\n"], asyncio.sleep(1))
    for name, (parts, endless) in HELD.items():
        before = highest = resident(contender.pid)
        count = 20 if endless else number
        holders = await connect(
            contender.port, count, lambda parts=parts, endless=endless: Holder(parts, endless)
        )
        pending = {each.ended for each in holders}
        end = time.perf_counter() + PATIENCE
        while pending and time.perf_counter() < end:
            _, pending = await asyncio.wait(pending, timeout=0.05)
            highest = max(highest, resident(contender.pid))
        last = max(each.ended.result() for each in holders if each.ended.done())
        sent = sum(each.sent for each in holders) / 1e6
        memory = f"memory +{highest - before:.1f} MB at most (wanted < 20), {sent:.0f} MB sent"
        typer.echo(
            f"held   {name}: {len(holders)} connections, {memory}, last closed after {last:.1f} s (wanted <= 25),"
            f" {len(pending)} never"
        )


async def ask_for_health(port: int, seconds: float) -> Answers:
    """Ask `/healthz` over a new connection twenty times a second."""
    answers = Answers()
    answers.stopped = True
    end = time.perf_counter() + seconds
    opened: list[Asker] = []
    while time.perf_counter() < end:
        opened += await connect(port, 1, lambda: Asker(lambda: HEALTH + b"\r\n", answers))
        await asyncio.sleep(0.05)
    await asyncio.wait([each.ended for each in opened], timeout=PATIENCE)
    return answers


def health(port: int, seconds: float) -> Answers:
    """Ask `/healthz` in a process of its own: in the crowd's, an answer would wait for the crowd's answers."""
    return uvloop.run(ask_for_health(port, seconds))


async def measure_peak(contender: Contender, city: City, number: int, seconds: float) -> None:
    """Print how connections that all ask at once are served."""
    library = library_requests(contender, city)
    await ask(contender.port, 8, library, asyncio.sleep(2))
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        other.submit(int).result()
        probing = asyncio.get_running_loop().run_in_executor(other, health, contender.port, seconds)
        answers, hanging = await ask(contender.port, number, library, asyncio.sleep(seconds))
        found = await probing
    rate = f"{answers.statuses[200] / seconds:,.0f} answers a second"
    typer.echo(
        f"peak   {number} connections: {dict(answers.statuses)}, {answers.lost} lost, {hanging} never answered"
    )
    typer.echo(f"       {rate}, {answers.times()} (wanted < 1000)")
    typer.echo(f"       /healthz: {dict(found.statuses)}, {found.lost} lost, {found.times()} (wanted < 50)")


def main(
    parts: Annotated[str, typer.Option(help="Parts of the measurement.")] = "probe,held,peak",
    path: Annotated[str, typer.Option(help="The address that `probe` asks.")] = "/readyz",
    probing: Annotated[int, typer.Option(min=1, help="Connections of `probe`.")] = 40,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of `probe` of each kind.")] = 5,
    seconds: Annotated[float, typer.Option(min=0.5, help="Seconds of a round, and of `peak`.")] = 4.0,
    held: Annotated[int, typer.Option(min=1, help="Connections of each kind of `held`.")] = 900,
    crowd: Annotated[int, typer.Option(min=1, help="Connections of `peak`.")] = 1_000,
) -> None:
    """Measure the parts one after the other, each on a gateway of its own."""
    os.environ["CREDITGRAPH_LIMITS__SUBJECT_REQUESTS"] = str(10**6)  # the bound would end the measurement
    with prepare(CITY_FOLDER, POPULATION, name=TESTED_CITY) as city:
        measures: dict[str, Callable[[Contender], Coroutine[Any, Any, None]]] = {
            "probe": lambda gateway: measure_probe(gateway, city.city, path, probing, rounds, seconds),
            "held": lambda gateway: measure_held(gateway, held),
            "peak": lambda gateway: measure_peak(gateway, city.city, crowd, seconds),
        }
        for part in parts.split(","):
            with (
                TemporaryDirectory() as folder,
                start_contenders(["gateway"], city.dsns, Path(folder)) as contenders,
            ):
                uvloop.run(measures[part](contenders["gateway"]))


if __name__ == "__main__":
    typer.run(main)
