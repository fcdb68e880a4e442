"""A record that cannot be is found by the name of a rule: days that come too early or too late, amounts, and what says nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from catalogue.dated_rules import dated_rules
from catalogue.identifiers import person_check_sign
from catalogue.record_faults import AHEAD, BLANK, FAULTS_OF_COURSE
from catalogue.record_forms import RecordForm, RecordLife
from tests.catalogue import test_record_states as states
from tests.catalogue.test_record_states import DAY, FIRM
from tests.support.life_samples import LIVES, record

BORN = date(1970, 5, 2)
PERSON = "411502197005020017"[:17] + person_check_sign("41150219700502001")


def fault(life: RecordLife, *, key: str = FIRM, **changes: Any) -> str | None:
    """Return the fault of a record with a life, changed."""
    return states.LifeReader(life, dated_rules()).fault(record(life.form, **changes), key, DAY)


@pytest.mark.rule("HN-28")
@pytest.mark.parametrize(
    ("form", "changes", "named"),
    [
        (RecordForm.DUTY, {"repaired_on": date(2026, 4, 30)}, "repaired_on: before decided_on"),
        (RecordForm.DUTY, {"paid_on": date(2026, 4, 30)}, "paid_on: before decided_on"),
        (RecordForm.LISTING, {"until": date(2026, 4, 30)}, "until: before decided_on"),
        (RecordForm.LISTING, {"left_on": date(2026, 4, 30)}, "left_on: before decided_on"),
        (RecordForm.LISTING, {"notified_on": date(2026, 5, 2)}, "decided_on: before notified_on"),
        (RecordForm.PENALTY, {"served_on": date(2026, 4, 30)}, "served_on: before decided_on"),
        (RecordForm.PENALTY, {"contested_on": date(2026, 4, 30)}, "contested_on: before decided_on"),
        (
            RecordForm.PENALTY,
            {"served_on": None, "final_on": date(2026, 4, 30)},
            "final_on: before decided_on",
        ),
        (RecordForm.DUTY, {"disputed_on": date(2026, 4, 30)}, "disputed_on: before decided_on"),
        (RecordForm.AWARD, {"withdrawn_on": date(2026, 4, 30)}, "withdrawn_on: before decided_on"),
        (RecordForm.DUTY, {"sealed_on": date(2026, 4, 30)}, "sealed_on: before decided_on"),
        (RecordForm.PENALTY, {"final_on": date(2026, 5, 5)}, "final_on: before served_on"),
        (
            RecordForm.PENALTY,
            {"final_on": date(2026, 6, 1), "contested_on": DAY},
            "final_on: before contested_on",
        ),
        (RecordForm.PENALTY, {"publicity_until": date(2026, 4, 30)}, "publicity_until: before decided_on"),
        (RecordForm.DUTY, {"determined_on": date(2026, 4, 30)}, "determined_on: before decided_on"),
        (RecordForm.DUTY, {"settled_on": DAY}, "settled_on: without disputed_on"),
        (
            RecordForm.DUTY,
            {"disputed_on": DAY, "settled_on": date(2026, 6, 1)},
            "settled_on: before disputed_on",
        ),
    ],
)
def test_a_record_that_cannot_be_is_a_fault(form: RecordForm, changes: dict[str, Any], named: str):
    """A record that ended before it began, or was listed before its notice, breaks the contract by the rule's name."""
    reader = states.LifeReader(LIVES[form], dated_rules())
    assert reader.fault(record(form), FIRM, DAY) is None
    assert reader.fault(record(form, **changes), FIRM, DAY) == named
    assert named.partition(": ")[2].startswith(FAULTS_OF_COURSE)


@pytest.mark.parametrize("form", RecordForm)
def test_days_that_are_one_are_no_fault(form: RecordForm):
    """What is disputed, settled and ended on the day on which it began is possible."""
    begun = date(2026, 5, 1)
    days = dict.fromkeys(
        ("served_on", "final_on", "disputed_on", "settled_on", "repaired_on", "confirmed_on"), begun
    )
    own = {name: day for name, day in days.items() if name in record(form)}
    assert states.LifeReader(LIVES[form], dated_rules()).fault(record(form, **own), FIRM, DAY) is None


MAY_LIE_AHEAD = ("publicity_until", "until")
BEFORE = ("notified_on", "decided_on", "since")
"""Days that come before the begin, or are it."""
DAYS = (
    *("served_on", "contested_on", "final_on", "disputed_on", "settled_on", "repaired_on", "withdrawn_on"),
    *("sealed_on", "corrected_on", "conduct_ended_on", "notified_on", "determined_on", "confirmed_on"),
    *("decided_on", "since", "paid_on", "left_on"),
)
"""Every day of a record but the last ones of its term and of its publicity."""


@pytest.mark.parametrize("form", RecordForm)
@pytest.mark.parametrize("name", [*DAYS, *MAY_LIE_AHEAD])
def test_nothing_happened_tomorrow(form: RecordForm, name: str):
    """A record says what was: of its days the last one of its term and of its publicity alone may lie ahead."""
    life, known = LIVES[form], record(form)
    own = {life.begins, life.done, life.leaves} | set(states.stated_by(form))
    if name not in own | set(MAY_LIE_AHEAD) or (name == "until" and not life.through):
        return
    disputed = {"disputed_on": DAY} if name == "settled_on" else {}
    changes = {name: DAY + timedelta(1), **disputed}
    if name in MAY_LIE_AHEAD:
        assert fault(life, **changes) is None
    else:
        assert known.keys() >= {name}
        early = {f"{life.begins}: {AHEAD}", f"{life.begins}: before {name}"}
        assert fault(life, **changes) in (early if name in BEFORE else {f"{name}: {AHEAD}"})
        assert fault(life, **{**changes, name: DAY}) != f"{name}: {AHEAD}"


@pytest.mark.parametrize("form", RecordForm)
def test_nobody_is_recorded_before_the_birth(form: RecordForm):
    """A record of a person that begins before the birth cannot be, whoever asks for it; one of the day of birth can."""
    life, before = LIVES[form], BORN - timedelta(1)
    who = {"person_number": PERSON} if life.person else {}
    old = {**dict.fromkeys((life.begins, "decided_on"), before), **who}
    old |= {"served_on": before, "final_on": before}
    assert fault(life, key=PERSON, **old) == f"{life.begins}: before the birth"
    if life.person:
        assert fault(life, key=FIRM, **old) == f"{life.begins}: before the birth"
    assert fault(life, key=FIRM, **{**old, "person_number": FIRM}) is None
    born = {name: BORN if each == before else each for name, each in old.items()}
    assert fault(life, key=PERSON, **born) is None


@pytest.mark.parametrize("form", RecordForm)
def test_nothing_that_led_to_a_record_was_before_the_birth(form: RecordForm):
    """Nobody did, corrected or was told anything before the birth, however late the record begins."""
    life, before = LIVES[form], BORN - timedelta(1)
    who = {"person_number": PERSON} if life.person else {}
    for name in {"notified_on", "decided_on", "conduct_ended_on", "corrected_on"} & set(
        states.stated_by(form)
    ):
        begun = {**dict.fromkeys((life.begins, "decided_on"), BORN), **who}
        assert fault(life, key=PERSON, **begun | {name: BORN}) is None
        assert fault(life, key=PERSON, **begun | {name: before}) == f"{name}: before the birth"


FINED = LIVES[RecordForm.PENALTY]
OWED = RecordLife(RecordForm.DUTY, "decided_on", done="paid_on", owed="owed_fen", determined=True)
CLAIMED = RecordLife(RecordForm.DUTY, "decided_on", owing="owed_fen", claimed="claimed_fen")
LISTED = LIVES[RecordForm.LISTING]


@pytest.mark.parametrize(
    ("life", "changes", "named"),
    [
        (FINED, {"fine_fen": -1}, "fine_fen: below zero"),
        (FINED, {"fine_fen": 0, "sanction": "OTHER"}, None),
        (FINED, {"fine_fen": 0, "sanction": "FINE"}, "fine_fen: without an amount"),
        (FINED, {"fine_fen": 0, "sanction": "WARNING_AND_FINE"}, "fine_fen: without an amount"),
        (FINED, {"fine_fen": 1, "sanction": "WARNING_AND_FINE"}, None),
        (FINED, {"fine_fen": 1, "sanction": "WARNING"}, "fine_fen: beside a warning alone"),
        (FINED, {"fine_fen": 0, "sanction": "WARNING"}, None),
        (RecordLife(RecordForm.PENALTY, "decided_on"), {"fine_fen": 0}, None),
        (OWED, {}, None),
        (OWED, {"owed_fen": -1}, "owed_fen: below zero"),
        (OWED, {"owed_fen": -1, "paid_on": DAY}, "owed_fen: below zero"),
        (OWED, {"owed_fen": 0}, "owed_fen: without an amount"),
        (OWED, {"owed_fen": 0, "paid_on": DAY}, None),
        (CLAIMED, {"owed_fen": -1, "claimed_fen": 5}, "owed_fen: below zero"),
        (CLAIMED, {"owed_fen": 0, "claimed_fen": -1}, "claimed_fen: below zero"),
        (CLAIMED, {"owed_fen": 0, "claimed_fen": 0}, "claimed_fen: without an amount"),
        (CLAIMED, {"owed_fen": 6, "claimed_fen": 5}, "owed_fen: above claimed_fen"),
        (CLAIMED, {"owed_fen": 5, "claimed_fen": 5}, None),
        (CLAIMED, {"owed_fen": 0, "claimed_fen": 5}, None),
        (LISTED, {}, None),
    ],
)
def test_an_amount_that_cannot_be_is_a_fault(life: RecordLife, changes: dict[str, Any], named: str | None):
    """Nobody owes or is fined less than nothing, owes nothing and has not paid, or owes more than was claimed."""
    assert fault(life, **changes) == named
    assert named is None or named.partition(": ")[2].startswith(FAULTS_OF_COURSE)


@pytest.mark.rule("HN-28")
@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\u3000", "\u200b", "－", "/", "——", "_", "（）", "\t\n"),
        *("无", "暂无", "不详", "未知", "N/A", "NULL", "None"),
    ],
)
def test_what_says_nothing_is_a_fault(text: str):
    """A record rests on numbers with a digit and on organs with a letter; a blank, a dash or 无 founds nothing."""
    names = ("notice_number", "organ")
    reader = states.LifeReader(LISTED, dated_rules(), grounds=names)
    said = record(RecordForm.LISTING, notice_number="告知〔二〇二六〕一号", organ="A")
    assert reader.fault(said, FIRM, DAY) is None
    assert reader.fault(said | {"notice_number": "告知〔〕号"}, FIRM, DAY) == f"notice_number: {BLANK}"
    assert reader.fault(said | {"organ": "2026"}, FIRM, DAY) == f"organ: {BLANK}"
    for name in names:
        assert reader.fault(said | {name: text}, FIRM, DAY) == f"{name}: {BLANK}"
    assert states.LifeReader(LISTED, dated_rules()).fault(said | {"notice_number": text}, FIRM, DAY) is None


def test_days_that_a_data_set_does_not_have_are_not_looked_at():
    """Where the columns of the records are known, the days of others are none of theirs."""
    late = record(RecordForm.LISTING, notified_on=date(2026, 5, 2))
    named = "decided_on: before notified_on"
    for columns, found in ((None, named), (("decided_on", "notified_on"), named), (("decided_on",), None)):
        reader = states.LifeReader(LISTED, dated_rules(), columns=columns)
        assert reader.fault(late, FIRM, DAY) == found
