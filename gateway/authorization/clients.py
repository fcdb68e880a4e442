"""The departments' systems: who they are and which purposes a token of theirs may carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.authorization.callers import CallerKind
from gateway.authorization.purposes import PurposeTree, covers
from gateway.authorization.tables import checked_table, read_tables
from gateway.errors import StartRefused

DUTIES: Final = ("approval", "supervision", "measure", "financing", "procurement", "personnel", "rights")
"""The branches under which records are seen that one-sided answers are silent about."""
_TEXTS: Final = ("kind", "zh", "en", "department", "region")


@dataclass(frozen=True, slots=True)
class Client:
    """A department's system of a kind. A `sandbox` client exists in the explorer only."""

    name: str
    kind: str
    zh: str
    en: str
    department: str
    region: str
    purposes: tuple[str, ...]
    sandbox: bool = False
    speaks_for_person: bool = False
    """Whether each of its tokens speaks for one person, whose identity number it carries."""


def load_clients(folder: Path, purposes: PurposeTree, kinds: Mapping[str, CallerKind]) -> dict[str, Client]:
    """Read the clients, or raise StartRefused with the client that is wrong."""
    content = read_tables(folder / "clients.toml")
    return {name: _client(name, node, purposes, kinds) for name, node in content.items()}


def _client(name: str, stated: object, purposes: PurposeTree, kinds: Mapping[str, CallerKind]) -> Client:
    node = checked_table(f"clients.toml: {name}", stated, _TEXTS, ("purposes",), ("speaks_for_person",))
    kind = kinds.get(node["kind"])
    if kind is None:
        raise StartRefused(
            f"clients.toml: {name} is of the kind {node['kind']!r}, which is not in callers.toml"
        )
    return Client(
        name,
        kind.name,
        node["zh"],
        node["en"],
        node["department"],
        node["region"],
        _purposes(name, node["purposes"], purposes, kind),
        kind.sandbox,
        node.get("speaks_for_person", False),
    )


def _purposes(name: str, patterns: list[str], purposes: PurposeTree, kind: CallerKind) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for pattern in patterns:
        matching = purposes.matching(pattern)
        if not matching:
            raise StartRefused(f"clients.toml: {name} names the purpose {pattern!r}, which does not exist")
        found.update(dict.fromkeys(matching))
    for purpose in found:
        if kind.name not in purposes.leaves[purpose].holders:
            raise StartRefused(
                f"clients.toml: {name} is of the kind {kind.name}, which does not hold {purpose} in purposes.toml"
            )
    scenes = [purpose for purpose in found if covers("reward.*", purpose)]
    if len(scenes) > 1 and not kind.sandbox:
        raise StartRefused(
            f"clients.toml: {name} holds {' and '.join(scenes)}; a client asks in one scene, for the answers of two "
            "can be compared"
        )
    beside = [purpose for purpose in found if any(covers(f"{duty}.*", purpose) for duty in DUTIES)]
    if scenes and beside and not kind.sandbox:
        raise StartRefused(
            f"clients.toml: {name} holds {scenes[0]} and {beside[0]}; a client that rewards holds no duty beside, for "
            "what it sees under that would tell why an answer is null"
        )
    return tuple(found)
