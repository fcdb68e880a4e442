"""The catalogue of incentives is whole, and a file of it that says what cannot be is refused by name."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from adapters.bureaus.credit_office import HONOUR_LEVEL
from catalogue.classification import Use
from catalogue.declared_codes import Codes
from catalogue.grade_schemes import PAYMENT, ROAD_TRANSPORT, TAXPAYER
from catalogue.incentives.incentive_catalogue import CATALOGUE, incentives
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS
from catalogue.incentives.scene_threshold import answerable
from catalogue.toml_files import TomlError
from schema.declassifications import declassifications
from schema.standing import DECLASSIFICATION, adverse_inputs
from tests.support.declared_otherwise import BUREAUS, composed_here

COMPOSED = composed_here()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue."""
    return Path(shutil.copytree(CATALOGUE, tmp_path / "catalogue"))


def test_every_incentive_of_the_five_cities_is_there():
    """131 incentives, each with its city, its place in the document, its scene and its basis."""
    found = incentives()
    cities = Counter(id_.partition("-")[0] for id_ in found)
    assert cities == {"NY": 17, "PDS": 46, "XY": 42, "ZZ": 14, "ZMD": 12}
    for each in found.values():
        assert each.place
        assert each.zh
        assert each.en
        assert each.scene.startswith("reward.")
        assert each.beneficiaries


def test_an_incentive_is_answered_or_says_why_not():
    """Each incentive has a condition or a bilingual reason, and never both."""
    for each in incentives().values():
        assert (each.condition is None) is (" · " in each.unanswered)
    assert {each.basis for each in answerable().values()}.isdisjoint(
        {"COMMITMENT", "MUTUAL_RECOGNITION", "LEGAL_REP_GOOD_RECORD", "PLATFORM_MEMBER"}
    )


def test_the_answers_are_the_answerable_incentives():
    """The graph has one field for each incentive that it can answer, and beside these the reasons alone."""
    fields = {name.partition(".")[2] for name in COMPOSED.classifications if name.startswith("Standing.")}
    assert fields == {*(each.field for each in answerable().values()), "why"}
    assert len(fields) - 1 == len(answerable()) == 100


def test_every_answer_is_a_declassification_for_one_scene():
    """A field of a standing is derived from its inputs alone, under the reviewed name, for its own scene."""
    reviewed = declassifications()[DECLASSIFICATION].inputs
    read: set[str] = set()
    for each in answerable().values():
        classification = COMPOSED.classifications[f"Standing.{each.field}"]
        assert classification.scene == each.scene
        assert classification.declassification == DECLASSIFICATION
        assert {one.use for one in classification.inputs} == {Use.DERIVE}
        read |= {one.field for one in classification.inputs}
    assert read == reviewed | set(adverse_inputs(BUREAUS.values()))


def test_no_condition_asks_an_enterprise_for_a_score():
    """Scores are of persons; an answer for enterprises alone looks at consents where the owner is asked, and no organ by duty."""
    for each in answerable().values():
        fields = {one.field for one in COMPOSED.classifications[f"Standing.{each.field}"].inputs}
        if each.beneficiaries == {"enterprise"}:
            assert not {field for field in fields if field.startswith(("CreditScore.", "Person."))}
            assert ("Consent.scene" in fields) is ("Enterprise.kind" in fields) is not each.by_duty


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("incentives.toml", 'basis = "SCORE_HOLDER" }\nNY-002', 'basis = "X" }\nNY-002', "NY-001 rests on X"),
        ("incentives.toml", "NY-001 = { place", "QQ-001 = { place", "QQ-001 is of no city"),
        ("incentives.toml", 'for = ["person"]', 'for = ["enterprise"]', "NY-001 is for a enterprise"),
        ("incentives.toml", 'for = ["person"]', 'for = ["ghost"]', r"incentives.toml: .*ghost"),
        ("incentives.toml", 'benefit = "GREEN_LANE"', 'benefit = "PUNISHMENT"', "PUNISHMENT"),
        ("incentives.toml", 'place = "旅游", zh', 'plaice = "旅游", zh', "plaice|place"),
        ("incentives.toml", "[incentive]", "[incentive", "incentives.toml"),
        ("incentives.toml", "COMMITMENT = ", "SCORE_HIGH = 'x'\nCOMMITMENT = ", "ZZ-001 rests on SCORE_HIGH"),
        (
            "conditions.toml",
            "[{ least_score = 120 }]",
            "[{}]",
            "SCORE_HIGH has an alternative that asks nothing",
        ),
        (
            "conditions.toml",
            "[{ least_score = 120 }]",
            "[{ red_list = false }]",
            "SCORE_HIGH .* asks nothing",
        ),
        (
            "conditions.toml",
            "[{ least_score = 120 }]",
            "[{ clean_years = -1 }]",
            "clean_years that are not 1 to 5",
        ),
        (
            "conditions.toml",
            "[{ least_score = 120 }]",
            "[{ clean_years = 6 }]",
            "clean_years that are not 1 to 5",
        ),
        ("conditions.toml", '["A", "B"] }', '["D"] }', "TAX_GRADE asks for tax_grades without A, which"),
        ("conditions.toml", '["A", "B"] }', '["A", "M"] }', "TAX_GRADE asks for tax_grades without B, which"),
        ("conditions.toml", '["A", "B"] }', '["A", "B", "M", "C", "D"] }', "tax_grades down to D, the worst"),
        (
            "conditions.toml",
            '["AAA", "AA"]',
            '["AA"]',
            "TRANSPORT_GRADE asks for transport_grades without AAA",
        ),
        ("conditions.toml", '["AAA", "AA"]', '["AAA", "AA", "A", "B"]', "transport_grades down to B"),
        ("conditions.toml", 'payment_grades = ["A"]', 'payment_grades = ["B"]', "payment_grades without A"),
        ("conditions.toml", 'grades = ["A"] }', 'grades = ["B", "C"] }', "_grades without A"),
        ("conditions.toml", 'payment_grades = ["A"]', 'payment_grades = ["A", "B", "C"]', "down to C, the w"),
        (
            "conditions.toml",
            '["NATIONAL", "PROVINCIAL", "CITY"]',
            '["CITY", "COUNTY"]',
            "MODEL_PERSON asks for honour_levels without NATIONAL, PROVINCIAL",
        ),
        ("incentives.toml", '"reward.tourism"', '"measure.funds"', "NY-001 has the scene measure.funds"),
        ("incentives.toml", '"reward.tourism"', '"reward"', "NY-001 .* no leaf of reward"),
        ("incentives.toml", '"reward.tourism"', '"rewards.tourism"', "NY-001 .* no leaf of reward"),
        ("conditions.toml", "[{ least_score = 120 }]", "[{ most_score = 120 }]", "most_score"),
        (
            "conditions.toml",
            "[{ least_score = 120 }]",
            "[{ least_score = true }]",
            "least_score that are not 1",
        ),
        (
            "conditions.toml",
            "[{ least_score = 120 }]",
            "[{ red_list = 2 }]",
            "red_list, which is true or left",
        ),
        ("conditions.toml", '["A", "B"] }', "3 }", r"asks for tax_grades \[\], and there are A, B, M"),
        ("conditions.toml", '["A", "B"] }', '"A" }', "Expected `.*`, got `str`"),
        ("conditions.toml", "[{ least_score = 120 }]", "[]", "ZZ-001 is for a person, of whom SCORE_HIGH"),
        ("conditions.toml", '["A", "B"] }]', '["A", "E"] }]', "'E'"),
        (
            "conditions.toml",
            '{ tax_grades = ["A", "B"] }',
            "{ least_score = 1 }",
            "TAX_GRADE asks a enterprise for least_score",
        ),
        ("conditions.toml", 'owner = "市信用办"', "", "owner"),
    ],
)
def test_a_wrong_file_is_refused_by_name(folder: Path, file: str, old: str, new: str, named: str):
    """Whatever the catalogue mistakes or leaves out stops the composition with the entry that is wrong."""
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TomlError, match=named):
        answerable(folder)


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("honour_levels", HONOUR_LEVEL),
        ("tax_grades", TAXPAYER),
        ("transport_grades", ROAD_TRANSPORT),
        ("payment_grades", PAYMENT),
    ],
)
def test_the_order_of_codes_is_that_of_the_graph(line: str, codes: Codes):
    """What a condition calls better is what the graph's own enumeration names first."""
    assert REQUIREMENT_KINDS[line].codes == tuple(codes.labels)


def test_a_file_that_is_missing_is_named(folder: Path):
    """Without its conditions the catalogue is none."""
    (folder / "conditions.toml").unlink()
    with pytest.raises(TomlError, match=r"conditions\.toml"):
        incentives(folder)
