"""Religion, genes, fingerprints, blood type, disease and medical history are refused by name, however they are spelt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.catalogue_item import BOTH
from catalogue.declaration_checks import check_declarations
from catalogue.declarations import Codes, DeclarationError, SubjectField
from catalogue.forbidden_fields import is_forbidden
from catalogue.incentives.city_files import city_names
from catalogue.incentives.incentive_catalogue import incentives
from tests.support.declared_otherwise import BUREAUS, DATASETS, with_column, with_dataset
from tests.support.folders import FIELDS
from tests.support.forbidden_names import FORBIDDEN, HARMLESS

ARREARS = "tax.tax_arrears"


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_name_is_known(name: str):
    """A name or title of what is forbidden is known in Chinese, English and pinyin, whatever joins its words."""
    assert is_forbidden(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_name_is_none(name: str):
    """A name that only resembles a forbidden one is none."""
    assert not is_forbidden(name)


@pytest.mark.rule("HN-45", "C5")
def test_nothing_of_this_installation_is_forbidden():
    """No field, description or declaration of this installation is refused."""
    check_declarations(BUREAUS.values())
    assert [name for name, field in FIELDS.items() if is_forbidden(name.partition(".")[2])] == []


@pytest.mark.parametrize("city", city_names())
def test_no_incentive_of_a_city_is_forbidden(city: str):
    """The words that a city's document has for its incentives and their places compose, those about hospitals too."""
    own = incentives(city).values()
    assert [each.id for each in own if is_forbidden(each.place, each.zh, each.en, each.benefit)] == []


@given(st.sampled_from(("blood", "finger")), st.sampled_from(("", "_", " ", "-", ".", "__")), st.booleans())
def test_no_sign_between_the_words_hides_them(first: str, between: str, large: bool):
    """Whatever stands between the words, and in small letters or capitals, the name is forbidden."""
    second = {"blood": "type", "finger": "print"}[first]
    name = f"{first}{between}{second}"
    assert is_forbidden(name.upper() if large else name)


@pytest.mark.rule("HN-45", "C5")
@pytest.mark.parametrize(
    ("column", "changes"),
    [
        ("since", {"name": "blood_type"}),
        ("since", {"zh": "血型"}),
        ("since", {"en": "Medical history"}),
        ("tax", {"codes": Codes("BloodGroup", ("类", "Kind"), A=("甲", "A"))}),
        ("tax", {"codes": Codes("TaxKind", ("基因类别", "Kind"), A=("甲", "A"))}),
        ("tax", {"codes": Codes("TaxKind", ("类", "Kind"), A=("O型血型", "A"))}),
        ("tax", {"codes": Codes("TaxKind", ("类", "Kind"), A=("甲", "Has a disease"))}),
        ("tax", {"codes": Codes("TaxKind", ("类", "Kind"), GENETIC=("甲", "A"))}),
    ],
)
def test_a_column_of_what_is_forbidden_is_refused(column: str, changes: dict[str, Any]):
    """A column is refused by its name, its titles and its codes, and the refusal names file and column."""
    name = changes.get("name", column)
    with pytest.raises(DeclarationError, match=rf"tax\.py: tax\.tax_arrears\.{name} is about religion"):
        check_declarations(with_column(ARREARS, column, **changes))


@pytest.mark.rule("HN-45", "C5")
@pytest.mark.parametrize(
    "changes",
    [
        {"name": "disease"},
        {"type_name": "DnaProfile"},
        {"title": ("宗教信仰", "Belief")},
        {"field": SubjectField("fingerprints", BOTH, "特征", "Features")},
        {"field": SubjectField("features", BOTH, "指纹", "Features")},
        {"item": replace(DATASETS[ARREARS].item, name=("疾病信息", "Conditions"))},
    ],
)
def test_a_data_set_of_what_is_forbidden_is_refused(changes: dict[str, Any]):
    """A data set is refused by its name, type, title, item and field, and the refusal names the file."""
    with pytest.raises(DeclarationError, match=r"tax\.py: tax\..*河南省社会信用条例 art\. 45"):
        check_declarations(with_dataset(ARREARS, **changes))
