"""The seam between those who act and those who watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from observability.events import (
    CacheLooked,
    FieldsDenied,
    GrantMade,
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


class Observer(Protocol):
    """A back-end. A method must neither block nor raise."""

    def started(self, event: OperationStarted) -> Origin | None:
        """An operation starts; what is returned comes back in `finished` and in `RoundTrip.origins`."""
        ...

    def finished(self, event: OperationFinished, origin: Origin | None) -> None:
        """The operation that `started` returned `origin` for is answered."""
        ...

    def told(self, event: Fact) -> None:
        """Anything else happened."""
        ...


class Hooks:
    """Tells every back-end; with no back-end it costs a loop over nothing."""

    __slots__ = ("_observers",)

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        self._observers = tuple(observers)

    def started(self, event: OperationStarted) -> tuple[Origin | None, ...]:
        """Return one origin for each back-end, in their order."""
        return tuple([observer.started(event) for observer in self._observers])

    def finished(self, event: OperationFinished, origins: tuple[Origin | None, ...]) -> None:
        """Hand each back-end the origin that it gave."""
        for observer, origin in zip(self._observers, origins, strict=True):
            observer.finished(event, origin)

    def told(self, event: Fact) -> None:
        """Hand the event to every back-end."""
        for observer in self._observers:
            observer.told(event)
