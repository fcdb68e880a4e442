"""How an operation comes to a subject."""

from __future__ import annotations

from typing import Literal, TypeAlias

Reached: TypeAlias = Literal["own", "asked", "person", "enterprise"]
"""How an operation came to a subject: it is the caller's own, whom the token names; it was asked for by an identifier
that the caller sent; or it was reached through another subject, a person or an enterprise."""


Way: TypeAlias = Literal["asked", "person", "enterprise"]
"""How a document comes to a subject, whoever that is: a subject that it names may be the caller's own."""
