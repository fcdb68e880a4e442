"""How an operation reaches a subject."""

from __future__ import annotations

from typing import Literal, TypeAlias

PlannedPath: TypeAlias = Literal["asked", "person", "enterprise"]
"""How a document reaches a subject, whoever the subject is: by an identifier in an argument, through a person, or
through an enterprise. A subject that the document names may be the caller's own."""

AccessPath: TypeAlias = Literal["own", "asked", "person", "enterprise"]
"""How an operation reaches a subject: "own" is the subject of the caller's token, "asked" is named by the caller,
"person" and "enterprise" are reached through another subject. Policies and recorded decisions hold these values."""

FieldPlace: TypeAlias = tuple[str, PlannedPath]
"""A field's coordinate, and the path by which the document reaches the subject whose field it is."""
