"""Commands: mutations, by which a subject or an organ changes what the gateway itself keeps.

A command does not go through the planner. None is registered yet: a registered mutation keeps the gateway from starting,
and `NoCommands` refuses those of the explorer.
"""

from typing import Any, Protocol

import msgspec

from gateway.errors import OPERATION_KIND, RequestError
from gateway.principal import Principal


class Command(msgspec.Struct, frozen=True):
    """A request whose operation is a mutation."""

    document: str
    operation_name: str | None
    variables: dict[str, Any]
    purpose: str | None
    case_number: str | None


class Commands(Protocol):
    """Handles commands."""

    async def handle(self, command: Command, principal: Principal) -> bytes:
        """Return the encoded answer, or raise RequestError."""
        ...


class NoCommands:
    """Refuses every command: no mutation is registered."""

    async def handle(self, command: Command, principal: Principal) -> bytes:
        """Raise OPERATION_KIND."""
        del command, principal
        raise RequestError(OPERATION_KIND)
