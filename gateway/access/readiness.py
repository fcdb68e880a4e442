"""Readiness: one probe for all who ask, over connections of its own, and the endpoint that shows the result."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Final

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse

from adapters.bureau_errors import BureauError, BureauTimedOut
from adapters.open_source import ReadySource
from gateway.access.identity.tokens import Authenticator
from gateway.access.serving_state import ServingState
from gateway.errors import RequestError
from observability.events import BureauChecked
from observability.hooks import Hooks
from store.database import OwnStore
from store.store_errors import StoreError, StoreTimedOut

FRESH_SECONDS: Final = 1.0
"""For so many seconds, all who ask get the result of the last probe."""
PROBE_SECONDS: Final = 0.5
"""So long a probe waits; a bureau or a store that has not answered by then is silent."""
_STORE: Final = "\0store"
"""The store beside the bureaus, none of which has such a name."""
ANSWERS_A_SECOND: Final = 200
LONGEST_WAIT: Final = 1.0


@dataclass(frozen=True, slots=True)
class Readiness:
    """Of each bureau, and of the store where one is set: "ok", or the code of its error."""

    bureaus: Mapping[str, str]
    store: str | None

    @property
    def ready(self) -> bool:
        """Whether something can be answered: a bureau answers, and the store where there is one."""
        return "ok" in self.bureaus.values() and self.store in {"ok", None}

    @property
    def complete(self) -> bool:
        """Whether all of them answer."""
        return {*self.bureaus.values(), self.store} <= {"ok", None}


@dataclass(slots=True)
class ReadinessProbe:
    """Asks each bureau and the store, at most once a second, however many wait for the result.

    `sources` are the probe's own, so that a probe takes no connection of a request.
    """

    sources: Mapping[str, ReadySource]
    store: OwnStore | None
    hooks: Hooks
    """Hears the state of each bureau that was asked."""
    fresh_seconds: float = FRESH_SECONDS
    _running: asyncio.Task[Readiness] | None = None
    _asking: dict[str, asyncio.Task[str]] = field(default_factory=dict[str, asyncio.Task[str]])
    _known: Readiness | None = None
    _known_at: float = 0.0

    async def readiness(self) -> Readiness:
        """Return the last result while it is fresh, else that of a new probe, which all who ask now share."""
        if self._known is not None and self._now() < self._known_at + self.fresh_seconds:
            return self._known
        if self._running is None:
            self._running = asyncio.create_task(self._probe())
        return await asyncio.shield(self._running)

    async def close(self) -> None:
        """End what is under way, and close the probe's connections."""
        for task in (self._running, *self._asking.values()):
            if task is not None:
                task.cancel()
        for source in self.sources.values():
            await source.close()

    async def _probe(self) -> Readiness:
        try:
            states = await self._ask({**self.sources, _STORE: self.store} if self.store else self.sources)
            store = states.pop(_STORE, None)
            for name, state in states.items():
                self.hooks.emit(BureauChecked(name, state))
            self._known, self._known_at = Readiness(states, store), self._now()
            return self._known
        finally:
            self._running = None

    async def _ask(self, asked: Mapping[str, ReadySource | OwnStore]) -> dict[str, str]:
        """Return the state of each; one that does not answer in time goes on for the next probe."""
        for name, source in asked.items():
            if name not in self._asking:
                self._asking[name] = asyncio.create_task(_state(source))
        await asyncio.wait(self._asking.values(), timeout=PROBE_SECONDS)
        tasks = self._asking
        self._asking = {name: task for name, task in tasks.items() if not task.done()}
        states = {name: task.result() for name, task in tasks.items() if task.done()}
        silent = {
            name: StoreTimedOut.code if name == _STORE else BureauTimedOut.code for name in self._asking
        }
        return {name: (states | silent)[name] for name in asked}

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


async def _state(asked: ReadySource | OwnStore) -> str:
    try:
        await asked.ready()
    except (BureauError, StoreError) as error:
        return error.code
    return "ok"


@dataclass(slots=True)
class ReadinessEndpoint:
    """Answers 200 or 503; a token of a caller, or the one of the metrics, shows the state of each bureau.

    Answers are paced, because everybody may ask: 200 a second leave at once or after a short wait, so that a flood
    of questions takes no time from the graph.
    """

    probe: Callable[[], Awaitable[Readiness]]
    last_check: Callable[[], Mapping[str, Any] | None]
    """Returns the summary of the last check of the bureaus' rows; it decides nothing."""
    serving: ServingState
    authenticator: Authenticator
    metrics_token: SecretStr | None
    _next: float = 0.0

    async def answer(self, request: Request) -> JSONResponse:
        """Answer one request; `strict` in the query asks whether everything can be answered."""
        await self._wait_for_turn()
        found = await self.probe()
        strict = request.query_params.get("strict", "false") not in {"false", "0"}
        ready = (found.complete if strict else found.ready) and not self.serving.draining
        body: dict[str, object] = {"ready": ready}
        if await self._may_see(request.headers.get("authorization", "").encode("latin-1")):
            body |= self._details(found)
        return JSONResponse(body, 200 if ready else 503, {"cache-control": "no-store"})

    def _details(self, found: Readiness) -> dict[str, object]:
        store = {} if found.store is None else {"store": found.store}
        checked = self.last_check()
        check = {} if checked is None else {"bureauCheck": checked}
        return {"bureaus": found.bureaus, **store, **check, "draining": self.serving.draining}

    async def _may_see(self, token: bytes) -> bool:
        if not token:
            return False
        watcher = self.metrics_token
        if watcher and compare_digest(token, f"Bearer {watcher.get_secret_value()}".encode()):
            return True
        try:
            return bool(self.authenticator.cached(token) or await self.authenticator.authenticate(token))
        except RequestError:
            return False

    async def _wait_for_turn(self) -> None:
        now = asyncio.get_running_loop().time()
        self._next = max(now, min(self._next, now + LONGEST_WAIT)) + 1 / ANSWERS_A_SECOND
        # The first tenth of a second is free: a few who ask at once do not wait for each other.
        wait = self._next - now - 0.1
        if wait > 0:
            await asyncio.sleep(wait)
