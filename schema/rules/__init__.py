"""What the SDL as a whole must keep, one rule a module; `python -m resolvers.graph` says where it does not."""

from __future__ import annotations

from schema.compose import ComposedSchema
from schema.rules import nullable, offered, uncounted

RULES = (nullable.violations, offered.violations, uncounted.violations)


def violations(composed: ComposedSchema) -> list[str]:
    """Return every violation of every rule, one line each."""
    return [line for rule in RULES for line in rule(composed)]
