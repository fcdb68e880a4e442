"""How one name is written in GraphQL and elsewhere."""

from __future__ import annotations

import re


def snake_case(name: str) -> str:
    """Return the column name of a GraphQL field name."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def constant_case(name: str) -> str:
    """Return the enum value that stands for a GraphQL field."""
    return snake_case(name).upper()


def camel_case(name: str) -> str:
    """Return the GraphQL field name of a column."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
