"""The tree of purposes. An operation carries exactly one leaf; a pattern such as "reward.*" names a subtree."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from gateway.errors import StartRefused


@dataclass(frozen=True, slots=True)
class Purpose:
    """A leaf of the tree: what data is asked for, on which basis, and who may be granted it."""

    name: str
    zh: str
    en: str
    basis: str
    holders: frozenset[str]


@dataclass(frozen=True, slots=True)
class PurposeTree:
    """The leaves by name, in the order of the file."""

    leaves: Mapping[str, Purpose]

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Return the leaves that a pattern names: a leaf, a subtree "reward.*", or "*" for all."""
        return tuple(name for name in self.leaves if covers(pattern, name))


def covers(pattern: str, purpose: str) -> bool:
    """Whether a pattern names a purpose."""
    return pattern in ("*", purpose) or (pattern.endswith(".*") and purpose.startswith(pattern[:-1]))


def load_purposes(file: Path) -> PurposeTree:
    """Read the tree, or raise StartRefused with the file and the purpose that is wrong."""
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read as TOML: {error}") from None
    return PurposeTree({leaf.name: leaf for leaf in _leaves(content, (), file.name)})


def _leaves(node: Mapping[str, Any], path: tuple[str, ...], file: str) -> Iterator[Purpose]:
    for name, below in node.items():
        if not isinstance(below, dict):
            continue
        here = (*path, name)
        table = cast("dict[str, Any]", below)
        if any(isinstance(each, dict) for each in table.values()):
            yield from _leaves(table, here, file)
        else:
            yield _leaf(table, ".".join(here), file)


def _leaf(node: Mapping[str, Any], name: str, file: str) -> Purpose:
    missing = [key for key in ("zh", "en", "basis", "holders") if not node.get(key)]
    if missing:
        raise StartRefused(f"{file}: the purpose {name} does not state {', '.join(missing)}")
    return Purpose(name, node["zh"], node["en"], node["basis"], frozenset(node["holders"]))
