"""The kinds of caller for which decisions are made: a scene operator, a court, the person."""

from pathlib import Path

import msgspec

from catalogue.toml_files import Text, named_structure, read_tables
from gateway.errors import StartRefused


class CallerKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of caller and the rule under which it may ask. A `sandbox` kind exists in the explorer only."""

    name: str
    zh: Text
    en: Text
    basis: Text
    sandbox: bool = False


def load_callers(file: Path) -> dict[str, CallerKind]:
    """Read the kinds of caller by name, or raise StartRefused with the one that is wrong."""
    tables = read_tables(file, StartRefused)
    return {
        name: named_structure(f"{file.name}: {name}", name, table, CallerKind, StartRefused)
        for name, table in tables.items()
    }
