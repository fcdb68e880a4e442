"""What the ceilings rest on does not compose when it is declared looser; the refusal names the field."""

from __future__ import annotations

from dataclasses import replace

import pytest
import strawberry

from schema.classification import Classification, DataClass, Sensitivity, classified
from schema.compose import CompositionError, compose
from schema.protected_fields import CLASS_OF_ITEM, SENSITIVE, violations

DECLARED = compose().classifications
GUARDED = sorted(name for name, each in DECLARED.items() if each.item in CLASS_OF_ITEM)
PUBLIC = Classification("T-1", DataClass.PUBLIC_RECORD)


def composed_of(coordinate: str, classification: Classification) -> None:
    """Compose a schema with one type of one field, named by its coordinate."""
    owner, name = coordinate.split(".")
    fields = {name: classified(classification, "值", "value"), "__annotations__": {name: str | None}}
    type_ = strawberry.type(type(owner, (), fields))

    def one(self): ...

    one.__annotations__["return"] = type_ | None
    compose(strawberry.type(type("Query", (), {"one": classified(PUBLIC, "一", "one")(one)})), ())


def test_what_is_declared_is_no_looser():
    """The declarations of this installation keep what the ceilings rest on."""
    assert [*violations(DECLARED)] == []
    assert set(SENSITIVE) <= DECLARED.keys()
    assert {DECLARED[name].item for name in GUARDED} == CLASS_OF_ITEM.keys()


@pytest.mark.parametrize("coordinate", GUARDED)
def test_a_field_of_another_class_than_its_item_is_named(coordinate: str):
    """Incentive data is declared as nothing else, nor are consents, whatever else they could be taken for."""
    for data_class in {*DataClass} - {DECLARED[coordinate].data_class}:
        loose = replace(DECLARED[coordinate], data_class=data_class)
        (line,) = violations({**DECLARED, coordinate: loose})
        assert line.startswith(f"{coordinate} is {data_class.name}, and every field of {loose.item} is ")


@pytest.mark.parametrize("coordinate", SENSITIVE)
@pytest.mark.parametrize("sensitivity", [Sensitivity.ORDINARY, Sensitivity.PERSONAL])
def test_a_score_or_an_identity_number_that_is_less_than_sensitive_is_named(
    coordinate: str, sensitivity: Sensitivity
):
    """Score, band and identity number are sensitive, which opens them to their subject alone."""
    loose = replace(DECLARED[coordinate], sensitivity=sensitivity)
    (line,) = violations({**DECLARED, coordinate: loose})
    assert line == f"{coordinate} is {sensitivity.name}, and ceilings rest on it being SENSITIVE"


@pytest.mark.parametrize("coordinate", SENSITIVE)
def test_a_sensitive_field_is_not_renamed_out_of_sight(coordinate: str):
    """A guarded field that is gone from its type is named, for another one may hold its value."""
    renamed = {f"{name}Renamed" if name == coordinate else name: each for name, each in DECLARED.items()}
    (line,) = violations(renamed)
    assert line.startswith(f"{coordinate} is not there")


@pytest.mark.parametrize(
    ("coordinate", "loose", "named"),
    [
        *(
            (each, replace(DECLARED[each], sensitivity=Sensitivity.ORDINARY), "ORDINARY")
            for each in SENSITIVE
        ),
        ("Honour.title", replace(DECLARED["Honour.title"], data_class=DataClass.GRADE), "GRADE"),
        ("Consent.scene", replace(DECLARED["Consent.scene"], data_class=DataClass.OPEN), "OPEN"),
        ("Standing.ny005", Classification("XY-STD-001", DataClass.PUBLIC_RECORD), "PUBLIC_RECORD"),
    ],
)
def test_a_looser_field_does_not_compose(coordinate: str, loose: Classification, named: str):
    """Composition stops at a loosened declaration with the field and what it is said to be."""
    with pytest.raises(CompositionError, match=rf"{coordinate} is {named}, and "):
        composed_of(coordinate, loose)
