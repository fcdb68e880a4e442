"""The state of a record, form by form, as the regulation and the dated rules have it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.dated_rules import DatedRules, dated_rules
from catalogue.identifiers import person_check_sign
from catalogue.law_provisos import LawProviso
from catalogue.record_forms import RecordForm, RecordLife
from catalogue.record_life import COLUMNS_OF, RECORD_STATE
from catalogue.record_states import LifeReader
from tests.support.life_samples import LIVES, record
from tests.support.small_city import ENTERPRISES, PERSONS

DAY = date(2026, 11, 29)
PERSON, FIRM = PERSONS[0], ENTERPRISES[0]
BUSINESS = next(each for each in ENTERPRISES if each.startswith("92"))


def state(form: RecordForm, key: str = FIRM, day: date = DAY, **changes: Any) -> str:
    """Return the state of a record that stands, changed."""
    return LifeReader(LIVES[form], dated_rules()).state(record(form, **changes), key, day)


def stated_by(form: RecordForm) -> list[str]:
    """Return the columns that every record of a form states."""
    return [each.name for each in COLUMNS_OF[form] if not each.computed]


@pytest.mark.parametrize("form", RecordForm)
def test_a_record_that_nothing_ended_stands(form: RecordForm):
    """Each form has a record that is used, from the day on which it begins."""
    assert state(form) == "EFFECTIVE"
    assert state(form, day=date(2026, 11, 1), decided_on=date(2026, 11, 1)) == "EFFECTIVE"


@pytest.mark.rule("R20", "HN-41", "HN-42", "HN-43", "C16")
@pytest.mark.parametrize(
    "form", [RecordForm.PENALTY, RecordForm.LISTING, RecordForm.DUTY, RecordForm.RESPONSIBILITY]
)
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"withdrawn_on": DAY}, "WITHDRAWN"),
        ({"withdrawn_on": DAY + timedelta(1)}, "EFFECTIVE"),
        ({"sealed_on": DAY}, "SEALED"),
        ({"repaired_on": DAY}, "REPAIRED"),
        ({"repaired_on": DAY, "withdrawn_on": DAY}, "WITHDRAWN"),
        ({"disputed_on": date(2026, 11, 20)}, "DISPUTED"),
        ({"disputed_on": date(2026, 11, 1), "settled_on": DAY}, "EFFECTIVE"),
        ({"decided_on": DAY + timedelta(1)}, "UNKNOWN"),
    ],
)
def test_what_somebody_did_to_a_record_ends_or_marks_it(
    form: RecordForm, changes: dict[str, Any], expected: str
):
    """Withdrawal, sealing, repair and dispute act on their day, whatever the form."""
    assert state(form, **changes) == expected


@pytest.mark.rule("R17", "HN-19", "HN-37")
@pytest.mark.parametrize(
    ("form", "changes", "expected"),
    [
        (RecordForm.DUTY, {"paid_on": DAY}, "REPAIRED"),
        (RecordForm.DUTY, {"owed_fen": 0}, "REPAIRED"),
        (RecordForm.DUTY, {"decided_on": date(2021, 11, 29)}, "EFFECTIVE"),
        (RecordForm.DUTY, {"decided_on": date(2021, 11, 28)}, "EXPIRED"),
        (RecordForm.DUTY, {"decided_on": date(2022, 1, 1), "conduct_ended_on": date(2021, 1, 1)}, "EXPIRED"),
        (RecordForm.LISTING, {"performance": "FULL"}, "REPAIRED"),
        (RecordForm.LISTING, {"left_on": DAY}, "EXPIRED"),
        (RecordForm.LISTING, {"until": DAY}, "EFFECTIVE"),
        (RecordForm.LISTING, {"until": DAY - timedelta(1)}, "EXPIRED"),
        (RecordForm.LISTING, {"decided_on": date(2009, 1, 1)}, "EFFECTIVE"),
        (RecordForm.AWARD, {"until": DAY - timedelta(1)}, "EXPIRED"),
        (RecordForm.AWARD, {"withdrawn_on": DAY}, "WITHDRAWN"),
    ],
)
def test_a_term_or_performance_ends_a_record(form: RecordForm, changes: dict[str, Any], expected: str):
    """A duty ends when it is done or kept too long, a listing on its exit, an award after its term (art. 19, 37)."""
    assert state(form, **changes) == expected


@pytest.mark.parametrize(
    ("form", "changes", "last"),
    [
        (RecordForm.DUTY, {}, date(2031, 5, 1)),
        (RecordForm.DUTY, {"conduct_ended_on": date(2026, 4, 1)}, date(2031, 4, 1)),
        (RecordForm.LISTING, {}, None),
        (RecordForm.LISTING, {"until": date(2027, 1, 5)}, date(2027, 1, 5)),
        (RecordForm.AWARD, {"until": date(2027, 1, 5)}, date(2027, 1, 5)),
        (RecordForm.PENALTY, {}, date(2027, 5, 1)),
        (RecordForm.PENALTY, {"publicity_until": date(2026, 12, 31)}, date(2026, 12, 31)),
        (RecordForm.PENALTY, {"severity": None}, None),
    ],
)
def test_the_last_day_of_a_record_is_told_where_its_terms_are_known(
    form: RecordForm, changes: dict[str, Any], last: date | None
):
    """The record stands on that day and not on the next; without a known term no day is told."""
    reader = LifeReader(LIVES[form], dated_rules())
    assert reader.ends(record(form, **changes), DAY) == last
    if last is not None:
        assert state(form, day=last, **changes) == "EFFECTIVE"
        assert state(form, day=last + timedelta(1), **changes) != "EFFECTIVE"


@pytest.mark.rule("HN-20", "C7")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"final_on": DAY}, "EFFECTIVE"),
        ({"final_on": DAY + timedelta(1)}, "PENDING_FINALITY"),
        ({"final_on": None}, "EFFECTIVE"),
        ({"final_on": None, "served_on": date(2026, 5, 29)}, "PENDING_FINALITY"),
        ({"final_on": None, "contested_on": date(2026, 6, 1)}, "PENDING_FINALITY"),
        ({"final_on": None, "served_on": None}, "UNKNOWN"),
        ({"final_on": None, "procedure": "SIMPLIFIED", "served_on": date(2026, 9, 29)}, "EFFECTIVE"),
        ({"final_on": None, "procedure": "SIMPLIFIED", "served_on": date(2026, 9, 30)}, "PENDING_FINALITY"),
        ({"final_on": None, "procedure": None, "served_on": date(2026, 9, 29)}, "PENDING_FINALITY"),
        ({"final_on": None, "procedure": "SIMPLIFIED", "served_on": date(2023, 12, 31)}, "EFFECTIVE"),
    ],
)
def test_a_penalty_is_used_when_it_is_final(changes: dict[str, Any], expected: str):
    """Art. 20 (2): final as the bureau states it, else six months after service, on the spot sixty days, if uncontested."""
    assert state(RecordForm.PENALTY, **changes) == expected


@pytest.mark.rule("R17", "R25", "HN-19", "C9")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"severity": None}, "UNKNOWN"),
        ({"severity": "MINOR", "corrected_on": date(2026, 6, 1)}, "EXPIRED"),
        ({"severity": "MINOR"}, "UNKNOWN"),
        ({"publicity_until": DAY}, "EFFECTIVE"),
        ({"publicity_until": DAY - timedelta(1)}, "EXPIRED"),
        ({"decided_on": date(2025, 11, 28)}, "EXPIRED"),
        ({"decided_on": date(2025, 11, 29)}, "EFFECTIVE"),
        ({"decided_on": date(2024, 1, 1), "severity": "SERIOUS"}, "EFFECTIVE"),
        ({"decided_on": date(2023, 11, 28), "severity": "SERIOUS"}, "EXPIRED"),
        ({"decided_on": date(2018, 1, 1), "severity": "SERIOUS"}, "EXPIRED"),
        ({"conduct_ended_on": date(2021, 11, 29)}, "EFFECTIVE"),
        ({"conduct_ended_on": date(2021, 11, 28)}, "EXPIRED"),
    ],
)
def test_a_penalty_ends_with_the_term_of_its_severity(changes: dict[str, Any], expected: str):
    """The earliest of the terms that held since the decision ends it; without a severity no term can be computed."""
    earlier: dict[str, Any] = {
        "served_on": changes.get("decided_on", date(2026, 5, 1)),
        "final_on": date(2026, 11, 1),
    }
    assert state(RecordForm.PENALTY, **{**earlier, **changes}) == expected


@pytest.mark.rule("R17", "C9")
def test_a_new_measure_holds_from_its_first_day():
    """Order 36 shortens the term of a general matter from three years to one on 2026-04-01, for earlier decisions too."""
    made = {"decided_on": date(2024, 1, 1), "served_on": date(2024, 1, 1), "final_on": date(2024, 7, 1)}
    assert state(RecordForm.PENALTY, day=date(2026, 3, 31), **made) == "EFFECTIVE"
    assert state(RecordForm.PENALTY, day=date(2026, 4, 1), **made) == "EXPIRED"
    reader = LifeReader(LIVES[RecordForm.PENALTY], dated_rules())
    found = record(RecordForm.PENALTY, **made)
    assert reader.ends(found, date(2026, 3, 31)) == date(2027, 1, 1)
    assert reader.ends(found, date(2026, 4, 1)) == date(2025, 1, 1)


def test_what_is_not_corrected_at_the_maximum_has_no_known_end():
    """Order 36 refers to the rule of the sector, which nobody could find: the state is unknown, and nothing uses it."""
    day = date(2027, 6, 1)
    assert state(RecordForm.PENALTY, day=day) == "UNKNOWN"
    assert state(RecordForm.PENALTY, day=day, corrected_on=date(2027, 1, 1)) == "EXPIRED"
    assert state(RecordForm.PENALTY, day=date(2027, 5, 1)) == "EFFECTIVE"


WANTED = ("a begin that has come", "a severity", "a day of service")
"""What a bureau may leave out, so that no state can be computed."""


@pytest.mark.parametrize(
    ("changes", "lost", "missing"),
    [
        ({"decided_on": DAY + timedelta(1), "severity": None}, (), WANTED[0]),
        ({"severity": None}, (), WANTED[1]),
        ({"severity": None, "decided_on": DAY}, (), WANTED[1]),
        ({"served_on": None, "final_on": None}, (), WANTED[2]),
        ({"severity": "MINOR"}, (), "penalty.uncorrected.max"),
        ({}, ("disclosure.max",), "disclosure.max"),
        ({}, ("penalty.general.max",), "penalty.general.max"),
        ({"severity": "SERIOUS"}, ("penalty.serious.max",), "penalty.serious.max"),
        ({"final_on": None}, ("finality.suit",), "finality.suit"),
    ],
)
def test_what_a_state_could_not_be_computed_for_is_named(
    changes: dict[str, Any], lost: tuple[str, ...], missing: str
):
    """Of a record whose state is unknown the dated rule is named that states nothing, or what the bureau left out."""
    rows = [row for name, each in dated_rules().rows.items() if name not in lost for row in each]
    reader = LifeReader(LIVES[RecordForm.PENALTY], DatedRules(rows))
    found = record(RecordForm.PENALTY, **changes)
    assert reader.state(found, FIRM, DAY) == "UNKNOWN"
    assert reader.missing(found, DAY) == missing
    with pytest.raises(ValueError, match="can be computed"):
        LifeReader(LIVES[RecordForm.PENALTY], dated_rules()).missing(record(RecordForm.PENALTY), DAY)


@pytest.mark.rule("R21", "C16")
@pytest.mark.parametrize("form", [RecordForm.PENALTY, RecordForm.LISTING, RecordForm.DUTY])
@pytest.mark.parametrize(
    ("born", "expected"), [("20080430", "EFFECTIVE"), ("20080501", "EFFECTIVE"), ("20080502", "SEALED")]
)
def test_what_a_minor_did_is_sealed(form: RecordForm, born: str, expected: str):
    """预防未成年人犯罪法 art. 59: an act before the eighteenth birthday is used for nothing."""
    key = born_on(born)
    assert state(form, key=key) == expected
    assert state(RecordForm.AWARD, key=key) == "EFFECTIVE"


def born_on(day: str) -> str:
    """Return the number of a person who was born on a day, such as 20080501."""
    return f"411502{day}001" + person_check_sign(f"411502{day}001")


@pytest.mark.rule("R21", "C16")
@pytest.mark.parametrize(
    ("form", "column"),
    [
        (RecordForm.PENALTY, "conduct_ended_on"),
        (RecordForm.DUTY, "conduct_ended_on"),
        (RecordForm.LISTING, "notified_on"),
    ],
)
def test_who_was_a_minor_when_it_came_about_is_one(form: RecordForm, column: str):
    """Whoever was a minor when the conduct ended, or when the notice came, is one, though of age at the decision or listing."""
    of_age, minor = date(2026, 4, 20), date(2026, 4, 19)
    for born, day, expected in (("20080420", of_age, "EFFECTIVE"), ("20080420", minor, "SEALED")):
        assert state(form, key=born_on(born), **{column: day}) == expected
    assert state(form, key=FIRM, **{column: minor}) == "EFFECTIVE"


@pytest.mark.rule("R21")
def test_who_was_a_minor_when_a_debt_began_is_one():
    """What is owed since a day before the eighteenth birthday is sealed, though it was determined later."""
    life, later = RecordLife(RecordForm.DUTY, "since", done="paid_on"), date(2026, 5, 1)
    for since, expected in ((date(2026, 4, 19), "SEALED"), (date(2026, 4, 20), "EFFECTIVE")):
        found = record(RecordForm.DUTY, since=since, decided_on=later)
        assert LifeReader(life, dated_rules()).state(found, born_on("20080420"), DAY) == expected


ON_THE_SPOT = "simplified procedure against a natural person"
PUT_RIGHT = "minor violation of a natural person, put right"
MAY_BE_ON_THE_SPOT = "no procedure stated, and the simplified one was allowed"


@pytest.mark.rule("HN-13")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, None),
        ({"fine_fen": 20_000}, None),
        ({"procedure": "SIMPLIFIED"}, ON_THE_SPOT),
        ({"put_right": True}, PUT_RIGHT),
        ({"procedure": None, "fine_fen": 20_000}, MAY_BE_ON_THE_SPOT),
        ({"procedure": None, "fine_fen": 20_001}, None),
        ({"procedure": None, "fine_fen": None}, MAY_BE_ON_THE_SPOT),
        ({"procedure": None, "fine_fen": 20_001, "decided_on": date(2021, 7, 14)}, MAY_BE_ON_THE_SPOT),
        ({"procedure": None, "sanction": "WARNING"}, MAY_BE_ON_THE_SPOT),
        ({"procedure": None, "sanction": "WARNING_AND_FINE", "fine_fen": 20_000}, MAY_BE_ON_THE_SPOT),
        ({"procedure": None, "sanction": "OTHER", "fine_fen": 0}, None),
    ],
)
def test_the_law_keeps_small_penalties_of_persons_out(changes: dict[str, Any], rule: str | None):
    """Art. 13: the simplified procedure, a minor violation put right, and what may be one of them, of owners as well."""
    reader, found = (
        LifeReader(LIVES[RecordForm.PENALTY], dated_rules()),
        record(RecordForm.PENALTY, **changes),
    )
    assert reader.refusal(found, PERSON) == reader.refusal(found, BUSINESS) == rule
    assert reader.refusal(found, FIRM) is None


@pytest.mark.parametrize(
    ("kind", "changes"), [("SIMPLIFIED", {"procedure": "SIMPLIFIED"}), ("PUT_RIGHT", {"put_right": True})]
)
def test_a_law_that_says_otherwise_lets_a_penalty_in(kind: Any, changes: dict[str, Any]):
    """Art. 13 yields to a law or an administrative regulation, for what that law names."""
    row = LawProviso("XY-TRN-003", frozenset({kind}), "某法", "第一条", "市信用办", date(2026, 1, 1))
    found, life = record(RecordForm.PENALTY, **changes), LIVES[RecordForm.PENALTY]
    assert LifeReader(life, dated_rules(), [row]).refusal(found, PERSON) is None
    assert LifeReader(life, dated_rules()).refusal(found, PERSON) is not None


def test_the_law_lets_other_forms_in():
    """Art. 13 is about penalties; a bureau that tells no fine has none that is too high to be on the spot."""
    for form in (RecordForm.LISTING, RecordForm.DUTY, RecordForm.AWARD, RecordForm.RESPONSIBILITY):
        assert LifeReader(LIVES[form], dated_rules()).refusal(record(form), PERSON) is None
    untold = LifeReader(RecordLife(RecordForm.PENALTY, "decided_on"), dated_rules())
    assert untold.refusal(record(RecordForm.PENALTY, procedure=None), PERSON) == MAY_BE_ON_THE_SPOT


@pytest.mark.rule("C7")
@pytest.mark.parametrize("severity", ["MINOR", "GENERAL", "SERIOUS", None])
@pytest.mark.parametrize("stated", sorted(RECORD_STATE))
def test_publicity_goes_on_while_a_penalty_is_contested(severity: str | None, stated: str):
    """Whatever is minor is not public (order 36); what is not minor is until it ends, contested and disputed or not."""
    reader = LifeReader(LIVES[RecordForm.PENALTY], dated_rules())
    public = severity != "MINOR" and stated in {"EFFECTIVE", "PENDING_FINALITY", "DISPUTED"}
    assert reader.is_published(record(RecordForm.PENALTY, severity=severity), stated) is public


@given(
    form=st.sampled_from(list(RecordForm)),
    days=st.dictionaries(
        st.sampled_from(
            [
                *("withdrawn_on", "sealed_on", "repaired_on", "disputed_on", "settled_on", "served_on"),
                *("final_on", "contested_on", "corrected_on", "publicity_until"),
                *("paid_on", "left_on", "until"),
            ]
        ),
        st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    ),
    begun=st.dates(date(2015, 1, 1), date(2028, 1, 1)),
    severity=st.sampled_from([None, "MINOR", "GENERAL", "SERIOUS"]),
    person=st.booleans(),
)
def test_every_record_has_one_state_and_none_comes_back(
    form: RecordForm, days: dict[str, date], begun: date, severity: str | None, person: bool
):
    """Whatever a record says it has a state, or a named reason for none; what ended never stands again."""
    own = {name: each for name, each in days.items() if name in record(form)}
    reader, seen = LifeReader(LIVES[form], dated_rules()), (DAY, DAY + timedelta(200), DAY + timedelta(2_000))
    made = record(form, decided_on=begun, severity=severity, **own)
    found = [reader.state(made, PERSON if person else FIRM, day) for day in seen]
    unknown = {reader.missing(made, day) for day, each in zip(seen, found, strict=True) if each == "UNKNOWN"}
    assert unknown <= {*WANTED, *dated_rules().rows}
    assert set(found) <= set(RECORD_STATE)
    ended = [each in ("WITHDRAWN", "SEALED", "REPAIRED", "EXPIRED") for each in found]
    assert ended == sorted(ended)
