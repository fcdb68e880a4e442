"""The departments' systems: who they are and which purposes a token of theirs may carry."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.authorization.purposes import PurposeTree
from gateway.errors import StartRefused


@dataclass(frozen=True, slots=True)
class Client:
    """A department's system. A `sandbox` client exists in the explorer only."""

    name: str
    zh: str
    en: str
    department: str
    region: str
    purposes: tuple[str, ...]
    sandbox: bool = False
    speaks_for_person: bool = False
    """Whether each of its tokens speaks for one person, whose identity number it carries."""


def load_clients(folder: Path, purposes: PurposeTree) -> dict[str, Client]:
    """Read the clients, or raise StartRefused with the client that is wrong."""
    file = folder / "clients.toml"
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read as TOML: {error}") from None
    return {name: _client(name, node, purposes) for name, node in content.items()}


def _client(name: str, node: Mapping[str, Any], purposes: PurposeTree) -> Client:
    missing = [key for key in ("zh", "en", "department", "region", "purposes") if not node.get(key)]
    if missing:
        raise StartRefused(f"clients.toml: {name} does not state {', '.join(missing)}")
    sandbox = node.get("sandbox", False)
    granted: list[str] = []
    for pattern in node["purposes"]:
        found = purposes.matching(pattern)
        if not found:
            raise StartRefused(f"clients.toml: {name} names the purpose {pattern!r}, which does not exist")
        granted += found
    for purpose in granted:
        if not sandbox and name not in purposes.leaves[purpose].holders:
            raise StartRefused(f"clients.toml: {name} is no holder of {purpose} in purposes.toml")
    return Client(
        name,
        node["zh"],
        node["en"],
        node["department"],
        node["region"],
        tuple(dict.fromkeys(granted)),
        sandbox,
        node.get("speaks_for_person", False),
    )
