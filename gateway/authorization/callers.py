"""The kinds of caller for which decisions are made: a scene operator, a court, the person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gateway.authorization.tables import checked_table, read_tables


@dataclass(frozen=True, slots=True)
class CallerKind:
    """A kind of caller and the rule under which it may ask. A `sandbox` kind exists in the explorer only."""

    name: str
    zh: str
    en: str
    basis: str
    sandbox: bool = False


def load_callers(file: Path) -> dict[str, CallerKind]:
    """Read the kinds of caller by name, or raise StartRefused with the one that is wrong."""
    found: dict[str, CallerKind] = {}
    for name, node in read_tables(file).items():
        kind = checked_table(f"{file.name}: {name}", node, ("zh", "en", "basis"), switches=("sandbox",))
        found[name] = CallerKind(name, kind["zh"], kind["en"], kind["basis"], kind.get("sandbox", False))
    return found
