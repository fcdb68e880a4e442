"""Hands the events of the gateway to its back-ends."""

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
    """A back-end. Its handlers must neither block nor raise."""

    def handler(self, kind: type[Any]) -> Handler | None:
        """Return the handler of events of exactly this class, or None if the back-end does not use them.

        The handler of OperationStarted takes the event and returns an origin. `RoundTrip.origins` has the
        origins of its operations. The handlers of OperationFinished and OperationFailed take the event and the
        origin, or None. Every other handler takes the event.
        """
        ...


class Hooks:
    """Hands each event to the back-ends with a handler of its class.

    `emitters` and `finishers` have the function for each class of events, for callers with many events.
    """

    __slots__ = ("_starters", "emitters", "finishers", "wants_starts")

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        starters = [each.handler(OperationStarted) for each in observers]
        self._starters = tuple(each for each in starters if each is not None)
        self.wants_starts = bool(self._starters)
        self.finishers = {kind: _finisher(observers, starters, kind) for kind in _ENDS}
        self.emitters = {kind: _emitter(observers, kind) for kind in _FACTS}

    def started(self, event: OperationStarted) -> Origins:
        """Return the origins of the back-ends, or None if no back-end handles starts."""
        return tuple([start(event) for start in self._starters]) if self.wants_starts else None

    def finished(self, event: OperationFinished, origins: Origins) -> None:
        """Hand each back-end the event with its origin."""
        self.finishers[type(event)](event, origins)

    def emit(self, event: Fact) -> None:
        """Hand the event to every back-end with a handler of its class."""
        self.emitters[type(event)](event)


def _emitter(observers: Sequence[Observer], kind: type[Any]) -> Handler:
    """Return the only handler of a class of events, or a loop over several handlers."""
    handlers = [handler for each in observers if (handler := each.handler(kind)) is not None]
    if len(handlers) == 1:
        return handlers[0]

    def emit(event: Any) -> None:
        for handle in handlers:
            handle(event)

    return emit


def _finisher(observers: Sequence[Observer], starters: Sequence[Handler | None], kind: type[Any]) -> Handler:
    """Return the function that takes an operation's end and its origins."""
    found: list[tuple[int | None, Handler]] = []
    place = 0
    for observer, start in zip(observers, starters, strict=True):
        finish = observer.handler(kind)
        if finish is not None:
            found.append((None if start is None else place, finish))
        place += start is not None
    if len(found) == 1 and found[0][0] is None:
        return found[0][1]

    def finished(event: OperationFinished, origins: Origins) -> None:
        for place, finish in found:
            finish(event, None if place is None or origins is None else origins[place])

    return finished
