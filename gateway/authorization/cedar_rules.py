"""The rules: each policy of the files with its one reason and its one source, or a refusal with file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import cedarpy
from cedarpy import pst

from gateway.authorization.cedar_statements import CedarStatement, statements
from gateway.errors import StartRefused

FOLDERS: Final[dict[str, Literal["permit", "forbid"]]] = {"permits": "permit", "ceilings": "forbid"}
"""What the files of each folder may hold: a permit among the ceilings would be overlooked."""
ANNOTATIONS: Final = frozenset({"id", "reason", "source"})
NO_RULE: Final = "default-deny"
"""The name of the rule by which nothing is allowed that no permit names."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy. `reason` is bilingual; `source` cites the law or document that it carries out."""

    id: str
    effect: Literal["permit", "forbid"]
    reason: str
    source: str
    statement: CedarStatement
    node: pst.Template


def read_rules_of(folder: Path) -> dict[str, Rule]:
    """Read every rule by its id, or raise StartRefused with every file, line and reason that is wrong."""
    found: dict[str, Rule] = {}
    problems: list[str] = []
    for statement, effect in _all_statements(folder):
        try:
            rule = rule_of(statement, effect)
        except StartRefused as refused:
            problems.append(str(refused))
            continue
        if rule.id in found:
            problems.append(
                f"{statement.place}: the id {rule.id} stands at {found[rule.id].statement.place} too"
            )
        found[rule.id] = rule
    if problems:
        raise StartRefused("; ".join(problems))
    if not found:
        raise StartRefused(f"{folder.name} holds no rule in permits/ and ceilings/: nothing would be allowed")
    return found


def rule_of(statement: CedarStatement, effect: Literal["permit", "forbid"]) -> Rule:
    """Return the rule that a statement makes, or raise StartRefused with its place and what is wrong."""
    try:
        return _rule(statement, effect)
    except _Wrong as wrong:
        raise StartRefused(f"{statement.place}: {wrong}") from None


def text_of(rules: Collection[Rule]) -> str:
    """Return the rules as one Cedar text."""
    return "\n".join(rule.statement.text for rule in rules)


class _Wrong(Exception):
    """What is wrong with a statement."""


def _all_statements(folder: Path) -> Iterator[tuple[CedarStatement, Literal["permit", "forbid"]]]:
    for name, effect in FOLDERS.items():
        if not (folder / name).is_dir():
            raise StartRefused(f"{name}/ is missing in the folder of policies")
        for file in sorted((folder / name).glob("*.cedar")):
            try:
                text = file.read_text("utf-8")
            except (OSError, ValueError) as error:
                raise StartRefused(f"{name}/{file.name} cannot be read: {type(error).__name__}") from None
            for statement in statements(f"{name}/{file.name}", text):
                yield statement, effect


def _rule(statement: CedarStatement, effect: Literal["permit", "forbid"]) -> Rule:
    node = _parsed(statement)
    if node.effect != effect:
        raise _Wrong(f"a {node.effect} cannot stand here; this folder holds every {effect}")
    missing = sorted(name for name in ANNOTATIONS if not node.annotations.get(name))
    unknown = sorted(set(node.annotations) - ANNOTATIONS)
    if missing or unknown:
        raise _Wrong(
            f"the rule lacks @{', @'.join(missing) or '-'} and may not have @{', @'.join(unknown) or '-'}"
        )
    if " · " not in node.annotations["reason"]:
        raise _Wrong('the reason is not bilingual: write "中文 · English"')
    notes = node.annotations
    return Rule(notes["id"], effect, notes["reason"], notes["source"], statement, node)


def _parsed(statement: CedarStatement) -> pst.Template:
    try:
        parsed = cedarpy.policies_to_pst(statement.text)
    except ValueError as error:
        raise _Wrong(f"this is not Cedar: {error}") from None
    if parsed.templates or len(parsed.static_policies) != 1:
        raise _Wrong("exactly one policy without slots is expected")
    return next(iter(parsed.static_policies.values()))
