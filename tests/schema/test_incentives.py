"""The catalogue of incentives is whole, and a file of it that says what cannot be is refused by name."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from adapters.bureaus.credit_office import HONOUR_LEVEL
from catalogue.classification import Use
from catalogue.declared_codes import Codes
from catalogue.grade_schemes import PAYMENT, ROAD_TRANSPORT, TAXPAYER
from catalogue.incentives.city_files import CITIES, city_called, city_names
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS
from catalogue.incentives.scene_threshold import answerable
from catalogue.toml_files import TomlError
from schema.compose import ComposedSchema, compose
from schema.declassifications import declassifications
from schema.standing import DECLASSIFICATION, adverse_inputs
from tests.support.declared_otherwise import BUREAUS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the cities."""
    return Path(shutil.copytree(CITIES, tmp_path / "cities"))


@cache
def composed_in(city: str) -> ComposedSchema:
    """Return the schema of a city."""
    return compose(BUREAUS.values(), city)


COUNTS = {"nanyang": 17, "pingdingshan": 46, "xinyang": 42, "zhengzhou": 14, "zhumadian": 12}
ANSWERED = {"nanyang": 17, "pingdingshan": 43, "xinyang": 24, "zhengzhou": 14, "zhumadian": 9}


def test_every_incentive_of_the_five_cities_is_there():
    """131 incentives, each with its city, its place in the document, its scene, its basis and its responsible units."""
    assert set(city_names()) == set(COUNTS)
    for city, count in COUNTS.items():
        found = incentives(city)
        assert len(found) == count
        assert {id_.partition("-")[0] for id_ in found} == {city_called(city).code}
        for each in found.values():
            assert each.place
            assert each.scene.startswith("reward.")
            assert bool(each.bureaus) is (city != "pingdingshan"), "its document names no unit"


def test_an_incentive_is_answered_or_says_what_it_waits_for():
    """Each incentive has a condition or a bilingual reason, and never both."""
    for city, count in ANSWERED.items():
        for each in incentives(city).values():
            assert (each.condition is None) is (" · " in each.unanswered)
        assert len(answerable(city)) == count


def test_a_signed_contract_is_asked_where_the_document_names_signed_users():
    """Item 17 of Xinyang's plan names signed users for treatment in other regions, and for nothing else."""
    found = incentives("xinyang")
    assert {id_ for id_, each in found.items() if each.basis == "SIGNED_SERVICE"} == {"XY-015"}
    assert {found[each].basis for each in ("XY-013", "XY-014")} == {"GOOD_CREDIT"}


@pytest.mark.parametrize("city", COUNTS)
def test_the_answers_are_the_answerable_incentives_of_the_city(city: str):
    """The graph has one field for each incentive that it can answer, and beside these the reasons alone."""
    names = composed_in(city).classifications
    fields = {name.partition(".")[2] for name in names if name.startswith("Standing.")}
    assert fields == {*(each.field for each in answerable(city).values()), "why"}


@pytest.mark.parametrize("city", COUNTS)
def test_nothing_of_another_city_is_in_the_schema(city: str):
    """Neither the name, the document nor the programme of a neighbour stands in what a city's callers read."""
    own, sdl = city_called(city), composed_in(city).sdl
    standing = sdl[sdl.index("type Standing") :].partition("\n}")[0]
    assert own.zh in standing
    for name in COUNTS.keys() - {city}:
        other = city_called(name)
        assert other.zh not in standing
        assert other.document not in standing
        assert other.programme is None or other.programme.code not in sdl


def test_every_answer_is_a_declassification_for_one_scene():
    """A field of a standing is derived from its inputs alone, under the reviewed name, for its own scene."""
    reviewed = declassifications()[DECLASSIFICATION].inputs
    read: set[str] = set()
    for city in COUNTS:
        for each in answerable(city).values():
            classification = composed_in(city).classifications[f"Standing.{each.field}"]
            assert classification.scene == each.scene
            assert classification.declassification == DECLASSIFICATION
            assert {one.use for one in classification.inputs} == {Use.DERIVE}
            read |= {one.field for one in classification.inputs}
    assert read == reviewed | set(adverse_inputs(BUREAUS.values()))


@pytest.mark.parametrize("city", COUNTS)
def test_enrolment_is_asked_for_where_a_score_is(city: str):
    """An answer that rests on no score looks at no programme, and one for enterprises at no person."""
    for each in answerable(city).values():
        fields = {one.field for one in composed_in(city).classifications[f"Standing.{each.field}"].inputs}
        scored = each.basis in ("SCORE_HOLDER", "SCORE_HIGH")
        assert any(field.startswith("CreditScore.") for field in fields) is scored
        if each.beneficiaries == {"enterprise"}:
            assert not any(field.startswith("Person.") for field in fields)
            asked = "individual_business" in each.benefiting and not each.by_duty
            assert ("Consent.scene" in fields) is asked


def test_a_reading_of_ours_is_told_beside_the_incentive():
    """What is inferred and not written stands in the description of the field in both languages, and in the reasons."""
    sdl = composed_in("xinyang").sdl
    assert "我们的理解：文件未写条件：按信用良好理解" in sdl
    assert "our reading: The document states no condition: we read good credit" in sdl
    assert incentives("xinyang")["XY-005"].reading == (
        '文件只写“差异化”，减少检查是推断 · The document says "differentiated" only; fewer checks are inferred'
    )


NY, PDS, XY, ZZ = "nanyang", "pingdingshan", "xinyang", "zhengzhou"
HIGH = "[{ least_score = 120 }]"
WRONG = [
    (
        NY,
        "incentives",
        'basis = "SCORE_HOLDER"',
        'basis = "X"',
        "incentives.toml, line 10: NY-001 rests on X",
    ),
    (
        NY,
        "incentives",
        "NY-001 = ",
        "QQ-001 = ",
        "line 10: QQ-001 is of another city: numbers begin with NY-",
    ),
    (NY, "incentives", 'for = ["person"]', 'for = ["enterprise"]', "line 10: NY-001 is for a enterprise"),
    (NY, "incentives", 'for = ["person"]', 'for = ["ghost"]', "line 10: NY-001.*ghost"),
    (NY, "incentives", 'for = ["person"]', "for = []", "line 10: NY-001.*length >= 1"),
    (NY, "incentives", 'benefit = "GREEN_LANE"', 'benefit = "PUNISHMENT"', "line 10: NY-001.*PUNISHMENT"),
    (NY, "incentives", 'place = "旅游", zh', 'plaice = "旅游", zh', "line 10: NY-001.*(plaice|place)"),
    (NY, "incentives", "[incentive]", "[incentive", "nanyang/incentives.toml cannot be read as TOML"),
    (
        NY,
        "incentives",
        '"reward.tourism"',
        '"reward.network"',
        "NY-001 has the scene reward.network, which is no",
    ),
    (
        NY,
        "incentives",
        '"reward.tourism"',
        '"measure.funds"',
        "NY-001 has the scene measure.funds, which is no",
    ),
    (
        NY,
        "incentives",
        '["市文化广电和旅游局"]',
        '["市不存在局"]',
        "line 10: NY-001 names 市不存在局, which is no",
    ),
    (
        NY,
        "conditions",
        "[{ least_score = 100 }]",
        "[{ red_list = 2 }]",
        "line 5: .*red_list, which is true or left",
    ),
    (NY, "city", '  "reward.culture",', '  "reward.network",', "NY-003 has the scene reward.culture"),
    (
        NY,
        "city",
        '  "reward.culture",',
        '  "reward.culture",\n  "reward.network",',
        "line 11: no incentive of nanyang",
    ),
    (NY, "city", '  "reward.culture",', '  "culture",', "city.toml, line 10: culture is no leaf of reward"),
    (
        NY,
        "city",
        '411303 = "卧龙区"',
        '411503 = "平桥区"',
        r"line \d+: the district 411503 lies in another city",
    ),
    (NY, "city", 'region = "411300"', 'region = "411302"', "line 5: the region is no city"),
    (NY, "city", "[by_duty]", '[by_duty]\n"reward.network" = "x"', "an organ acts by duty in reward.network"),
    (
        ZZ,
        "city",
        "least = 80, below = 100",
        "least = 85, below = 100",
        "信用较差 and 轻微失信 leave a gap at 80",
    ),
    (ZZ, "city", "least = 80, below = 100", "least = 75, below = 100", "leave an overlap at 80"),
    (
        ZZ,
        "city",
        "least = 80, below = 100",
        "least = 80, below = 80",
        "轻微失信 begins at 80 and ends below 80",
    ),
    (
        ZZ,
        "city",
        "below = 201",
        "below = 200",
        "the highest band ends below 200, and the highest score is 200",
    ),
    (ZZ, "city", "信用较差", "轻微失信", "two bands have one label"),
    (
        ZZ,
        "incentives",
        "\n[unanswered]",
        '\n[unanswered]\nSCORE_HIGH = "甲 · x"',
        "ZZ-001 rests on SCORE_HIGH",
    ),
    (
        ZZ,
        "conditions",
        HIGH,
        "[{}]",
        "conditions.toml, line 5: SCORE_HIGH has an alternative that asks nothing",
    ),
    (ZZ, "conditions", HIGH, "[{ red_list = false }]", "SCORE_HIGH .* asks nothing"),
    (ZZ, "conditions", HIGH, "[{ clean_years = -1 }]", "clean_years that are not 1 to 5"),
    (ZZ, "conditions", HIGH, "[{ clean_years = 6 }]", "clean_years that are not 1 to 5"),
    (ZZ, "conditions", HIGH, "[{ most_score = 120 }]", "most_score"),
    (ZZ, "conditions", HIGH, "[{ least_score = true }]", "least_score that are not 1"),
    (ZZ, "conditions", HIGH, "[]", "ZZ-001 is for a person, of whom SCORE_HIGH asks nothing"),
    (ZZ, "conditions", 'owner = "市信用办"', "", "line 5: SCORE_HIGH.*owner"),
    (
        ZZ,
        "conditions",
        "[SCORE_HIGH]",
        '[X]\nowner="o"\nzh="z"\nen="e"\n[SCORE_HIGH]',
        "line 5: X is the basis of no",
    ),
    (XY, "conditions", "{ clean_years = 1 },", "{ least_score = 100 },", "Xinyang has no score programme"),
    (PDS, "conditions", '["A", "B"] }', '["D"] }', "TAX_GRADE asks for tax_grades without A, which"),
    (PDS, "conditions", '["A", "B"] }', '["A", "M"] }', "TAX_GRADE asks for tax_grades without B, which"),
    (PDS, "conditions", '["A", "B"] }', '["A", "B", "M", "C", "D"] }', "tax_grades down to D, the worst"),
    (PDS, "conditions", '["A", "B"] }', "3 }", r"asks for tax_grades \[\], and there are A, B, M"),
    (PDS, "conditions", '["A", "B"] }', '"A" }', "Expected `.*`, got `str`"),
    (PDS, "conditions", '["A", "B"] }]', '["A", "E"] }]', "'E'"),
    (
        PDS,
        "conditions",
        '{ tax_grades = ["A", "B"] }',
        "{ least_score = 1 }",
        "asks a enterprise for least_score",
    ),
    (PDS, "conditions", '["AAA", "AA"]', '["AA"]', "TRANSPORT_GRADE asks for transport_grades without AAA"),
    (PDS, "conditions", 'payment_grades = ["A"]', 'payment_grades = ["B"]', "payment_grades without A"),
    (PDS, "conditions", 'payment_grades = ["A"]', 'payment_grades = ["A", "B", "C"]', "down to C, the w"),
    (PDS, "conditions", "founded_within = 5", "founded_within = 11", "founded_within that are not 1 to 10"),
    (PDS, "conditions", '"PROVINCIAL", "CITY"]', '"CITY", "COUNTY"]', "honour_levels without PROVINCIAL"),
    (PDS, "conditions", "· The document says a good", "The document says a good", "TRANSPORT_GRADE.*regex"),
]
"""A city, a file of it, what stands there, what is put in its place, and how it is refused."""


@pytest.mark.rule("C11")
@pytest.mark.parametrize(("city", "file", "old", "new", "named"), WRONG)
def test_a_wrong_file_is_refused_by_name(folder: Path, city: str, file: str, old: str, new: str, named: str):
    """Whatever a city's file mistakes or leaves out stops the composition, with the file, the line and the reason."""
    path = folder / city / f"{file}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TomlError, match=named) as refused:
        answerable(city, folder)
    assert str(refused.value).startswith(f"{city}/")


@pytest.mark.parametrize("name", ["atlantis", "", "../nanyang", "NANYANG"])
def test_a_city_that_is_not_there_is_refused(name: str):
    """The cities are named, and what was asked for is not repeated."""
    with pytest.raises(TomlError, match="name one of nanyang, pingdingshan") as refused:
        incentives(name)
    assert not name or name not in str(refused.value).split(":")[0]


def test_a_sixth_city_is_a_folder(folder: Path):
    """What makes a city is its data: a copy of a folder with other letters is a city of its own."""
    shutil.copytree(folder / NY, folder / "luoyang")
    for name in ("city", "incentives"):
        file = folder / "luoyang" / f"{name}.toml"
        file.write_text(file.read_text("utf-8").replace('"NY"', '"LY"').replace("NY-0", "LY-0"), "utf-8")
    assert [*answerable("luoyang", folder)][:1] == ["LY-001"]


@pytest.mark.rule("R06", "C1")
@pytest.mark.parametrize(
    ("score", "label"),
    [
        *((200, "信用极好"), (150, "信用极好"), (149, "信用优秀"), (120, "信用优秀"), (119, "信用良好")),
        *((100, "信用良好"), (99, "轻微失信"), (80, "轻微失信"), (79, "信用较差"), (0, "信用较差")),
    ],
)
def test_a_bound_belongs_to_the_band_above(score: int, label: str):
    """The lower bound of a band is part of it, in favour of the person."""
    programme = city_called("zhengzhou").programme
    assert programme is not None
    band = programme.band(score, date(2026, 6, 1))
    assert band is not None
    assert band.zh == label
    assert programme.band(score, date(2019, 4, 17)) is None, "no table was in force"


def test_a_programme_without_a_table_shows_no_band():
    """Nanyang's bands are not known: until a table is set, no score has one."""
    programme = city_called("nanyang").programme
    assert programme is not None
    assert programme.band(150, date(2026, 6, 1)) is None


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
    (folder / NY / "conditions.toml").unlink()
    with pytest.raises(TomlError, match=r"nanyang/conditions\.toml"):
        incentives(NY, folder)
