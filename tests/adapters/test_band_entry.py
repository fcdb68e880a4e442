"""The label of a score enters as the one that the city's table gives to the score; the number decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from adapters import bureaus
from adapters.band_entry import OTHER_BAND
from adapters.quality.row_judge import RowJudge
from adapters.source import Batch, Query
from adapters.validation import checker_of
from catalogue.declaration_checks import check_declarations
from catalogue.declarations import Dataset, DeclarationError, datasets_by_name
from catalogue.score_programmes import Banding
from sandbox.model import City
from sandbox.people import person_number

PERSON = person_number(City.of(2_000), 0)
DAY = date(2026, 6, 1)
COLUMNS = ("programme", "enrolled_on", "score", "band", "assessed_on")


def scores_of(city: str) -> Dataset:
    """Return the data set of scores as a city declares it."""
    return datasets_by_name(bureaus.bureaus_of(city).values())["credit_office.score"]


def entered(city: str, columns: tuple[str, ...] = COLUMNS, **row: Any) -> Batch:
    """Return what enters of one score."""
    given: Mapping[str, Any] = {
        "programme": "SHANGDING",
        "enrolled_on": date(2024, 1, 1),
        "score": 100,
        "band": "信用良好",
        "assessed_on": DAY,
        **row,
    }
    query = Query("credit_office", scores_of(city), columns, "subject.access")
    read = (PERSON, *(given[name] for name in query.read_columns))
    return checker_of(query).check([PERSON], [read])


@pytest.mark.rule("R06", "C1")
@pytest.mark.parametrize(
    ("score", "label"),
    [
        (150, "信用极好"),
        (149, "信用优秀"),
        (120, "信用优秀"),
        (100, "信用良好"),
        (80, "轻微失信"),
        (79, "信用较差"),
    ],
)
def test_a_label_is_that_of_its_score(score: int, label: str):
    """The number decides: a label that the table of the day does not give to the score breaks the contract of its key."""
    assert not entered("zhengzhou", score=score, band=label).broken
    others = {"信用极好", "信用优秀", "信用良好", "轻微失信", "信用较差"} - {label}
    for other in others:
        batch = entered("zhengzhou", score=score, band=other)
        assert batch.rows == {}
        assert batch.broken[PERSON].reason == OTHER_BAND


@pytest.mark.rule("R06")
def test_no_label_is_given_where_no_table_holds_the_score():
    """Before the first table, above the highest score, and in a city without a table a score has no label and stays."""
    for city, given in (
        ("zhengzhou", {"assessed_on": date(2019, 4, 17)}),
        ("zhengzhou", {"score": 201, "band": "信用极好"}),
        ("nanyang", {"programme": "WANXIN"}),
        ("nanyang", {"programme": "WANXIN", "band": None}),
        ("zhengzhou", {"band": None}),
    ):
        batch = entered(city, ("band", "score"), **given)
        assert not batch.broken
        ((_, label, score),) = batch.rows[PERSON]
        assert (label, score) == (None, given.get("score", 100))


def test_a_label_of_another_programme_is_not_the_citys_business():
    """A table is that of the city's own programme, and says nothing of others."""
    assert not entered("zhengzhou", programme="WANXIN", band="信用极好").broken


def test_whoever_asks_for_no_label_has_no_more_read():
    """Only with the label the columns are read that decide about it, and the rows show what was asked for."""
    assert Query(
        "credit_office", scores_of("zhengzhou"), ("score",), "reward.reading", unordered=True
    ).read_columns == ("score",)
    batch = entered("zhengzhou", ("band",))
    assert batch.rows == {PERSON: [(PERSON, "信用良好")]}
    assert entered("zhengzhou", ("band",), score=80).broken


def test_a_check_of_the_bureau_counts_a_label_that_contradicts_its_score():
    """`bureaus check` counts such a row under the faults of schemes."""
    judge = RowJudge(scores_of("zhengzhou"))
    right = (PERSON, "SHANGDING", date(2024, 1, 1), 100, "信用良好", DAY)
    judge.take([right, (*right[:2], date(2023, 1, 1), 99, "信用良好", DAY)])
    counted = judge.result("credit_office", "all")
    assert (counted.rows, counted.faulty, counted.faults["scheme"]) == (2, 1, 1)


def test_labels_are_held_by_columns_that_are_there():
    """A declaration that names a column which the data set does not have is refused."""
    (office,) = (each for each in bureaus.discover().values() if each.name == "credit_office")
    datasets = [
        replace(each, banding=Banding(label="grade")) if each.banding else each for each in office.datasets
    ]
    others = [each for each in bureaus.discover().values() if each is not office]
    with pytest.raises(DeclarationError, match="labels of scores by grade, which is no column of it"):
        check_declarations([*others, replace(office, datasets=tuple(datasets))])
