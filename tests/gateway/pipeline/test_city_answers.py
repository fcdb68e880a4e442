"""What a city's document asks is what its answers rest on: a score where it names one, and else records, lists and registers."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest

from catalogue.incentives.city_files import city_called
from tests.gateway.pipeline.test_one_sided import CONSENTED, asked
from tests.support.one_person import (
    DEFAULT,
    ENTERPRISE,
    NOT_SCORED,
    PERSON,
    SCORED,
    Held,
    but,
    calls,
    consent,
    firm,
    graded,
    holding,
    score,
    somebody,
)

SCORED_LIBRARY = "query Q($of: SubjectKey!) { standing(of: $of) { depositFree: ny005 longerLoan: ny006 } }"
SCORED_WORK = [
    CONSENTED,
    ("credit_office", "score", ("programme", "enrolled_on", "score"), 1),
    ("registry", "person", ("birth_date", "deceased"), 1),
]
"""Every call that the library's question makes in a city with a score programme."""


@pytest.mark.rule("R02")
async def test_an_organ_needs_consent_to_an_answer_that_rests_on_a_score():
    """People join a score programme of their own will, so no organ holds a score by duty."""
    text = "query Q($of: SubjectKey!) { standing(of: $of) { zz001 } }"
    scored = but(SCORED, credit_office__score=[score(programme="SHANGDING")])
    given = but(scored, credit_office__consent=[consent(scene="reward.government_service")])
    found: list[Any] = []
    for held in (given, scored):
        gateway = holding(PERSON, held, city="zhengzhou")
        operation = gateway.prepared(text, "reward.government_service", kind="organ")
        answer = await gateway.answer(operation, {"of": {"person": PERSON}})
        found.append(orjson.loads(answer.body)["data"]["standing"]["zz001"])
    assert found == ["TRUE", None]


async def test_a_score_is_asked_for_in_a_city_with_a_programme():
    """Whoever joined the programme, consents and is above the condition is told TRUE, by the same calls as ever."""
    gateway = holding(PERSON, SCORED, city="nanyang")
    answer = await asked(gateway, SCORED_LIBRARY, "reward.reading", person=PERSON)
    assert answer.body == b'{"data":{"standing":{"depositFree":"TRUE","longerLoan":"TRUE"}}}'
    assert calls(gateway) == SCORED_WORK


@pytest.mark.parametrize("why", NOT_SCORED)
async def test_silence_in_a_city_with_a_programme_is_always_the_same(why: str):
    """Not enrolled, in another city's programme, below the condition, without consent: the same bytes by the same calls."""
    gateway = holding(PERSON, NOT_SCORED[why], city="nanyang")
    answer = await asked(gateway, SCORED_LIBRARY, "reward.reading", person=PERSON)
    assert answer.body == b'{"data":{"standing":{"depositFree":null,"longerLoan":null}}}'
    assert calls(gateway) == SCORED_WORK


@pytest.mark.parametrize(
    ("red", "honours", "told"), [(False, [], None), (True, [], "TRUE"), (False, ["COUNTY"], "TRUE")]
)
async def test_an_or_of_the_document_stays_one(red: bool, honours: list[str], told: str | None):
    """Zhumadian asks three clean years, or a good record: who has a record and a good one is told TRUE."""
    held: Held = {
        "registry.person": [somebody()],
        "courts.judgment_defaulter": [DEFAULT],
        "credit_office.red_list": [{"listed_on": date(2026, 1, 1), "until": None}] if red else [],
        "credit_office.honour": [{"level": each} for each in honours],
    }
    text = "query Q($of: SubjectKey!) { standing(of: $of) { a: zmd006 b: zmd007 } }"
    gateway = holding(PERSON, held, city="zhumadian")
    answer = await gateway.answer(
        gateway.prepared(text, "reward.government_service", kind="organ"), {"of": {"person": PERSON}}
    )
    assert orjson.loads(answer.body)["data"]["standing"] == {"a": told, "b": told}


@pytest.mark.parametrize(
    ("founded", "kind", "told"),
    [
        (date(2025, 12, 1), "COMPANY", "TRUE"),
        (date(2021, 6, 30), "COMPANY", None),
        (date(2021, 7, 1), "COOPERATIVE", "TRUE"),
        (date(2025, 12, 1), "PUBLIC_INSTITUTION", None),
    ],
)
async def test_an_honest_start_up_needs_no_grade(founded: date, kind: str, told: str | None):
    """Enterprises that were founded lately, and so have no tax grade yet, rent at a discount; others do not."""
    held: Held = {"registry.enterprise": [firm(kind=kind, established_on=founded)]}
    text = "query Q($of: SubjectKey!) { standing(of: $of) { pds017 } }"
    answer = await asked(holding(ENTERPRISE, held), text, "reward.rental", enterprise=ENTERPRISE)
    assert orjson.loads(answer.body)["data"]["standing"] == {"pds017": told}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ("TRUE", "TRUE")),
        ({"industry": "道路运输业"}, (None, "TRUE")),
        ({"region": "320505"}, (None, None)),
        ({"region": "411500"}, ("TRUE", "TRUE")),
        ({"region": "411523"}, ("TRUE", "TRUE")),
        ({"region": "411599"}, (None, None)),
    ],
)
async def test_a_trade_and_a_place_are_those_of_the_register(
    changed: dict[str, str], told: tuple[str | None, str | None]
):
    """Xinyang's loan service goes by the place of registration, and its supply-chain loan by that and the industry.

    Whoever is registered with the city's own authorities is of the city as whoever is in a district.
    """
    held: Held = {"registry.enterprise": [firm(**{"region": "411502", **changed})]}
    text = "query Q($of: SubjectKey!) { standing(of: $of) { loan: xy010 service: xy007 } }"
    gateway = holding(ENTERPRISE, held, city="xinyang")
    operation = gateway.prepared(text, "reward.finance", kind="financial_institution")
    answer = await gateway.answer(operation, {"of": {"enterprise": ENTERPRISE}})
    found = orjson.loads(answer.body)["data"]["standing"]
    assert (found["loan"], found["service"]) == told


@pytest.mark.parametrize("kind", ["COMPANY", "INDIVIDUAL_BUSINESS"])
@pytest.mark.rule("R39")
async def test_a_market_entity_of_grade_a_is_told_so_whatever_its_form(kind: str):
    """Xinyang's market entities are enterprises and individual businesses; an organ acts by duty and asks for no consent."""
    held: Held = {"registry.enterprise": [firm(kind=kind)], "tax.latest_taxpayer_grade": [graded("A")]}
    text = "query Q($of: SubjectKey!) { standing(of: $of) { xy006 } }"
    gateway = holding(ENTERPRISE, held, city="xinyang")
    operation = gateway.prepared(text, "reward.government_service", kind="organ")
    answer = await gateway.answer(operation, {"of": {"enterprise": ENTERPRISE}})
    assert orjson.loads(answer.body)["data"]["standing"] == {"xy006": "TRUE"}
    assert "credit_office" not in {bureau for bureau, *_ in calls(gateway)}


BUSINESSES = ("COMPANY", "COOPERATIVE", "INDIVIDUAL_BUSINESS")
OTHERS = ("PUBLIC_INSTITUTION", "SOCIAL_ORGANISATION", "VILLAGE_COLLECTIVE")
UNGRADED = ("reward.travel", "INDIVIDUAL_BUSINESS")
"""Enterprises are graded in road transport, and individual businesses are not: no grade of one is used."""
OF_BUSINESSES = [
    ("xinyang", "reward.government_service", "organ", ("xy006",)),
    ("xinyang", "reward.finance", "financial_institution", ("xy007", "xy008", "xy009", "xy010", "xy012")),
    ("pingdingshan", "reward.travel", "organ", ("pds006", "pds007")),
    ("pingdingshan", "reward.rental", "scene_operator", ("pds017", "pds018", "pds019", "pds020")),
    ("pingdingshan", "reward.parking", "scene_operator", ("pds037", "pds038")),
]
"""Incentives for 企业, 市场主体 or 本地存续企业（个体工商户）, with the scene and the kind of caller."""
OF_ALL_SUBJECTS = [
    ("pingdingshan", "reward.approval", "organ", ("pds001", "pds005")),
    ("pingdingshan", "reward.finance", "financial_institution", ("pds016",)),
    ("pingdingshan", "reward.insurance", "organ", ("pds044", "pds046")),
    ("zhumadian", "reward.government_service", "organ", ("zmd006", "zmd007")),
]
"""Incentives for 主体, 参保单位 or 行政相对人: whatever is registered is one."""


@pytest.mark.rule("R39")
@pytest.mark.parametrize("kind", [*BUSINESSES, *OTHERS])
@pytest.mark.parametrize(("city", "scene", "asking", "fields"), [*OF_BUSINESSES, *OF_ALL_SUBJECTS])
async def test_the_form_is_that_of_the_document_s_words(
    city: str, scene: str, asking: str, fields: tuple[str, ...], kind: str
):
    """What is for enterprises is for no public institution, no social organisation and no rural collective; what is for all, is."""
    region = city_called(city).region
    held: Held = {
        "registry.enterprise": [firm(kind=kind, region=region, established_on=date(2025, 12, 1))],
        "tax.latest_taxpayer_grade": [graded("A")],
        "transport.transport_grade": [{"year": 2025, "grade": "AA", "assessed_on": date(2026, 4, 1)}],
        "social_security.payment_grade": [{"grade": "A", "assessed_on": date(2026, 4, 1)}],
        "credit_office.consent": [consent(scene=scene)],
    }
    text = f"query Q($of: SubjectKey!) {{ standing(of: $of) {{ {' '.join(fields)} }} }}"
    gateway = holding(ENTERPRISE, held, city=city)
    answer = await gateway.answer(
        gateway.prepared(text, scene, kind=asking), {"of": {"enterprise": ENTERPRISE}}
    )
    covered = kind in BUSINESSES or (city, scene, asking, fields) in OF_ALL_SUBJECTS
    told = "TRUE" if covered and (scene, kind) != UNGRADED else None
    assert orjson.loads(answer.body)["data"]["standing"] == dict.fromkeys(fields, told)
