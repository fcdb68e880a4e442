"""The two kinds of statements about the rules: what they never allow, and what they must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gateway.proofs.solver import Term
from gateway.proofs.symbolic_request import Request

Said: TypeAlias = Callable[[Request], Term]


@dataclass(frozen=True, slots=True)
class Theorem:
    """Every request that is allowed and that it is `about` keeps the `limit`, under any permit."""

    name: str
    zh: str
    en: str
    about: Said
    limit: Said
    carried_by: tuple[str, ...]
    used: bool = True
    """Whether the permits must allow something of what it is about: a rule that forbids all would prove it too."""


@dataclass(frozen=True, slots=True)
class Possibility:
    """Something that the rules must allow to somebody who holds a purpose, or they forbid too much."""

    name: str
    zh: str
    en: str
    allowed: Said
