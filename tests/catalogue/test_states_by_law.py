"""What the law asks before a record counts, and the term by which it ends an entry: determinations, and the courts' list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from catalogue.dated_rules import DatedRules, dated_rules
from catalogue.record_forms import RecordForm, RecordLife, StatutoryTerm
from tests.catalogue import test_record_states as states
from tests.catalogue.test_record_states import DAY, FIRM
from tests.support.life_samples import record

OWED = RecordLife(RecordForm.DUTY, "decided_on", done="paid_on", determined=True)


@pytest.mark.rule("HN-20")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "EFFECTIVE"),
        ({"determination_number": None}, "PENDING_FINALITY"),
        ({"determination_number": " － "}, "PENDING_FINALITY"),
        ({"determined_on": None}, "PENDING_FINALITY"),
        ({"determined_on": DAY}, "EFFECTIVE"),
        ({"determined_on": DAY + timedelta(1)}, "PENDING_FINALITY"),
        ({"determined_on": None, "disputed_on": DAY}, "DISPUTED"),
        ({"determined_on": None, "paid_on": DAY}, "REPAIRED"),
    ],
)
def test_what_is_owed_is_used_once_it_is_determined(changes: dict[str, Any], expected: str):
    """Art. 20 (6): dishonesty is what a decision determined by law: arrears without its number or day are used for nothing."""
    stated = {"determination_number": "限缴〔2026〕1号", "determined_on": date(2026, 5, 20)} | changes
    found = record(RecordForm.DUTY, **stated)
    assert states.LifeReader(OWED, dated_rules()).state(found, FIRM, DAY) == expected
    assert states.state(RecordForm.DUTY, **stated) == (
        "EFFECTIVE" if expected == "PENDING_FINALITY" else expected
    )


LISTED = RecordLife(
    RecordForm.LISTING,
    "decided_on",
    through="until",
    term=StatutoryTerm("conduct", "judgment.term", "judgment.extension", frozenset({"ABLE_BUT_REFUSES"})),
)


@pytest.mark.rule("HN-19", "HN-37")
@pytest.mark.parametrize(
    ("conduct", "listed", "until", "last"),
    [
        ("ABLE_BUT_REFUSES", date(2018, 1, 1), None, None),
        ("ABLE_BUT_REFUSES", date(2018, 1, 1), date(2027, 1, 1), date(2027, 1, 1)),
        ("OBSTRUCTS", date(2025, 11, 29), None, date(2027, 11, 29)),
        ("EVADES", date(2024, 11, 29), None, date(2026, 11, 29)),
        ("BREAKS_SETTLEMENT", date(2024, 11, 28), None, date(2026, 11, 28)),
        ("EVADES", date(2025, 1, 1), date(2026, 12, 31), date(2026, 12, 31)),
        ("EVADES", date(2022, 1, 1), date(2027, 1, 1), date(2027, 1, 1)),
        ("EVADES", date(2022, 1, 1), date(2030, 1, 1), date(2027, 1, 1)),
        ("EVADES", date(2021, 11, 28), date(2030, 1, 1), date(2026, 11, 28)),
        ("EVADES", date(2016, 1, 1), None, date(2018, 1, 1)),
    ],
)
def test_the_law_ends_an_entry_of_the_courts_list(
    conduct: str, listed: date, until: date | None, last: date | None
):
    """法释〔2017〕7号 art. 2: two years for the situations 2 to 6, three more at most where extended, none for the first."""
    found = record(RecordForm.LISTING, decided_on=listed, until=until, conduct=conduct)
    reader = states.LifeReader(LISTED, dated_rules())
    assert reader.ends(found, DAY) == last
    assert reader.state(found, FIRM, DAY) == ("EFFECTIVE" if last is None or last >= DAY else "EXPIRED")


@pytest.mark.parametrize(
    ("lost", "until"), [("judgment.term", None), ("judgment.extension", date(2027, 1, 1))]
)
def test_an_entry_is_unknown_without_the_rule_of_its_term(lost: str, until: date | None):
    """Where no row states the term of the courts' list, or its extension, the state of an entry cannot be computed."""
    rows = [row for name, each in dated_rules().rows.items() if name != lost for row in each]
    found = record(RecordForm.LISTING, decided_on=date(2026, 1, 1), until=until, conduct="EVADES")
    reader = states.LifeReader(LISTED, DatedRules(rows))
    assert (reader.state(found, FIRM, DAY), reader.missing(found, DAY)) == ("UNKNOWN", lost)
