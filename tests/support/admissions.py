"""What registered operations depend on, as a test needs it: a clock to turn, revocations to set, faults."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.authorization.clients import load_clients
from gateway.operations.operation_gate import QuotaMemory, RegisterGate
from gateway.operations.register import load_register
from gateway.settings import ROOT
from tests.support.gateway_in_memory import policy
from tests.support.tested_city import TESTED_CITY

CLIENTS = load_clients(ROOT / "policies", policy().purposes, policy().kinds, TESTED_CITY)
REGISTER = load_register(ROOT / "operations", policy().purposes, CLIENTS, TESTED_CITY)
"""The clients and the register of this installation."""

NOON = 1_780_286_400.0
"""2026-06-01 12:00 in the city, a Monday, in seconds of the Unix clock."""


@dataclass
class Turned:
    """The state of the world: its moment, and what is revoked."""

    now: float = NOON
    revoked: frozenset[str] = frozenset()
    fault: Exception | None = None

    def clock(self) -> float:
        """Return the moment."""
        return self.now

    def names(self) -> frozenset[str]:
        """Return what is revoked."""
        if self.fault:
            raise self.fault
        return self.revoked


@dataclass
class BrokenQuotas:
    """A store that cannot be reached."""

    fault: Exception = field(default_factory=lambda: ConnectionError("411502199003071233"))

    def take(self, *_: object) -> float:
        """Fail."""
        raise self.fault


def admission(world: Turned | None = None) -> RegisterGate:
    """Return an admission in a world, with quotas that count by its clock."""
    held = world or Turned()
    return RegisterGate(held, QuotaMemory(lambda: int(held.now * 1e9)), held.clock)
