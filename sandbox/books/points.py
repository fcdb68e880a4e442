"""The points of a synthetic score, which follow from what the bureaus hold of the person.

Each adverse record takes more than a label's width, so that a label such as 轻微失信 stands for a record. The rest is
drawn: what a programme counts and no bureau shares. The gateway computes no score.
"""

from typing import Final

from sandbox.books import courts, social_security, tax, transport
from sandbox.books.book import Book, written
from sandbox.draws import Draw
from sandbox.people import Person

_BASE: Final = 100
_MOST: Final = 200
_DRAWN: Final = 60
_ADVERSE: Final[tuple[tuple[Book, str, int], ...]] = (
    (courts.BOOKS["judgment_defaulter"], "courts.judgment_defaulter", 30),
    (tax.BOOKS["serious_violation"], "tax.serious_violation", 35),
    (tax.BOOKS["tax_arrears"], "tax.tax_arrears", 12),
    (transport.BOOKS["transport_violation"], "transport.transport_violation", 8),
    (social_security.BOOKS["insurance_arrears"], "social_security.insurance_arrears", 12),
)
"""The adverse records, and what each takes."""
_KEPT: Final = 9
"""What a person with an adverse record keeps of the drawn points at the most."""


def points_of(subject: Person, drawn: Draw, good: int) -> int:
    """Return the points of a person who has so many good records, from 0 to 200."""
    taken = sum(weight * len(written(book, name, subject)) for book, name, weight in _ADVERSE)
    other = drawn.below(_DRAWN)
    if taken:
        other %= _KEPT
    added = other + 8 * good
    return max(0, min(_MOST, _BASE - taken - _KEPT * bool(taken) + added))
