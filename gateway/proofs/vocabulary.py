"""Numbers the names that rules and theorems mention; 0 stands for every other name.

A rule cannot distinguish names that it does not mention. So one unmentioned kind, field or branch stands for all
existing and all future ones.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from cedarpy import pst

from catalogue.classification import DataClass
from gateway.authorization.policy import USES
from gateway.authorization.purposes import parent_of

STRING: Final = "String"
"""The sort of texts; every other sort is a type of Cedar's schema."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Numbers by sort and name, from 1. `groups` are the uses of each group of actions."""

    numbers: Mapping[str, Mapping[str, int]]
    groups: Mapping[str, Collection[str]]

    def number(self, sort: str, name: str) -> int:
        """Return the number of a name, 0 where nothing mentions it."""
        return self.numbers.get(sort, {}).get(name, 0)

    def name(self, sort: str, number: int) -> str | None:
        """Return the name of a number, None for 0."""
        return next((name for name, each in self.numbers.get(sort, {}).items() if each == number), None)

    def below(self, purpose: str) -> Iterator[int]:
        """Yield the numbers of a purpose and of the mentioned ones below it."""
        for name, number in self.numbers["Purpose"].items():
            if name == purpose or name.startswith(f"{purpose}."):
                yield number

    def position(self, purpose: str) -> tuple[int, bool]:
        """Return the nearest mentioned node at or above a purpose (0: the root), and whether it is that node."""
        node: str | None = purpose
        while node is not None:
            if number := self.number("Purpose", node):
                return number, node == purpose
            node = parent_of(node)
        return 0, False

    def members(self, action: str) -> Collection[str]:
        """Return the uses that an action stands for: itself, or those of its group."""
        return (action,) if action in USES else self.groups.get(action, ())


def vocabulary(
    rules: Iterable[pst.Template],
    groups: Mapping[str, Collection[str]],
    mentioned: Mapping[str, Collection[str]],
) -> Vocabulary:
    """Number what the rules mention, and what the theorems do (`mentioned`, by sort)."""
    found: dict[str, set[str]] = {sort: set(names) for sort, names in mentioned.items()}
    found.setdefault("Purpose", set())
    found.setdefault("DataClass", set()).update(each.name for each in DataClass)
    for rule in rules:
        for each in pst.entity_uids(rule):
            found.setdefault(each.type.basename, set()).add(each.id)
        found.setdefault(STRING, set()).update(_texts(rule.clauses))
    found["Action"] = set(USES)
    return Vocabulary({sort: _numbered(names) for sort, names in found.items()}, groups)


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted(names), 1)}


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, pst.StringLit):
        yield node.value
    elif isinstance(node, tuple):
        for each in node:  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(each)
    elif is_dataclass(node):
        for each in fields(node):
            yield from _texts(getattr(node, each.name))
