"""A bureau that answers signed batch requests over HTTP.

`POST {url}/v1/{dataset}` with `{"columns": […], "keys": […]}` returns `{"rows": [[key, column, …], …]}`. `GET
{url}/v1/mark` returns the source's mark, and `GET {url}/v1/ready` returns 200. `adapters.http.exchange_messages` signs
the requests. All requests only read, so the source may send a request again.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Final

import httpx2
import msgspec
import stamina
from cachetools import LRUCache

from adapters.bureau_errors import (
    BureauError,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
)
from adapters.circuit_breaker import CircuitBreakers
from adapters.http.exchange_failures import ExchangeFailed, Scope, refusal, unreached
from adapters.http.exchange_messages import SIGNATURE, RowDecoder, SignedAnswer, SignedRequest, decode_or_none
from adapters.http.hedged_clients import SUSPICION_SECONDS, HedgedClients
from adapters.source import (
    MAX_ANSWER_BYTES,
    MAX_KEYS,
    Batch,
    Key,
    Query,
    QueryName,
    SourceAddress,
    SourceMark,
    check_purpose,
    check_synthetic,
    name_query,
)
from adapters.validation import checker_of
from catalogue.declarations import Dataset
from observability.request_trace import OUTGOING, OutgoingTrace

ATTEMPTS: Final = 3
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 0.4
JITTER: Final = 0.05
MARK_SECONDS: Final = 30.0
MAX_DECODERS: Final = 256
OWN_PURPOSE: Final = "gateway.source"
PROBE_SECONDS: Final = 1.0
"""The time of the short request before a read that probes a silent bureau."""
TOLERATED: Final = 2
"""Failures in a row, other than silence, that open no breaker: one record that fails stops no other read."""
_NO_CODING: Final = frozenset({"", "identity"})
_READABLE_CODINGS: Final[Sequence[list[str]]] = ([], ["gzip"])

_RETRYING: Final = stamina.AsyncRetryingCaller(
    attempts=ATTEMPTS,
    timeout=None,  # the pause before a retry is compared with the deadline
    wait_initial=FIRST_PAUSE,
    wait_max=LONGEST_PAUSE,
    wait_jitter=JITTER,
)
stamina.instrumentation.set_on_retry_hooks(())  # its log lines name no bureau, and no throttle bounds them
_MARK: Final = msgspec.json.Decoder(SourceMark)


class _Call(msgspec.Struct, frozen=True):
    """One request, before it is signed."""

    method: str
    service: str
    purpose: str
    body: bytes = b""
    dataset: str | None = None


_READY: Final = _Call("GET", "ready", OWN_PURPOSE)


class HttpSource:
    """Reads data sets through a bounded pool of HTTP connections.

    With `require_synthetic`, the source reads the bureau's mark first and refuses to read unless the mark says
    synthetic. It reads the mark again every MARK_SECONDS and after each lost connection. While the bureau cannot be
    reached, is silent or fails for a data set, reads fail at once, but for one probe a second.
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
        self.sends_trace = True
        self._address = address
        self._require_synthetic = require_synthetic
        self._mark_valid_until = float("-inf")
        self._breakers = CircuitBreakers()
        self._decoders: LRUCache[QueryName, tuple[Dataset, RowDecoder]] = LRUCache(MAX_DECODERS)
        self._url = (address.url or "").rstrip("/")
        self._clients = HedgedClients(address, transport)

    async def open(self) -> None:
        """Read the mark if one is required; the first read tries again if the bureau is down."""
        with suppress(BureauError):
            await self._check_mark(self._own_deadline())

    async def close(self) -> None:
        """Close every connection."""
        await self._clients.close()

    async def mark(self) -> SourceMark:
        """Read the source's mark."""
        return await self._read_mark(self._own_deadline())

    async def ready(self) -> None:
        """Raise BureauError if the bureau does not answer."""
        await self._request(_READY, self._own_deadline())

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
        name = name_query(query)
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
        if self._breakers.failing:
            await self._admit(call, deadline)
        try:
            body = await _RETRYING(self._pause_before_retry(call, deadline), self._send, call, deadline)
        except ExchangeFailed as error:
            failed = error
        else:
            if self._breakers.failing:
                self._note(Scope.ANSWERED, call, None)
            return body
        self._note(failed.scope, call, failed.failure)
        raise failed.failure

    def _pause_before_retry(self, call: _Call, deadline: float) -> Callable[[Exception], bool | float]:
        loop = asyncio.get_running_loop()
        probing = bool(self._breakers.failing) and self._breakers.is_open(call.dataset)

        def pause(error: Exception) -> bool | float:
            if not isinstance(error, ExchangeFailed) or not error.again or probing:
                return False
            pause = LONGEST_PAUSE + JITTER if error.after is None else error.after
            return loop.time() + pause < deadline and (error.after is None or error.after)

        return pause

    async def _admit(self, call: _Call, deadline: float) -> None:
        """Raise the failure of an open breaker; probe the bureau by a short request before a read."""
        now = asyncio.get_running_loop().time()
        if self._breakers.admit(None, call.dataset, now, PROBE_SECONDS) and call.service != _READY.service:
            failed = None
            try:
                await self._send(_READY, deadline)
            except ExchangeFailed as error:
                failed = error
            scope = Scope.ANSWERED if failed is None else failed.scope
            self._note(scope, _READY, None if failed is None else failed.failure)
            if failed is not None and scope is not Scope.ANSWERED:
                raise type(failed.failure)(self.bureau, call.dataset, failed.failure.reason)
        if call.dataset is not None:
            self._breakers.admit(call.dataset, call.dataset, now, self._address.timeout)

    def _note(self, scope: Scope, call: _Call, failure: BureauError | None) -> None:
        """Open or close breakers by the outcome of a request."""
        now = asyncio.get_running_loop().time()
        if scope is Scope.NOTHING:
            self._breakers.end_probe(None)
            self._breakers.end_probe(call.dataset)
        if scope in {Scope.ANSWERED, Scope.DATASET}:
            self._breakers.reset(None)
        if scope is Scope.ANSWERED:
            self._breakers.reset(call.dataset)
        elif scope is Scope.DATASET and failure is not None:
            self._breakers.trip(call.dataset, failure, now, TOLERATED)
        elif scope is Scope.BUREAU and failure is not None:
            # Silence costs every caller its time; a refused connection costs nobody any.
            tolerated = 0 if isinstance(failure, BureauTimedOut) else TOLERATED
            for part in {None, call.dataset}:
                self._breakers.trip(part, failure, now, tolerated)

    async def _send(self, call: _Call, deadline: float) -> bytes:
        """Send the request, once but for a silent connection, in at most the source's time or that of a probe.

        The client's errors quote addresses and bodies, so ours are raised outside the handlers.
        """
        now = asyncio.get_running_loop().time()
        longest = min(PROBE_SECONDS if call is _READY else self._address.timeout, self._address.timeout)
        if deadline <= now:
            raise ExchangeFailed(BureauTimedOut(self.bureau, call.dataset), Scope.NOTHING)
        if self._clients.kept.is_closed:
            raise ExchangeFailed(
                BureauUnavailable(self.bureau, call.dataset, "the source is closed"), Scope.NOTHING
            )
        try:
            async with asyncio.timeout_at(min(deadline, now + longest)):
                return await self._answer(call)
        except ExchangeFailed:
            raise
        except (TimeoutError, httpx2.TimeoutException):
            # Only a full wait shows that the bureau is silent.
            scope = Scope.BUREAU if deadline - now >= longest else Scope.NOTHING
            failed = ExchangeFailed(BureauTimedOut(self.bureau, call.dataset, "no answer in time"), scope)
        except httpx2.DecodingError:
            failed = self._broken(call, "the answer cannot be unpacked")
        except httpx2.TransportError as error:
            self._mark_valid_until = float("-inf")
            failed = unreached(self.bureau, call.dataset, error)
        except Exception as error:  # no other error of the client leaves this function either
            reason = f"the exchange ({type(error).__name__})"
            failed = ExchangeFailed(BureauUnavailable(self.bureau, call.dataset, reason), Scope.DATASET)
        raise failed

    async def _answer(self, call: _Call) -> bytes:
        if call is _READY:  # a kept connection may be silent while the bureau is there
            return await self._exchange(call, self._clients.fresh)
        clients, loop = self._clients, asyncio.get_running_loop()
        patience = SUSPICION_SECONDS if loop.time() >= clients.hedges_from else None
        first = loop.create_task(self._exchange(call, clients.kept))
        try:
            await asyncio.wait((first,), timeout=patience)
            if first.done():
                return first.result()
            return await clients.ask_again(first, partial(self._exchange, call))
        finally:
            if not first.done():
                first.cancel()
                await asyncio.gather(first, return_exceptions=True)
            elif not first.cancelled():
                first.exception()  # or the loop reports one that came together with a time-out

    def _broken(self, call: _Call, reason: str) -> ExchangeFailed:
        return ExchangeFailed(ContractBroken(self.bureau, call.dataset, reason), Scope.ANSWERED)

    async def _exchange(self, call: _Call, client: httpx2.AsyncClient) -> bytes:
        """Return the body of the answer; raises ExchangeFailed for another answer than the one agreed on."""
        request = client.build_request(
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
        trace = OUTGOING.get()
        if trace is not None:
            request.headers.update(_trace_headers(trace))
        response = await client.send(request, stream=True)
        try:
            body = await self._read_body(call, response)
        finally:
            await response.aclose()
        if response.status_code != HTTPStatus.OK:
            raise refusal(self.bureau, call.dataset, response)
        if call.service != _READY.service:
            self._check_signature(call, signed.nonce, response, body)
        return body

    async def _read_body(self, call: _Call, response: httpx2.Response) -> bytes:
        """Return the body without its content coding, within the budget."""
        codings = response.headers.get_list("content-encoding", split_commas=True)
        named = [coding for coding in (each.strip().lower() for each in codings) if coding not in _NO_CODING]
        if named not in _READABLE_CODINGS:  # several codings could unpack without a bound
            raise self._broken(call, "the content coding is neither identity nor gzip")
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > MAX_ANSWER_BYTES:
                failure = OverBudget(self.bureau, call.dataset, f"more than {MAX_ANSWER_BYTES} bytes")
                raise ExchangeFailed(failure, Scope.ANSWERED)
        return bytes(body)

    def _check_signature(self, call: _Call, nonce: str, response: httpx2.Response, body: bytes) -> None:
        answer = SignedAnswer(response.status_code, body, call.service, nonce)
        if not answer.is_signed_by(self._address.secret or "", response.headers.get(SIGNATURE, "")):
            raise self._broken(call, "the signature of the answer is missing or wrong")


def _trace_headers(trace: OutgoingTrace) -> dict[str, str]:
    """Return the `traceparent` of W3C Trace Context, and the id of the request where there is one only."""
    trace_id = f"{trace.trace_id:032x}"
    headers = {"traceparent": f"00-{trace_id}-{trace.span_id:016x}-{trace.flags:02x}"}
    if trace.request_id is not None:
        headers["x-request-id"] = trace.request_id or trace_id
    return headers
