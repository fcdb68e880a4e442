"""What the bureaus hold of the subjects of a city once it entered, on a day; each subject is computed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from sandbox.books import Subject
from sandbox.books.responsibilities import responsibilities_of_enterprise, responsibilities_of_person
from sandbox.enterprises import Enterprise, enterprise
from sandbox.expected.entered import lived
from sandbox.guardians import guardianships_of_child, guardianships_of_guardian
from sandbox.offices import offices_of_enterprise, offices_of_person
from sandbox.people import Person, person
from sandbox.truth import truth_of

Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by "bureau.dataset", in the data set's order; dates are ISO texts."""

_NONE: Final[Rows] = {}


class Holdings:
    """The rows of subjects, and the subjects to whom they lead."""

    def __init__(self, subjects: Iterable[Subject], day: date) -> None:
        self.day = day
        self._known = {each.number: each for each in subjects}
        self._rows: dict[str, Rows] = {}
        self._visited: set[str] = set()

    def subject(self, number: str) -> Subject | None:
        """Return a subject that is known by now; None where the city has no such subject, or it was not met."""
        return self._known.get(number)

    def rows(self, subject: Subject) -> Rows:
        """Return what entered of a subject."""
        found = self._rows.get(subject.number)
        if found is None:
            records: Mapping[str, Any] = truth_of(subject)["records"]
            found = {
                name: lived(name, subject.number, rows, self.day) for name, rows in records.items() if rows
            }
            self._rows[subject.number] = found
        return found

    def rows_of(self, number: str) -> Rows:
        """Return what entered of whoever has a number; nothing of a subject that is not known."""
        subject = self._known.get(number)
        return _NONE if subject is None else self.rows(subject)

    def meet_neighbours(self, subject: Subject) -> None:
        """Come to know the subjects to whom the rows of a subject lead."""
        if subject.number not in self._visited:
            self._visited.add(subject.number)
            self._known.update((each.number, each) for each in _neighbours(subject))


def _neighbours(subject: Subject) -> Iterator[Subject]:
    if isinstance(subject, Enterprise):
        for office in offices_of_enterprise(subject):
            yield person(subject.city, office.person)
        for mark in responsibilities_of_enterprise(subject):
            yield person(subject.city, mark.person)
        return
    yield from _neighbours_of_person(subject)


def _neighbours_of_person(subject: Person) -> Iterator[Subject]:
    for office in offices_of_person(subject.city, subject.index):
        yield enterprise(subject.city, office.enterprise)
    for mark in responsibilities_of_person(subject.city, subject.index):
        yield enterprise(subject.city, mark.enterprise)
    for each in guardianships_of_child(subject):
        yield person(subject.city, each.guardian)
    for each in guardianships_of_guardian(subject.city, subject.index):
        yield person(subject.city, each.child)
