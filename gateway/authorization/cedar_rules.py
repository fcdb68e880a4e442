"""The rules: each policy of the files with its one reason and its one source, or a refusal with file and line.

Each file is taken apart into its statements first, so that whatever is wrong has a file and a line.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import cedarpy
from cedarpy import pst

from gateway.errors import StartRefused

Effect: TypeAlias = Literal["permit", "forbid"]
FOLDERS: Final[dict[str, Effect]] = {"permits": "permit", "ceilings": "forbid"}
"""What the files of each folder may hold: a permit among the ceilings would be overlooked."""
ANNOTATIONS: Final = frozenset({"id", "reason", "source"})
NO_RULE: Final = "default-deny"
"""The name of the rule by which nothing is allowed that no permit names."""
_TOKEN: Final = re.compile(r'//[^\n]*|"(?:[^"\\]|\\.)*"|;|\S', re.DOTALL)


@dataclass(frozen=True, slots=True)
class CedarStatement:
    """One policy as its file writes it; `line` counts from 1."""

    file: str
    line: int
    text: str

    @property
    def place(self) -> str:
        """File and line, as an error names them."""
        return f"{self.file}:{self.line}"

    def place_of(self, part: str) -> str:
        """Return file and line of a part of the statement, or of the statement where it is written otherwise."""
        before = self.text.partition(part)[0] if part in self.text else ""
        return f"{self.file}:{self.line + before.count(chr(10))}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy. `reason` is bilingual; `source` cites the law or document that it carries out."""

    id: str
    effect: Effect
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


def rule_of(statement: CedarStatement, effect: Effect) -> Rule:
    """Return the rule that a statement makes, or raise StartRefused with its place and what is wrong."""
    node = _parsed(statement)
    notes = node.annotations
    if node.effect != effect:
        raise _refused(statement, f"a {node.effect} cannot stand here; this folder holds every {effect}")
    missing = sorted(name for name in ANNOTATIONS if not notes.get(name))
    unknown = sorted(set(notes) - ANNOTATIONS)
    if missing or unknown:
        lacks, may_not = ", @".join(missing) or "-", ", @".join(unknown) or "-"
        raise _refused(statement, f"the rule lacks @{lacks} and may not have @{may_not}")
    if " · " not in notes["reason"]:
        raise _refused(statement, 'the reason is not bilingual: write "中文 · English"')
    return Rule(notes["id"], effect, notes["reason"], notes["source"], statement, node)


def _parsed(statement: CedarStatement) -> pst.Template:
    try:
        parsed = cedarpy.policies_to_pst(statement.text)
    except ValueError as error:
        raise _refused(statement, f"this is not Cedar: {error}") from None
    if parsed.templates or len(parsed.static_policies) != 1:
        raise _refused(statement, "exactly one policy without slots is expected")
    return next(iter(parsed.static_policies.values()))


def _refused(statement: CedarStatement, why: str) -> StartRefused:
    return StartRefused(f"{statement.place}: {why}")


def text_of(rules: Collection[Rule]) -> str:
    """Return the rules as one Cedar text."""
    return "\n".join(rule.statement.text for rule in rules)


def ids_named(rules: Iterable[Rule], type_: str) -> set[str]:
    """Return the ids of the entities of a type that rules name."""
    return {each.id for rule in rules for each in pst.entity_uids(rule.node) if each.type.basename == type_}


def read_text(file: Path, place: str) -> str:
    """Return the text of a file, or raise StartRefused; `place` is how the refusal names the file."""
    try:
        return file.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise StartRefused(f"{place} cannot be read: {type(error).__name__}") from None


def _all_statements(folder: Path) -> Iterator[tuple[CedarStatement, Effect]]:
    for name, effect in FOLDERS.items():
        if not (folder / name).is_dir():
            raise StartRefused(f"{name}/ is missing in the folder of policies")
        for file in sorted((folder / name).glob("*.cedar")):
            place = f"{name}/{file.name}"
            for statement in statements(place, read_text(file, place)):
                yield statement, effect


def statements(file: str, text: str) -> Iterator[CedarStatement]:
    """Yield each statement of a file, up to and with its semicolon; comments between them are left out."""
    start: int | None = None
    for token in _TOKEN.finditer(text):
        if token.group().startswith("//"):
            continue
        if start is None:
            start = token.start()
        if token.group() == ";":
            yield _statement(file, text, start, token.end())
            start = None
    if start is not None:
        yield _statement(file, text, start, len(text))


def _statement(file: str, text: str, start: int, end: int) -> CedarStatement:
    return CedarStatement(file, text.count("\n", 0, start) + 1, text[start:end])
