"""One use that an operation makes of a field, and how it reaches the subject whose field it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

PlannedPath: TypeAlias = Literal["asked", "person", "enterprise"]
"""How a document reaches a subject, whoever the subject is: by an identifier in an argument, through a person, or
through an enterprise. A subject that the document names may be the caller's own."""

AccessPath: TypeAlias = Literal["own", "asked", "person", "enterprise"]
"""How an operation reaches a subject: "own" is the subject of the caller's token, "asked" is named by the caller,
"person" and "enterprise" are reached through another subject. Policies and recorded decisions hold these values."""

FieldPlace: TypeAlias = tuple[str, PlannedPath]
"""A field's coordinate, and the path by which the document reaches the subject whose field it is."""


@dataclass(frozen=True, slots=True, order=True)
class FieldUse:
    """One use that an operation makes of a field.

    `at` is the coordinate of the field of the document that makes it: a sort by `since` is made at the list.
    """

    coordinate: str
    use: str
    reached: AccessPath = "asked"
    at: str = ""

    @property
    def place(self) -> FieldPlace:
        """The place in the document that falls where the use is denied; a subject is named there, own or not."""
        return (self.at or self.coordinate, "asked" if self.reached == "own" else self.reached)
