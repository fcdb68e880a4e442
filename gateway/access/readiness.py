"""Readiness: one probe for all who ask, over connections of its own, and the endpoint that tells it."""

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
from gateway.access.pace import Pace
from gateway.access.protocol.graphql_over_http import parse_query
from gateway.access.serving_state import ServingState
from gateway.errors import RequestError
from observability.events import BureauChecked
from observability.hooks import Hooks
from store.database import OwnStore
from store.store_errors import StoreError, StoreTimedOut

FRESH_SECONDS: Final = 1.0
"""For so many seconds, all who ask get the result of the last probe."""
PROBE_SECONDS: Final = 0.5
"""For so long a probe waits for a silent bureau. Whoever asks about readiness often waits for no more than a second."""
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

    `sources` are the probe's own, so that a probe takes no connection of a request. A bureau or a store that does not
    answer in `PROBE_SECONDS` counts as silent until it does; it is asked again after the end of that question.
    """

    sources: Mapping[str, ReadySource]
    store: OwnStore | None
    hooks: Hooks
    """Hears the state of each bureau that was asked."""
    fresh_seconds: float = FRESH_SECONDS
    _running: asyncio.Task[Readiness] | None = None
    _asked: dict[str | None, asyncio.Task[str]] = field(default_factory=dict[str | None, asyncio.Task[str]])
    """Questions that are under way, by bureau; that to the store by None."""
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
        for task in (self._running, *self._asked.values()):
            if task is not None:
                task.cancel()
        for source in self.sources.values():
            await source.close()

    async def _probe(self) -> Readiness:
        try:
            asked = {**self.sources, **({} if self.store is None else {None: self.store})}
            # What is silent since an earlier probe is not waited for once more.
            begun = [self._ask(name, each) for name, each in asked.items() if name not in self._asked]
            if begun:
                await asyncio.wait(begun, timeout=PROBE_SECONDS)
            states = {name: self._answer(name) or BureauTimedOut.code for name in self.sources}
            for name, state in states.items():
                self.hooks.emit(BureauChecked(name, state))
            store = None if self.store is None else self._answer(None) or StoreTimedOut.code
            self._known, self._known_at = Readiness(states, store), self._now()
            return self._known
        finally:
            self._running = None

    def _ask(self, name: str | None, asked: ReadySource | OwnStore) -> asyncio.Task[str]:
        self._asked[name] = asyncio.create_task(_state(asked))
        return self._asked[name]

    def _answer(self, name: str | None) -> str | None:
        """Return the state that a question found, or None while there is no answer."""
        return self._asked.pop(name).result() if self._asked[name].done() else None

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
    pace: Pace = field(default_factory=lambda: Pace(ANSWERS_A_SECOND, LONGEST_WAIT))

    async def answer(self, request: Request) -> JSONResponse:
        """Answer one request; `strict` in the query asks whether everything can be answered."""
        await self.pace.turn()
        found = await self.probe()
        strict = _is_strict(request.scope["query_string"])
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


def _is_strict(query_string: bytes) -> bool:
    """Return whether a query asks for the strict form; one that cannot be read does."""
    try:
        asked = dict(parse_query(query_string))
    except RequestError:
        return True
    return asked.get("strict", "false") not in {"false", "0"}
