"""The gateway with a universal grant: every use of every field is permitted, and every request is admitted.

In all else it is `creditgraph serve`, so the difference between the two is the cost of authorization. No other
gateway serves under such rules. Start it by `python -m benchmarks.universal PORT`.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from gateway.access.running_gateway import Deciders
from gateway.access.server import bound_socket, serve
from gateway.authorization.policy import Policy, read_policy
from gateway.installation import Rules, approved_rules
from gateway.operations.register import Registration
from gateway.settings import Settings
from observability.logging import configure
from resolvers.graph.fields import Field, fields_of
from resolvers.graph.graph import Graph

EVERYBODY: Final = """
@id("everybody") @reason("测量 · to measure against") @source("docs/benchmark.md")
permit(principal, action, resource)
when { action != Action::"history" || context.purpose in Purpose::"subject" };
"""
"""Permits every use; a list shows history to its subject alone, so that the answers of all contenders are equal."""
_NOBODY: Final[frozenset[str]] = frozenset()


class OpenDoor:
    """Admits every request without a check."""

    def snapshot(self) -> tuple[float, frozenset[str]]:
        """Return a state without revocations."""
        return time.time(), _NOBODY

    def check_duty(self, registration: Registration, now: float) -> None:
        """Admit requests at every hour."""

    def count(self, registration: Registration, client: str, person: str | None = None) -> None:
        """Count nothing."""

    def give_back(self, registration: Registration, client: str, person: str | None = None) -> None:
        """Give nothing back."""


def universal_policy(policies: Path, fields: Mapping[str, Field]) -> Policy:
    """Return a policy over the same purposes and kinds of callers that permits every use."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        for name in ("callers.toml", "purposes.toml", "duty_items.toml", "schema.cedarschema"):
            shutil.copy(policies / name, folder)
        for name in ("permits", "ceilings"):
            (folder / name).mkdir()
        (folder / "permits" / "everybody.cedar").write_text(EVERYBODY, "utf-8")
        return read_policy(folder, fields)


def _rules(settings: Settings, graph: Graph | None) -> Rules:
    rules = approved_rules(settings, graph)
    return replace(rules, policy=universal_policy(settings.policies, fields_of(rules.graph)))


def main(port: int) -> None:
    """Serve until SIGTERM."""
    settings = Settings(port=port)
    configure(settings.log_level)
    deciders = Deciders(_rules, lambda _settings: OpenDoor())
    serve(settings, bound_socket(settings.host, port), lambda: None, deciders=deciders)


if __name__ == "__main__":
    main(int(sys.argv[1]))
