"""Every row of the dated rules is read by the code that computes states, or says of itself that people alone read it."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue.dated_rules import DatedRule, DatedRules, dated_rules
from catalogue.record_forms import RecordForm
from tests.catalogue import test_mark_states, test_record_states, test_states_by_law
from tests.catalogue.test_record_states import LIVES, LifeReader, record
from tests.catalogue.test_state_mutants import notices, stated
from tests.support.life_samples import FINAL

ROWS = [row for rows in dated_rules().rows.values() for row in rows]
USED = [row for row in ROWS if not row.only_stated]


def named(row: DatedRule) -> str:
    """Return the name and the first day of a row."""
    return f"{row.name} from {row.from_}"


def without(*lost: DatedRule) -> DatedRules:
    """Return the rules without some rows."""
    return DatedRules([row for row in ROWS if row not in lost])


def put(monkeypatch: pytest.MonkeyPatch, rules: DatedRules) -> None:
    """Let the tests of the states read other rules."""
    for module in (test_mark_states, test_record_states, test_states_by_law):
        monkeypatch.setattr(module, "dated_rules", lambda: rules)


@pytest.mark.parametrize("row", USED, ids=named)
def test_a_row_that_is_in_use_decides_about_some_record(row: DatedRule, monkeypatch: pytest.MonkeyPatch):
    """Without the row a stated case is answered otherwise: a row that no code reads says so, or leaves the file."""
    put(monkeypatch, without(row))
    assert notices([*stated(), (test_each_term_of_a_severity_ends_what_it_is_about, {})])


def test_a_row_that_is_only_stated_decides_about_nothing(monkeypatch: pytest.MonkeyPatch):
    """Without all rows that people alone read, every stated case is answered as before."""
    only_stated = [row for row in ROWS if row.only_stated]
    assert len(only_stated) > 20
    put(monkeypatch, without(*only_stated))
    assert not notices(list(stated()))


def test_each_term_of_a_severity_ends_what_it_is_about():
    """A row of a severity ends what was decided while it held: by the rule of 2019 in a year, by that of 2023 in three."""
    reader = LifeReader(LIVES[RecordForm.PENALTY], test_record_states.dated_rules())
    for severity, decided, day, last in (
        ("GENERAL", date(2020, 1, 1), date(2023, 4, 30), date(2021, 1, 1)),
        ("GENERAL", date(2023, 6, 1), date(2026, 3, 31), date(2026, 6, 1)),
        ("GENERAL", date(2026, 5, 1), date(2026, 6, 1), date(2027, 5, 1)),
        ("SERIOUS", date(2020, 1, 1), date(2022, 1, 1), date(2023, 1, 1)),
        ("SERIOUS", date(2024, 1, 1), date(2026, 3, 1), date(2027, 1, 1)),
        ("SERIOUS", date(2024, 1, 1), date(2026, 6, 1), date(2027, 1, 1)),
        ("SERIOUS", date(2026, 5, 1), date(2026, 6, 1), date(2029, 5, 1)),
        ("MINOR", date(2026, 5, 1), date(2026, 6, 1), date(2026, 8, 1)),
    ):
        found = record(RecordForm.PENALTY, **(FINAL | {"severity": severity, "decided_on": decided}))
        assert reader.ends(found, day) == last
