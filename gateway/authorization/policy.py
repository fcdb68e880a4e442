"""Permits and ceilings: which purposes read which classes. What no permit names is denied."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.authorization.purposes import PurposeTree, covers
from gateway.errors import StartRefused
from schema.classification import Classification, DataClass, Sensitivity


@dataclass(frozen=True, slots=True)
class Permit:
    """Lets purposes read classes up to a sensitivity."""

    id: str
    purposes: tuple[str, ...]
    classes: frozenset[DataClass]
    up_to: Sensitivity
    reason: str
    source: str

    def allows(self, purpose: str, classification: Classification) -> bool:
        """Whether this permit covers a field under a purpose."""
        return (
            classification.data_class in self.classes
            and classification.sensitivity <= self.up_to
            and any(covers(pattern, purpose) for pattern in self.purposes)
        )


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Forbids classes to all purposes but `unless`, whatever any permit says."""

    id: str
    classes: frozenset[DataClass]
    unless: tuple[str, ...]
    reason: str
    source: str

    def forbids(self, purpose: str, classification: Classification) -> bool:
        """Whether this ceiling takes a field away from a purpose."""
        return classification.data_class in self.classes and not any(
            covers(pattern, purpose) for pattern in self.unless
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a field may be read, by which rule, and why."""

    allowed: bool
    rule: str
    reason: str


NO_PERMIT = Verdict(False, "default-deny", "No permit lets this purpose read a field of this class.")
OPEN = Verdict(True, "open-catalogue", "The catalogue is readable by all.")


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules. `version` is a digest of the files that it was read from."""

    version: str
    purposes: PurposeTree
    permits: tuple[Permit, ...]
    ceilings: tuple[Ceiling, ...]

    def judge(self, purpose: str, classification: Classification) -> Verdict:
        """Return the verdict on one field; its derived inputs are the grant's business."""
        if classification.data_class is DataClass.OPEN:
            return OPEN
        if purpose not in self.purposes.leaves:
            return NO_PERMIT
        for ceiling in self.ceilings:
            if ceiling.forbids(purpose, classification):
                return Verdict(False, ceiling.id, ceiling.reason)
        for permit in self.permits:
            if permit.allows(purpose, classification):
                return Verdict(True, permit.id, permit.reason)
        return NO_PERMIT


def load_policy(folder: Path, purposes: PurposeTree) -> Policy:
    """Read permits and ceilings, or raise StartRefused with the rule that is wrong."""
    file = folder / "permits.toml"
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read as TOML: {error}") from None
    permits = tuple(_permit(each, file.name) for each in content.get("permit", ()))
    ceilings = tuple(_ceiling(each, file.name) for each in content.get("ceiling", ()))
    policy = Policy(_version(folder), purposes, permits, ceilings)
    _check_patterns(policy, file.name)
    return policy


def _permit(node: Mapping[str, Any], file: str) -> Permit:
    _require(node, ("id", "purposes", "classes", "up_to", "reason", "source"), file)
    level = node["up_to"]
    if level not in Sensitivity.__members__:
        raise StartRefused(f"{file}: {node['id']} names the sensitivity {level!r}, which does not exist")
    classes = _classes(node, file)
    purposes = tuple(node["purposes"])
    return Permit(node["id"], purposes, classes, Sensitivity[level], node["reason"], node["source"])


def _ceiling(node: Mapping[str, Any], file: str) -> Ceiling:
    _require(node, ("id", "classes", "unless", "reason", "source"), file)
    unless = tuple(node["unless"])
    return Ceiling(node["id"], _classes(node, file), unless, node["reason"], node["source"])


def _require(node: Mapping[str, Any], keys: Iterable[str], file: str) -> None:
    missing = [key for key in keys if not node.get(key)]
    if missing:
        raise StartRefused(f"{file}: the rule {node.get('id', '?')} does not state {', '.join(missing)}")


def _classes(node: Mapping[str, Any], file: str) -> frozenset[DataClass]:
    for name in node["classes"]:
        if name not in DataClass.__members__:
            raise StartRefused(f"{file}: {node['id']} names the class {name!r}, which does not exist")
    return frozenset(DataClass[name] for name in node["classes"])


def _check_patterns(policy: Policy, file: str) -> None:
    rules = [(each.id, each.purposes) for each in policy.permits]
    rules += [(each.id, each.unless) for each in policy.ceilings]
    for rule, patterns in rules:
        for pattern in patterns:
            if not policy.purposes.matching(pattern):
                raise StartRefused(f"{file}: {rule} names the purpose {pattern!r}, which does not exist")


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.toml")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
