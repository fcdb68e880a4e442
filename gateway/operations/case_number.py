"""The number of the case for which somebody asks, where the purpose needs one.

Whatever organ a case is before, its number holds the year and a number within it. A court's is（2026）豫15执123号
(法〔2015〕137号: year, court, kind, number); an organ's documents are numbered 〔2026〕12号 (GB/T 9704-2012).
The gateway does not know whether the case exists. It gives the number to the events of the request, to its span
and to its disclosure, so that an audit can compare it with the register of cases. `case_rules` narrows the form by
purpose, and `case_subjects` bounds the subjects of a case.
"""

import re
from typing import Final

from catalogue.number_spelling import fold_number
from gateway.errors import CASE_NUMBER_INVALID, CASE_NUMBER_MISSING, Code, RequestError
from observability.redaction import scrub

LONGEST: Final = 64
LAST_YEAR: Final = 2099
"""Of the forms that are accepted."""

# The digits of ASCII alone: NFKC makes full-width ones plain, and leaves those of other scripts as they are.
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)", re.ASCII)
_NUMBER: Final = re.compile(r"\d", re.ASCII)
_SUFFIX: Final = re.compile("号之.*$")


class CaseRefused(RequestError):
    """A request is refused for its case number; `rule` says why, for a purpose, and neither repeats the number.

    The operators count the rule; the caller is told the code.
    """

    def __init__(self, code: Code, rule: str, detail: str = "", purpose: str = "") -> None:
        super().__init__(code, detail)
        self.rule = rule
        self.purpose = purpose


def check_case_number(
    given: str | None, *, needed: bool, year: int = LAST_YEAR, form: re.Pattern[str] | None = None
) -> None:
    """Raise CaseRefused by CASE_NUMBER_MISSING or CASE_NUMBER_INVALID; neither repeats what was given.

    `form` is matched against the whole folded text, after the rules for every case number. No case is of a year after
    `year`, the city's present one.
    """
    if given is None:
        if needed:
            raise CaseRefused(CASE_NUMBER_MISSING, "no case number")
        return
    folded = fold_number(given)
    if not is_case_number(given):
        raise CaseRefused(CASE_NUMBER_INVALID, "no year and number, or an identifier in it")
    if form is not None and not form.fullmatch(folded):
        raise CaseRefused(CASE_NUMBER_INVALID, "in no form of the purpose")
    if int(_YEAR.findall(folded)[0]) > year:
        raise CaseRefused(CASE_NUMBER_INVALID, "of a year that lies ahead")


def case_of(text: str) -> str:
    """Return the folded number without the suffix of a further ruling (之一), which is in the same case."""
    return _SUFFIX.sub("号", fold_number(text))


def is_case_number(text: str) -> bool:
    """Whether a text has the form of a case number, and not that of an identity number or credit code."""
    if not 1 <= len(text) <= LONGEST or not text.isprintable():
        return False
    # Full-width digits hide no number from the rules.
    plain = fold_number(text)
    rest, years = _YEAR.subn("", plain, count=1)
    return years == 1 and _NUMBER.search(rest) is not None and scrub(plain) == plain
