"""The number of the case for which somebody asks, where the purpose needs one.

Whatever organ a case is before, its number holds the year and a number within it. A court's is（2026）豫15执123号
(法〔2015〕137号: year, court, kind, number); an organ's documents are numbered 〔2026〕12号 (GB/T 9704-2012).
Whether the case exists is not known here: the number is recorded, and an audit holds it against the register
of cases.
"""

import re
import unicodedata
from typing import Final

from gateway.errors import CASE_NUMBER_INVALID, CASE_NUMBER_MISSING, RequestError
from observability.redaction import scrub

LONGEST: Final = 64

_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NUMBER: Final = re.compile(r"\d")


def check_case_number(given: str | None, *, needed: bool) -> None:
    """Raise CASE_NUMBER_MISSING or CASE_NUMBER_INVALID; neither repeats what was given."""
    if given is None:
        if needed:
            raise RequestError(CASE_NUMBER_MISSING)
    elif not is_case_number(given):
        raise RequestError(CASE_NUMBER_INVALID)


def is_case_number(text: str) -> bool:
    """Whether a text has the form of a case number, and not that of an identity number or credit code."""
    if not 1 <= len(text) <= LONGEST or not text.isprintable():
        return False
    # Full-width digits hide no number from the rules.
    plain = unicodedata.normalize("NFKC", text)
    rest, years = _YEAR.subn("", plain, count=1)
    return years == 1 and _NUMBER.search(rest) is not None and scrub(plain) == plain
