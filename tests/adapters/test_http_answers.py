"""Answers of an HTTP bureau: their content coding, and their signature."""

import asyncio
import gzip
import json
import math
from collections.abc import AsyncIterator

import httpx2
import pytest

from adapters.bureau_errors import BureauError, ContractBroken, OverBudget
from adapters.http.exchange_messages import SignedAnswer
from adapters.http.http_source import HttpSource
from adapters.source import SourceAddress
from tests.support.bureau_samples import ask, soon

ROW = ["one", 2024, "A", None, 5, "2025-01-01", True]
ROWS = json.dumps({"rows": [ROW]}).encode()


class Sent(httpx2.AsyncByteStream):
    """A body as it comes over the wire."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give parts of 64 kB, as a socket does."""
        for start in range(0, len(self._body), 65_536):
            yield self._body[start : start + 65_536]


async def read(sent: bytes, coding: str | None, plain: bytes = ROWS, **changed: object) -> object:
    """Read an answer with a content coding, signed by the bureau but for what is changed."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        told = request.headers
        parts = {
            "status": 200,
            "body": plain,
            "service": told["gjgxjhpt_sid"],
            "nonce": told["gjgxjhpt_nonce"],
        }
        secret = str(changed.get("secret", "s"))
        signature = SignedAnswer(**parts | {k: v for k, v in changed.items() if k != "secret"}).signature(
            secret
        )
        headers = [("gjgxjhpt_sign", signature)]
        if coding is not None:
            headers.append(("content-encoding", coding))
        return httpx2.Response(200, headers=headers, stream=Sent(sent))

    source = HttpSource(
        "tax", SourceAddress(url="http://bureau.test", secret="s"), transport=httpx2.MockTransport(answer)
    )
    try:
        return (await source.fetch(ask(), ["one"], soon())).rows
    finally:
        await source.close()


@pytest.mark.parametrize("coding", [None, "identity", "Identity", "IDENTITY", "", " ", "identity, Identity"])
async def test_an_answer_without_a_coding_is_read(coding: str | None) -> None:
    """However a bureau says that its answer has no coding, the answer is read."""
    assert await read(ROWS, coding)


@pytest.mark.parametrize("coding", ["gzip", "GZip", "identity, gzip"])
async def test_a_packed_answer_is_unpacked(coding: str) -> None:
    """An answer in gzip is read as if it were not packed."""
    assert await read(gzip.compress(ROWS), coding)


async def test_a_packed_answer_is_unpacked_within_the_budget() -> None:
    """What unpacks to more than the budget is over it, however little was sent."""
    with pytest.raises(OverBudget):
        await read(gzip.compress(bytes(80 * 1024 * 1024)), "gzip")


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "x-gzip", "gzip, gzip", "nonsense"])
async def test_another_coding_breaks_the_contract(coding: str) -> None:
    """A coding that was not agreed on is named as the reason."""
    with pytest.raises(ContractBroken, match="content coding"):
        await read(ROWS, coding)


async def test_a_body_that_is_not_packed_as_said_breaks_the_contract() -> None:
    """A body that cannot be unpacked is no failure of the service."""
    with pytest.raises(ContractBroken, match="unpacked"):
        await read(ROWS, "gzip")


EMPTY = b'{"rows": []}'


@pytest.mark.parametrize(
    "changed",
    [{"secret": "another"}, {"nonce": "0" * 32}, {"service": "listed"}, {"status": 201}, {"body": ROWS}],
    ids=lambda each: next(iter(each)),
)
async def test_an_answer_that_the_bureau_did_not_sign_is_refused(changed: dict[str, object]) -> None:
    """An answer put in by somebody on the way, or kept from another request, erases no record."""
    with pytest.raises(ContractBroken, match="the signature of the answer is missing or wrong"):
        await read(EMPTY, None, EMPTY, **changed)


@pytest.mark.parametrize("headers", [{}, {"gjgxjhpt_sign": ""}, {"gjgxjhpt_sign": "="}])
async def test_an_answer_without_a_signature_is_refused(headers: dict[str, str]) -> None:
    """An unsigned answer is no answer of the bureau."""
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, headers=headers, content=EMPTY))
    source = HttpSource("tax", SourceAddress(url="http://bureau.test", secret="s"), transport=transport)
    with pytest.raises(ContractBroken, match="signature"):
        await source.fetch(ask(), ["one"], soon())
    await source.close()


class Flaky:
    """A service whose state the test sets: it answers, fails, cannot be reached, or never answers."""

    def __init__(self) -> None:
        self.state = "ok"
        self.asked: list[str] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer by the state."""
        service = request.url.path.rpartition("/")[2]
        self.asked.append(service)
        if self.state == "silent":
            await asyncio.sleep(60)
        if self.state == "away":
            raise httpx2.ConnectError("refused")
        if self.state.isdigit() and service != "ready":
            return httpx2.Response(int(self.state))
        told = request.headers
        signature = SignedAnswer(200, ROWS, told["gjgxjhpt_sid"], told["gjgxjhpt_nonce"]).signature("s")
        return httpx2.Response(200, headers={"gjgxjhpt_sign": signature}, content=ROWS)


@pytest.mark.parametrize("state", ["silent", "away", "500", "429"])
async def test_a_failing_service_is_probed_once_a_second_and_found_again(state: str) -> None:
    """A service that is silent, away, failing or over its quota is soon left alone but for a probe a second, and found again."""
    bureau = Flaky()
    address = SourceAddress(url="http://bureau.test", secret="s", timeout=1.0)
    source = HttpSource("tax", address, transport=httpx2.MockTransport(bureau))
    loop = asyncio.get_running_loop()

    async def ask_once() -> bool:
        try:
            return bool((await source.fetch(ask(), ["one"], soon(5.0))).rows)
        except BureauError:
            return False

    assert await ask_once()
    bureau.state = state
    while not source._breakers.is_open("grade"):
        assert not await ask_once()
    bureau.asked.clear()
    began = loop.time()
    while loop.time() - began < 1.5:
        await asyncio.gather(*(ask_once() for _ in range(10)))
        await asyncio.sleep(0.02)
    assert len(bureau.asked) <= 2 * (loop.time() - began) + 2
    bureau.state = "ok"
    back = loop.time()
    while not await ask_once():
        assert loop.time() - back < 10
        await asyncio.sleep(0.02)
    assert not source._breakers.failing
    await source.close()


async def test_one_failing_record_stops_no_other_read() -> None:
    """A service that fails for one key now and then is read for all others."""
    bureau = Flaky()
    source = HttpSource(
        "tax", SourceAddress(url="http://bureau.test", secret="s"), transport=httpx2.MockTransport(bureau)
    )
    for _ in range(5):
        bureau.state = "500"
        with pytest.raises(BureauError, match="HTTP 500"):
            await source.fetch(ask(), ["one"], soon())
        bureau.state = "ok"
        assert (await source.fetch(ask(), ["one"], soon())).rows
    await source.close()


class Slow:
    """A service that answers each read after its seconds, or hangs up after them where they are negative."""

    def __init__(self, *seconds: float) -> None:
        self.seconds = list(seconds)
        self.asked = 0

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Wait, and answer or hang up."""
        self.asked += 1
        seconds = self.seconds.pop(0)
        await asyncio.sleep(abs(seconds))
        if math.copysign(1, seconds) < 0:
            raise httpx2.ReadError("cut")
        told = request.headers
        signature = SignedAnswer(200, ROWS, told["gjgxjhpt_sid"], told["gjgxjhpt_nonce"]).signature("s")
        return httpx2.Response(200, headers={"gjgxjhpt_sign": signature}, content=ROWS)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are sent again soon."""
    monkeypatch.setattr("adapters.http.http_source.SUSPICION_SECONDS", 0.02)


@pytest.mark.usefixtures("hasty")
async def test_a_silent_connection_costs_no_read() -> None:
    """A request that gets no answer is sent again over a new connection, every time, and leaves no task behind."""
    bureau = Slow(60, 0, 60, 0)
    address = SourceAddress(url="http://bureau.test", secret="s")
    source = HttpSource("tax", address, transport=httpx2.MockTransport(bureau))
    before = asyncio.all_tasks()
    for _ in range(2):
        assert (await source.fetch(ask(), ["one"], soon())).rows
    assert bureau.asked == 4
    assert asyncio.all_tasks() <= before
    await source.close()


@pytest.mark.usefixtures("hasty")
async def test_a_slow_service_is_not_asked_twice_for_long() -> None:
    """Once a first request was answered late, further reads are one request each."""
    bureau = Slow(0.1, 60, 0.1)
    address = SourceAddress(url="http://bureau.test", secret="s")
    source = HttpSource("tax", address, transport=httpx2.MockTransport(bureau))
    for _ in range(2):
        assert (await source.fetch(ask(), ["one"], soon())).rows
    assert bureau.asked == 3
    await source.close()


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("seconds", [(-0.05, 0.1), (0.1, -0.0)], ids=["the first fails", "the second fails"])
async def test_one_answer_of_two_requests_is_enough(seconds: tuple[float, float]) -> None:
    """Where one of the two requests fails, the answer of the other counts."""
    bureau = Slow(*seconds)
    address = SourceAddress(url="http://bureau.test", secret="s")
    source = HttpSource("tax", address, transport=httpx2.MockTransport(bureau))
    assert (await source.fetch(ask(), ["one"], soon())).rows
    assert bureau.asked == 2
    await source.close()
