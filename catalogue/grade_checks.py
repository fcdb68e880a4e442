"""What a data set of grades must declare: part of the checks of a declaration."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Final

from catalogue.catalogue_item import SubjectKind
from catalogue.classification import DataClass
from catalogue.column_checks import Datasets
from catalogue.declarations import Column, Dataset, Kind
from catalogue.grade_schemes import GradeScheme, Grading
from catalogue.legal_forms import LegalForm

_PERSONS: Final = frozenset({LegalForm.PERSON})


def check_gradings(datasets: Datasets) -> Iterator[str]:
    """Yield what data sets of grades lack: a grade without its scheme would be one of whomever the bureau names."""
    for name, each in datasets.items():
        is_graded = each.data_class is DataClass.GRADE and each.counting is None
        if is_graded is not (each.grading is not None):
            yield (
                f"{name} is of the class GRADE and has no scheme, or the other way round:"
                " state `data_class=DataClass.GRADE` and `grading`, or neither"
            )
        elif each.grading is not None:
            yield from (f"{name} {problem}" for problem in _grading(each, each.grading))
        for column in each.banding.read if each.banding else ():
            if column not in each.by_name:
                yield f"{name} holds labels of scores by {column}, which is no column of it: declare it"


def _grading(dataset: Dataset, grading: Grading) -> Iterator[str]:
    letters = frozenset[str]().union(*(each.letters for each in grading.schemes))
    grade = dataset.by_name.get(grading.letter)
    if grade is None or grade.nullable or not letters or grade.codes != letters:
        yield f"is graded by {grading.letter}, whose codes are not the letters of its schemes: state these"
    for each in grading.schemes:
        yield from _later_letters(each)
    if not _is_day(dataset.by_name.get(grading.day), nullable=False):
        yield f"is graded on {grading.day}, which is no titled day that is always there: declare it"
    chosen = any(each.by_choice for each in grading.schemes)
    if chosen and not _is_day(dataset.by_name.get(grading.chosen), nullable=True):
        yield f"has a scheme on application and no titled day {grading.chosen!r} of it: declare it as `chosen`"
    yield from _covered(dataset, grading)
    for one, other in combinations(grading.schemes, 2):
        if not one.covered.isdisjoint(other.covered) and _meet(one, other):
            yield f"has two schemes of one time for one subject: end {one.title[1]!r} before the other"


def _later_letters(scheme: GradeScheme) -> Iterator[str]:
    for letter, since in scheme.later_letters:
        if letter not in scheme.letters or not scheme.holds(since):
            yield f"has a first day of the letter {letter!r}, which {scheme.title[1]!r} does not have then: correct it"


def _covered(dataset: Dataset, grading: Grading) -> Iterator[str]:
    """Persons are graded where the field is one of persons, and nobody where it is not."""
    covered = frozenset[LegalForm]().union(*(each.covered for each in grading.schemes))
    subjects = dataset.field.subjects if dataset.field else frozenset[SubjectKind]()
    for kind, graded in (
        (SubjectKind.PERSON, covered & _PERSONS),
        (SubjectKind.ENTERPRISE, covered - _PERSONS),
    ):
        if bool(graded) is not (kind in subjects):
            yield (
                f"is a field of the subject {kind.name} whom no scheme of it grades, or the other way round:"
                " state the `subjects` of the field as its schemes do"
            )


def _is_day(column: Column | None, *, nullable: bool) -> bool:
    return column is not None and bool(column.zh) and column.kind is Kind.DATE and column.nullable is nullable


def _meet(one: GradeScheme, other: GradeScheme) -> bool:
    return (one.since or date.min) <= (other.until or date.max) and (other.since or date.min) <= (
        one.until or date.max
    )
