"""A mark of a responsible person in the synthetic city follows the entry that it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from catalogue.dated_rules import dated_rules
from catalogue.incentives.city_files import city_names
from catalogue.record_forms import ENTRY_ENDED
from catalogue.record_states import LifeReader
from sandbox.books.responsibilities import responsibilities_of_enterprise
from sandbox.enterprises import Enterprise, enterprise
from sandbox.model import REFERENCE, City
from sandbox.people import person
from sandbox.truth import Record, datasets, records_of

ENTRIES, OF_FIRM, OF_PERSON = (
    "tax.serious_violation",
    "tax.responsibility_by_enterprise",
    "tax.responsibility_by_person",
)
SIZE = 20_000
ENDED = {"delisted_on", "repaired_on", "withdrawn_on", "sealed_on"}
"""The days on which an entry ends."""
HIDDEN = {"EXPIRED", "REPAIRED", "WITHDRAWN", "SEALED", "DISPUTED"}
"""The states of an entry that does not stand."""


def reader_of(name: str) -> LifeReader:
    """Return what reads the life of the records of a data set."""
    dataset = datasets()[name][1]
    assert dataset.life is not None
    return LifeReader(dataset.life, dated_rules())


def marks_with_entries(city: City) -> Iterator[tuple[Enterprise, Record, Record]]:
    """Yield each mark of a city that the law lets in, behind its enterprise, with the entry that it is about."""
    marks = reader_of(OF_FIRM)
    for firm in (enterprise(city, index) for index in range(city.enterprises)):
        found = records_of(firm, {ENTRIES, OF_FIRM})
        for mark in found[OF_FIRM]:
            if marks.refusal(mark, firm.number) is None:
                (entry,) = (
                    each for each in found[ENTRIES] if each["decision_number"] == mark["record_number"]
                )
                yield firm, mark, entry


def days_of(*records: Record) -> set[date]:
    """Return each day on which something of a record changes, and the reference date."""
    values: set[Any] = {value for each in records for value in each.values()}
    return {day for day in values if isinstance(day, date) and day <= REFERENCE} | {REFERENCE}


@pytest.mark.rule("R26", "HN-35", "HN-37", "HN-41", "HN-42", "HN-43")
@pytest.mark.parametrize("name", city_names())
def test_no_mark_stands_about_an_entry_that_does_not(name: str):
    """On no day of a whole city does a mark stand whose entry left its list, was repaired, disputed, withdrawn or sealed."""
    entries, marks, met = reader_of(ENTRIES), reader_of(OF_FIRM), Counter[str]()
    for firm, mark, entry in marks_with_entries(City.of(SIZE, name=name)):
        for day in days_of(mark, entry):
            if mark["since"] <= day and entries.state(entry, firm.number, day) != "EFFECTIVE":
                assert marks.state(mark, firm.number, day) != "EFFECTIVE"
        met[entries.state(entry, firm.number, REFERENCE)] += 1
        assert mark[ENTRY_ENDED] == min((entry[each] for each in ENDED if entry[each]), default=None)
        assert marks.fault(mark, firm.number, REFERENCE) is None
    assert met.keys() == HIDDEN | {"EFFECTIVE"}


@pytest.mark.parametrize("name", city_names())
def test_a_mark_says_the_same_of_its_entry_from_both_sides(name: str):
    """The row of a mark is one, whether the person or the enterprise is asked for."""
    city, seen = City.of(2_000, name=name), 0
    for index in range(city.enterprises):
        firm = enterprise(city, index)
        rows = records_of(firm, {OF_FIRM})[OF_FIRM]
        for mark in responsibilities_of_enterprise(firm):
            of_person = records_of(person(city, mark.person), {OF_PERSON})[OF_PERSON]
            assert next(each for each in of_person if each["credit_code"] == firm.number) in rows
            seen += 1
    assert seen
