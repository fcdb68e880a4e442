"""Dated rows of law: each rule has one value a day; and the day on which a person is of age."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue.ages import coming_of_age
from catalogue.dated_rules import DatedRule, DatedRules, dated_rules
from catalogue.index_words import term_text
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


ORDER_527, ORDER_58, ORDER_36 = date(2020, 1, 1), date(2024, 1, 1), date(2026, 4, 1)
ORDER_45, ORDER_107 = date(2022, 1, 1), date(2025, 12, 25)
STATED = (
    *(("penalty.general.min", day, "3个月") for day in (ORDER_527, ORDER_58, ORDER_36)),
    ("penalty.serious.min", ORDER_527, "6个月"),
    ("penalty.serious.min", ORDER_58, "3个月"),
    ("penalty.serious.min", ORDER_36, "1年"),
    ("penalty.gravest.min", ORDER_527, "3年"),
    ("penalty.five_fields.min", ORDER_58, "1年"),
    ("penalty.start", ORDER_527, "自作出处罚决定之日起"),
    ("penalty.start", ORDER_58, "自作出处罚之日起"),
    ("penalty.start", ORDER_36, "自据以认定的司法、行政文书确定之日起"),
    ("market.warning.publication", ORDER_45, "仅受到警告的不公示；法律、行政法规另有规定的除外"),
    ("market.warning.publication", ORDER_107, "不公示"),
    *(("market.minor.max", day, "3个月") for day in (ORDER_45, ORDER_107)),
    ("market.general.min", ORDER_107, "3个月"),
    ("market.general.max", ORDER_45, "3年"),
    ("market.general.max", ORDER_107, "1年"),
    ("market.serious.min", ORDER_107, "1年"),
    *(("market.serious.max", day, "3年") for day in (ORDER_45, ORDER_107)),
    ("market.start", ORDER_45, "自公示之日起"),
    ("market.start", ORDER_107, None),
    ("market.publication", ORDER_107, "20个工作日"),
    ("market.publication.passing_on", ORDER_107, "10个工作日"),
    ("market.publication.elsewhere", ORDER_107, "10个工作日"),
    ("review.decision", ORDER_36, "60日"),
    ("review.decision.extension", ORDER_36, "30日"),
    ("review.decision.simple", ORDER_36, "30日"),
    ("tax_list.evasion_percent", ORDER_36, "10"),
    ("tax_list.invoices", ORDER_36, "100"),
    ("tax_list.invoices_yuan", ORDER_36, "4000000"),
    ("judgment.extension.min", ORDER_36, "1年"),
    ("driver.points", ORDER_36, "20"),
    ("credit_reporting.objection", ORDER_36, "20日"),
    *(
        (name, ORDER_36, None)
        for name in (
            *("penalty.uncorrected.max", "repair.objection", "repair.false_material.ban", "tax_list.term"),
            *("data_sharing.reply", "data_sharing.provision", "data_sharing.correction"),
        )
    ),
)


@pytest.mark.rule("R17", "C9")
@pytest.mark.parametrize(("name", "day", "value"), STATED)
def test_a_rule_has_the_value_of_the_instrument_of_its_day(name: str, day: date, value: str | None):
    """On a day a rule has the value of the instrument that was in force then, or is unknown and has none."""
    (row,) = (each for each in dated_rules().rows[name] if each.holds(day))
    text = term_text(row)
    assert row.unknown is (value is None)
    assert value is None or (text is not None and text.partition(" · ")[0] == value)


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("penalty.five_fields.min", date(2026, 4, 1)),
        ("penalty.gravest.min", date(2023, 5, 1)),
        ("market.early_end", date(2025, 12, 25)),
    ],
)
def test_a_rule_ends_with_its_instrument(name: str, after: date):
    """A rule that only a replaced instrument stated is not in force once another one replaced it."""
    assert not dated_rules().states(name, after)
