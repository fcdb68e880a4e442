"""Where the grades of a bureau enter: a grade is held to the scheme of its subject and of the day of its assessment.

A grade of a subject whom no scheme covers breaks the contract of its key, and so does one of a subject who is covered
on application and did not apply. A grade from a time whose scheme is not known is used for nothing: it is counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.source import Batch, Key, Query, Row
from catalogue.grade_schemes import GradeScheme, Grading
from catalogue.legal_forms import LegalForm, legal_form_of

UNSCHEMED: Final = "a grade of a time whose scheme is not known"
"""The rule by which a grade is used for nothing."""
UNGRADED: Final = "a grade of a subject that its scheme does not grade"
NOT_APPLIED: Final = "a grade of a subject that did not apply for it"
OTHER_LETTER: Final = "a grade that its scheme does not have"
NO_KINDS: Final[Mapping[Key, str]] = MappingProxyType({})
FAULTS: Final = (UNGRADED, NOT_APPLIED, OTHER_LETTER)
"""The rules that break the contract of a key."""


class GradeRule:
    """Holds rows of a data set of grades to their schemes; `names` are the columns behind the key of each row."""

    __slots__ = ("_chosen", "_day", "_letter", "_schemes")

    def __init__(self, grading: Grading, names: Sequence[str]) -> None:
        places: Mapping[str, int] = {name: at for at, name in enumerate(names, start=1)}
        self._letter, self._chosen = places.get(grading.letter), places.get(grading.chosen)
        self._day = places.get(grading.day) if grading.day in grading.read else None
        self._schemes = {kind: grading.of(kind) for kind in LegalForm}

    def is_free(self, kind: LegalForm) -> bool:
        """Whether rows of a subject of a form need no look: one scheme covers it by itself at any time."""
        schemes = self._schemes[kind]
        return self._day is None and len(schemes) == 1 and kind in schemes[0].graded

    def fault(self, row: Row, kind: LegalForm) -> str | None:
        """Return the rule that a row of a subject of a form breaks, or None."""
        scheme = self.scheme(row, kind)
        if not self._schemes[kind]:
            return UNGRADED
        if scheme is None:
            return None
        if kind not in scheme.graded and (self._chosen is None or row[self._chosen] is None):
            return NOT_APPLIED
        return None if self._is_lettered(row, scheme) else OTHER_LETTER

    def _is_lettered(self, row: Row, scheme: GradeScheme) -> bool:
        """Whether the letter of a row is one of its scheme on the day; without a day no letter of the scheme came later."""
        if self._letter is None:
            return True
        letter = row[self._letter]
        return letter in scheme.letters if self._day is None else scheme.has_letter(letter, row[self._day])

    def scheme(self, row: Row, kind: LegalForm) -> GradeScheme | None:
        """Return the scheme of a row: the one in force for a subject of a form on the day of its assessment."""
        schemes = self._schemes[kind]
        if self._day is None:
            return next(iter(schemes), None)
        return next((each for each in schemes if each.holds(row[self._day])), None)


class GradeEntry:
    """Lets the grades of one query in that are grades of their scheme; `columns` are those of the rows, behind the key."""

    __slots__ = ("_bureau", "_dataset", "_many", "_rule", "computed")

    def __init__(self, query: Query, columns: Sequence[str]) -> None:
        grading = query.dataset.grading
        assert grading is not None  # noqa: S101 only such a data set has an entry
        self._bureau, self._dataset, self._many = query.bureau, query.dataset.name, query.dataset.many
        self._rule = GradeRule(grading, columns)
        self.computed: tuple[str, ...] = ()
        """Nothing is appended to a row."""

    def let_in(self, batch: Batch, kinds: Mapping[Key, str] = NO_KINDS) -> Batch:
        """Return the batch with the grades that are let in; `refused` counts the others that are told.

        `kinds` has the registry's kind of an organisation, where it is known.
        """
        refused = Counter[str]()
        rows: dict[Key, Any] = {}
        broken: dict[Key, BureauError] = dict(batch.broken)
        for key, found in batch.rows.items():
            form = legal_form_of(key, kinds.get(key))
            if self._rule.is_free(form):
                rows[key] = found
                continue
            grades: Sequence[Row] = found if self._many else (found,)
            if fault := next(filter(None, (self._rule.fault(each, form) for each in grades)), None):
                broken[key] = ContractBroken(self._bureau, self._dataset, fault, len(grades))
                continue
            entered = [each for each in grades if self._rule.scheme(each, form)]
            refused[UNSCHEMED] += len(grades) - len(entered)
            if entered:
                rows[key] = entered if self._many else entered[0]
        return Batch(rows, broken, +refused)
