"""Loads a policy as a gateway serves it: read, checked, and proved."""

from collections.abc import Mapping
from pathlib import Path

from gateway.authorization.policy import Policy, read_policy
from resolvers.graph.fields import Field


def load_policy(folder: Path, fields: Mapping[str, Field]) -> Policy:
    """Read, check and prove a folder of policies, or raise StartRefused with file, line and reason."""
    from gateway.proofs.prove import require_proofs  # noqa: PLC0415 z3 costs 0.1 s and 40 MB

    policy = read_policy(folder, fields)
    require_proofs(policy)
    return policy
