"""One use that an operation makes of a field, and the place in the document where it makes it."""

from __future__ import annotations

from dataclasses import dataclass

from resolvers.plan.access_path import AccessPath, FieldPlace


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
