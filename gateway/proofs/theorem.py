"""What a theorem says: about which requests it is, and within which limits they stay."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gateway.proofs.solver import Term
from gateway.proofs.symbolic_request import Request

Condition: TypeAlias = Callable[[Request], Term]


@dataclass(frozen=True, slots=True)
class Theorem:
    """Every request that is allowed and that it is `about` keeps the `limit`, under any permit."""

    name: str
    zh: str
    en: str
    about: Condition
    limit: Condition
    ceilings: tuple[str, ...] = ()
    """The ceilings that are expected to stop all else; where none is stated, the one of the theorem's name."""
    used: bool = True
    """Whether the permits must allow something of what it is about: a rule that forbids all would prove it too."""

    @property
    def carried_by(self) -> tuple[str, ...]:
        """The ceilings that are expected to stop all else."""
        return self.ceilings or (self.name,)
