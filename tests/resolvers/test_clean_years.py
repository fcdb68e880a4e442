"""What the documents ask of a clean record, case by case: three full years, or no adverse record and good credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from catalogue.dated_rules import dated_rules
from catalogue.incentives.scene_threshold import answerable
from catalogue.record_life import RECORD_STATE
from catalogue.record_states import LifeReader
from resolvers.eligibility.facts import Circumstances, Facts
from resolvers.eligibility.incentive_rules import RuleGroup, rules_of
from tests.support.declared_otherwise import ADVERSE_SETS, BUREAUS, DATASETS

DAY = date(2026, 6, 30)
VIOLATION = "transport.transport_violation"
GREEN_LANE, PRIORITY = "ZMD-006", "PDS-001"
CITIES = {GREEN_LANE: "zhumadian", PRIORITY: "pingdingshan"}
"""The green lane for who has a clean record (驻政办〔2017〕102号), and approvals first (平信用办〔2020〕9号 信易批)."""


def told(incentive: str, kind: str, **held: Sequence[dict[str, Any]]) -> bool:
    """Whether an adult, or an enterprise in business, is told TRUE beside these records."""
    nobody: dict[str, Sequence[dict[str, Any]]] = {name: () for name, _ in ADVERSE_SETS}
    facts = {
        **nobody,
        "registry.person": [{"birth_date": date(1990, 1, 1), "deceased": False}],
        "registry.enterprise": [{"kind": "COMPANY", "status": "ACTIVE"}],
        "credit_office.consent": [
            {
                "scene": "reward.approval",
                "grantee": None,
                "given_on": DAY,
                "until": None,
                "withdrawn_on": None,
            }
        ],
        "credit_office.red_list": (),
        "credit_office.honour": (),
        **{name.replace("__", "."): rows for name, rows in held.items()},
    }
    rule = rules_of(answerable(CITIES[incentive])[incentive], BUREAUS.values())[kind]
    return RuleGroup({"rule": rule}).evaluate(Facts(facts, Circumstances(DAY)))["rule"]


def penalty(decided_on: date, state: str = "EFFECTIVE") -> dict[str, Any]:
    """Return a penalty in a state."""
    return {"state": state, "decided_on": decided_on}


@pytest.mark.rule("R27", "C10")
@pytest.mark.parametrize("kind", ["person", "enterprise"])
def test_the_green_lane_is_for_three_clean_years(kind: str):
    """Whoever has no record in three full years enjoys it: a penalty within them ends that, an earlier one does not."""
    assert told(GREEN_LANE, kind)
    assert not told(GREEN_LANE, kind, transport__transport_violation=[penalty(date(2023, 7, 1))])
    assert told(GREEN_LANE, kind, transport__transport_violation=[penalty(date(2023, 6, 30))])
    assert not told(GREEN_LANE, kind, courts__judgment_defaulter=[{"state": "EFFECTIVE"}])


@pytest.mark.rule("R27", "C10")
@pytest.mark.parametrize("state", sorted(set(RECORD_STATE) - {"EFFECTIVE"}))
def test_three_clean_years_ask_for_records_that_stand(state: str):
    """What is not final, repaired, disputed, withdrawn, sealed, over or of no known state leaves the years clean."""
    assert told(GREEN_LANE, "person", transport__transport_violation=[penalty(DAY, state)])


@pytest.mark.rule("C10")
def test_the_years_count_from_the_decision():
    """A penalty counts by the day of its decision, though it was served and became final later."""
    record = dict.fromkeys(each.name for each in DATASETS[VIOLATION].stored) | {
        "decided_on": date(2023, 6, 30),
        "served_on": date(2023, 7, 20),
        "final_on": date(2024, 2, 1),
        "procedure": "ORDINARY",
        "severity": "SERIOUS",
    }
    life = DATASETS[VIOLATION].life
    assert life is not None
    state = LifeReader(life, dated_rules()).state(record, "", date(2026, 6, 29))
    assert state == "EFFECTIVE"
    assert told(GREEN_LANE, "person", transport__transport_violation=[record | {"state": state}])
    later = record | {"state": state, "decided_on": DAY - timedelta(1)}
    assert not told(GREEN_LANE, "person", transport__transport_violation=[later])


@pytest.mark.rule("R28")
@pytest.mark.parametrize("kind", ["person", "enterprise"])
def test_approvals_first_are_for_whoever_has_no_adverse_record(kind: str):
    """Whoever has no record enjoys it, without a score or a grade beside; each record that stands ends it."""
    assert told(PRIORITY, kind)
    assert not told(PRIORITY, kind, transport__transport_violation=[penalty(date(2021, 7, 1))])
    assert told(PRIORITY, kind, transport__transport_violation=[penalty(date(2021, 6, 30))])
    for name, _ in ADVERSE_SETS:
        if kind == "enterprise" or name != "social_security.insurance_arrears":
            assert not told(PRIORITY, kind, **{name.replace(".", "__"): [penalty(DAY)]})


@pytest.mark.rule("R27")
def test_a_good_record_is_another_way_to_the_green_lane():
    """The document says or: a red list or an honour suffices, whatever record stands beside it."""
    adverse: dict[str, Any] = {"courts__judgment_defaulter": [{"state": "EFFECTIVE"}]}
    listed: dict[str, Any] = {"credit_office__red_list": [{"listed_on": DAY, "until": None}]}
    assert not told(GREEN_LANE, "person", **adverse)
    assert told(GREEN_LANE, "person", **adverse, **listed)
    assert not told(GREEN_LANE, "enterprise", **adverse, **listed)
