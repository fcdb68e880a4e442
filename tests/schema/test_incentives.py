"""The catalogue of incentives is whole, and a file of it that says what cannot be is refused by name."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from msgspec.structs import replace

from adapters.bureaus.credit_office import HONOUR_LEVEL
from catalogue.classification import Use
from catalogue.declared_codes import Codes
from catalogue.grade_schemes import PAYMENT, ROAD_TRANSPORT, TAXPAYER
from catalogue.incentives.city_files import city_called, city_names
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS
from catalogue.incentives.scene_threshold import answerable
from catalogue.score_programmes import BandTable, ScoreBand, ScoreProgramme
from schema.compose import ComposedSchema, compose
from schema.declassifications import declassifications
from schema.standing import DECLASSIFICATION, adverse_inputs
from tests.support.declared_otherwise import BUREAUS


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
    """The graph has one field for each incentive that it can answer, and beside these what is for the subject alone."""
    names = composed_in(city).classifications
    fields = {name.partition(".")[2] for name in names if name.startswith("Standing.")}
    assert fields == {*(each.field for each in answerable(city).values()), "why", "incentives"}


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


@pytest.mark.rule("R02")
def test_no_organ_holds_a_score_by_duty():
    """In a scene of duty an answer on records needs no consent, and one on a score needs that of the person all the same."""
    on_records = answerable("pingdingshan")["PDS-001"]
    assert on_records.by_duty
    assert not on_records.needs_consent("person")
    assert replace(answerable("zhengzhou")["ZZ-001"], by_duty=True).needs_consent("person")


def test_a_reading_of_ours_is_told_beside_the_incentive():
    """What is inferred and not written stands in the description of the field in both languages, and in the reasons."""
    sdl = composed_in("xinyang").sdl
    assert "我们的理解：文件未写条件：按信用良好理解" in sdl
    assert "our reading: The document states no condition: we read good credit" in sdl
    assert (
        "our reading: The document says that it is explored; it says subjects of good credit: we read natural persons of good credit. The"
        in sdl
    )
    assert "；配置：一年、荣誉的级别（由市发展改革委负责，文件未写）" in sdl
    assert "; configuration: One year and the levels of honour (of 市发展改革委, not in the document)" in sdl


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


def test_the_highest_band_of_a_programme_without_a_highest_score_is_open():
    """Where no document states the highest score, a band has no end, and its scores have its label."""
    bands = (ScoreBand(0, "低", "Low", 60), ScoreBand(60, "高", "High"))
    table = BandTable(date(2026, 1, 1), bands)
    assert list(table.problems(None)) == []
    programme = ScoreProgramme("X", "甲", "X", "甲", date(2026, 1, 1), bands=(table,))
    assert programme.band(10_000, date(2026, 6, 1)) == bands[1]
    assert programme.band(59, date(2026, 6, 1)) == bands[0]


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
