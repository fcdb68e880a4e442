"""The grant: what a purpose may read of the fields that an operation asks for, decided once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.authorization.policy import NO_PERMIT, Policy, Verdict
from schema.classification import Classification


@dataclass(frozen=True, slots=True)
class Denial:
    """A field that the grant takes away: the rule, its reason, and the purposes that would cover it."""

    coordinate: str
    verdict: Verdict
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """The outcome of authorization for one operation under one purpose and one policy version."""

    purpose: str
    policy_version: str
    allowed: frozenset[str]
    denied: Mapping[str, Denial]


def decide(
    policy: Policy,
    classifications: Mapping[str, Classification],
    purpose: str,
    coordinates: Iterable[str],
) -> Grant:
    """Judge every field that an operation uses, whatever its conditions say."""
    allowed: set[str] = set()
    denied: dict[str, Denial] = {}
    for coordinate in coordinates:
        verdict = judge(policy, classifications, purpose, coordinate)
        if verdict.allowed:
            allowed.add(coordinate)
        else:
            denied[coordinate] = Denial(
                coordinate, verdict, purposes_for(policy, classifications, coordinate)
            )
    return Grant(purpose, policy.version, frozenset(allowed), denied)


def judge(
    policy: Policy, classifications: Mapping[str, Classification], purpose: str, coordinate: str
) -> Verdict:
    """Return the verdict on a field: its own, and where that allows, the strictest of its inputs'."""
    classification = classifications.get(coordinate)
    if classification is None:
        return NO_PERMIT
    verdict = policy.judge(purpose, classification)
    owner = coordinate.split(".", maxsplit=1)[0]
    for needed in classification.inputs:
        if not verdict.allowed:
            break
        verdict = judge(policy, classifications, purpose, f"{owner}.{needed}")
    return verdict


def purposes_for(
    policy: Policy, classifications: Mapping[str, Classification], coordinate: str
) -> tuple[str, ...]:
    """Return the purposes that would cover a field."""
    return tuple(
        name for name in policy.purposes.leaves if judge(policy, classifications, name, coordinate).allowed
    )
