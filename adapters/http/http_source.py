"""A bureau that answers signed batch requests over HTTP.

`POST {url}/v1/{dataset}` with `{"columns": […], "keys": […]}` returns `{"rows": [[key, column, …], …]}`. `GET
{url}/v1/mark` returns the source's mark, and `GET {url}/v1/ready` returns 200. `adapters.http.exchange_messages` signs
the requests. All requests only read, so the source may send a request again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Final

import httpx2
import msgspec
import stamina
from cachetools import LRUCache

from adapters.bureau_errors import (
    BureauError,
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
)
from adapters.http.exchange_messages import RowDecoder, SignedRequest, decode_or_none
from adapters.source import (
    MAX_ANSWER_BYTES,
    MAX_KEYS,
    Batch,
    Key,
    Query,
    SourceAddress,
    SourceMark,
    check_purpose,
    check_synthetic,
)
from adapters.validation import checker_of
from catalogue.declarations import Dataset

ATTEMPTS: Final = 3
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 0.4
JITTER: Final = 0.05
MARK_SECONDS: Final = 30.0
MAX_DECODERS: Final = 256
OWN_PURPOSE: Final = "gateway.source"

_RETRYABLE: Final = frozenset({429, 502, 503, 504})
_STATUS: Final[Mapping[int, tuple[type[BureauError], str]]] = {
    **dict.fromkeys((400, 404, 422), (ContractBroken, "the bureau does not know the dataset or a column")),
    401: (BureauRefused, "the signature"),
    403: (BureauRefused, "the permission"),
    413: (OverBudget, "the bureau's own limits"),
    429: (BureauRefused, "the quota"),
    504: (BureauTimedOut, "the bureau's own deadline"),
}
_RETRYING: Final = stamina.AsyncRetryingCaller(
    attempts=ATTEMPTS,
    timeout=None,  # the pause before a retry is compared with the deadline
    wait_initial=FIRST_PAUSE,
    wait_max=LONGEST_PAUSE,
    wait_jitter=JITTER,
)
_MARK: Final = msgspec.json.Decoder(SourceMark)


class _Call(msgspec.Struct, frozen=True):
    """One request, before it is signed."""

    method: str
    service: str
    purpose: str
    body: bytes = b""
    dataset: str | None = None


class _Retryable(Exception):
    """A failure after which the request may be sent again; the last attempt ends with `failure`."""

    def __init__(self, failure: BureauError, after: float | None = None) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.after = after
        """The seconds that the bureau asks to wait."""


class HttpSource:
    """Reads data sets through a bounded pool of HTTP connections.

    With `require_synthetic`, the source reads the bureau's mark first and refuses to read unless the mark says
    synthetic. It reads the mark again every MARK_SECONDS and after each lost connection.
    """

    def __init__(
        self,
        bureau: str,
        address: SourceAddress,
        *,
        require_synthetic: bool = False,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.bureau = bureau
        self.concurrency = address.connections
        self._address = address
        self._require_synthetic = require_synthetic
        self._mark_valid_until = float("-inf")
        self._decoders: LRUCache[tuple[str, tuple[str, ...], str, bool], tuple[Dataset, RowDecoder]] = (
            LRUCache(MAX_DECODERS)
        )
        self._url = (address.url or "").rstrip("/")
        self._client = httpx2.AsyncClient(
            transport=transport,
            timeout=address.timeout,
            limits=httpx2.Limits(
                max_connections=address.connections, max_keepalive_connections=address.connections
            ),
            trust_env=False,  # ignores proxies of the environment: no setting of the gateway names them
            headers={"accept": "application/json", "accept-encoding": "identity"},
        )

    async def open(self) -> None:
        """Read the mark if one is required; the first read tries again if the bureau is down."""
        with suppress(BureauError):
            await self._check_mark(self._own_deadline())

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def mark(self) -> SourceMark:
        """Read the source's mark."""
        return await self._read_mark(self._own_deadline())

    async def ready(self) -> None:
        """Raise BureauError if the bureau does not answer."""
        await self._request(_Call("GET", "ready", OWN_PURPOSE), self._own_deadline())

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Read `query` for `keys` by one request; send it again after a passing failure if there is time."""
        if not keys:
            return Batch({})
        if len(keys) > MAX_KEYS:
            raise OverBudget(self.bureau, query.dataset.name, f"more than {MAX_KEYS} keys")
        decoder = self._decoder(query)
        await self._check_mark(deadline)
        body = msgspec.json.encode({"columns": decoder.columns, "keys": keys})
        name = query.dataset.name
        answer = await self._request(_Call("POST", name, query.purpose, body, name), deadline)
        return decoder.decode(answer, keys)

    def _own_deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._address.timeout

    def _decoder(self, query: Query) -> RowDecoder:
        """Return the decoder of a query's answers; BureauRefused for a purpose that cannot stand in a header."""
        name = query.dataset.name, query.columns, query.purpose, query.unordered
        dataset, decoder = self._decoders.get(name, (None, None))
        if decoder is None or dataset is not query.dataset:
            check_purpose(query)
            checker = checker_of(query, sorts=True)
            decoder = RowDecoder(self.bureau, query.dataset, query.read_columns, checker)
            self._decoders[name] = query.dataset, decoder
        return decoder

    async def _check_mark(self, deadline: float) -> None:
        if not self._require_synthetic:
            return
        now = asyncio.get_running_loop().time()
        if now >= self._mark_valid_until:
            check_synthetic(self.bureau, await self._read_mark(deadline))
            self._mark_valid_until = now + MARK_SECONDS

    async def _read_mark(self, deadline: float) -> SourceMark:
        mark = decode_or_none(_MARK, await self._request(_Call("GET", "mark", OWN_PURPOSE), deadline))
        if mark is None:
            raise ContractBroken(self.bureau, None, "the source's mark is not of its form")
        return mark

    async def _request(self, call: _Call, deadline: float) -> bytes:
        loop = asyncio.get_running_loop()

        def pause_before_retry(error: Exception) -> bool | float:
            if not isinstance(error, _Retryable):
                return False
            pause = LONGEST_PAUSE + JITTER if error.after is None else error.after
            return loop.time() + pause < deadline and (error.after is None or error.after)

        try:
            return await _RETRYING(pause_before_retry, self._send, call, deadline)
        except _Retryable as error:
            failure = error.failure
        raise failure

    async def _send(self, call: _Call, deadline: float) -> bytes:
        """Send the request once.

        The client's errors quote addresses and bodies, so ours are raised outside the handlers.
        """
        now = asyncio.get_running_loop().time()
        if deadline <= now:
            raise BureauTimedOut(self.bureau, call.dataset)
        if self._client.is_closed:
            raise BureauUnavailable(self.bureau, call.dataset, "the source is closed")
        try:
            async with asyncio.timeout_at(min(deadline, now + self._address.timeout)):
                status, headers, body = await self._exchange(call)
        except (TimeoutError, httpx2.TimeoutException):
            failure: Exception = BureauTimedOut(self.bureau, call.dataset)
        except httpx2.TransportError:
            self._mark_valid_until = float("-inf")
            failure = _Retryable(BureauUnavailable(self.bureau, call.dataset, "no connection"))
        except Exception:  # no other error of the client leaves this function either
            failure = BureauUnavailable(self.bureau, call.dataset, "the exchange")
        else:
            return self._accept(call, status, headers, body)
        raise failure

    async def _exchange(self, call: _Call) -> tuple[int, httpx2.Headers, bytes | None]:
        """Return status, headers and body of the answer; the body is None if it is over the budget."""
        request = self._client.build_request(
            call.method,
            f"{self._url}/v1/{call.service}",
            content=call.body,
            headers={"content-type": "application/json"} if call.body else {},
        )
        signed = SignedRequest.now(
            call.method,
            request.url.raw_path.decode("ascii"),
            call.body,
            requester=self._address.requester,
            service=call.service,
            purpose=call.purpose,
        )
        request.headers.update(signed.headers(self._address.secret or ""))
        response = await self._client.send(request, stream=True)
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                return response.status_code, response.headers, None  # unpacked, it could exceed the budget
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MAX_ANSWER_BYTES:
                    return response.status_code, response.headers, None
            return response.status_code, response.headers, bytes(body)
        finally:
            await response.aclose()

    def _accept(self, call: _Call, status: int, headers: httpx2.Headers, body: bytes | None) -> bytes:
        if body is None:
            raise OverBudget(self.bureau, call.dataset, f"more than {MAX_ANSWER_BYTES} bytes")
        if status == HTTPStatus.OK:
            return body
        kind, reason = _STATUS.get(status, (BureauUnavailable, "the service failed"))
        failure = kind(self.bureau, call.dataset, reason)
        raise _Retryable(failure, _retry_after(headers)) if status in _RETRYABLE else failure


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Return the seconds of Retry-After; None for its other form, a date, so that our own pauses apply."""
    seconds = headers.get("retry-after", "")
    return float(seconds) if seconds.isascii() and seconds.isdigit() else None
