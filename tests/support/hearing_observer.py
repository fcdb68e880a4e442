"""An observer that keeps what happens."""

from __future__ import annotations

from typing import Any

from observability import events
from observability.events import Fact, OperationFailed, OperationFinished, OperationStarted
from observability.hooks import Handlers

FACTS = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Fact)]


class Hearing:
    """Keeps every event but the starts and ends of operations, in the order in which they happen."""

    def __init__(self, facts: list[Any] | None = None) -> None:
        self.facts: list[Any] = [] if facts is None else facts

    @property
    def handlers(self) -> Handlers:
        """Take every fact."""
        return [(kind, self.facts.append) for kind in FACTS]


class HearingAll(Hearing):
    """Keeps the starts and ends of operations as well."""

    @property
    def handlers(self) -> Handlers:
        """Take every event."""
        kinds = (OperationStarted, OperationFinished, OperationFailed)
        return [*super().handlers, *((kind, self._operation) for kind in kinds)]

    def _operation(self, event: Any, *_origins: object) -> None:
        self.facts.append(event)
