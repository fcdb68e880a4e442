"""Each incentive says what its sentence in the city's document says: benefit, beneficiary, basis, units, in both languages."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from catalogue.incentives.city_files import city_names
from catalogue.incentives.incentive_catalogue import Condition, Incentive, incentives
from catalogue.incentives.incentive_marks import configuration_of, reading_of, units_text

HERE: Final = Path(__file__).parent
P, B, E = "person", "individual_business", "enterprise"
GROUPS: Final = {
    "守信个人": ({P}, {"SCORE_HOLDER"}),
    "个人积分较高的市民": ({P}, {"SCORE_HIGH"}),
    "分值较高的市民": ({P}, {"SCORE_HIGH"}),
    "具有优良信用记录的个人": ({P}, {"GOOD_RECORD"}),
    "具有优良信用记录的个人和连续三年以上无不良信用记录的行政相对人": ({P, B, E}, {"CLEAN_3Y"}),
    "具有优良信用记录的个人为法人的诚信市场主体": ({E}, {"LEGAL_REP_GOOD_RECORD"}),
    "诚信典型个人": ({P}, {"MODEL_PERSON"}),
    "没有不良记录、信用状况良好的主体": ({P, B, E}, {"NO_ADVERSE_RECORD"}),
    "信誉考核良好的道路运输企业和从业人员": ({P, B, E}, {"TRANSPORT_GRADE"}),
    "诚实守信的特定群体": ({P}, {"SPECIFIC_GROUP"}),
    "信用红名单人员": ({P}, {"RED_LIST"}),
    "诚信主体": ({P, B, E}, {"GOOD_CREDIT"}),
    "符合条件的诚信主体": ({P, B, E}, {"GOOD_CREDIT"}),
    "信用良好的主体": ({P, B, E}, {"GOOD_CREDIT"}),
    "全市守信个人": ({P}, {"GOOD_CREDIT"}),
    "符合条件的守信个人": ({P}, {"GOOD_CREDIT"}),
    "诚信创业企业": ({B, E}, {"YOUNG_ENTERPRISE"}),
    "达到信用等级的纳税人企业": ({B, E}, {"TAX_GRADE"}),
    "守信主体": ({B, E}, {"PAYMENT_GRADE"}),
    "经营主体": ({B, E}, {"COMMITMENT", "INDUSTRY_GRADE"}),
    "不同信用等级主体": ({B, E}, {"PUBLIC_CREDIT_EVALUATION"}),
    "守信激励市场主体": ({B, E}, {"TAX_GRADE_A"}),
    "本地存续企业（个体工商户）": ({B, E}, {"LOCAL_BUSINESS"}),
    "信阳绿色食品、纺织服装、建材家居等优势产业": ({B, E}, {"FAVOURED_TRADE"}),
    "本市信用医疗签约用户": ({P}, {"SIGNED_SERVICE"}),
    "家政企业和家政服务从业人员": ({P, E}, {"INDUSTRY_GRADE"}),
    "信用好的主体": ({P}, {"GOOD_CREDIT"}),
    "消费者": ({P}, {"GOOD_CREDIT"}),
    "市民": ({P}, {"GOOD_CREDIT"}),
    "专业大户、农民合作社、涉农企业等新型农业经营主体": ({P, B, E}, {"FARM_REGISTER"}),
    "信用良好的": ({P, B, E}, {"FARM_REGISTER"}),
    "生产经营者": ({P, B, E}, {"FARM_REGISTER"}),
}
"""Whom a document's words favour: whom the incentive is for, and what it may rest on."""
NARROWED: Final = {
    *("PDS-032", "PDS-033", "PDS-034"),
    *("XY-011", "XY-012", "XY-013", "XY-014", "XY-017", "XY-018", "XY-019", "XY-020"),
    *("XY-040", "XY-041", "XY-042"),
}
"""Incentives whose sentence favours nobody by name, or more than those whom such a benefit can reach."""
TERMS: Final = (
    (r"(?<!减)免押金|免收(住院)?押金|无需缴纳押金|免交押金", r"\b(no|without a)\b( inpatient)? deposit"),
    (r"减免(?!费用)|门票减免", r"reduced or waived"),
    (r"减免费用", r"lower fees"),
    (r"优先", r"priority"),
    (r"绿色通道", r"green lane"),
    (r"(?<!更)优惠", r"preferential"),
    (r"折扣", r"discount"),
    (r"等(?![级待])", r"such as|and the like|similar"),
    (r"鼓励", r"encourage"),
    (r"酌情", r"as the case allows"),
    (r"差异化", r"differentiated"),
    (r"(?<!减)免费|免票", r"\bfree\b"),
    (r"或|减免(?!费用)", r"\bor\b"),
    (r"(?<!更)便利|方便", r"convenience"),
    (r"承诺", r"commitment"),
    (r"产业园区", r"industrial parks"),
    (r"医疗机构", r"medical institutions"),
    (r"图书馆", r"librar"),
    (r"体育场馆", r"sports venues"),
    (r"中心城区", r"central urban area"),
    (r"养老机构", r"elder-care homes"),
    (r"市直属|市级|市图书馆|城市", r"\bcity\b"),
    (r"指定停车场", r"designated car parks"),
    (r"车厢", r"in vehicles"),
    (r"酒店", r"hotel"),
    (r"旅游", r"tourism"),
    (r"文化", r"culture"),
    (r"试点", r"pilot"),
    (r"跨部门", r"across departments"),
    (r"多地互认", r"recognised in several cities"),
    (r"经营主体", r"business entities"),
    (r"市场主体", r"market entities"),
)
"""What a benefit says in Chinese if and only if it says it in English."""


@cache
def kept(name: str) -> dict[str, Any]:
    """Return a file that stands beside this one."""
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


def claims() -> list[tuple[str, str, dict[str, Any]]]:
    """Return what each incentive takes from its document, with its city and its number."""
    found = kept("incentive_words")
    return [(city, id_, claim) for city, own in found.items() for id_, claim in own.items()]


def paragraph(city: str, claim: dict[str, Any]) -> dict[str, str]:
    """Return the paragraph that a claim is about."""
    return kept("document_sentences")[city][claim["at"]]


every_incentive = pytest.mark.parametrize(
    ("city", "id_", "claim"), claims(), ids=[each[1] for each in claims()]
)
CONDITIONS: Final = {
    (city, each.basis): each.condition
    for city in city_names()
    for each in incentives(city).values()
    if each.condition
}
every_condition = pytest.mark.parametrize(("city", "basis"), sorted(CONDITIONS))


def test_every_incentive_has_its_sentence():
    """Each of the 131 incentives is compared with its document, and each paragraph that is kept serves one."""
    assert [id_ for _, id_, _ in claims()] == [id_ for city in city_names() for id_ in incentives(city)]
    used = {(city, claim["at"]) for city, _, claim in claims()}
    assert used == {(city, place) for city, own in kept("document_sentences").items() for place in own}


@every_incentive
def test_the_benefit_is_in_the_words_of_the_document(city: str, id_: str, claim: dict[str, Any]):
    """What is granted, and where, stands in the paragraph and in the incentive in the same words, the open end of a list too."""
    entry, text = incentives(city)[id_], paragraph(city, claim)["text"]
    assert claim["words"]
    for words in claim["words"]:
        assert words in text
        assert words in entry.zh or words in entry.place


@every_incentive
def test_the_kind_is_that_of_the_sentence(city: str, id_: str, claim: dict[str, Any]):
    """Several kinds, or one of several, are no single kind; and what names no kind is given none."""
    assert incentives(city)[id_].benefit == claim["kind"]


@every_incentive
def test_whom_the_document_favours_is_whom_it_is_for(city: str, id_: str, claim: dict[str, Any]):
    """Beneficiaries and basis follow from the words of the group; where it names nobody, that is marked."""
    entry, group = incentives(city)[id_], claim["group"]
    assert group in paragraph(city, claim)["text"]
    if id_ in NARROWED:
        assert entry.reading is not None
        return
    benefiting, bases = GROUPS[group]
    assert entry.benefiting == benefiting
    assert entry.basis in bases


@every_incentive
def test_the_units_are_those_of_the_document(city: str, id_: str, claim: dict[str, Any]):
    """Each incentive names its responsible units as the document lists them, or none where it names none."""
    listed = paragraph(city, claim)["units"]
    for conjunction in ("，", "及", "和(?=各县)", "等(?=相关)"):
        listed = re.sub(conjunction, "、", listed)
    assert units_text(incentives(city)[id_].bureaus) == listed


@every_incentive
def test_both_languages_say_one_thing(city: str, id_: str, claim: dict[str, Any]):
    """A term of the benefit stands in Chinese if and only if it stands in English."""
    entry = incentives(city)[id_]
    for zh, en in TERMS:
        assert bool(re.search(zh, entry.zh)) is bool(re.search(en, entry.en, re.IGNORECASE)), (zh, en)


@every_incentive
def test_an_individual_business_is_named_or_marked(city: str, id_: str, claim: dict[str, Any]):
    """Where the document says neither individual businesses nor subjects of all kinds, that they are meant is our reading."""
    entry = incentives(city)[id_]
    named = "个体工商户" in claim["group"] or (P in entry.benefiting and claim["group"].endswith("主体"))
    if B in entry.benefiting and not named:
        assert re.search("个体工商户|经营主体", reading_of(entry) or "")


@every_incentive
def test_what_is_ours_is_marked_beside_the_incentive(city: str, id_: str, claim: dict[str, Any]):
    """Whatever the document does not state of a basis is told with the incentive: a reading, a number with its owner, or both."""
    entry = incentives(city)[id_]
    if entry.condition is not None and entry.condition.stated is None:
        assert reading_of(entry)
        assert entry.condition.owner in (configuration_of(entry.condition) or "")


@pytest.mark.rule("C11")
@every_condition
def test_what_a_document_states_of_a_condition_is_told_apart(city: str, basis: str):
    """What the document states stands there in its words; all other numbers and codes are said to be configuration."""
    condition = CONDITIONS[city, basis]
    assert condition is not None
    texts = [
        paragraph(city, claim)["text"]
        for at, id_, claim in claims()
        if at == city and incentives(city)[id_].basis == basis
    ]
    stated = (condition.stated or "").partition(" · ")[0]
    assert all(stated in text for text in texts) or basis == "LOCAL_BUSINESS"
    assert any(stated in text for text in texts)
    assert bool(condition.configured) is (basis not in ("RED_LIST", "TAX_GRADE_A", "LOCAL_BUSINESS"))


@pytest.mark.rule("C11")
def test_three_clean_years_are_the_documents_own():
    """Zhumadian's document states three years, so they are no configuration; the levels of honour are."""
    condition = CONDITIONS["zhumadian", "CLEAN_3Y"]
    assert isinstance(condition, Condition)
    assert (condition.stated or "").startswith("连续三年以上")
    assert "年" not in (condition.configured or "年")


def test_the_first_day_of_a_programme_is_marked():
    """No document says when its programme began, so the day is marked as not from the document."""
    for city in ("nanyang", "zhengzhou"):
        entry: Incentive = next(iter(incentives(city).values()))
        assert entry.city.programme is not None
        assert any("开始日期" in each and "first day" in each for each in entry.city.programme.readings)


def test_the_draft_of_xinyang_has_one_designation():
    """Xinyang's document is a draft without title and number, and nothing that cites it gives it the title of another text."""
    root, own = HERE.parents[1], incentives("xinyang")["XY-001"].city.document
    cited = [
        found
        for folder in ("policies", "operations", "catalogue", "docs")
        for file in sorted((root / folder).rglob("*"))
        if file.suffix in (".toml", ".cedar", ".md", ".py")
        for found in re.findall(
            r"信阳市[^；、，。“”\s]*?(?:行动|工作)?方案(?:（[^）]*）)?", file.read_text("utf-8")
        )
    ]
    assert len(cited) > len(incentives("xinyang"))
    assert set(cited) == {own}
