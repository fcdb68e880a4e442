"""A change of the rules, tried: what each operation that was asked may do under the one set and under the other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from gateway.authorization.grant import judge, question
from gateway.authorization.policy import Policy, Verdict
from gateway.errors import StartRefused
from resolvers.plan.field_use import AccessPath, FieldUse

Direction: TypeAlias = Literal["opened", "closed", "another rule"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An operation as a kind of caller asked it for a purpose, with every use that it makes."""

    operation: str
    kind: str
    purpose: str
    uses: frozenset[FieldUse]


@dataclass(frozen=True, slots=True)
class Change:
    """A use whose verdict is another one under the new rules."""

    recorded: Recorded
    use: FieldUse
    before: Verdict
    after: Verdict

    @property
    def direction(self) -> Direction:
        """What the change does: it opens or closes a use, or decides alike by another rule."""
        if self.before.allowed is self.after.allowed:
            return "another rule"
        return "opened" if self.after.allowed else "closed"


def replay(before: Policy, after: Policy, recorded: Iterable[Recorded]) -> Iterator[Change]:
    """Yield every use whose verdict changes, in the order of what was recorded."""
    for each in recorded:
        for use in sorted(each.uses):
            asked = question(each.kind, each.purpose, use)
            old, new = judge(before, asked), judge(after, asked)
            if (old.allowed, old.rule) != (new.allowed, new.rule):
                yield Change(each, use, old, new)


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    operation: str
    kind: str
    purpose: str
    policy: str
    uses: list[tuple[str, str, AccessPath, str]]


def read_recorded(file: Path) -> list[Recorded]:
    """Read what a gateway recorded, each operation once whatever the version; StartRefused with file and line."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise StartRefused(f"{file.name} cannot be read: {type(error).__name__}") from None
    found: dict[Recorded, None] = {}
    for number, text in enumerate(lines, start=1):
        try:
            line = msgspec.json.decode(text, type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise StartRefused(f"{file.name}:{number}: this is no line of recorded decisions") from None
        uses = frozenset(FieldUse(*use) for use in line.uses)
        found[Recorded(line.operation, line.kind, line.purpose, uses)] = None
    return list(found)


def grouped(changes: Iterable[Change]) -> Mapping[Recorded, list[Change]]:
    """Return changes by the operation that they concern."""
    found: dict[Recorded, list[Change]] = {}
    for change in changes:
        found.setdefault(change.recorded, []).append(change)
    return found
