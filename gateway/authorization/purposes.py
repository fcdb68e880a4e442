"""The tree of purposes. An operation carries exactly one leaf; a pattern such as "reward.*" names a subtree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from gateway.authorization.callers import CallerKind
from gateway.authorization.tables import read_tables
from gateway.errors import StartRefused

OPEN_PURPOSE: Final = "open.catalogue"
"""The purpose of a document that reads nothing but the catalogue."""
_OWN: Final = "subject.*"
_STATEMENTS: Final = frozenset({"zh", "en", "basis", "holders", "case_number"})


@dataclass(frozen=True, slots=True)
class Purpose:
    """A leaf of the tree: what data is asked for, on which basis, and which kinds of caller may hold it.

    `case_number` says whether each request must name the case that it serves.
    """

    name: str
    zh: str
    en: str
    basis: str
    holders: frozenset[str]
    case_number: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """An inner node of the tree, which nobody holds."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class PurposeTree:
    """Leaves and branches by name, in the order of the file."""

    leaves: Mapping[str, Purpose]
    branches: Mapping[str, Branch]

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Return the leaves that a pattern names: a leaf, a subtree "reward.*", or "*" for all."""
        return tuple(name for name in self.leaves if covers(pattern, name))


def covers(pattern: str, purpose: str) -> bool:
    """Whether a pattern names a purpose."""
    return pattern in ("*", purpose) or (pattern.endswith(".*") and purpose.startswith(pattern[:-1]))


def is_own(purpose: str) -> bool:
    """Whether a purpose is a subject's own: it covers nobody but the subject who asks."""
    return covers(_OWN, purpose)


def parent_of(name: str) -> str | None:
    """Return the branch that a purpose hangs on, or None at the root."""
    return name.rpartition(".")[0] or None


def load_purposes(file: Path, kinds: Mapping[str, CallerKind]) -> PurposeTree:
    """Read the tree, or raise StartRefused with the file and the purpose that is wrong.

    A kind of the sandbox holds every purpose; the file does not name it.
    """
    leaves: dict[str, Purpose] = {}
    branches: dict[str, Branch] = {}
    sandbox = frozenset(kind.name for kind in kinds.values() if kind.sandbox)
    for node in _nodes(read_tables(file), (), file.name):
        if isinstance(node, Branch):
            branches[node.name] = node
            continue
        for holder in sorted(node.holders - kinds.keys()):
            raise StartRefused(
                f"{file.name}: {node.name} is held by {holder!r}, which is not in callers.toml"
            )
        leaves[node.name] = replace(node, holders=node.holders | sandbox)
    return PurposeTree(leaves, branches)


def _nodes(node: Mapping[str, Any], path: tuple[str, ...], file: str) -> Iterator[Purpose | Branch]:
    for name, below in node.items():
        if not isinstance(below, dict):
            continue
        here = (*path, name)
        table = cast("dict[str, Any]", below)
        if any(isinstance(each, dict) for each in table.values()):
            yield _branch(table, ".".join(here), file)
            yield from _nodes(table, here, file)
        else:
            yield _leaf(table, ".".join(here), file)


def _branch(node: Mapping[str, Any], name: str, file: str) -> Branch:
    _require(node, ("zh", "en"), name, file)
    return Branch(name, node["zh"], node["en"])


def _leaf(node: Mapping[str, Any], name: str, file: str) -> Purpose:
    _require(node, ("zh", "en", "basis", "holders"), name, file)
    unknown = sorted(set(node) - _STATEMENTS)
    if unknown:
        raise StartRefused(f"{file}: the purpose {name} states {', '.join(unknown)}, which means nothing")
    holders = frozenset(node["holders"])
    return Purpose(name, node["zh"], node["en"], node["basis"], holders, node.get("case_number", False))


def _require(node: Mapping[str, Any], keys: tuple[str, ...], name: str, file: str) -> None:
    missing = [key for key in keys if not node.get(key)]
    if missing:
        raise StartRefused(f"{file}: the purpose {name} does not state {', '.join(missing)}")
