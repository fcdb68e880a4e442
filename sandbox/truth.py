"""The ground truth: the records of each bureau about a subject, computed without a database."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from functools import cache, partial
from itertools import zip_longest
from typing import Any, Final, TypeAlias

from adapters.bureaus import discover
from catalogue.declarations import Dataset
from sandbox import ddl
from sandbox.books import Subject, rows_of
from sandbox.books.responsibilities import responsibilities_of_enterprise, responsibilities_of_person
from sandbox.enterprises import credit_code, enterprise
from sandbox.guardians import Guardianship, guardianships_of_child, guardianships_of_guardian
from sandbox.model import REFERENCE, City
from sandbox.offices import offices_of_enterprise, offices_of_person
from sandbox.people import Person, person, person_number

Record: TypeAlias = dict[str, Any]
_YEAR: Final = timedelta(days=366)
_SEARCHED: Final = 4_000
_MINOR: Final = "minor"
_GUARDIAN: Final = "guardian"
_HEADS: Final = {"legal_representative": "LEGAL_REPRESENTATIVE", "operator": "OPERATOR"}
"""The data sets of present heads, each with the office that it shows."""
_INTERESTING: Final = (
    "registry.office_by_person",
    _MINOR,
    _GUARDIAN,
    "courts.judgment_defaulter",
    "credit_office.red_list",
    "tax.tax_arrears",
    "transport.licence",
    "tax.serious_violation",
    "credit_office.score",
    "social_security.insurance_arrears",
    "social_security.labour_grade",
    "tax.responsibility_by_person",
    "registry.operator",
    "customs.credit_level",
    "transport.transport_violation",
    "credit_office.honour",
    "courts.closed_enforcement",
    "credit_office.donation",
)


@cache
def datasets() -> dict[str, tuple[str, Dataset]]:
    """Return each data set of records about subjects with its bureau's name, by "bureau.dataset"."""
    declared = ((bureau.name, each) for bureau in discover().values() for each in bureau.datasets)
    return {f"{name}.{each.name}": (name, each) for name, each in declared if not each.resolves}


def records_of(subject: Subject, names: Collection[str] | None = None) -> dict[str, list[Record]]:
    """Return the records of the subject by "bureau.dataset", each list in the data set's order, as the bureau has them.

    A data set with `latest` has only its latest record. `names` are the data sets to look at, None for all.
    """
    found: dict[str, list[Record]] = {}
    for name, (bureau, dataset) in datasets().items():
        if names is not None and name not in names:
            continue
        rows = _ordered(dataset, list(_records(subject, bureau, dataset)))
        found[name] = rows[:1] if dataset.latest else rows
    return found


def _records(subject: Subject, bureau: str, dataset: Dataset) -> Iterator[Record]:
    table = ddl.table_name(dataset)
    if (of_two := _OF_TWO_SUBJECTS.get((bureau, table))) is not None:
        yield from of_two(subject, dataset)
        return
    names = [column.name for column in dataset.stored if column.name != dataset.key]
    for row in rows_of(subject, bureau, table):
        record = dict(zip(names, row, strict=True))
        yield {c.name: record.get(c.name, subject.number) for c in dataset.stored}


def _offices(subject: Subject, dataset: Dataset) -> Iterator[Record]:
    if isinstance(subject, Person):
        offices = offices_of_person(subject.city, subject.index) if dataset.key == "person_number" else []
    else:
        offices = offices_of_enterprise(subject) if dataset.key == "credit_code" else []
    for office in offices:
        role = _HEADS.get(dataset.name)
        if role is None or (office.role == role and office.until is None):
            yield {
                "person_number": person_number(subject.city, office.person),
                "credit_code": credit_code(subject.city, office.enterprise),
                "role": office.role,
                "since": office.since,
                "until": office.until,
                "office_number": office.number,
            }


def _guardianships(subject: Subject, dataset: Dataset) -> Iterator[Record]:
    if not isinstance(subject, Person):
        return
    of_child = dataset.key == "child_number"
    found = (
        guardianships_of_child(subject)
        if of_child
        else guardianships_of_guardian(subject.city, subject.index)
    )
    for each in found:
        yield {
            "guardian_number": person_number(subject.city, each.guardian),
            "child_number": person_number(subject.city, each.child),
            "since": each.since,
            "until": each.until,
            "guardianship_number": each.number,
        }


def _documents(subject: Subject, dataset: Dataset) -> Iterator[Record]:
    """Yield the documents of a person."""
    names = [column.name for column in dataset.stored]
    for row in rows_of(subject, "registry", "identity_document"):
        yield dict(zip(names, row, strict=False))  # the number of the document comes last


def _responsibilities(subject: Subject, dataset: Dataset) -> Iterator[Record]:
    if isinstance(subject, Person):
        of_person = dataset.key == "person_number"
        found = responsibilities_of_person(subject.city, subject.index) if of_person else []
    else:
        found = responsibilities_of_enterprise(subject) if dataset.key == "credit_code" else []
    names = [each.name for each in dataset.stored]
    for each in found:
        number, code = person_number(subject.city, each.person), credit_code(subject.city, each.enterprise)
        yield dict(zip(names, (number, code, *each.row), strict=True))


_OF_TWO_SUBJECTS: Final = {
    ("registry", "office"): _offices,
    ("registry", "guardianship"): _guardianships,
    ("registry", "identity_document"): _documents,
    ("tax", "responsible_person"): _responsibilities,
}
"""Records that are read from two sides."""


def _ordered(dataset: Dataset, rows: list[Record]) -> list[Record]:
    for term in reversed(dataset.order):
        rows.sort(key=partial(_place, term.removeprefix("-")), reverse=term.startswith("-"))
    return rows


def _place(name: str, row: Record) -> tuple[bool, Any]:
    """Return the place of a record by one column; a null is above every value, as in PostgreSQL."""
    return row[name] is None, row[name]


def truth_of(subject: Subject) -> Record:
    """Return the subject with its records, ready for JSON: dates are ISO texts."""
    records = {
        name: [{column: _plain(value) for column, value in row.items()} for row in rows]
        for name, rows in records_of(subject).items()
    }
    kind = "person" if isinstance(subject, Person) else "enterprise"
    return {"kind": kind, "identifier": subject.number, "records": records}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def sample(city: City, n: int) -> list[Record]:
    """Return `n` varied sample subjects, persons and enterprises in turn.

    The first persons are an officer, a minor, a guardian, and one person for each kind of record. Equal cities and equal
    `n` give equal subjects.
    """
    return list(map(truth_of, varied_subjects(city, n)))


def varied_subjects(city: City, n: int) -> list[Subject]:
    """Return the subjects of a sample."""
    persons = _varied(lambda i: person(city, i), city.population, -(-n // 2))
    firms = _varied(lambda i: enterprise(city, i), city.enterprises, n // 2)
    return [subject for pair in zip_longest(persons, firms) for subject in pair if subject]


def _varied(make: Callable[[int], Subject], size: int, count: int) -> list[Subject]:
    """Choose the first subject with each interesting property, then fill up in the order of the city."""
    searched = [make(index) for index in range(min(size, _SEARCHED))]
    chosen: dict[int, Subject] = {}
    for name in _INTERESTING[:count]:
        found = next((s for s in searched if s.index not in chosen and _holds(s, name)), None)
        if found is not None:
            chosen[found.index] = found
    for index in range(size):
        if len(chosen) >= count:
            break
        chosen.setdefault(index, make(index))
    return list(chosen.values())


def _holds(subject: Subject, name: str) -> bool:
    if name == _MINOR:
        return isinstance(subject, Person) and not subject.adult
    if name == _GUARDIAN:
        return isinstance(subject, Person) and any(map(_is_in_office, _guardianships_of(subject)))
    return any(True for _ in _records(subject, *datasets()[name]))


def _guardianships_of(subject: Person) -> Iterator[tuple[Guardianship, Person]]:
    for each in guardianships_of_guardian(subject.city, subject.index):
        yield each, person(subject.city, each.child)


def _is_in_office(found: tuple[Guardianship, Person]) -> bool:
    """Whether the guardian of a minor is in office for more than the next year."""
    guardianship, child = found
    return guardianship.until is None and child.adult_on > REFERENCE + _YEAR
