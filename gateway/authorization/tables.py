"""TOML files of the policy folder, with an error that names the file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from gateway.errors import StartRefused


def read_tables(file: Path) -> dict[str, Any]:
    """Return the tables of a TOML file, or raise StartRefused."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read as TOML: {error}") from None
