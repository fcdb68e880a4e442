"""The seam between those who act and those who watch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

from observability.events import (
    CacheLooked,
    FaultyRoundTrip,
    FieldsDenied,
    GrantMade,
    OperationFailed,
    OperationFinished,
    OperationStarted,
    Origin,
    PlanCompiled,
    PolicyInForce,
    PolicyRefused,
    RequestRefused,
    RoundTrip,
)

Fact: TypeAlias = (
    FieldsDenied
    | GrantMade
    | PlanCompiled
    | RequestRefused
    | RoundTrip
    | CacheLooked
    | PolicyInForce
    | PolicyRefused
)
Handler: TypeAlias = Callable[..., Any]
Origins: TypeAlias = tuple[Origin | None, ...] | None
_FACTS: tuple[type[Any], ...] = (
    FieldsDenied,
    GrantMade,
    PlanCompiled,
    RequestRefused,
    RoundTrip,
    FaultyRoundTrip,
    CacheLooked,
    PolicyInForce,
    PolicyRefused,
)

_ENDS: tuple[type[Any], ...] = (OperationFinished, OperationFailed)


class Observer(Protocol):
    """A back-end. What it hands out must neither block nor raise."""

    def handler(self, kind: type[Any]) -> Handler | None:
        """Return what takes events of exactly this class, or None where the back-end has no use for them.

        The handler of OperationStarted takes the event and returns an origin, which comes back in
        `RoundTrip.origins` and to the handlers of OperationFinished and OperationFailed: these take the event and
        the origin, or None. Every other handler takes the event.
        """
        ...


class Hooks:
    """Hands each event to the back-ends that want events of its class, and to no others."""

    __slots__ = ("_finished", "_handlers", "_started")

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        self._handlers = {kind: _handlers(observers, kind) for kind in _FACTS}
        starts = [each.handler(OperationStarted) for each in observers]
        self._started = tuple(start for start in starts if start is not None)
        self._finished = {kind: _finishers(observers, starts, kind) for kind in _ENDS}

    def started(self, event: OperationStarted) -> Origins:
        """Return the origins that the back-ends give, or None where none of them wants starts."""
        return tuple([start(event) for start in self._started]) if self._started else None

    def finished(self, event: OperationFinished, origins: Origins) -> None:
        """Hand each back-end the event with the origin that it gave."""
        for place, finish in self._finished[type(event)]:
            finish(event, None if place is None or origins is None else origins[place])

    def emit(self, event: Fact) -> None:
        """Hand the event to every back-end that wants it."""
        for handle in self._handlers[type(event)]:
            handle(event)


def _handlers(observers: Sequence[Observer], kind: type[Any]) -> tuple[Handler, ...]:
    found = [each.handler(kind) for each in observers]
    return tuple(each for each in found if each is not None)


def _finishers(
    observers: Sequence[Observer], starts: Sequence[Handler | None], kind: type[Any]
) -> tuple[tuple[int | None, Handler], ...]:
    """Return the handlers of an operation's end, each with the place of its origin."""
    found: list[tuple[int | None, Handler]] = []
    place = 0
    for observer, start in zip(observers, starts, strict=True):
        finish = observer.handler(kind)
        if finish is not None:
            found.append((None if start is None else place, finish))
        place += start is not None
    return tuple(found)
