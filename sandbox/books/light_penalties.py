"""The light cases among penalties: warnings and small fines, on the spot or not, and minor violations that were put right.

They are what 河南省社会信用条例 art. 13 is about, and 行政处罚法 art. 51 bounds: a fine of up to 200 yuan for a citizen, of up to
3,000 yuan for an organisation. A chance of its own draws them, so that every other column stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sandbox.books.book import Subject, since
from sandbox.draws import draw
from sandbox.people import Person

_LIGHT: Final = 400
_PROCEDURES: Final = ("SIMPLIFIED", "SIMPLIFIED", "ORDINARY", None)
_SANCTIONS: Final = ("WARNING", "FINE", "FINE", "WARNING_AND_FINE")
_STEP: Final = 1_000
"""Ten yuan in fen: fines are multiples of it."""
_OF_A_CITIZEN: Final = (5, 20)
_OF_AN_ORGANISATION: Final = (10, 300)
"""The least and the most steps of a fine."""
_PUT_RIGHT: Final = 350
_BEFORE: Final = 600
"""How many of a thousand put the harm right before the decision."""
_INVESTIGATING: Final = timedelta(days=30)
_DAYS: Final = 1_000_000
"""More than the ordinal of any day of a record."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """What an organ states of a penalty, beside its course, in the order of the columns."""

    fine_fen: int
    procedure: str | None
    sanction: str
    severity: str | None
    put_right: bool
    served_on: date | None
    contested_on: date | None
    final_on: date | None
    corrected_on: date | None
    publicity_until: date | None


def lightened(subject: Subject, decided: date, stated: Penalty) -> Penalty:
    """Return a penalty as it is, or as a light case; who contested it, if anybody, stays as it is."""
    drawn = draw(subject.city.seed, "light", subject.index * _DAYS + decided.toordinal())
    if not drawn.chance(_LIGHT):
        return stated
    procedure, sanction = drawn.pick(_PROCEDURES), drawn.pick(_SANCTIONS)
    fine = _STEP * drawn.between(*_OF_A_CITIZEN if _is_citizen(subject) else _OF_AN_ORGANISATION)
    light = replace(
        stated,
        fine_fen=0 if sanction == "WARNING" else fine,
        procedure=procedure,
        sanction=sanction,
        severity="MINOR",
        put_right=stated.put_right or drawn.chance(_PUT_RIGHT),
    )
    # On the spot the organ hands the decision over (行政处罚法 第五十二条), and none of them states when it is final.
    return replace(light, served_on=decided, final_on=None) if procedure == "SIMPLIFIED" else light


def put_right(subject: Subject, decided: date, ended: date | None, stated: Penalty) -> Penalty:
    """Return a penalty as it is, or a minor one where the harm was put right, most often before the organ decided.

    `ended` is the day on which the conduct ended; None where the organ states none.
    """
    if not stated.put_right:
        return stated
    drawn = draw(subject.city.seed, "put right", subject.index * _DAYS + decided.toordinal())
    first = ended or max(decided - _INVESTIGATING, since(subject))
    before = drawn.day(first, decided)
    return replace(
        stated, severity="MINOR", corrected_on=before if drawn.chance(_BEFORE) else stated.corrected_on
    )


def _is_citizen(subject: Subject) -> bool:
    """Whether the bound of a citizen holds for a subject; of an individual business it is the owner's (民法典 第五十四条)."""
    return isinstance(subject, Person) or subject.kind == "INDIVIDUAL_BUSINESS"
