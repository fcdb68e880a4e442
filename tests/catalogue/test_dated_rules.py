"""Dated rows of law: each rule has one value a day; and the day on which a person is of age."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue.ages import coming_of_age
from catalogue.dated_rules import DatedRule, DatedRules
from catalogue.toml_files import TomlError


def test_nobody_is_of_age_before_the_eighteenth_birthday():
    """Whoever was born on 29 February comes of age on 1 March where the year has no such day."""
    assert coming_of_age(date(2008, 2, 29)) == date(2026, 3, 1)
    assert coming_of_age(date(2008, 5, 1)) == date(2026, 5, 1)


ROW = DatedRule("a.b", date(2020, 1, 1), "source", "V", term="P3M")


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([DatedRule("a.b", date(2020, 1, 1), "source", "V")], "states no value or two"),
        ([DatedRule("a.b", date(2020, 1, 1), "s", "V", term="P1D", number=2)], "states no value or two"),
        ([DatedRule("a.b", date(2020, 1, 1), "s", "V", until=date(2019, 1, 1), term="P1D")], "ends before"),
        ([ROW, DatedRule("a.b", date(2021, 1, 1), "source", "V", term="P1Y")], "has two rows on 2021-01-01"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(rows: list[DatedRule], named: str):
    """A rule has one value a day, or is unknown; a file that says otherwise is refused by the rule's name."""
    with pytest.raises(TomlError, match=named):
        DatedRules(rows)
