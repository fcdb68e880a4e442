"""Hands the events of the gateway to its back-ends."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from observability.events import Fact, OperationFinished, OperationStarted, Origins

Handler: TypeAlias = Callable[..., Any]
Handlers: TypeAlias = Sequence[tuple[type[Any], Handler]]


class Observer(Protocol):
    """A back-end. Its handlers must neither block nor raise."""

    @property
    def handlers(self) -> Handlers:
        """The classes of events that the back-end uses, each with a handler of exactly this class.

        The handler of OperationStarted takes the event and returns an origin. The handlers of
        OperationFinished and OperationFailed take the event and the origins of all back-ends, or None. Every
        other handler takes the event.
        """
        ...


class Hooks:
    """Hands each event to the back-ends with a handler of its class.

    `emitters` has the function for each class of events, for callers with many events.
    """

    __slots__ = ("_starters", "emitters", "wants_starts")

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        found: defaultdict[type[Any], list[Handler]] = defaultdict(list)
        for observer in observers:
            for kind, handler in observer.handlers:
                found[kind].append(handler)
        self._starters = tuple(found.pop(OperationStarted, ()))
        self.wants_starts = bool(self._starters)
        emitters = {kind: _emitter(handlers) for kind, handlers in found.items()}
        self.emitters: Mapping[type[Any], Handler] = defaultdict(lambda: _emitter([]), emitters)

    def started(self, event: OperationStarted) -> Origins:
        """Return the origins of the back-ends, or None if no back-end handles starts."""
        return tuple([start(event) for start in self._starters]) if self.wants_starts else None

    def finished(self, event: OperationFinished, origins: Origins) -> None:
        """Hand the event and its origins to every back-end with a handler of its class."""
        self.emitters[type(event)](event, origins)

    def emit(self, event: Fact) -> None:
        """Hand the event to every back-end with a handler of its class."""
        self.emitters[type(event)](event)


def _emitter(handlers: Sequence[Handler]) -> Handler:
    """Return the only handler of a class of events, or a loop over several handlers."""
    if len(handlers) == 1:
        return handlers[0]

    def emit(*event: Any) -> None:
        for handle in handlers:
            handle(*event)

    return emit
