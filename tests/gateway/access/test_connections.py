"""Each part of a request has a bound, each wait of a connection a time, and the connections a number."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from gateway.access.connection_bounds import SPARE_CONNECTIONS
from gateway.errors import OVERLOADED
from tests.support.served_app import Served, served_app, until_end

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
CHUNKED = b"POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
CLOSING = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
UNFINISHED = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc"
BLOCK = b"a" * 65_536


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """A server with time limits of 0.3 s, of which the clock of the server makes up to 1.4 s."""
    with served_app() as server:
        yield server


@pytest.fixture(autouse=True)
def unheard(served: Served) -> None:
    """Forget what the last test did."""
    served.heard.facts.clear()


def status(answer: bytes) -> int:
    """The status of the first answer."""
    return int(answer.split(b" ", 2)[1])


def answered(client: socket.socket) -> bytes:
    """Return one small answer of a connection that stays open."""
    received = b""
    while not received.endswith(b"ok"):
        chunk = client.recv(65_536)
        assert chunk, received
        received += chunk
    return received


def test_a_field_of_a_trailer_is_no_header(served: Served):
    """Fields after the head are dropped, whatever their names."""
    answer = served.exchange(CHUNKED + b"3\r\nabc\r\n0\r\nauthorization: Bearer x\r\nx: y\r\n\r\n")
    assert status(answer) == 200
    assert answer.endswith(b"\nabc")
    assert b"Bearer" not in answer


ENDLESS = {
    "a trailer of many lines": (CHUNKED + b"0\r\n", b"x: y\r\n" * 10_000),
    "a trailer of one line": (CHUNKED + b"0\r\nx: ", BLOCK),
    "an extension of a chunk": (CHUNKED + b"3;x=", BLOCK),
    "extensions of many chunks": (CHUNKED, (b"1;x=" + b"y" * 4_000 + b"\r\nz\r\n") * 16),
    "an address": (b"GET /", BLOCK),
    "a header's name": (b"GET / HTTP/1.1\r\n", BLOCK),
    "a header's value": (b"GET / HTTP/1.1\r\nx: ", BLOCK),
    "many headers": (b"GET / HTTP/1.1\r\n", b"x: y\r\n" * 10_000),
    "empty lines": (b"", b"\r\n" * 30_000),
    "empty lines after an answer": (GET, b"\r\n" * 30_000),
    "a second head": (GET + b"GET / HTTP/1.1\r\nx: ", BLOCK),
    "requests before an answer": (b"", GET * 2_000),
    "a body that nobody reads": (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n", BLOCK),
}


@pytest.mark.parametrize(("begin", "more"), ENDLESS.values(), ids=ENDLESS)
def test_no_part_of_a_request_is_endless(served: Served, begin: bytes, more: bytes):
    """Whatever part goes on without an end, the connection is ended before 40 MB of it were taken."""
    with served.connect() as client:
        client.sendall(begin)
        with pytest.raises(ConnectionError):
            client.sendall(more * (40_000_000 // len(more)))


def test_a_large_body_in_small_chunks_is_read(served: Served):
    """A body in chunks of one byte is no fault, though five bytes surround each."""
    answer = served.exchange(CHUNKED + b"1\r\nx\r\n" * 50_000 + b"0\r\n\r\n")
    assert answer.endswith(b"x" * 50_000)


@pytest.mark.parametrize("lines", [102, 3_000])
@pytest.mark.parametrize("more", [b"\r\n", b""], ids=["whole", "held"])
def test_a_head_has_a_bounded_number_of_lines(served: Served, lines: int, more: bytes):
    """A head of more than a hundred header lines is refused by 431 at once, however short they are."""
    assert status(served.exchange(b"GET / HTTP/1.1\r\n" + b"a:\r\n" * lines + more)) == 431
    assert served.reasons == ["head_too_large"]


def test_a_hundred_header_lines_are_read(served: Served):
    """As many header lines as are allowed are no fault."""
    assert status(served.exchange(CLOSING + b"a:\r\n" * 98 + b"\r\n")) == 200


FAULTY_BODIES = {
    "a size that is none": b"transfer-encoding: chunked\r\n\r\nzz\r\n",
    "a chunk without its end": b"transfer-encoding: chunked\r\n\r\n1\r\nabc\r\n",
    "a size beyond all bounds": b"transfer-encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\n",
    "another coding": b"transfer-encoding: gzip\r\n\r\nabc",
    "a coding that is none": b"transfer-encoding: identity\r\n\r\nabc",
}


@pytest.mark.parametrize("rest", FAULTY_BODIES.values(), ids=FAULTY_BODIES)
def test_a_faulty_body_is_refused(served: Served, rest: bytes):
    """A body that cannot be read is refused by 400, also when its request has begun."""
    answer = served.exchange(b"POST /echo HTTP/1.1\r\nhost: x\r\n" + rest)
    assert (status(answer), b"connection: close" in answer) == (400, True)
    assert served.reasons == ["malformed"]


@pytest.mark.parametrize(
    "fault",
    [b"\x00\r\n\r\n", CLOSING + b"a:\r\n" * 200, CHUNKED + b"zz\r\n", b"a" * 70_000],
    ids=["no request", "too many lines", "a faulty body", "an endless method"],
)
@pytest.mark.parametrize("path", [b"/", b"/slow"])
def test_what_came_before_a_fault_is_answered(served: Served, path: bytes, fault: bytes):
    """Whole requests have their answers, though what follows them on the connection ends it."""
    answer = served.exchange(GET + b"GET " + path + b" HTTP/1.1\r\nhost: x\r\n\r\n" + fault)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert len(served.reasons) == 1


@pytest.mark.parametrize("size", [90_000, 200_000])
def test_a_head_that_comes_at_once_has_the_same_bound(served: Served, size: int):
    """A head that is too large is refused by 431, also where it is complete at once."""
    assert status(served.exchange(CLOSING + b"x: " + b"y" * size + b"\r\n\r\n")) == 431
    assert served.reasons == ["head_too_large"]


def test_a_head_behind_a_large_body_is_not_blamed_for_it(served: Served):
    """Only bytes of the head count for the head, though the end of a body came with it."""
    body = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 200000\r\n\r\n" + b"z" * 200_000
    answer = served.exchange(body + CLOSING + b"\r\n")
    assert answer.count(b"HTTP/1.1 200") == 2


HELD = {
    "nothing": b"",
    "a part of the first head": b"GET / HT",
    "an empty line": b"\r\n",
}


@pytest.mark.parametrize("after", [0, 1, 3], ids=lambda number: f"after {number} answers")
@pytest.mark.parametrize("held", HELD.values(), ids=HELD)
def test_every_head_has_its_time(served: Served, held: bytes, after: int):
    """A head that is not whole in time ends the connection: the first, and those after answers."""
    if after and not held:
        return  # that is keep-alive
    with served.connect() as client:
        for _ in range(after):
            client.sendall(GET)
            answered(client)
        client.sendall(held)
        assert until_end(client) == b""
    assert served.reasons == ["head_too_slow"]


def test_a_head_behind_another_request_has_its_time(served: Served):
    """A part of a head that came with the request before it is timed as well."""
    with served.connect() as client:
        client.sendall(GET + b"GET / HT")
        answered(client)
        assert until_end(client) == b""
    assert served.reasons == ["head_too_slow"]


def test_an_answer_to_an_unfinished_body_closes(served: Served):
    """An answer that did not wait for the body says that the connection closes, and closes it."""
    with served.connect() as client:
        client.sendall(UNFINISHED)
        answer = until_end(client)
        assert (status(answer), b"connection: close" in answer) == (200, True)


def test_an_answer_to_an_unfinished_body_can_be_read(served: Served):
    """A client that goes on to send is not cut off before it has read the answer."""
    with served.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n\r\n")
        for _ in range(100):
            client.sendall(BLOCK)
        assert status(until_end(client)) == 200


def test_a_whole_request_keeps_its_connection(served: Served):
    """A request whose body is complete leaves the connection open, whatever its parts."""
    with served.connect() as client:
        for part in (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc", GET, GET):
            client.sendall(part)
            assert b"connection: close" not in answered(client)


def test_an_unread_answer_has_its_time(served: Served):
    """A client that does not read its answer is cut off."""
    with served.connect() as client:
        client.sendall(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        served.wait_for("answer_unread")
    assert served.reasons == ["answer_unread"]


@pytest.mark.parametrize("path", [b"/large", b"/slow"])
def test_a_client_that_leaves_is_counted_and_not_logged(
    served: Served, path: bytes, caplog: pytest.LogCaptureFixture
):
    """A client that breaks its connection before it has its answer is a client gone, and nobody's failure."""
    for _ in range(20):
        with served.connect() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET " + path + b" HTTP/1.1\r\nhost: x\r\n\r\n")
            client.recv(1) if path == b"/large" else time.sleep(0.02)
    served.wait_for("client_gone")
    assert set(served.reasons) == {"client_gone"}
    assert caplog.records == []


@pytest.mark.parametrize("protocol", [b"x", b"h2c", b"websocket"])
def test_an_upgrade_is_passed_over(served: Served, protocol: bytes, caplog: pytest.LogCaptureFixture):
    """A request that offers another protocol is answered as it is, with its body, and so is the next; nothing is logged."""
    head = b"POST /echo HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: " + protocol
    last = CLOSING + b"\r\n"
    answer = served.exchange(head + b"\r\ncontent-length: 3\r\n\r\nabc" + last)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert b"\nabcHTTP/1.1" in answer
    assert caplog.records == []


def test_connect_is_refused(served: Served):
    """Nobody is connected through the gateway."""
    assert status(served.exchange(b"CONNECT x:443 HTTP/1.1\r\nhost: x\r\n\r\n")) == 400


def test_idle_connections_make_room():
    """Where there are too many connections, the one that was idle for longest ends; none that was used goes first."""
    with served_app(connections=5, seconds=30, idle=-1) as served, ExitStack() as opened:
        used = opened.enter_context(served.connect())
        used.sendall(GET)
        answered(used)
        idle: list[socket.socket] = []
        for _ in range(20):
            time.sleep(0.005)  # the loop's clock has milliseconds
            idle.append(opened.enter_context(served.connect()))
        for client in (used, idle[-1], opened.enter_context(served.connect())):
            client.sendall(GET)
            answered(client)
        assert served.reasons == ["made_room"] * 17
        assert until_end(idle[0]) == b""


def held_back(served: Served, opened: ExitStack, number: int) -> list[socket.socket]:
    """Connections whose request waits for the rest of its body."""
    head = b"POST /echo HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n"
    busy = [opened.enter_context(served.connect()) for _ in range(number)]
    for client in busy:
        client.sendall(head)
        assert status(client.recv(100)) == 100
    return busy


def test_a_connection_too_many_is_refused():
    """Where all connections are busy, the request of a new one is refused by 503, and it ends."""
    with served_app(connections=2, seconds=30) as served, ExitStack() as opened:
        busy = held_back(served, opened, 2)
        answer = served.exchange(GET)
        assert (status(answer), b"retry-after" in answer) == (503, True)
        assert OVERLOADED.name.encode() in answer
        assert served.reasons == ["connections_full"]
        for client in busy:
            client.sendall(b"x" * 9)
            assert status(client.recv(1_000)) == 200


@pytest.mark.parametrize("path", [b"/healthz", b"/readyz"])
def test_a_busy_gateway_answers_probes(path: bytes):
    """Where all connections are busy, a new one that asks whether the gateway lives is answered, and ends."""
    with served_app(connections=2, seconds=30) as served, ExitStack() as opened:
        held_back(served, opened, 2)
        assert status(served.exchange(b"GET " + path + b" HTTP/1.1\r\nhost: x\r\n\r\n")) == 200
        assert served.reasons == []


def test_spare_connections_are_bounded():
    """Beyond the spare connections a new one is refused before it has asked, or one that asks nothing ends for it."""
    with served_app(connections=1, seconds=30) as served, ExitStack() as opened:
        held_back(served, opened, 1)
        for _ in range(SPARE_CONNECTIONS):
            opened.enter_context(served.connect())
        assert status(served.exchange(GET)) == 503
        assert served.reasons == ["made_room", "connections_full"]


def test_a_connection_of_a_moment_ago_makes_no_room():
    """A connection that was just made or answered may have a request on its way, which is not lost to a newcomer."""
    with served_app(connections=2, seconds=30, idle=30) as served, ExitStack() as opened:
        first, second = (opened.enter_context(served.connect()) for _ in range(2))
        first.sendall(GET)
        answered(first)
        assert status(served.exchange(GET)) == 503
        for client in (first, second):
            client.sendall(GET)
            answered(client)


def test_a_stop_answers_who_has_just_connected():
    """A connection that was made just before the stop may still ask, once."""
    with served_app(seconds=30) as served, served.connect() as client:
        while not served.server.server_state.connections:
            time.sleep(0.01)
        served.server.should_exit = True
        while served.server.servers[0].is_serving():
            time.sleep(0.01)
        client.sendall(GET)
        answer = until_end(client)
        assert (status(answer), b"connection: close" in answer) == (200, True)
