"""The reasons of a null part from no answer: an incentive has reasons exactly where its one-sided answer is not TRUE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.ages import years_after, years_before
from catalogue.incentives.city_files import city_called
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.requirement_kinds import Beneficiary
from catalogue.told_reasons import IncentiveReason, UnmetRequirement
from resolvers.eligibility.facts import Circumstances, Facts
from resolvers.eligibility.incentive_rules import RuleGroup
from resolvers.eligibility.reasons import Explainer, explainer_of
from resolvers.eligibility.requirements import clean, of_age
from tests.resolvers.test_eligibility import COLUMNS, DAY, NEAR
from tests.support.declared_otherwise import ADVERSE_SETS, BUREAUS
from tests.support.effort import examples
from tests.support.gateway_in_memory import graph
from tests.support.tested_city import TESTED_CITY

EXPLAINERS: Mapping[Beneficiary, Explainer] = {
    "person": explainer_of("person", tuple(BUREAUS.values()), TESTED_CITY),
    "enterprise": explainer_of("enterprise", tuple(BUREAUS.values()), TESTED_CITY),
}
DRAWN = {**COLUMNS, "ends_on": st.one_of(st.none(), NEAR)}
LATER = date(2041, 1, 1)


def rows(dataset: str, columns: frozenset[str]) -> st.SearchStrategy[Any]:
    """Draw rows with some columns of a dataset: one at the most where it has not many."""
    row = st.fixed_dictionaries({name: DRAWN[name] for name in sorted(columns)})
    return st.lists(row, max_size=2 if graph().sources[dataset].dataset.many else 1)


def held(kind: Beneficiary) -> st.SearchStrategy[Mapping[str, Any]]:
    """Draw all that is looked at of a subject."""
    needs = EXPLAINERS[kind].needs
    return st.fixed_dictionaries({name: rows(name, columns) for name, columns in sorted(needs.items())})


def told(
    kind: Beneficiary, facts: Facts, explainers: Mapping[str, Explainer] = EXPLAINERS
) -> dict[str, IncentiveReason]:
    """Return the reasons by the incentive."""
    return {each.incentive: each for each in explainers[kind].reasons(facts)}


@examples(300)
@given(st.data(), st.sampled_from(["person", "enterprise"]), st.sampled_from([None, "library", "parking"]))
def test_reasons_are_told_exactly_where_the_answer_is_not_true(
    data: st.DataObject, kind: Beneficiary, grantee: str | None
):
    """Whatever is held or broken, an answerable incentive for this kind has reasons if and only if its rule does not hold."""
    explainer = EXPLAINERS[kind]
    broken = data.draw(st.frozensets(st.sampled_from(sorted(explainer.needs)), max_size=1))
    facts = Facts(data.draw(held(kind)), Circumstances(DAY, grantee), broken)
    answers, reasons = RuleGroup(explainer.rules).evaluate(facts), told(kind, facts)
    assert {name for name, holds in answers.items() if not holds} == reasons.keys() & answers.keys()
    for name in reasons.keys() & answers.keys():
        assert reasons[name].unmet or reasons[name].alternatives
        assert all(way.unmet for way in reasons[name].alternatives)
        assert reasons[name].unanswerable is None


@pytest.mark.parametrize("kind", EXPLAINERS)
def test_what_nobody_is_answered_says_why(kind: Beneficiary):
    """Every incentive for this kind that the graph cannot answer is told with its stated reason, and no other."""
    reasons = told(kind, Facts(dict.fromkeys(EXPLAINERS[kind].needs, ()), Circumstances(DAY)))
    stated = {
        id_: each.unanswered
        for id_, each in incentives(TESTED_CITY).items()
        if each.unanswered and kind in each.beneficiaries
    }
    found = {id_: each.unanswerable for id_, each in reasons.items() if each.unanswerable is not None}
    assert found == stated
    assert bool(stated) is (kind == "person")
    assert not any(reasons[id_].unmet or reasons[id_].alternatives for id_ in stated)


def test_alternatives_are_told_as_alternatives():
    """Where any of several ways is enough, each is told with all that it lacks."""
    explainer = explainer_of("person", tuple(BUREAUS.values()), "zhumadian")
    facts = Facts(dict.fromkeys(explainer.needs, ()), Circumstances(DAY))
    by_red_list, by_honour = told("person", facts, {"person": explainer})["ZMD-004"].alternatives
    assert [each.requirement for each in by_red_list.unmet] == ["在守信红名单上 · Stands on a red list"]
    assert [each.requirement[:4] for each in by_honour.unmet] == ["荣誉级别"]


@pytest.mark.parametrize("kind", EXPLAINERS)
def test_every_requirement_that_is_not_met_has_words_and_a_source(kind: Beneficiary):
    """No requirement is told without its title in both languages, and the law or document that makes it."""
    facts = Facts(dict.fromkeys(EXPLAINERS[kind].needs, ()), Circumstances(DAY))
    unmet = [each for reason in told(kind, facts).values() for each in _requirements(reason)]
    assert all(" · " in each.requirement and each.source and "{" not in each.requirement for each in unmet)


def test_a_threshold_is_told_with_its_owner_where_no_document_states_it():
    """The source of a threshold is the document, and what of it is configuration of whom; a stated one has the document alone."""
    explainer = explainer_of("enterprise", tuple(BUREAUS.values()), "pingdingshan")
    facts = Facts(dict.fromkeys(explainer.needs, ()), Circumstances(DAY))
    reasons = told("enterprise", facts, {"enterprise": explainer})
    (grade,) = (each.source for each in reasons["PDS-044"].unmet if each.source.startswith("平信用办"))
    assert grade == (
        "平信用办〔2020〕9号；配置：A级（由市人力资源和社会保障局负责，文件未写） · "
        "configuration: The grade A (of 市人力资源和社会保障局, not in the document)"
    )
    ours = explainer_of("enterprise", tuple(BUREAUS.values()), "xinyang")
    stated = told(
        "enterprise", Facts(dict.fromkeys(ours.needs, ()), Circumstances(DAY)), {"enterprise": ours}
    )
    assert city_called("xinyang").document in {each.source for each in _requirements(stated["XY-006"])}


def _requirements(reason: IncentiveReason) -> list[UnmetRequirement]:
    return [*reason.unmet, *(each for way in reason.alternatives for each in way.unmet)]


@examples(100)
@given(born=st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_of_age_is_met_from_the_day_that_is_told(born: date):
    """On the told day the requirement holds, and on the day before it does not."""
    facts = Facts({"registry.person": [{"birth_date": born}]}, Circumstances(DAY))
    first = of_age().gap(facts).met_from
    assert first is not None
    for day, met in ((first, True), (first - timedelta(1), False)):
        assert of_age().holds(Facts(facts.records, Circumstances(day))) is met


@examples(100)
@given(decided=st.dates(date(2016, 1, 1), DAY), years=st.integers(1, 5))
def test_a_clean_record_is_met_from_the_day_that_is_told(decided: date, years: int):
    """A penalty bars until the last of the years that must be clean, if its own terms do not end it before."""
    row = {"state": "EFFECTIVE", "decided_on": decided, "ends_on": LATER}
    records = {**dict.fromkeys(dict(ADVERSE_SETS), ()), "transport.transport_violation": [row]}
    requirement, facts = clean(years, ADVERSE_SETS), Facts(records, Circumstances(DAY))
    first = requirement.gap(facts).met_from
    assert requirement.holds(facts) is (first is None)
    if first is not None:
        assert first == years_after(decided, years)
        assert requirement.holds(Facts(records, Circumstances(first)))
        assert not requirement.holds(Facts(records, Circumstances(first - timedelta(1))))


@pytest.mark.parametrize(
    ("ends", "until", "met_from"),
    [
        ([date(2027, 1, 5)], date(2027, 1, 5), date(2027, 1, 6)),
        ([date(2027, 1, 5), date(2028, 1, 5)], date(2028, 1, 5), date(2028, 1, 6)),
        ([date(2027, 1, 5), None], None, None),
    ],
)
def test_a_kind_of_record_bars_until_the_last_of_it_ends(
    ends: list[date | None], until: date | None, met_from: date | None
):
    """Where the end of one record is not known, no day is told."""
    needs = EXPLAINERS["person"].needs
    listed = [{"state": "EFFECTIVE", "ends_on": each} for each in ends]
    facts = Facts({**dict.fromkeys(needs, ()), "courts.judgment_defaulter": listed}, Circumstances(DAY))
    clean_years = next(
        each for each in _requirements(told("person", facts)["PDS-001"]) if each.requirement[:2] == "5年"
    )
    (kind,) = clean_years.kinds
    assert (kind.provider, kind.until, clean_years.met_from) == ("市中级人民法院", until, met_from)


@examples(100)
@given(day=st.dates(date(1990, 1, 1), date(2040, 12, 31)), years=st.integers(1, 18))
def test_years_after_is_the_first_day_of_which_the_years_before_are_reached(day: date, years: int):
    """Leap days are counted alike forwards and backwards."""
    first = years_after(day, years)
    assert years_before(first, years) >= day > years_before(first - timedelta(1), years)
