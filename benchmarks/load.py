"""The load generator: its own process, which sends requests over raw sockets and measures the answers.

It reads an `Order` as JSON from stdin and writes a `Measurement` to stdout. It speaks HTTP/1.1 with keep-alive,
with one running request for each connection and bodies encoded in advance. It knows only the HTTP of the
contenders: answers with a content-length.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Final, cast

import msgspec
import uvloop

from benchmarks.processor import seconds

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length: "
_OK: Final = b"HTTP/1.1 200"
_ERRORS: Final = b'"errors":'


class Request(msgspec.Struct, frozen=True):
    """One request: headers and body."""

    headers: dict[str, str]
    body: str


class Order(msgspec.Struct, frozen=True):
    """The requests, the durations, and the processes whose processor time is measured."""

    port: int
    path: str
    requests: list[Request]
    connections: int
    warm_up: float
    seconds: float
    server: int
    postgres: int


class Measurement(msgspec.Struct, frozen=True):
    """The result of one measurement; times in seconds, latencies in milliseconds."""

    requests: int
    failed: int
    seconds: float
    p50: float
    p99: float
    server_cpu: float
    postgres_cpu: float
    client_cpu: float
    answer_bytes: float


class Tally:
    """Counts the answers of all connections; only answers within the measured time count."""

    __slots__ = ("counting", "failed", "latencies", "octets", "stopped")

    def __init__(self) -> None:
        self.counting = self.stopped = False
        self.failed = self.octets = 0
        self.latencies: list[float] = []


class Connection(asyncio.Protocol):
    """One keep-alive connection, which sends its next request after the end of an answer."""

    def __init__(self, requests: Iterator[bytes], tally: Tally, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._tally = tally
        self._done = done
        self._transport: asyncio.Transport | None = None
        self._chunks: list[bytes] = []
        self._missing = 0
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transport is of no asyncio class
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the measurement if a connection closes before its end."""
        if not self._done.done():
            if self._tally.stopped:
                self._done.set_result(None)
            else:
                self._done.set_exception(exc or ConnectionResetError("the server closed a connection"))

    def data_received(self, data: bytes) -> None:
        """Collect the answer."""
        self._chunks.append(data)
        if self._missing:
            self._missing -= len(data)
        else:
            whole = data if len(self._chunks) == 1 else b"".join(self._chunks)
            head = whole.find(_END)
            if head < 0:
                return
            at = whole.index(_LENGTH, 0, head) + len(_LENGTH)
            self._missing = head + 4 + int(whole[at : whole.index(b"\r", at)]) - len(whole)
        if self._missing == 0:
            self._count_answer()

    def _count_answer(self) -> None:
        tally, chunks = self._tally, self._chunks
        if tally.counting:
            tally.latencies.append(time.perf_counter() - self._sent)
            tally.octets += sum(map(len, chunks))
        if not chunks[0].startswith(_OK) or _ERRORS in chunks[0] or _ERRORS in chunks[-1]:
            tally.failed += 1
        self._chunks = []
        if tally.stopped:
            self._done.set_result(None)
            assert self._transport is not None  # noqa: S101 an answer came through it
            self._transport.close()
        else:
            self._ask()

    def _ask(self) -> None:
        assert self._transport is not None  # noqa: S101 set when the connection was made
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))


def encode_requests(order: Order) -> list[bytes]:
    """Return every request as the bytes to send."""
    return [_encode(order.path, request.headers, request.body.encode()) for request in order.requests]


def _encode(path: str, headers: dict[str, str], body: bytes) -> bytes:
    every = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        **headers,
        "Content-Length": str(len(body)),
    }
    head = "".join(f"{name}: {text}\r\n" for name, text in every.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def run(order: Order) -> Measurement:
    """Carry out the order and return the measurement."""
    loop = asyncio.get_running_loop()
    tally, requests = Tally(), cycle(encode_requests(order))
    done = [loop.create_future() for _ in range(order.connections)]
    for future in done:
        await loop.create_connection(
            lambda future=future: Connection(requests, tally, future), "127.0.0.1", order.port
        )
    ended = asyncio.gather(*done)
    await _wait(order.warm_up, ended)
    before, began = _clocks(order), time.perf_counter()
    tally.counting = True
    await _wait(order.seconds, ended)
    tally.counting = False
    took, after = time.perf_counter() - began, _clocks(order)
    tally.stopped = True
    await ended
    return _measurement(tally, took, tuple(new - old for old, new in zip(before, after, strict=True)))


async def _wait(wanted: float, ended: asyncio.Future[list[None]]) -> None:
    """Wait for some seconds; raise at once if a connection breaks."""
    await asyncio.wait([ended], timeout=wanted)
    if ended.done():
        await ended


def _clocks(order: Order) -> tuple[float, ...]:
    return seconds(order.server), seconds(order.postgres, children=True), time.process_time()


def _measurement(tally: Tally, took: float, used: tuple[float, ...]) -> Measurement:
    ranked = sorted(tally.latencies)
    server, postgres, client = used
    if not ranked:
        return Measurement(0, tally.failed, took, 0.0, 0.0, server, postgres, client, 0.0)
    return Measurement(
        requests=len(ranked),
        failed=tally.failed,
        seconds=took,
        p50=1000 * ranked[len(ranked) // 2],
        p99=1000 * ranked[len(ranked) * 99 // 100],
        server_cpu=server,
        postgres_cpu=postgres,
        client_cpu=client,
        answer_bytes=tally.octets / len(ranked),
    )


def main() -> None:
    """Carry out the order of stdin."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(run(order))))


if __name__ == "__main__":
    main()
