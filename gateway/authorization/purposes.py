"""The tree of purposes. An operation carries exactly one leaf; a pattern such as "reward.*" names a subtree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from gateway.authorization.callers import CallerKind
from gateway.authorization.tables import checked_table, read_tables
from gateway.errors import StartRefused

OPEN_PURPOSE: Final = "open.catalogue"
"""The purpose of a document that reads nothing but the catalogue."""
_OWN: Final = "subject.*"
_WITH_CASE: Final = ("measure.*", "financing.*", "personnel.*", "rights.*")
"""What is asked for in a case about one subject, which every request must name."""
_OWN_HOLDERS: Final = frozenset({"person", "organ"})
"""The subject, and the window at which it stands (河南省社会信用条例 art. 40)."""


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
        _check_branch_rules(node, file.name)
        leaves[node.name] = replace(node, holders=node.holders | sandbox)
    return PurposeTree(leaves, branches)


def _check_branch_rules(leaf: Purpose, file: str) -> None:
    """Refuse a leaf without what its branch asks of all: a case number, or no holder but those of one's own."""
    if any(covers(pattern, leaf.name) for pattern in _WITH_CASE) and not leaf.case_number:
        raise StartRefused(f"{file}: {leaf.name} serves a case, and does not state case_number = true")
    others = sorted(leaf.holders - _OWN_HOLDERS)
    if is_own(leaf.name) and others:
        raise StartRefused(
            f"{file}: {leaf.name} is a subject's own, and is held by {', '.join(others)};"
            f" it may be held by {' and '.join(sorted(_OWN_HOLDERS))} alone"
        )


def _nodes(node: Mapping[str, Any], path: tuple[str, ...], file: str) -> Iterator[Purpose | Branch]:
    for name, below in node.items():
        here = ".".join((*path, name))
        place = f"{file}: the purpose {here}"
        table = cast("dict[str, Any]", below) if isinstance(below, dict) else {}
        if any(isinstance(each, dict) for each in table.values()):
            yield _branch(table, here, place)
            yield from _nodes(table, (*path, name), file)
        elif isinstance(below, dict) or not path:
            yield _leaf(cast("object", below), here, place)


def _branch(node: Mapping[str, Any], name: str, place: str) -> Branch:
    own = {key: value for key, value in node.items() if not isinstance(value, dict)}
    stated = checked_table(place, own, ("zh", "en"))
    return Branch(name, stated["zh"], stated["en"])


def _leaf(node: object, name: str, place: str) -> Purpose:
    stated = checked_table(place, node, ("zh", "en", "basis"), ("holders",), ("case_number",))
    holders = frozenset(stated["holders"])
    case_number = stated.get("case_number", False)
    return Purpose(name, stated["zh"], stated["en"], stated["basis"], holders, case_number)
