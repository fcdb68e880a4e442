"""A record that cannot be breaks its key wherever it comes in, whatever is asked for: of every data set, by every column."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from adapters.bureau_errors import ContractBroken
from adapters.quality.row_judge import RowJudge
from adapters.source import Batch, Query
from adapters.validation import checker_of
from catalogue.city_clock import city_today
from catalogue.declarations import Kind
from catalogue.record_faults import AHEAD, BLANK
from tests.support.begun_records import FIRM, LIVES, record

GROUNDS = [(name, column) for name, each in sorted(LIVES.items()) for column in each.grounds]
DAYS = [
    (name, column.name)
    for name, each in sorted(LIVES.items())
    for column in each.stored
    if column.kind is Kind.DATE and not column.ahead
]
AMOUNTS = [
    (name, column.name)
    for name, each in sorted(LIVES.items())
    for column in each.stored
    if column.kind is Kind.FEN
]

AGO = timedelta(-101)
"""A day before the records of these tests begin."""


def checked(name: str, found: dict[str, Any], asked: tuple[str, ...], *, history: bool = False) -> Batch:
    """Return what a source answers for one record, of which some columns are asked for."""
    dataset = LIVES[name]
    query = Query("bureau", dataset, asked, "purpose", history=history)
    row = (FIRM, *(found[each] for each in query.read_columns))
    return checker_of(query).check([FIRM], [row])


def reason(batch: Batch) -> str:
    """Return why the key is broken; of a broken key nothing is released."""
    assert dict(batch.rows) == {}
    (error,) = batch.broken.values()
    assert isinstance(error, ContractBroken)
    assert (error.code, error.rows) == ("BUREAU_CONTRACT_BROKEN", 1)
    return error.reason


def judged(name: str, found: dict[str, Any]) -> dict[str, int]:
    """Return the faults that a check of the bureau counts of one record."""
    judge = RowJudge(LIVES[name])
    judge.take([(FIRM, *(found[each.name] for each in LIVES[name].stored))])
    counted = judge.result("bureau", "all")
    assert counted.faulty == 1
    return {fault: count for fault, count in counted.faults.items() if count}


def test_every_list_states_its_notice_and_its_case_or_decision():
    """What a listing rests on is stated by every record: the notice before it, and the case or the decision."""
    assert {"notice_number", "case_number", "court"} <= set(LIVES["courts.judgment_defaulter"].grounds)
    assert {"notice_number", "decision_number", "organ"} <= set(LIVES["tax.serious_violation"].grounds)
    assert {name for name, _ in GROUNDS} | {
        "tax.responsibility_by_person",
        "tax.responsibility_by_enterprise",
    } == LIVES.keys()


@pytest.mark.rule("HN-28")
@pytest.mark.parametrize("history", [True, False])
@pytest.mark.parametrize(("text", "rule"), [(None, "null"), ("", BLANK), (" ", BLANK), ("—", BLANK)])
@pytest.mark.parametrize(("name", "column"), GROUNDS)
def test_what_a_record_rests_on_is_stated(name: str, column: str, text: str | None, rule: str, history: bool):
    """A number, an organ or a court that is null or says nothing breaks the key, whether it is asked for or not."""
    found = record(name) | {column: text}
    for asked in ((), (column,)):
        assert checked(name, record(name), asked, history=history).rows.keys() == {FIRM}
        assert reason(checked(name, found, asked, history=history)) == f"{column}: {rule}"
    assert judged(name, found) == {"null": 1}


@pytest.mark.parametrize(("name", "column"), DAYS)
def test_no_day_of_a_record_lies_ahead(name: str, column: str):
    """Nothing happened tomorrow: neither a decision nor what came after it, unless it is the end of a term."""
    tomorrow = city_today() + timedelta(1)
    rules = (f"{column}: {AHEAD}", f"{column}: before ", f"{LIVES[name].life.begins}: before {column}")  # type: ignore[union-attr]
    for asked in ((), (column,)):
        assert reason(checked(name, record(name) | {column: tomorrow}, asked)).startswith(rules)
    assert judged(name, record(name) | {column: tomorrow})["future"] == 1


@pytest.mark.parametrize(("name", "column"), AMOUNTS)
def test_no_amount_is_below_zero(name: str, column: str):
    """Nobody owes, claims or is fined less than nothing."""
    for asked in ((), (column,)):
        assert reason(checked(name, record(name) | {column: -1}, asked)) == f"{column}: below zero"
    assert judged(name, record(name) | {column: -1}) == {"course": 1}


@pytest.mark.parametrize(
    ("name", "changes", "rule"),
    [
        ("tax.tax_arrears", {"amount_fen": 0}, "amount_fen: without an amount"),
        ("social_security.insurance_arrears", {"amount_fen": 0}, "amount_fen: without an amount"),
        ("courts.closed_enforcement", {"claimed_fen": 0}, "claimed_fen: without an amount"),
        ("courts.closed_enforcement", {"unperformed_fen": 2}, "unperformed_fen: above claimed_fen"),
        ("transport.transport_violation", {"sanction": "FINE", "fine_fen": 0}, "fine_fen: without an amount"),
        ("transport.transport_violation", {"sanction": "WARNING"}, "fine_fen: beside a warning alone"),
        ("transport.transport_violation", {"publicity_until": AGO}, "publicity_until: before decided_on"),
        ("transport.transport_violation", {"contested_on": timedelta(0)}, "final_on: before contested_on"),
        ("courts.judgment_defaulter", {"expires_on": AGO}, "expires_on: before listed_on"),
    ],
)
def test_a_record_that_contradicts_itself_breaks_its_key(name: str, changes: dict[str, Any], rule: str):
    """What is owed, claimed, fined and published fits together, or the key is broken by the rule's name."""
    today = city_today()
    dated = {
        each: today + value if isinstance(value, timedelta) else value for each, value in changes.items()
    }
    found = record(name) | dated
    assert reason(checked(name, found, ())) == rule
    assert judged(name, found) == {"course": 1}


def test_a_term_may_lie_ahead():
    """The last day of a term, of a publicity and of an award are days to come."""
    later: date = city_today() + timedelta(9)
    for name, column in (
        ("courts.judgment_defaulter", "expires_on"),
        ("transport.transport_violation", "publicity_until"),
        ("credit_office.red_list", "until"),
        ("tax.responsibility_by_person", "until"),
    ):
        assert checked(name, record(name) | {column: later}, ()).rows
