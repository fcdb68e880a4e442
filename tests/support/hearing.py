"""An observer that keeps what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from observability.events import OperationFailed, OperationFinished, OperationStarted


class Hearing:
    """Keeps every event but the starts and ends of operations, in the order in which they happen."""

    def __init__(self, facts: list[Any] | None = None) -> None:
        self.facts: list[Any] = [] if facts is None else facts

    def handler(self, kind: type[Any]) -> Callable[..., Any] | None:
        """Take every fact."""
        return None if kind in {OperationStarted, OperationFinished, OperationFailed} else self.facts.append


class HearingAll(Hearing):
    """Keeps the starts and ends of operations as well."""

    def handler(self, kind: type[Any]) -> Callable[..., Any]:
        """Take every event."""
        return super().handler(kind) or self._operation

    def _operation(self, event: Any, *_origin: object) -> None:
        self.facts.append(event)
