"""Whoever has died is a subject of no duty but those that the law names, and looks like a person whom the registry does not know."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest

from adapters.source import Key
from tests.support.gateway_in_memory import InMemory, policy
from tests.support.small_city import ADULTS, BY_CHILD, BY_GUARDIAN, CHILDREN, SmallCity, small_city
from tests.support.ways_to_persons import ADULT, BY_NAME, FIRM, WAYS, guardianship, prepared, shown, town

NAMED = {
    "subject.access": "own",
    "subject.report": "own",
    "rights.objection": "all",
    "rights.repair": "all",
    "measure.enforcement": "all",
}
"""个人信息保护法 art. 45, 46: who asks is alive; art. 49: what close relatives ask for; and a court's case."""
DUTIES = sorted(policy().purposes.leaves.keys() - NAMED.keys())
DEAD = ADULTS[1]


@pytest.mark.rule("C18")
def test_no_purpose_shows_the_dead_but_those_that_the_law_names():
    """Of all leaves of the tree, the subject's own, those for rights and a court's case alone show the dead."""
    found = {name: leaf.dead for name, leaf in policy().purposes.leaves.items() if leaf.dead != "none"}
    assert found == NAMED
    assert {name: policy().purposes.dead_shown(name) for name in DUTIES} == dict.fromkeys(DUTIES, "none")


@pytest.mark.rule("C18")
@pytest.mark.parametrize("way", WAYS)
async def test_the_dead_are_like_persons_whom_the_registry_does_not_know(way: str):
    """Under each purpose that shows no dead, one and an unknown person are answered by equal bytes after equal calls,
    whatever the permits allow.
    """
    for purpose in DUTIES:
        of_dead = await shown(town(DEAD, died=True), WAYS[way], purpose, DEAD)
        assert of_dead == await shown(town(DEAD, known=False), WAYS[way], purpose, DEAD), purpose


@pytest.mark.parametrize("way", [each for each in WAYS if each != "for an incentive"])
async def test_the_living_are_shown_by_each_of_these_ways(way: str):
    """The ways above lead to somebody: who has not died is shown in the place of who has."""
    body, _ = await shown(town(DEAD), WAYS[way], "supervision.inspection", DEAD)
    nobody, _ = await shown(town(DEAD, died=True), WAYS[way], "supervision.inspection", DEAD)
    assert name_of(DEAD).encode() in body
    assert name_of(DEAD).encode() not in nobody


def name_of(key: Key) -> str:
    """Return the registered name of a person."""
    return small_city(3).tables["registry.person"][key][0]["name"]


async def asked(purpose: str, way: str) -> Counter[tuple[str, str]]:
    """Return how often each data set is read for a living person."""
    gateway = InMemory(town(DEAD).sources())
    await gateway.answer(prepared(gateway, WAYS[way], purpose), {"id": DEAD} if "$id" in WAYS[way] else {})
    return Counter(
        (name, query.dataset.name) for name, source in gateway.sources.items() for query, _ in source.asked
    )


@pytest.mark.parametrize("way", [each for each in WAYS if each != "for an incentive"])
async def test_no_bureau_is_asked_once_more_to_know_who_has_died(way: str):
    """Whether a person has died comes with the row that is read anyway: a duty makes the calls of a purpose that shows all."""
    assert await asked("supervision.inspection", way) == await asked("rights.objection", way)


@pytest.mark.parametrize("purpose", NAMED)
async def test_the_named_purposes_show_the_dead(purpose: str):
    """Who asks about itself, whoever settles what relatives ask for, and a court in its case see a person who is named."""
    body, _ = await shown(town(DEAD, died=True), BY_NAME, purpose, DEAD)
    assert orjson.loads(body)["data"]["person"] == {"name": name_of(DEAD)}


@pytest.mark.parametrize("purpose", ["subject.access", "subject.report"])
async def test_the_subjects_own_purposes_show_no_other_dead(purpose: str):
    """Who asks about itself sees nobody dead who held office beside it, nor one who was its guardian."""
    text = f"""{{ person(id: "{ADULT}") {{ guardians {{ guardian {{ name }} }} }}
        enterprise(id: "{FIRM}") {{ officers {{ person {{ name }} }} }} }}"""
    found = orjson.loads((await shown(town(DEAD, died=True), text, purpose, DEAD))[0])["data"]
    assert found["enterprise"]["officers"] == [{"person": None}]
    assert found["person"]["guardians"] == [{"guardian": None}]


@pytest.mark.parametrize("died", [False, True])
async def test_a_guardianship_ends_with_the_child(died: bool):
    """A child that has died is no ward, though nobody wrote an end of the guardianship (民法典 art. 39)."""
    child, people = CHILDREN[2], small_city(3).tables["registry.person"]
    tables = {**small_city(3).tables, BY_GUARDIAN: {ADULT: [guardianship(ADULT, child)]}, BY_CHILD: {}}
    tables["registry.person"] = {**people, child: [{**people[child][0], "deceased": died}]}
    text = "query Q($id: PersonNumber!) { person(id: $id) { guardianOf { child { name } } } }"
    body, _ = await shown(SmallCity(tables), text, "subject.access", ADULT)
    (found,) = orjson.loads(body)["data"]["person"]["guardianOf"]
    assert (found["child"] is None) is died


async def test_who_is_asked_beside_the_dead_is_shown():
    """In a list a dead person is null in its place, and the others are shown."""
    text = f'query Q($id: PersonNumber!) {{ persons(ids: [$id, "{ADULT}"]) {{ name }} }}'
    body, _ = await shown(town(DEAD, died=True), text, "measure.trading", DEAD)
    assert orjson.loads(body)["data"]["persons"] == [None, {"name": name_of(ADULT)}]
