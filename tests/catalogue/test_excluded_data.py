"""What the gateway takes from no bureau, because the law forbids its use or no document gives it a basis."""

from __future__ import annotations

import re

import pytest

from catalogue.incentives.incentive_catalogue import incentives
from catalogue.record_forms import RecordForm
from tests.support.declared_otherwise import ADVERSE_SETS, BUREAUS, DATASETS

UTILITY = re.compile(
    r"供?水费|电费|燃气|供[水电气热暖]|暖气|通讯费|通信费|话费|有线电视|宽带|物业|utility|broadband",
    re.IGNORECASE,
)
"""The trades whose arrears are no ground for a punishment: 水电气暖、通讯、有线电视、网络 and 物业管理 (第二十七条)."""
FINANCIAL = re.compile(
    r"人民银行|人行|征信|金融信用信息基础数据库|credit reporting|financial database", re.IGNORECASE
)
INSURED = re.compile(r"医疗|医保|病|medical", re.IGNORECASE)


def words_of(name: str) -> str:
    """Return every text by which a data set says what it holds, and of whom it comes."""
    dataset = DATASETS[name]
    columns = [text for each in dataset.columns for text in (each.zh, each.en, *(each.codes or ()))]
    labels = [text for each in dataset.columns for text in getattr(each.codes, "labels", {}).values()]
    return " ".join(map(str, (*dataset.title, *dataset.item.name, dataset.item.provider, *columns, *labels)))


@pytest.mark.rule("HN-27", "C6")
@pytest.mark.parametrize("name", sorted(DATASETS))
def test_no_record_of_water_power_or_a_telephone_is_held(name: str):
    """Unconfirmed arrears of utilities and property fees ground no punishment: no data set has any."""
    assert UTILITY.search(words_of(name)) is None


@pytest.mark.rule("C6", "C13")
@pytest.mark.parametrize("name", sorted(DATASETS))
def test_no_medical_record_and_none_of_the_financial_database_is_held(name: str):
    """No bureau shares what medical insurance or the financial credit database holds: an employer's arrears are of others."""
    assert INSURED.search(words_of(name)) is None
    assert FINANCIAL.search(words_of(name)) is None


@pytest.mark.rule("HN-27", "C6", "C13")
def test_what_counts_against_somebody_is_a_closed_list():
    """What is adverse is a penalty, a listing or a duty of five named data sets; another one is a decision on this list."""
    assert {name for name, _ in ADVERSE_SETS} == {
        *("courts.judgment_defaulter", "social_security.insurance_arrears", "tax.serious_violation"),
        *("tax.tax_arrears", "transport.transport_violation"),
    }
    for name, _ in ADVERSE_SETS:
        life = DATASETS[name].life
        assert life is not None
        assert life.form is not RecordForm.AWARD
    assert {bureau.name for bureau in BUREAUS.values()} >= {name.split(".")[0] for name, _ in ADVERSE_SETS}


@pytest.mark.rule("C17")
def test_no_incentive_is_invented_for_traffic_in_zhengzhou():
    """Zhengzhou names traffic (交通出行) as a field of use and no measure in it: no incentive of the city is there."""
    scenes = {each.scene for each in incentives("zhengzhou").values()}
    assert scenes
    assert scenes.isdisjoint({"reward.transit", "reward.travel", "reward.ride_hailing", "reward.parking"})
