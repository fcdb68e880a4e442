"""What the ceilings rest on does not compose when it is declared looser; the refusal names the field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalogue.classification import DataClass, Sensitivity
from schema.classification_checks import CLASS_OF_ITEM, SENSITIVE, unprotected_fields
from schema.compose import CompositionError, compose
from tests.support.declared_otherwise import composed_here, with_column
from tests.support.tested_city import TESTED_CITY

DECLARED = composed_here().classifications
GUARDED = sorted(name for name, each in DECLARED.items() if each.item in CLASS_OF_ITEM)
ORDINARY = Sensitivity.ORDINARY


def test_what_is_declared_is_no_looser():
    """The declarations of this installation keep what the ceilings rest on."""
    assert [*unprotected_fields(DECLARED)] == []
    assert set(SENSITIVE) <= DECLARED.keys()
    assert {DECLARED[name].item for name in GUARDED} == CLASS_OF_ITEM.keys()


@pytest.mark.parametrize("coordinate", GUARDED)
def test_a_field_of_another_class_than_its_item_is_named(coordinate: str):
    """Incentive data is declared as nothing else, nor are consents, whatever else they could be taken for."""
    for data_class in {*DataClass} - {DECLARED[coordinate].data_class}:
        loose = replace(DECLARED[coordinate], data_class=data_class)
        (line,) = unprotected_fields({**DECLARED, coordinate: loose})
        assert line.startswith(f"{coordinate} is {data_class.name}, and every field of {loose.item} is ")


@pytest.mark.parametrize("coordinate", SENSITIVE)
@pytest.mark.parametrize("sensitivity", [Sensitivity.ORDINARY, Sensitivity.PERSONAL])
def test_a_score_or_an_identity_number_that_is_less_than_sensitive_is_named(
    coordinate: str, sensitivity: Sensitivity
):
    """Score, band and identity number are sensitive, which opens them to their subject alone."""
    loose = replace(DECLARED[coordinate], sensitivity=sensitivity)
    (line,) = unprotected_fields({**DECLARED, coordinate: loose})
    assert line == f"{coordinate} is {sensitivity.name}, and ceilings rest on it being SENSITIVE"


@pytest.mark.parametrize("coordinate", SENSITIVE)
def test_a_sensitive_field_is_not_renamed_out_of_sight(coordinate: str):
    """A guarded field that is gone from its type is named, for another one may hold its value."""
    renamed = {f"{name}Renamed" if name == coordinate else name: each for name, each in DECLARED.items()}
    (line,) = unprotected_fields(renamed)
    assert line.startswith(f"{coordinate} is not there")


@pytest.mark.parametrize(
    ("dataset", "column", "changes", "named"),
    [
        ("credit_office.score", "score", {"sensitivity": ORDINARY}, r"CreditScore\.score is ORDINARY, and "),
        ("credit_office.score", "band", {"sensitivity": ORDINARY}, r"CreditScore\.band is ORDINARY, and "),
        (
            "registry.person",
            "person_number",
            {"sensitivity": ORDINARY},
            r"Person\.identityNumber is ORDINARY, and ",
        ),
        ("credit_office.honour", "title", {"data_class": DataClass.GRADE}, r"Honour\.title is GRADE, and "),
    ],
)
def test_a_looser_field_does_not_compose(dataset: str, column: str, changes: dict[str, Any], named: str):
    """Composition stops at a loosened declaration with the field and what it is said to be."""
    with pytest.raises(CompositionError, match=named):
        compose(with_column(dataset, column, **changes), TESTED_CITY)
