"""Whose document it is: which of the links from a document to an identity number joins (河南省社会信用条例 art. 16).

ZMD 驻政办〔2017〕102号 asks that a person's identity is unique, and no text says when a link of two documents may be relied on.
So a link joins if an official reviewed it, both documents were seen together, it runs on the day, and nobody else claims the
document on that day. Any other link joins nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from adapters.source import Key
from catalogue.identity_documents import HIGH


class IdentityLink(msgspec.Struct, frozen=True):
    """One row of the data set, in the order of its columns; `repr` has no number."""

    person_number: Key
    kind: str
    confidence: str
    reviewed_on: date | None
    since: date
    until: date | None
    """The last day; None while it runs."""

    def __repr__(self) -> str:
        return f"IdentityLink({self.kind})"

    def runs(self, day: date) -> bool:
        """Whether the link holds on a day."""
        return self.since <= day and (self.until is None or self.until >= day)

    def is_certain(self, day: date) -> bool:
        """Whether an official reviewed it by a day, and both documents were seen together."""
        return self.confidence == HIGH and self.reviewed_on is not None and self.reviewed_on <= day


COLUMNS: Final = IdentityLink.__struct_fields__
"""The columns that are read."""


def linked_person(rows: Iterable[Sequence[Any]], kind: str, day: date) -> Key | None:
    """Return the identity number to which a document of a kind is linked for certain on a day, or None.

    `rows` are those of the document's number. A claim of another person that runs, certain or not, undoes every link.
    """
    links = [IdentityLink(*row[1:]) for row in rows]
    running = [each for each in links if each.kind == kind and each.runs(day)]
    claimed = {each.person_number for each in running}
    certain = [each.is_certain(day) for each in running]
    return claimed.pop() if len(claimed) == 1 and any(certain) else None
