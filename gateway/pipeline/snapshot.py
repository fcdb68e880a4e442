"""What decides at present: one version of the policy with the operations that were prepared under it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.pipeline.lookup import FreeDocuments, NoFreeDocuments, RegisteredOperations


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """A version of the rules and every operation under it. It is replaced as a whole and never changed."""

    version: str
    """Of the policy."""
    rules: int
    registered: RegisteredOperations
    free: FreeDocuments | NoFreeDocuments


@dataclass(slots=True)
class CurrentPolicy:
    """Holds the snapshot in force. A request takes it once, so it finishes under the one that it began with."""

    snapshot: PolicySnapshot
