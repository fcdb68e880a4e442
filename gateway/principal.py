"""The caller as its token names it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, and for which purposes it was granted to ask.

    `subject` is the identity number of the person to whom a citizen's token was issued, else None; it is
    left out of the representation, so that it reaches no log. `expires_at` is the first moment, in seconds
    of the Unix clock, at which the token is no longer accepted.
    """

    client: str
    department: str
    region: str
    purposes: frozenset[str]
    subject: str | None = field(repr=False)
    expires_at: float
