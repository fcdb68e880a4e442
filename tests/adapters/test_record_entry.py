"""What enters of a bureau's records: for history all that the law lets in, for everybody else what stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters import record_entry
from adapters.quality.row_judge import RowJudge
from adapters.record_entry import UNCOMPUTED
from adapters.source import Batch, Query
from catalogue.city_clock import city_today
from catalogue.identifiers import person_check_sign
from catalogue.record_forms import DECISION
from catalogue.record_life import ENDS, PUBLISHED
from tests.support.begun_records import FIRM, LIVES, PERSON, record
from tests.support.code_mutants import code_mutants
from tests.support.life_states import possible_states

BY_PERSON, OWED = "tax.responsibility_by_person", "tax.tax_arrears"
MARKS = {
    "REPAIRED": "repaired_on",
    "WITHDRAWN": "withdrawn_on",
    "DISPUTED": "disputed_on",
    "SEALED": "sealed_on",
}
"""The column whose day gives a record of any form this state."""
ENDED = {
    "transport.transport_violation": {"publicity_until": -1},
    "tax.serious_violation": {"delisted_on": -1},
    "courts.judgment_defaulter": {"expires_on": -1},
    "courts.closed_enforcement": {"conduct_ended_on": -2_000},
    "social_security.insurance_arrears": {"conduct_ended_on": -2_000},
    "tax.tax_arrears": {"conduct_ended_on": -2_000},
    "credit_office.red_list": {"until": -1},
    "tax.responsibility_by_person": {"until": -1},
    "tax.responsibility_by_enterprise": {"until": -1},
}
"""What makes a record one that is over: days from today."""


def entered(
    name: str, found: dict[str, Any], key: str = FIRM, *, history: bool = False, columns: tuple[str, ...] = ()
) -> Batch:
    """Let one record of a data set in."""
    dataset = LIVES[name]
    query = Query("bureau", dataset, columns, "purpose", history=history)
    row = (key, *(found[each] for each in query.read_columns))
    return record_entry.RecordEntry(query).let_in(Batch({key: [row] if dataset.many else row}))


def states_of(name: str) -> dict[str, dict[str, Any]]:
    """Return what makes a record of a data set one of each state that its form can have."""
    found: dict[str, dict[str, Any]] = {
        "EFFECTIVE": {},
        "EXPIRED": ENDED[name],
        "UNKNOWN": {"severity": None},
    }
    found |= {state: {column: -1} for state, column in MARKS.items()}
    determined = {"determined_on": None} if "determined_on" in LIVES[name].by_name else {"final_on": None}
    found["PENDING_FINALITY"] = determined
    return {state: changes for state, changes in found.items() if state in possible_states(LIVES[name])}


UNTOLD = UNCOMPUTED + "a severity"
CASES = [(name, state) for name in sorted(LIVES) for state in states_of(name)]


@pytest.mark.rule("R20", "HN-37", "C16")
@pytest.mark.parametrize(("name", "state"), CASES)
def test_what_does_not_stand_enters_for_history_alone(name: str, state: str):
    """A record of each state enters for history with its state, and for nobody else unless it stands."""
    found = record(name, **states_of(name)[state])
    shown, hidden = entered(name, found, history=True), entered(name, found)
    (row,) = shown.rows[FIRM]
    assert row[0] == FIRM
    assert state in row[1:]
    assert bool(hidden.rows) is (state == "EFFECTIVE")
    assert shown.refused == hidden.refused == ({UNTOLD: 1} if state == "UNKNOWN" else {})
    assert not shown.broken
    assert not hidden.broken


VIOLATION = "transport.transport_violation"


@pytest.mark.rule("HN-13")
def test_what_the_law_keeps_out_enters_for_nobody():
    """A penalty under the simplified procedure does not enter of a person, and is counted by its rule."""
    found = record(VIOLATION, procedure="SIMPLIFIED")
    for history in (True, False):
        batch = entered(VIOLATION, found, PERSON, history=history)
        assert (batch.rows, batch.refused) == (
            {},
            {"simplified procedure against a natural person": 1},
        )
        assert entered(VIOLATION, found, FIRM, history=history).rows


@pytest.mark.rule("HN-13")
def test_a_fault_in_what_the_law_keeps_out_is_not_looked_at():
    """A penalty that the law keeps out withholds nothing else of its person, though its days cannot be."""
    query = Query("bureau", LIVES[VIOLATION], (), "purpose")
    good, kept_out = (
        (PERSON, *(found[each] for each in query.read_columns))
        for found in (record(VIOLATION), record(VIOLATION, put_right=True, served_on=1))
    )
    batch = record_entry.RecordEntry(query).let_in(Batch({PERSON: [kept_out, good]}))
    assert [row[: len(good)] for row in batch.rows[PERSON]] == [good]
    assert batch.refused == {"minor violation of a natural person, put right": 1}
    assert not batch.broken


@pytest.mark.rule("HN-13", "HN-43")
def test_harm_may_be_put_right_before_the_decision():
    """A person may correct the harm before the organ decides: the record is valid and stands."""
    assert entered(VIOLATION, record(VIOLATION, corrected_on=-150)).rows


def test_a_state_that_cannot_be_computed_is_counted_by_what_is_missing():
    """An operator learns from the count which dated rule is unknown, or which column the bureau left empty."""
    for changes, missing in (
        ({"severity": None}, "a severity"),
        ({"severity": "MINOR"}, "penalty.uncorrected.max"),
    ):
        found = record(VIOLATION, **changes)
        assert entered(VIOLATION, found).refused == {UNCOMPUTED + missing: 1}
        assert entered(VIOLATION, found, history=True).rows


@pytest.mark.parametrize("name", [BY_PERSON, "tax.responsibility_by_enterprise"])
def test_a_mark_without_a_decision_enters_for_nobody(name: str):
    """Where no decision names the person, the mark is counted by its rule, and read from no side and by nobody."""
    for column in DECISION:
        for history in (True, False):
            batch = entered(name, record(name) | {column: None}, history=history)
            assert (batch.rows, batch.broken) == ({}, {})
            assert batch.refused == {"responsible person without a decision": 1}
    assert entered(name, record(name)).rows


@pytest.mark.parametrize("name", sorted(LIVES))
def test_a_record_that_cannot_be_breaks_its_key(name: str):
    """A withdrawal before the begin breaks the key by its rule, and a key that broke before stays broken."""
    found = record(name, withdrawn_on=-101)
    batch = entered(name, found, history=True)
    assert not batch.rows
    assert batch.broken[FIRM].reason.startswith("withdrawn_on: before ")


@pytest.mark.parametrize("history", [True, False])
@pytest.mark.parametrize("name", sorted(LIVES))
def test_a_record_that_was_confirmed_when_it_could_not_be_breaks_its_key(name: str, history: bool):
    """A confirmation before the begin or ahead of today breaks the key, whoever asks; one of today or none does not."""
    for day, rule in ((-101, "confirmed_on: before "), (1, "confirmed_on: a day that lies ahead")):
        batch = entered(name, record(name, confirmed_on=day), history=history)
        assert not batch.rows
        assert batch.broken[FIRM].reason.startswith(rule)
    for day in (0, None):
        assert entered(name, record(name, confirmed_on=day), history=history).rows


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"confirmed_on": 1}, "future"),
        ({"confirmed_on": -101}, "course"),
        ({"until": -101}, "course"),
    ],
)
@pytest.mark.parametrize("name", [BY_PERSON, "tax.responsibility_by_enterprise"])
def test_the_check_of_bureaus_counts_what_cannot_be(name: str, changes: dict[str, Any], fault: str | None):
    """A mark is checked from both sides; a record of an HTTP bureau that broke its key is counted by its rule."""
    dataset, judge, broken = LIVES[name], RowJudge(LIVES[name]), RowJudge(LIVES[name])
    found = record(name, **changes)
    judge.take([(found[dataset.key], *(found[each.name] for each in dataset.stored))])
    counted = judge.result("tax", "all")
    assert counted.faulty == bool(fault)
    if fault is not None:
        broken.take_batch(entered(name, found, found[dataset.key], history=True))
        assert counted.faults[fault] == broken.result("tax", "all").faults[fault] == 1


def test_what_is_computed_stands_behind_the_row():
    """State, publicity and the last day follow the columns in this order, each where it is declared or asked for."""
    found = record(VIOLATION, publicity_until=9)
    query = Query("bureau", LIVES[VIOLATION], (ENDS,), "purpose")
    assert record_entry.RecordEntry(query).computed == ("state", PUBLISHED, ENDS)
    (row,) = entered(VIOLATION, found, columns=(ENDS,)).rows[FIRM]
    assert row[-3:] == ("EFFECTIVE", True, city_today() + timedelta(9))
    (plain,) = entered(VIOLATION, found).rows[FIRM]
    assert plain[-2:] == ("EFFECTIVE", True)


def test_the_one_record_of_a_key_enters_alone():
    """Where a data set has one record of a key, it enters as a row, and a key whose record stays out has none."""
    single = replace(LIVES["credit_office.red_list"], many=False)
    query = Query("bureau", single, (), "purpose")
    for until, stands in ((1, True), (-1, False)):
        found = record("credit_office.red_list", until=until)
        row = (FIRM, *(found[each] for each in query.read_columns))
        batch = record_entry.RecordEntry(query).let_in(Batch({FIRM: row}))
        assert batch.rows == ({FIRM: (*row, "EFFECTIVE")} if stands else {})


def test_the_birth_date_of_a_person_decides():
    """A record of an adult enters, and an equal one of who was a minor then does not."""
    adult, minor = (
        body + person_check_sign(body)
        for body in (f"411502{city_today().year - years}0101001" for years in (30, 15))
    )
    assert entered(OWED, record(OWED), adult).rows
    assert not entered(OWED, record(OWED), minor).rows


def test_what_only_has_to_be_there_has_to_say_something():
    """A blank text on which a record rests breaks its key, as an amount of nothing does; a decision may be missing."""
    for changes, fault in (
        ({"organ": " "}, "organ: blank"),
        ({"amount_fen": 0}, "amount_fen: without an amount"),
        ({"amount_fen": -3}, "amount_fen: below zero"),
        ({"amount_fen": 0, "cleared_on": city_today()}, None),
        ({"determination_number": None}, None),
        ({"determination_number": ""}, None),
    ):
        found = entered(OWED, record(OWED) | changes)
        assert [each.reason for each in found.broken.values()] == ([fault] if fault else [])
        assert not found.rows


def test_one_record_that_cannot_be_breaks_all_of_its_key():
    """Where any record of a key cannot be, nothing of the key enters, and none of its records is counted as kept out."""
    query = Query("bureau", LIVES[OWED], (), "purpose")
    good, undetermined, faulty = (
        (FIRM, *(found[each] for each in query.read_columns))
        for found in (record(OWED), record(OWED, determination_number=None), record(OWED, organ=" "))
    )
    for rows in ([faulty, good], [good, undetermined, faulty]):
        found = record_entry.RecordEntry(query).let_in(Batch({FIRM: rows}))
        assert [(each.reason, each.rows) for each in found.broken.values()] == [("organ: blank", len(rows))]
        assert not found.rows
        assert not found.refused


def test_every_mutant_of_the_entry_is_caught(monkeypatch: pytest.MonkeyPatch):
    """Whatever is changed where records enter, one of these tests notices it."""
    lived: list[str] = []
    for mutant in code_mutants(record_entry):
        made = mutant.load()
        if made is not None:
            monkeypatch.setattr(record_entry, "RecordEntry", made.RecordEntry)
            lived += [mutant.change] * (not _noticed())
    assert lived == []


def _noticed() -> bool:
    try:
        for name, state in CASES:
            test_what_does_not_stand_enters_for_history_alone(name, state)
        test_what_the_law_keeps_out_enters_for_nobody()
        test_a_fault_in_what_the_law_keeps_out_is_not_looked_at()
        test_a_state_that_cannot_be_computed_is_counted_by_what_is_missing()
        for name in sorted(LIVES):
            test_a_record_that_cannot_be_breaks_its_key(name)
            test_a_record_that_was_confirmed_when_it_could_not_be_breaks_its_key(name, history=True)
        test_what_is_computed_stands_behind_the_row()
        test_the_one_record_of_a_key_enters_alone()
        test_the_birth_date_of_a_person_decides()
        test_what_only_has_to_be_there_has_to_say_something()
        test_one_record_that_cannot_be_breaks_all_of_its_key()
    except (Exception, pytest.fail.Exception):
        return True
    return False
