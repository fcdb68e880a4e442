"""What the subject alone is told of every incentive: by the rules of the answers, each requirement once, nothing invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLList, GraphQLObjectType
from hypothesis import given
from hypothesis import strategies as st

from adapters.bureau_errors import BureauUnavailable
from catalogue.incentives.city_files import city_called, city_names
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.requirement_kinds import KINDS, Beneficiary
from catalogue.subject_rights import subject_rights
from catalogue.told_reasons import OwnIncentive, OwnRequirement
from resolvers.eligibility.facts import Circumstances, Facts, Requirement
from resolvers.eligibility.incentive_rules import EligibilityRule, RuleGroup
from resolvers.eligibility.own_incentives import IncentiveTeller, teller_of
from resolvers.eligibility.reasons import Explainer, explainer_of
from resolvers.graph.bindings import ReasonMember
from schema.graphql_types import named_type_of
from schema.reason_types import reason_members
from tests.resolvers.test_eligibility import DAY
from tests.resolvers.test_reasons import EXPLAINERS, held
from tests.support.declared_otherwise import BUREAUS
from tests.support.effort import examples
from tests.support.gateway_in_memory import graph, policy
from tests.support.open_indexes import incentives_of, index_of
from tests.support.tested_city import TESTED_CITY

TITLES = policy().purposes.titles
every_city = pytest.mark.parametrize("city", city_names())
every_kind = pytest.mark.parametrize("kind", KINDS)


def explainer(kind: Beneficiary, city: str) -> Explainer:
    """Return what tells the reasons to a kind of subject in a city."""
    return explainer_of(kind, tuple(BUREAUS.values()), city)


def nothing_held(of: Explainer, **given: Any) -> Facts:
    """Return the facts of a subject of which nobody holds anything."""
    return Facts(dict.fromkeys(of.needs, ()), Circumstances(DAY), **given)


def told(of: Explainer, facts: Facts, city: str = TESTED_CITY) -> Mapping[str, OwnIncentive]:
    """Return what is told of each incentive of a city."""
    return {each.id: each for each in teller_of(of, city).prepared(TITLES)(facts)}


def requirements(each: OwnIncentive) -> list[OwnRequirement]:
    """Return every requirement of an incentive."""
    assert each.outcome is not None
    return [*each.outcome.always, *(it for way in each.outcome.alternatives for it in way.requirements)]


@examples(200)
@given(st.data(), st.sampled_from(["person", "enterprise"]), st.sampled_from([None, "library", "parking"]))
def test_an_outcome_is_its_answer(data: st.DataObject, kind: Beneficiary, grantee: str | None):
    """Whatever is held or broken, an incentive is told as met where its answer is TRUE; its reasons are the same as those of null."""
    of = EXPLAINERS[kind]
    broken = data.draw(st.frozensets(st.sampled_from(sorted(of.needs)), max_size=1))
    facts = Facts(data.draw(held(kind)), Circumstances(DAY, grantee), broken)
    answers, reasons = (
        RuleGroup(of.rules).evaluate(facts),
        {each.incentive: each for each in of.reasons(facts)},
    )
    for name, each in told(of, facts).items():
        assert each.outcome is not None
        assert (each.outcome.state == "MET") is answers.get(name, False)
        if name in answers and not answers[name] and not broken:
            unmet = [it.requirement for it in each.outcome.always if not it.met]
            assert unmet == [it.requirement for it in reasons[name].unmet]
            ways = [
                [it.requirement for it in way.requirements if not it.met] for way in each.outcome.alternatives
            ]
            missing = [[it.requirement for it in way.unmet] for way in reasons[name].alternatives]
            assert missing == ([] if [] in ways else ways)


@examples(100)
@given(st.data(), st.sampled_from(["person", "enterprise"]))
def test_nothing_that_rests_on_broken_records_is_told_as_met(data: st.DataObject, kind: Beneficiary):
    """No record would pass for a clean one: what looks at broken records is not met, and the outcome says why."""
    of = EXPLAINERS[kind]
    broken = data.draw(st.sampled_from(sorted(of.needs)))
    facts = Facts(data.draw(held(kind)), Circumstances(DAY), frozenset({broken}))
    looking = {it.words.title for it in of.group.requirements if broken in it.needs}
    for name, each in told(of, facts).items():
        if name not in of.rules or broken not in of.rules[name].needs:
            continue
        assert each.outcome is not None
        assert each.outcome.state == "NOT_MET"
        (fault, *_) = each.outcome.always
        assert (fault.met, fault.unknown, fault.source) == (False, True, "河南省社会信用条例 第四十一条")
        assert fault.kinds
        assert not any(it.met for it in requirements(each) if it.requirement in looking)


@pytest.mark.rule("R50")
@every_city
@every_kind
def test_what_is_stated_is_what_the_open_index_states(city: str, kind: Beneficiary):
    """Each incentive of the city is told to each kind of subject, in the words of the open index, with scene, document and marks."""
    of, own, index = explainer(kind, city), incentives(city), incentives_of(index_of(city))
    found, about = told(of, nothing_held(of), city), city_called(city)
    assert list(found) == list(own)
    for id_, each in found.items():
        for name in index[id_].__struct_fields__:
            assert getattr(each, name) == getattr(index[id_], name)
        scene = own[id_].scene
        assert (each.scene, each.scene_zh, each.scene_en) == (scene, *TITLES[scene])
        assert (each.document_title, each.document_number) == (about.document_title, about.document_number)


@pytest.mark.parametrize(
    ("city", "number"),
    [
        ("nanyang", "宛信用办〔2022〕4号"),
        ("pingdingshan", "平信用办〔2020〕9号"),
        ("xinyang", None),
        ("zhengzhou", "郑信用〔2019〕3号"),
        ("zhumadian", "驻政办〔2017〕102号"),
    ],
)
def test_a_document_bears_the_title_and_number_that_it_has(city: str, number: str | None):
    """Xinyang's draft has neither title nor number, and gets none; every other document has both."""
    about = city_called(city)
    assert about.document_number == number
    assert bool(about.document_title) is (number is not None)


@every_city
@every_kind
def test_what_nobody_is_answered_says_for_what_it_waits(city: str, kind: Beneficiary):
    """An incentive for others is told as one for others, and one that nobody is answered says for what it waits."""
    of = explainer(kind, city)
    for id_, each in told(of, nothing_held(of), city).items():
        own = incentives(city)[id_]
        assert each.outcome is not None
        if kind not in own.beneficiaries:
            assert each.outcome.state == "FOR_OTHERS"
        elif own.condition is None:
            assert (each.outcome.state, each.waits_for) == ("WAITS", own.unanswered)
        else:
            assert (each.outcome.state, each.waits_for) == ("NOT_MET", None)


@every_city
@every_kind
def test_what_a_subject_can_do_is_a_right_of_the_open_index(city: str, kind: Beneficiary):
    """Beside each requirement that is not met stand rights with organ and law, as the city's open index has them."""
    of, rights = explainer(kind, city), {each.name: each for each in index_of(city).rights}
    for each in told(of, nothing_held(of), city).values():
        for it in requirements(each):
            if it.met:
                assert it.remedies == ()
                continue
            assert bool(it.remedies) is not it.requirement.startswith("年满十八周岁")
            for remedy in it.remedies:
                right = rights[remedy.right]
                assert (remedy.zh, remedy.en, remedy.source, remedy.organ, remedy.how) == (
                    right.zh, right.en, right.source, right.organ, right.how,
                )  # fmt: skip


def test_an_adverse_record_can_be_repaired_withdrawn_or_objected_to():
    """Whoever is barred by a record is told of the three rights by which it counts no more."""
    of = EXPLAINERS["person"]
    listed = {"state": "EFFECTIVE", "ends_on": None}
    facts = Facts({**nothing_held(of).records, "courts.judgment_defaulter": [listed]}, Circumstances(DAY))
    barred = [it for it in requirements(told(of, facts)["PDS-001"]) if it.kinds]
    assert [[each.right for each in it.remedies] for it in barred] == [["repair", "withdrawal", "objection"]]
    assert {"repair", "withdrawal", "objection"} <= {each.name for each in subject_rights().right}


AWARDS = ("在守信红名单上", "荣誉级别")
CONSENTS = ("已同意用于场景", "个体工商户的经营者已同意")
ANSWERED = (*AWARDS, *CONSENTS, "已参加")
"""How the requirements begin of which it is an answer that a bureau holds nothing."""


@pytest.mark.rule("R50")
@every_city
@every_kind
def test_not_being_listed_is_an_answer(city: str, kind: Beneficiary):
    """Where nobody holds anything, a registration, a grade and a score are unknown; a list, an honour and a consent are not."""
    of = explainer(kind, city)
    facts = nothing_held(of)
    own = [it for each in told(of, facts, city).values() for it in requirements(each)]
    for it in own:
        answered = it.met or it.requirement.startswith(ANSWERED) or "年内无不良记录" in it.requirement
        assert it.unknown is not answered, it.requirement
    unmet = [it for each in of.reasons(facts) for way in each.alternatives for it in way.unmet]
    assert not any(it.unknown for it in unmet if it.requirement.startswith(AWARDS))
    awarded = any(it.requirement.startswith(AWARDS) for it in own)
    assert awarded is bool({"credit_office.red_list", "credit_office.honour"} & of.needs.keys())


@every_city
@every_kind
def test_faulty_entries_of_a_list_are_no_answer(city: str, kind: Beneficiary):
    """Where the records of a list or of honours break their contract, whether the subject is on it is unknown, in both views."""
    of = explainer(kind, city)
    for broken in {"credit_office.red_list", "credit_office.honour"} & of.needs.keys():
        looking = {it.words.title for it in of.group.requirements if broken in it.needs}
        facts = nothing_held(of, broken=frozenset({broken}))
        unmet = [it for each in of.reasons(facts) for way in each.alternatives for it in way.unmet]
        own = [it for each in told(of, facts, city).values() for it in requirements(each)]
        found = [it.unknown for it in (*unmet, *own) if it.requirement in looking]
        assert found
        assert all(found)


@every_kind
def test_a_bureau_that_fails_leaves_everything_else_told(kind: Beneficiary):
    """Where a data set cannot be read, its failure stands in place of exactly the outcomes that rest on it."""
    of = EXPLAINERS[kind]
    for name in of.needs:
        failure = BureauUnavailable(*name.split("."))
        found = told(of, nothing_held(of, failed={name: failure}))
        at_fault = {id_ for id_, rule in of.rules.items() if name in rule.needs}
        assert {id_ for id_, each in found.items() if each.outcome is failure} == at_fault


def counting(counts: Counter[str], requirement: Requirement, method: str) -> Callable[[Facts], Any]:
    """Return a method of a requirement that counts its calls."""
    asked: Callable[[Facts], Any] = getattr(requirement, method)

    def counted(facts: Facts) -> Any:
        counts[f"{method} {requirement.words.title}"] += 1
        return asked(facts)

    return counted


@every_city
@every_kind
def test_each_requirement_is_looked_at_once(city: str, kind: Beneficiary):
    """However many incentives make a requirement, it is evaluated once, and what is missing of it is worked out once."""
    of, counts = explainer(kind, city), Counter[str]()
    again = {
        each: replace(each, holds=counting(counts, each, "holds"), gap=counting(counts, each, "gap"))
        for each in of.group.requirements
    }
    rules = {
        id_: EligibilityRule(
            tuple(again[it] for it in rule.always),
            tuple(tuple(again[it] for it in way) for way in rule.alternatives),
        )
        for id_, rule in of.rules.items()
    }
    whole = teller_of(replace(of, rules=rules, group=RuleGroup(rules)), city)
    assert isinstance(whole, IncentiveTeller)
    whole.prepared(TITLES)(nothing_held(of))
    assert set(counts.values()) <= {1}
    assert len([name for name in counts if name.startswith("holds")]) == len(again)


def test_every_list_of_objects_has_a_bound():
    """A member that lists objects holds a known number of these at the most, so that an answer can be weighed."""
    for coordinate in reason_members():
        type_name, field = coordinate.split(".")
        definition = graph().object_type(type_name).fields[field]
        lists = isinstance(definition.type, GraphQLList) and isinstance(
            named_type_of(definition), GraphQLObjectType
        )
        binding = graph().fields[coordinate]
        assert isinstance(binding, ReasonMember)
        assert (binding.most is not None) is lists
