"""The state of a mark of a responsible person, and the day on which a record of any form was last confirmed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from catalogue.dated_rules import dated_rules
from catalogue.identifiers import credit_code_check_sign, person_check_sign
from catalogue.record_faults import AHEAD
from catalogue.record_forms import RecordForm, RecordLife
from tests.catalogue import test_record_states as states
from tests.catalogue.test_record_states import DAY
from tests.support.small_city import ENTERPRISES, PERSONS

PERSON, FIRM = PERSONS[0], ENTERPRISES[0]
MARK = RecordForm.RESPONSIBILITY


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"until": DAY}, "EFFECTIVE"),
        ({"until": DAY - timedelta(1)}, "EXPIRED"),
        ({"decided_on": date(2021, 11, 29)}, "EFFECTIVE"),
        ({"decided_on": date(2021, 11, 28)}, "EXPIRED"),
        ({"decided_on": date(2021, 11, 28), "since": date(2022, 1, 1)}, "EXPIRED"),
        ({"conduct_ended_on": date(2021, 1, 1)}, "EXPIRED"),
        ({"since": DAY + timedelta(1)}, "UNKNOWN"),
    ],
)
def test_a_mark_stands_for_its_term(changes: dict[str, Any], expected: str):
    """A mark ends with its term, and five years after the earliest of decision, first day and conduct (art. 19)."""
    assert states.state(MARK, **changes) == expected


@pytest.mark.rule("HN-37", "HN-41", "HN-42", "HN-43")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"entry_ended_on": DAY}, "EXPIRED"),
        ({"entry_ended_on": DAY, "until": date(2027, 1, 5)}, "EXPIRED"),
        ({"entry_ended_on": DAY, "disputed_on": date(2026, 6, 1)}, "EXPIRED"),
        ({"entry_ended_on": DAY + timedelta(1)}, "EFFECTIVE"),
        ({"entry_ended_on": DAY, "withdrawn_on": DAY}, "WITHDRAWN"),
        ({"disputed_on": date(2026, 4, 1)}, "DISPUTED"),
        ({"disputed_on": date(2026, 4, 1), "settled_on": DAY}, "EFFECTIVE"),
    ],
)
def test_a_mark_stands_while_its_entry_does(changes: dict[str, Any], expected: str):
    """A mark ends on the day on which its entry does, and an objection to the entry, even of before the mark, disputes it."""
    assert states.state(MARK, **changes) == expected


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({}, date(2031, 5, 1)),
        ({"until": date(2027, 1, 5)}, date(2027, 1, 5)),
        ({"since": date(2026, 6, 1)}, date(2031, 5, 1)),
    ],
)
def test_the_last_day_of_a_mark_is_told(changes: dict[str, Any], last: date):
    """The earliest term of a mark tells its last day."""
    reader = states.LifeReader(states.LIVES[MARK], dated_rules())
    assert reader.ends(states.record(MARK, **changes), DAY) == last


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"since": date(2026, 4, 30)}, "since: before decided_on"),
        ({"until": date(2026, 4, 30)}, "until: before since"),
        ({"entry_ended_on": date(2026, 4, 30)}, "entry_ended_on: before since"),
        ({"entry_ended_on": date(2026, 5, 1)}, None),
        ({"entry_ended_on": DAY + timedelta(1)}, f"entry_ended_on: {AHEAD}"),
        ({"disputed_on": date(2026, 4, 1)}, None),
        ({"disputed_on": date(2026, 4, 1), "settled_on": date(2026, 4, 2)}, None),
        ({"disputed_on": DAY + timedelta(1)}, f"disputed_on: {AHEAD}"),
    ],
)
def test_a_mark_begins_with_its_decision(changes: dict[str, Any], named: str | None):
    """A mark that begins before its decision or after its entry ended, or ends before it begins, cannot be."""
    reader = states.LifeReader(states.LIVES[MARK], dated_rules())
    assert reader.fault(states.record(MARK, **changes), FIRM, DAY) == named


@pytest.mark.parametrize(
    ("born", "expected"), [("20080430", "EFFECTIVE"), ("20080501", "EFFECTIVE"), ("20080502", "SEALED")]
)
@pytest.mark.parametrize("of_person", [True, False])
def test_a_mark_of_a_minor_is_sealed_on_either_side(born: str, expected: str, of_person: bool):
    """A mark is of its person, whether the person or the enterprise is asked for: its state is one from both sides."""
    number = f"411502{born}001" + person_check_sign(f"411502{born}001")
    key = number if of_person else FIRM
    assert states.state(MARK, key, person_number=number) == expected


def test_whoever_was_a_minor_at_the_decision_of_a_mark_is_one():
    """A mark that begins after the eighteenth birthday is sealed where its decision came before."""
    number = states.born_on("20080420")
    for decided, expected in ((date(2026, 4, 19), "SEALED"), (date(2026, 4, 20), "EFFECTIVE")):
        found = {"decided_on": decided, "since": date(2026, 5, 1), "person_number": number}
        assert states.state(MARK, **found) == expected


@pytest.mark.rule("R26", "HN-35", "C4")
@pytest.mark.parametrize("name", ["decision_number", "organ", "decided_on", "record_number"])
@pytest.mark.parametrize("missing", [None, "", " "])
def test_nobody_is_responsible_without_a_decision(name: str, missing: str | None):
    """A mark refers to the number, the organ and the day of its decision and to its entry, or it is kept out (art. 35)."""
    reader = states.LifeReader(states.LIVES[MARK], dated_rules())
    assert reader.refusal(states.record(MARK), PERSON) is None
    if missing is None or name != "decided_on":
        found = states.record(MARK) | {name: missing}
        for key in (PERSON, FIRM):
            assert reader.refusal(found, key) == "responsible person without a decision"


def test_a_duty_is_no_mark():
    """A mark alone begins with its decision: what is owed may be owed before somebody decides about it, and long after."""
    reader = states.LifeReader(RecordLife(RecordForm.DUTY, "since"), dated_rules())
    for since in (date(2026, 4, 1), date(2026, 6, 1)):
        found = states.record(RecordForm.DUTY, since=since)
        assert reader.fault(found, FIRM, DAY) is None
        assert reader.ends(found, DAY) == since.replace(year=2031)


def test_nobody_is_responsible_for_an_individual_business():
    """Art. 35 is about organisations; an individual business is its operator."""
    body = "92411502MA9K4X017"
    code = body + credit_code_check_sign(body)
    reader = states.LifeReader(states.LIVES[MARK], dated_rules())
    found = states.record(MARK, credit_code=code)
    assert reader.refusal(found, PERSON) == "responsible person of an individual business"


@pytest.mark.rule("R35")
@pytest.mark.parametrize("form", RecordForm)
def test_nobody_confirms_a_record_tomorrow(form: RecordForm):
    """A bureau confirmed a record since it began and until today: a day that lies ahead breaks the contract, and changes no state."""
    reader, ahead = states.LifeReader(states.LIVES[form], dated_rules()), DAY + timedelta(1)
    assert reader.fault(states.record(form, confirmed_on=DAY), FIRM, DAY) is None
    assert reader.fault(states.record(form, confirmed_on=ahead), FIRM, DAY) == f"confirmed_on: {AHEAD}"
    assert reader.fault(states.record(form, confirmed_on=ahead), FIRM, ahead) is None
    assert reader.fault(states.record(form, confirmed_on=date(2026, 4, 30)), FIRM, DAY) is not None
    for confirmed_on in (None, date(2026, 5, 1), DAY, ahead):
        assert states.state(form, confirmed_on=confirmed_on) == "EFFECTIVE"
