"""A bureau over HTTP whose answers are of every bad shape."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import date

import httpx2
import pytest

from adapters.bureau_errors import (
    BureauError,
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
)
from adapters.http import http_source as http
from adapters.http.exchange_messages import SignedAnswer, SignedRequest
from adapters.http.http_source import HttpSource
from adapters.source import SourceAddress, SourceMark
from tests.support.bureau_samples import COLUMNS, GRADE, PURPOSE, ask, soon

ADDRESS = SourceAddress(url="http://bureau.test/base/", secret="s", timeout=2.0)
NUMBER = "110105194912310021"
ROW = ["one", 2024, "A", None, 5, "2025-01-01", True]
NAMES = tuple(column.name for column in COLUMNS)
KEYS = ["one", "two"]

Answers = Callable[[httpx2.Request], httpx2.Response]


def said(body: object, status: int = 200, **headers: str) -> httpx2.Response:
    """An answer of the bureau."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx2.Response(status, content=content, headers=headers)


def signed(request: httpx2.Request, answer: httpx2.Response) -> httpx2.Response:
    """The answer with the bureau's signature, unless the test has given it one."""
    told = request.headers
    answered = SignedAnswer(answer.status_code, answer.content, told["gjgxjhpt_sid"], told["gjgxjhpt_nonce"])
    headers = {"gjgxjhpt_sign": answered.signature("s"), **answer.headers}
    return httpx2.Response(answer.status_code, content=answer.content, headers=headers)


class Bureau:
    """A transport that gives the answers in turn, the last one for ever, and keeps the requests."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return signed(request, answer)

    def source(self, *, require_synthetic: bool = False) -> HttpSource:
        transport = httpx2.MockTransport(self)
        return HttpSource("tax", ADDRESS, require_synthetic=require_synthetic, transport=transport)


@pytest.fixture(autouse=True)
async def settled() -> AsyncIterator[None]:
    """No test leaves a task behind; the loop is that of the whole run."""
    before = asyncio.all_tasks()
    yield
    assert not asyncio.all_tasks() - before - {asyncio.current_task()}


async def read(*answers: httpx2.Response | Exception, seconds: float = 20.0):
    """One fetch of all columns for two keys."""
    return await Bureau(*answers).source().fetch(ask(), KEYS, soon(seconds))


async def test_the_request_is_signed_and_names_columns_and_purpose() -> None:
    """The body holds columns and keys, the address neither, and the signature covers what is sent."""
    bureau = Bureau(said({"rows": []}))
    await bureau.source().fetch(ask(GRADE, "year", "grade"), [NUMBER], soon())
    (request,) = bureau.requests
    assert str(request.url) == "http://bureau.test/base/v1/grade"
    assert json.loads(request.content) == {"columns": ["year", "grade"], "keys": [NUMBER]}
    told = request.headers
    assert told["gjgxjhpt_purpose"] == PURPOSE
    signed = SignedRequest(
        "POST",
        "/base/v1/grade",
        request.content,
        "creditgraph",
        "grade",
        told["gjgxjhpt_rtime"],
        told["gjgxjhpt_nonce"],
        PURPOSE,
    )
    assert signed.is_signed_by("s", told["gjgxjhpt_sign"])


async def test_rows_are_typed() -> None:
    """Dates are dates and money is whole; rows keep the bureau's order."""
    batch = await read(said({"rows": [ROW, ["one", 2023, "B", 1, 2**40, "2024-01-01", False]]}))
    first, second = batch.rows["one"]
    assert tuple(first) == ("one", 2024, "A", None, 5, date(2025, 1, 1), True)
    assert second[4] == 2**40
    assert "two" not in batch.rows


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["two", "2024", "A", None, 5, "2025-01-01", True], "year: not integer"),
        (["two", 2**31, "A", None, 5, "2025-01-01", True], "year: not integer"),
        (["two", 2024, "Z", None, 5, "2025-01-01", True], "grade: not a declared code"),
        (["two", None, "A", None, 5, "2025-01-01", True], "year: null"),
        (["two", 2024, "A", None, 5.5, "2025-01-01", True], "fine_fen: not bigint"),
        (["two", 2024, "A", None, 5, "2025-02-30", True], "assessed_on: not date"),
        (["two", 2024, "A", None, 5, "2025-01-01", 1], "final: not boolean"),
        (["two", 2024, "A", None, 5, "2025-01-01"], "the row is of another length"),
        (["two", 2024, "A", None, 5, "2025-01-01", True, 1], "the row is of another length"),
    ],
)
async def test_a_broken_row_costs_its_key_only(row: list[object], reason: str) -> None:
    """A row that is not as declared is counted under its key and named by column and rule."""
    batch = await read(said({"rows": [row, ROW, row]}))
    assert list(batch.rows) == ["one"]
    assert batch.broken["two"].reason == reason
    assert batch.broken["two"].rows == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"rows": null}',
        b'{"rows": [',
        b'{"rows": {}}',
        b"\xff\xfe",
        b'{"rows": ' + b"[" * 100_000,
        {"rows": [7]},
        {"rows": [[]]},
        {"rows": [[None, *ROW[1:]]]},
        {"rows": [ROW, ["three", *ROW[1:]]]},
        {"rows": [ROW, ["three", None]]},
    ],
)
async def test_an_answer_of_another_form_breaks_the_contract(body: object) -> None:
    """An answer that cannot be read, or holds rows of nobody, is one named error for the dataset."""
    with pytest.raises(ContractBroken) as caught:
        await read(said(body))
    assert caught.value.dataset == "grade"
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, BureauUnavailable),
        (400, ContractBroken),
        (401, BureauRefused),
        (403, BureauRefused),
        (404, ContractBroken),
        (413, OverBudget),
        (422, ContractBroken),
        (429, BureauRefused),
        (500, BureauUnavailable),
        (502, BureauUnavailable),
        (503, BureauUnavailable),
        (504, BureauTimedOut),
    ],
)
async def test_what_a_status_means(status: int, kind: type[BureauError]) -> None:
    """Each status is one error of the tree, and none repeats the bureau's words."""
    with pytest.raises(kind) as caught:
        await read(said(NUMBER.encode(), status))
    assert type(caught.value) is kind
    assert NUMBER not in repr(caught.value)


@pytest.mark.parametrize(
    "first",
    [
        said({}, 429, **{"retry-after": "0"}),
        said({}, 502),
        said({}, 503),
        said({}, 504),
        httpx2.ConnectError("refused"),
        httpx2.RemoteProtocolError("cut"),
        httpx2.ReadError("reset"),
    ],
)
async def test_a_passing_failure_is_tried_again(first: httpx2.Response | Exception) -> None:
    """A read that may be sent again is, signed anew each time."""
    bureau = Bureau(first, first, said({"rows": [ROW]}))
    batch = await bureau.source().fetch(ask(), KEYS, soon())
    assert list(batch.rows) == ["one"]
    assert len({request.headers["gjgxjhpt_nonce"] for request in bureau.requests}) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
async def test_a_lasting_failure_is_not_tried_again(status: int) -> None:
    """What will not be otherwise the next time is asked once."""
    bureau = Bureau(said({}, status))
    with pytest.raises(BureauError):
        await bureau.source().fetch(ask(), KEYS, soon())
    assert len(bureau.requests) == 1


async def test_attempts_are_bounded() -> None:
    """A bureau that stays away is asked three times."""
    bureau = Bureau(httpx2.ConnectError("refused"))
    with pytest.raises(BureauUnavailable) as caught:
        await bureau.source().fetch(ask(), KEYS, soon())
    assert len(bureau.requests) == http.ATTEMPTS
    assert caught.value.__cause__ is None


async def test_attempts_write_no_line_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    """The library that tries again would log each attempt, unthrottled and without the bureau's name."""
    with pytest.raises(BureauUnavailable):
        await read(said({}, 503))
    assert not any(capsys.readouterr())


async def test_no_attempt_is_made_past_the_deadline() -> None:
    """Where the pause would outlast the deadline the failure is told at once."""
    bureau = Bureau(said({}, 429, **{"retry-after": "3600"}))
    with pytest.raises(BureauRefused):
        await bureau.source().fetch(ask(), KEYS, soon())
    assert len(bureau.requests) == 1


async def test_a_slow_bureau_times_out() -> None:
    """An answer that does not come before the deadline is a time-out."""

    async def never(_: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(60)
        raise AssertionError

    source = HttpSource("tax", ADDRESS, transport=httpx2.MockTransport(never))
    with pytest.raises(BureauTimedOut):
        await source.fetch(ask(), KEYS, soon(0.1))
    with pytest.raises(BureauTimedOut):
        await source.fetch(ask(), KEYS, soon(-1))


async def test_cancellation_passes_through() -> None:
    """A cancelled read is cancelled, not turned into an error of the bureau."""

    async def never(_: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(60)
        raise AssertionError

    source = HttpSource("tax", ADDRESS, transport=httpx2.MockTransport(never))
    task = asyncio.create_task(source.fetch(ask(), KEYS, soon()))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_answer_without_end_is_over_budget() -> None:
    """An answer is read up to a bound and no further."""
    sent = 0

    class Endless(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal sent
            while True:
                sent += 1
                yield bytes(1024 * 1024)

    endless = httpx2.MockTransport(lambda _: httpx2.Response(200, stream=Endless()))
    with pytest.raises(OverBudget):
        await HttpSource("tax", ADDRESS, transport=endless).fetch(ask(), KEYS, soon())
    assert sent == 65


async def test_budgets_and_purposes_are_checked_first() -> None:
    """Too many keys, a purpose that is no tag, or no key at all send nothing."""
    bureau = Bureau(said({"rows": []}))
    with pytest.raises(OverBudget):
        await bureau.source().fetch(ask(), ["one"] * 10_001, soon())
    with pytest.raises(BureauRefused):
        await bureau.source().fetch(ask(purpose="a\r\nx: y"), KEYS, soon())
    assert not (await bureau.source().fetch(ask(), [], soon())).rows
    assert not bureau.requests


async def test_the_mark() -> None:
    """The mark is what the source says; another form of it breaks the contract."""
    good = said({"synthetic": True, "city": "信阳", "edition": "1"})
    assert await Bureau(good).source().mark() == SourceMark(True, "信阳", "1")
    for bad in ({}, {"synthetic": "yes", "city": "", "edition": ""}, []):
        with pytest.raises(ContractBroken):
            await Bureau(said(bad)).source().mark()


async def test_only_a_synthetic_source_is_read_where_it_must_be() -> None:
    """The mark is read before anything else, and again after a lost connection."""
    good = said({"synthetic": True, "city": "信阳", "edition": "1"})
    real = said({"synthetic": False, "city": "信阳", "edition": "1"})
    bureau = Bureau(
        good, said({"rows": [ROW]}), said({"rows": [ROW]}), httpx2.ReadError("cut"), said({}, 500)
    )
    source = bureau.source(require_synthetic=True)
    await source.open()
    for _ in range(2):
        assert (await source.fetch(ask(), KEYS, soon())).rows
    with pytest.raises(BureauUnavailable):
        await source.fetch(ask(), KEYS, soon())
    bureau.answers = [real]
    asked = len(bureau.requests)
    with pytest.raises(BureauRefused, match="not marked synthetic"):
        await source.fetch(ask(), KEYS, soon())
    assert [request.url.path for request in bureau.requests[asked:]] == ["/base/v1/mark"]


async def test_opening_raises_nothing_when_the_bureau_is_down() -> None:
    """A bureau that is down may come back."""
    await Bureau(httpx2.ConnectError("refused")).source(require_synthetic=True).open()


async def test_a_closed_source_is_unavailable() -> None:
    """After closing nothing is sent."""
    source = Bureau(said({"rows": []})).source()
    await source.close()
    with pytest.raises(BureauUnavailable):
        await source.fetch(ask(), KEYS, soon())
