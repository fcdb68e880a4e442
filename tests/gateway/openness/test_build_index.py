"""What the open index of each city says: it is complete, it names who answers for what, and it says what is not known."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from catalogue.dated_rules import dated_rules
from catalogue.incentives.city_files import city_called, city_names
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.incentive_marks import configuration_of, reading_of
from catalogue.incentives.scene_threshold import answerable
from catalogue.open_index import OpenIndex
from catalogue.subject_rights import subject_rights
from catalogue.toml_files import TomlError
from gateway.openness.build_index import build_open_index, index_values
from gateway.settings import ROOT
from resolvers.graph.fields import items_of
from resolvers.plan.nodes.schema_field import INDEX_NODES
from tests.support.open_indexes import incentives_of, index_of, rules_of

CITIES = city_names()
every_city = pytest.mark.parametrize("city", CITIES)
IDENTIFIER = re.compile(r"[0-9]{15}|[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def values(node: Any) -> int:
    """Return how many values an index holds, its objects among them."""
    if isinstance(node, dict):
        return 1 + sum(map(values, node.values()))
    return sum(map(values, node)) if isinstance(node, list) else 1


@pytest.mark.rule("R05")
def test_a_programme_shows_what_it_counts_and_its_bands():
    """Zhengzhou's programme states its indicators with their place, and each band with bounds, label, day and source."""
    programme = index_of("zhengzhou").programme
    assert programme is not None
    assert [each.zh for each in programme.indicators] == ["良好信息", "一般失信信息", "不良信息"]
    assert all(each.place for each in programme.indicators)
    (table,) = programme.band_tables
    assert (table.since, table.source) == ("2019-04-18", "郑信用〔2019〕3号")
    assert [(each.least, each.below) for each in table.bands] == [
        (0, 80), (80, 100), (100, 120), (120, 150), (150, 201),
    ]  # fmt: skip
    assert all(each.zh and each.en and each.typical for each in table.bands)
    assert any("权重" in each for each in programme.readings)


@pytest.mark.rule("R05")
def test_a_programme_without_bands_shows_none():
    """No table of bands is invented for Nanyang, whose document states none; what it collects is marked as a reading."""
    programme = index_of("nanyang").programme
    assert programme is not None
    assert programme.band_tables == ()
    assert (programme.base, programme.most) == (None, None)
    assert programme.indicators
    assert all(each.reading for each in programme.indicators)


@every_city
def test_a_city_without_a_programme_has_none(city: str):
    """The programme is there where the city's own file has one, and a step of joining with it."""
    index, programme = index_of(city), city_called(city).programme
    assert (index.programme is None) is (programme is None)
    assert any("积分项目" in each.zh for each in index.steps) is (programme is not None)


@pytest.mark.rule("R05")
@every_city
def test_every_incentive_stands_in_its_scene(city: str):
    """Each incentive of the city, and no other, stands once in its scene, with document, place, units and condition."""
    found, own = incentives_of(index_of(city)), incentives(city)
    assert {scene.purpose for scene in index_of(city).scenes} == set(city_called(city).scenes)
    assert list(found) == [
        each.id for scene in city_called(city).scenes for each in own.values() if each.scene == scene
    ]
    for id_, each in found.items():
        assert (each.zh, each.place, each.bureaus) == (own[id_].zh, own[id_].place, own[id_].bureaus)
        assert each.reading == reading_of(own[id_])
        assert each.configured == configuration_of(own[id_].condition)
        assert each.document == city_called(city).document
        assert each.answerable is (id_ in answerable(city))
        assert bool(each.asked) is each.answerable
        assert bool(each.waits_for) is not each.answerable


def test_consent_is_asked_where_no_organ_acts_by_duty():
    """In a scene of duty no consent is asked, and the scene states its basis; elsewhere a person is asked first."""
    scenes = {each.purpose: each for each in index_of("xinyang").scenes}
    relief, hotels = scenes["reward.supervision_relief"], scenes["reward.accommodation"]
    assert relief.duty
    assert hotels.duty is None
    assert not any(each.consent for each in relief.incentives)
    assert all(each.consent for each in hotels.incentives)
    businesses = incentives_of(index_of("pingdingshan"))
    assert businesses["PDS-039"].consent  # the owner of an individual business is asked
    assert not businesses["PDS-044"].consent  # enterprises alone


@every_city
def test_what_is_raised_is_marked(city: str):
    """An incentive at a bar above its condition is marked so, and says what is asked at the bar."""
    at_bar, own = answerable(city), incentives(city)
    raised = {
        id_
        for id_, each in at_bar.items()
        if any(each.alternatives(kind) != own[id_].alternatives(kind) for kind in own[id_].beneficiaries)
    }
    assert {id_ for id_, each in incentives_of(index_of(city)).items() if each.raised} == raised


@pytest.mark.rule("R05")
@every_city
def test_operators_are_who_may_ask(city: str):
    """A scene names each client that holds it, with its department, and no client of the sandbox."""
    rules = rules_of(city)
    for scene in index_of(city).scenes:
        assert {each.name: each.department for each in scene.operators} == {
            name: client.department
            for name, client in rules.clients.items()
            if scene.purpose in client.purposes and not rules.policy.kinds[client.kind].sandbox
        }


def test_a_new_operator_is_shown():
    """The operators are those of the rules that are given, and of no other."""
    rules = rules_of("nanyang")
    found = build_open_index(replace(rules, clients={}, register={}), "nanyang")
    assert any(scene.operators for scene in index_of("nanyang").scenes)
    assert not any(scene.operators for scene in found.scenes)
    assert not any(right.operations for right in found.rights)


@pytest.mark.rule("C11")
@every_city
def test_every_threshold_has_an_owner(city: str):
    """Each condition that an incentive rests on says what the document states of it, or what is configuration of its owner."""
    index = index_of(city)
    assert {each.basis for each in index.thresholds} == {
        each.basis for each in incentives(city).values() if each.condition
    }
    for each in index.thresholds:
        assert each.asked
        assert each.stated or each.owner in (each.configured or "")


@pytest.mark.rule("R05")
@every_city
def test_every_right_says_how_it_is_used(city: str):
    """Each right has its law, its organ and its way, names operations that are registered, and all rows of its terms."""
    for right in index_of(city).rights:
        assert right.source
        assert " · " in right.organ
        assert " · " in right.how
        assert {each.name for each in right.operations} <= rules_of(city).register.keys()
        assert all(each.clients for each in right.operations)
        for term in right.terms:
            rows = dated_rules().rows[term.rule]
            (row,) = (each for each in rows if each.from_.isoformat() == term.since)
            assert (term.value is None) is row.unknown
            assert (term.source, term.mark) == (row.source, row.mark)


def test_a_term_that_is_unknown_has_no_value():
    """What no document states is not established: it has a source and a mark, and no value is put in its place."""
    terms = {each.rule: each for right in index_of("xinyang").rights for each in right.terms}
    assert terms["penalty.uncorrected.max"].value is None
    assert terms["objection.platform"].value == "3个工作日 · 3 working days"
    assert terms["withdrawal.platform"].value == "1个工作日 · 1 working day"
    assert terms["penalty.minor.min"].value == "0日 · 0 days"
    assert terms["disclosure.max"].value == "5年 · 5 years"
    assert terms["reports.free_a_year"].value == "2"


@every_city
def test_an_operation_of_a_right_is_there(city: str):
    """Every operation that a right names is registered in some city, and the person's own file and reasons in each."""
    everywhere = {each.stem for each in (ROOT / "operations").rglob("*.toml")}
    named = {each for right in subject_rights().right for each in right.operations}
    assert named <= everywhere
    used = {each.name for right in index_of(city).rights for each in right.operations}
    assert {"citizen", "credit-report", "my-incentives"} <= used


@pytest.mark.rule("R05", "HN-11")
@every_city
def test_every_item_that_is_collected_stands_there(city: str):
    """The items are those of the graph, each with provider and legal basis."""
    items = index_of(city).items
    assert {each.code for each in items} == items_of(rules_of(city).graph).keys()
    assert all(each.legal_basis and each.provider for each in items)


@every_city
def test_an_index_stays_within_its_estimate(city: str):
    """An index holds fewer values than a question for it is counted with, and nothing that looks like an identifier."""
    found = index_values(index_of(city))
    assert values(found) < INDEX_NODES
    assert not IDENTIFIER.search(msgspec.json.encode(found).decode())
    assert msgspec.convert(found, OpenIndex) == index_of(city)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("objection.platform", "is no rule of dated_rules.toml"),
        ('name = "report"', "stands twice"),
    ],
)
def test_a_wrong_file_of_rights_is_refused(tmp_path: Any, text: str, why: str):
    """A term of no rule, and a right that stands twice, are refused by name."""
    file = tmp_path / "subject_rights.toml"
    sound = (ROOT / "catalogue" / "subject_rights.toml").read_text("utf-8")
    file.write_text(
        sound.replace(text, {"objection.platform": "objection.never"}.get(text, 'name = "uses"')), "utf-8"
    )
    with pytest.raises(TomlError, match=why):
        subject_rights(file)
