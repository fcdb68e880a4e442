"""A bureau that answers signed batch requests over HTTP.

`POST {url}/v1/{dataset}` with `{"columns": […], "keys": […]}` is answered by `{"rows": [[key, column, …],
…]}`; `GET {url}/v1/mark` by the source's mark; `GET {url}/v1/ready` by 200. `adapters.http.signing` says how
requests are signed. All of them only read, so they may be sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx2
import msgspec
import stamina
from cachetools import LRUCache

from adapters.address import SourceAddress
from adapters.bureau_errors import (
    BureauError,
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
    made,
)
from adapters.http.payload import RowDecoder, read
from adapters.http.signing import SignedRequest
from adapters.round_trip_limits import MAX_ANSWER_BYTES, check_keys, check_purpose, check_synthetic
from adapters.source import Batch, Key, Query, SourceMark

ATTEMPTS: Final = 3
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 0.4
JITTER: Final = 0.05
MARK_SECONDS: Final = 30.0
MAX_DECODERS: Final = 256
OWN_PURPOSE: Final = "gateway.source"

_AGAIN: Final = frozenset({429, 502, 503, 504})
_STATUS: Final[Mapping[int, tuple[type[BureauError], str]]] = {
    400: (ContractBroken, "the bureau does not know the dataset or a column"),
    401: (BureauRefused, "the signature"),
    403: (BureauRefused, "the permission"),
    404: (ContractBroken, "the bureau does not know the dataset or a column"),
    413: (OverBudget, "the bureau's own limits"),
    422: (ContractBroken, "the bureau does not know the dataset or a column"),
    429: (BureauRefused, "the quota"),
    504: (BureauTimedOut, "the bureau's own deadline"),
}
_MARK: Final = msgspec.json.Decoder(SourceMark)


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, before it is signed."""

    method: str
    service: str
    purpose: str
    body: bytes = b""
    dataset: str | None = None


class _Again(Exception):
    """A read that may be sent again; `failure` is what it means when it is not."""

    def __init__(self, failure: BureauError, after: float | None = None) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.after = after


class HttpSource:
    """Reads datasets through a bounded pool of HTTP connections.

    With `require_synthetic` the source's mark must say so before anything is read, and is read again at
    intervals and after every lost connection.
    """

    def __init__(
        self,
        bureau: str,
        address: SourceAddress,
        *,
        require_synthetic: bool = False,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._bureau = bureau
        self._address = address
        self._require_synthetic = require_synthetic
        self._vouched_until = float("-inf")
        self._decoders: LRUCache[tuple[str, tuple[str, ...]], tuple[Query, RowDecoder]] = LRUCache(
            MAX_DECODERS
        )
        self._url = (address.url or "").rstrip("/")
        self._client = httpx2.AsyncClient(
            transport=transport,
            timeout=address.timeout,
            limits=httpx2.Limits(
                max_connections=address.connections, max_keepalive_connections=address.connections
            ),
            trust_env=False,  # a proxy in the environment is nobody's decision
            headers={"accept": "application/json", "accept-encoding": "identity"},
        )

    @property
    def bureau(self) -> str:
        """The name of the bureau."""
        return self._bureau

    @property
    def concurrency(self) -> int:
        """How many round trips may be under way at once."""
        return self._address.connections

    async def open(self) -> None:
        """Read the mark where one is required; a bureau that is down is asked again at the first read."""
        if self._require_synthetic:
            try:
                await self._vouch(self._own_deadline())
            except BureauError:
                return

    async def close(self) -> None:
        """Give back every connection."""
        await self._client.aclose()

    async def mark(self) -> SourceMark:
        """Read the source's own mark."""
        return await self._read_mark(self._own_deadline())

    async def ready(self) -> None:
        """Raise BureauError when the bureau does not answer."""
        await self._ask(_Call("GET", "ready", OWN_PURPOSE), self._own_deadline())

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Read `query` for `keys` in one request, sent again where that is safe and there is time."""
        if not keys:
            return Batch({})
        check_keys(query, keys)
        check_purpose(query)
        decoder = self._decoder(query)
        await self._vouch(deadline)
        body = msgspec.json.encode({"columns": query.columns, "keys": keys})
        name = query.dataset.name
        answer = await self._ask(_Call("POST", name, query.purpose, body, name), deadline)
        return decoder.decode(answer, keys)

    def _own_deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._address.timeout

    def _decoder(self, query: Query) -> RowDecoder:
        name = query.dataset.name, query.columns
        known = self._decoders.get(name)
        if known is not None and known[0].dataset is query.dataset:
            return known[1]
        made = RowDecoder(self._bureau, query.dataset, query.columns)
        self._decoders[name] = query, made
        return made

    async def _vouch(self, deadline: float) -> None:
        if not self._require_synthetic:
            return
        now = asyncio.get_running_loop().time()
        if now >= self._vouched_until:
            check_synthetic(self._bureau, await self._read_mark(deadline))
            self._vouched_until = now + MARK_SECONDS

    async def _read_mark(self, deadline: float) -> SourceMark:
        mark = read(_MARK, await self._ask(_Call("GET", "mark", OWN_PURPOSE), deadline))
        if mark is None:
            raise ContractBroken(self._bureau, None, "the source's mark is not of its form")
        return mark

    async def _ask(self, call: _Call, deadline: float) -> bytes:
        loop = asyncio.get_running_loop()

        def is_worth_another(error: Exception) -> bool | float:
            if not isinstance(error, _Again):
                return False
            pause = LONGEST_PAUSE + JITTER if error.after is None else error.after
            return loop.time() + pause < deadline and (error.after is None or error.after)

        attempts = stamina.retry_context(
            on=is_worth_another,
            attempts=ATTEMPTS,
            timeout=None,  # the deadline is asked above, before each pause
            wait_initial=FIRST_PAUSE,
            wait_max=LONGEST_PAUSE,
            wait_jitter=JITTER,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    return await self._send(call, deadline)
        except _Again as again:
            failure = again.failure
        else:  # pragma: no cover - an attempt returns or raises
            failure = BureauUnavailable(self._bureau, call.dataset)
        raise failure

    async def _send(self, call: _Call, deadline: float) -> bytes:
        """One attempt. Drivers' errors quote addresses and bodies, so ours are raised outside of them."""
        now = asyncio.get_running_loop().time()
        if deadline <= now:
            raise BureauTimedOut(self._bureau, call.dataset)
        if self._client.is_closed:
            raise BureauUnavailable(self._bureau, call.dataset, "the source is closed")
        try:
            async with asyncio.timeout_at(min(deadline, now + self._address.timeout)):
                status, headers, body = await self._exchange(call)
        except (TimeoutError, httpx2.TimeoutException):
            failure: Exception = BureauTimedOut(self._bureau, call.dataset)
        except httpx2.TransportError:
            self._vouched_until = float("-inf")
            failure = _Again(BureauUnavailable(self._bureau, call.dataset, "no connection"))
        except Exception:  # nothing of the client's own goes further than here
            failure = BureauUnavailable(self._bureau, call.dataset, "the exchange")
        else:
            return self._judged(call, status, headers, body)
        raise failure

    async def _exchange(self, call: _Call) -> tuple[int, httpx2.Headers, bytes | None]:
        """Status, headers and body of the answer; None for a body over the budget."""
        request = self._client.build_request(
            call.method,
            f"{self._url}/v1/{call.service}",
            content=call.body,
            headers={"content-type": "application/json"} if call.body else {},
        )
        request.headers.update(self._signed(call, request.url.raw_path.decode("ascii")))
        response = await self._client.send(request, stream=True)
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                return response.status_code, response.headers, None  # it would unpack beyond the budget
            parts, size = list[bytes](), 0
            async for part in response.aiter_bytes():
                parts.append(part)
                size += len(part)
                if size > MAX_ANSWER_BYTES:
                    return response.status_code, response.headers, None
            return response.status_code, response.headers, b"".join(parts)
        finally:
            await response.aclose()

    def _signed(self, call: _Call, path: str) -> Mapping[str, str]:
        signed = SignedRequest.now(
            call.method,
            path,
            call.body,
            requester=self._address.requester,
            service=call.service,
            purpose=call.purpose,
        )
        return signed.headers(self._address.secret or "")

    def _judged(self, call: _Call, status: int, headers: httpx2.Headers, body: bytes | None) -> bytes:
        if body is None:
            raise OverBudget(self._bureau, call.dataset, f"more than {MAX_ANSWER_BYTES} bytes")
        if status == HTTPStatus.OK:
            return body
        kind, reason = _STATUS.get(status, (BureauUnavailable, "the service failed"))
        failure = made(kind, reason, self._bureau, call.dataset)
        raise _Again(failure, _after(headers)) if status in _AGAIN else failure


def _after(headers: httpx2.Headers) -> float | None:
    """The seconds of Retry-After; its other form, a date, is left to our own pauses."""
    told = headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdigit() else None
