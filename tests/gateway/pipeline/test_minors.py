"""Minors are shown under none but the purposes that the law names, and look like persons whom the registry does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import orjson
import pytest
from graphql import GraphQLObjectType, get_named_type
from hypothesis import given
from hypothesis import strategies as st

from adapters.source import Key
from catalogue.identifiers import person_check_sign
from gateway.authorization.engine import Question
from tests.support.effort import examples
from tests.support.gateway_in_memory import (
    InMemory,
    document_of,
    graph,
    policy,
)
from tests.support.rows_source import Record
from tests.support.small_city import (
    ADULTS,
    BY_CHILD,
    BY_GUARDIAN,
    CHILDREN,
    SmallCity,
    small_city,
)
from tests.support.ways_to_persons import ADULT, BY_NAME, FIRM, WAYS, guardianship, prepared, shown, town

NAMED = {
    "subject.access": "own",
    "subject.report": "own",
    "rights.objection": "all",
    "rights.repair": "all",
    "measure.enforcement": "all",
}
"""河南省社会信用条例 art. 3: the subject itself, its rights, and a court's case."""
DUTIES = sorted(policy().purposes.leaves.keys() - NAMED.keys())
BY_NUMBER, BY_REGISTRY, BY_BOTH = CHILDREN[3], CHILDREN[1], CHILDREN[2]
MINORS = {"by the number": BY_NUMBER, "by the registry": BY_REGISTRY, "by both": BY_BOTH}


@pytest.mark.rule("R21", "HN-3")
def test_no_purpose_shows_minors_but_those_that_the_law_names():
    """Of all leaves of the tree, the subject's own, those for its rights and a court's case alone show minors."""
    found = {name: leaf.minors for name, leaf in policy().purposes.leaves.items() if leaf.minors != "none"}
    assert found == NAMED


@pytest.mark.rule("R21", "HN-3")
@pytest.mark.parametrize("minor", MINORS.values(), ids=MINORS)
@pytest.mark.parametrize("way", WAYS)
async def test_a_minor_is_like_a_person_whom_the_registry_does_not_know(way: str, minor: Key):
    """Under each purpose that shows no minor, a minor and an unknown person are answered by equal bytes after equal calls,
    whatever the permits allow.
    """
    for purpose in DUTIES:
        of_minor = await shown(town(minor), WAYS[way], purpose, minor)
        assert of_minor == await shown(town(minor, known=False), WAYS[way], purpose, minor), purpose


@pytest.mark.parametrize("way", [each for each in WAYS if each != "for an incentive"])
async def test_an_adult_is_shown_by_each_of_these_ways(way: str):
    """The ways above lead to somebody: an adult in the place of the minor is shown, and asked about in every bureau."""
    body, _ = await shown(town(ADULTS[1]), WAYS[way], "supervision.inspection", ADULTS[1])
    nobody, _ = await shown(town(ADULTS[1], known=False), WAYS[way], "supervision.inspection", ADULTS[1])
    name = small_city(3).tables["registry.person"][ADULTS[1]][0]["name"].encode()
    assert name in body
    assert name not in nobody


def test_every_way_to_a_person_is_tried():
    """Each field of the graph that leads to a person stands in one of the ways above, so no new one is forgotten.

    Another document than the number leads to a person too: `test_identity_documents.py` is about that.
    """
    leading = fields_to("Person", "CreditSubject")
    records = {name.partition(".")[0] for name in leading} - {"Query"}
    tried = {
        use.coordinate for text in WAYS.values() for use in document_of(text).plan.uses(graph(), "asked")
    }
    assert "Responsibility" in records
    assert (leading | fields_to(*records)) - tried == {"Query.personByDocument"}


def fields_to(*names: str) -> set[str]:
    """Return the fields of the graph whose type has one of the names."""
    return {
        f"{owner}.{name}"
        for owner, type_ in graph().schema.type_map.items()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if get_named_type(field.type).name in names
    }


async def test_a_number_of_a_minor_is_asked_of_no_bureau():
    """Where the number itself says that a person is a minor, nothing is read of the person for a duty."""
    for way in ("by number", "as an officer"):
        gateway = InMemory(town(BY_NUMBER).sources())
        variables = {"id": BY_NUMBER} if way == "by number" else {}
        await gateway.answer(prepared(gateway, WAYS[way], "supervision.inspection"), variables)
        asked = [key for source in gateway.sources.values() for _, keys in source.asked for key in keys]
        assert BY_NUMBER not in asked


@examples(60)
@given(
    number=st.dates(date(2007, 1, 1), date(2010, 1, 1)),
    registry=st.dates(date(2007, 1, 1), date(2010, 1, 1)),
    today=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
async def test_the_younger_of_number_and_registry_decides(number: date, registry: date, today: date):
    """A duty is shown a person who is of age by the number and by the registry, on the city's day."""
    body = f"411502{number:%Y%m%d}001"
    key = body + person_check_sign(body)
    tables = {**small_city(3).tables, "registry.person": {key: [person_born(registry)]}}
    found, _ = await shown(SmallCity(tables), BY_NAME, "supervision.inspection", key, today)
    of_age = all(
        (born.year + 18, born.month, born.day) <= (today.year, today.month, today.day)
        for born in (number, registry)
    )
    assert (orjson.loads(found)["data"]["person"] is not None) is of_age


def person_born(born: date) -> Record:
    """Return the registration of somebody who was born on a day."""
    return {"name": "某某", "sex": "MALE", "birth_date": born, "region": "411502", "deceased": False}


@pytest.mark.parametrize("purpose", NAMED)
@pytest.mark.parametrize("minor", MINORS.values(), ids=MINORS)
async def test_the_named_purposes_show_a_minor(purpose: str, minor: Key):
    """The minor itself, whoever settles its rights, and a court in its case see a minor who is named."""
    body, _ = await shown(town(minor), WAYS["by number"], purpose, minor)
    assert orjson.loads(body)["data"]["person"]["name"]


@pytest.mark.parametrize("purpose", ["subject.access", "subject.report"])
async def test_the_subjects_own_purposes_show_no_other_minor(purpose: str):
    """Who asks about itself sees no minor who holds office beside it, nor one who is said to be its guardian."""
    text = f"""{{ person(id: "{ADULT}") {{ guardians {{ guardian {{ name }} }} }}
        enterprise(id: "{FIRM}") {{ officers {{ person {{ name }} }} }} }}"""
    for minor in MINORS.values():
        body, _ = await shown(town(minor), text, purpose, minor)
        found = orjson.loads(body)["data"]
        assert found["enterprise"]["officers"] == [{"person": None}]
        assert found["person"]["guardians"] == [{"guardian": None}]


WARDS = """query Q($id: PersonNumber!) { person(id: $id) { guardianOf { since until child {
    name identityNumber birthDate guardians { guardian { name } } taxArrears { state } } } } }"""
TERMS: Mapping[str, tuple[Sequence[str | None], bool]] = {
    "in office": (("2020-01-01", None), True),
    "from today": (("2026-06-30", None), True),
    "until today": (("2020-01-01", "2026-06-30"), True),
    "until a day to come": (("2020-01-01", "2028-06-30"), True),
    "ended yesterday": (("2020-01-01", "2026-06-29"), False),
    "from tomorrow": (("2026-07-01", None), False),
}


@pytest.mark.rule("R21")
@pytest.mark.parametrize("term", TERMS)
async def test_a_guardian_sees_the_own_child_while_in_office(term: str):
    """The child's own file is shown from the first day of the guardianship to its last, and no day more."""
    (since, until), runs = TERMS[term]
    found = await wards_of(ADULT, [guardianship(ADULT, BY_BOTH, str(since), until)])
    (child,) = (each["child"] for each in found)
    assert (child is not None) is runs
    if runs:
        assert child["identityNumber"] == BY_BOTH
        assert child["guardians"] == [
            {"guardian": {"name": small_city(3).tables["registry.person"][ADULT][0]["name"]}}
        ]


@pytest.mark.parametrize("grown", [CHILDREN[0], BY_REGISTRY, BY_NUMBER, ADULTS[1]])
async def test_a_child_that_came_of_age_is_no_longer_seen(grown: Key):
    """A guardianship that nobody ended shows nothing of who is of age by the number or by the registry."""
    (found,) = await wards_of(ADULT, [guardianship(ADULT, grown)])
    assert found["child"] is None


async def test_a_guardian_sees_no_child_of_another():
    """Of a child whose guardian somebody else is, or was in place of the one who asks, nothing is read."""
    others = [guardianship(ADULTS[1], BY_BOTH)]
    ended = guardianship(ADULT, BY_BOTH, until="2024-06-30")
    for held in ([], [ended]):
        gateway = InMemory(city_of({ADULT: held, ADULTS[1]: others}).sources())
        await gateway.answer(gateway.prepared(WARDS, "subject.access", kind="person"), {"id": ADULT})
        asked = {key for source in gateway.sources.values() for _, keys in source.asked for key in keys}
        assert BY_BOTH not in asked


@pytest.mark.rule("R21")
@pytest.mark.parametrize("minor", [BY_NUMBER, BY_BOTH])
async def test_a_ward_is_shown_to_the_guardian_and_in_no_office_beside(minor: Key):
    """The rows of an answer are read together, and the child is seen as a ward alone, not where it holds an office."""
    text = f"""{{ person(id: "{ADULT}") {{ guardianOf {{ child {{ identityNumber }} }} }}
        enterprise(id: "{FIRM}") {{ officers {{ person {{ identityNumber sex }} }} }} }}"""
    body, _ = await shown(town(minor), text, "subject.access", minor)
    found = orjson.loads(body)["data"]
    ward = {"identityNumber": minor} if minor == BY_BOTH else None
    assert found["person"]["guardianOf"] == [{"child": ward}]
    assert found["enterprise"]["officers"] == [{"person": None}]


async def test_who_came_of_age_is_no_ward_and_may_be_the_guardian_now():
    """A child that came of age and now acts for the parent is named as a guardian, and not shown as a ward."""
    tables = {**small_city(3).tables, BY_GUARDIAN: {ADULT: [guardianship(ADULT, ADULTS[1])]}}
    tables[BY_CHILD] = {ADULT: [guardianship(ADULTS[1], ADULT)]}
    text = """query Q($id: PersonNumber!) { person(id: $id) { guardianOf { child { name identityNumber } }
        guardians { guardian { name } } } }"""
    gateway = InMemory(SmallCity(tables).sources())
    answer = await gateway.answer(gateway.prepared(text, "subject.access", kind="person"), {"id": ADULT})
    found = orjson.loads(answer.body)["data"]["person"]
    name = tables["registry.person"][ADULTS[1]][0]["name"]
    assert found == {"guardianOf": [{"child": None}], "guardians": [{"guardian": {"name": name}}]}


def city_of(guardianships: Mapping[Key, list[Record]]) -> SmallCity:
    """Return a city with these guardianships by guardian."""
    by_child: dict[Key, list[Record]] = {}
    for each in (each for held in guardianships.values() for each in held):
        by_child.setdefault(each["child_number"], []).append(each)
    return SmallCity({**small_city(3).tables, BY_GUARDIAN: guardianships, BY_CHILD: by_child})


async def wards_of(guardian: Key, held: list[Record]) -> Sequence[Record]:
    """Return what a guardian is shown of the own guardianships by the rules of this installation."""
    gateway = InMemory(city_of({guardian: held}).sources())
    operation = gateway.prepared(WARDS, "subject.access", kind="person")
    assert operation.grant.denied == {}
    answer = await gateway.answer(operation, {"id": guardian})
    return orjson.loads(answer.body)["data"]["person"]["guardianOf"]


@pytest.mark.parametrize("purpose", [*DUTIES, "measure.enforcement"])
def test_no_duty_reads_who_is_whose_guardian(purpose: str):
    """Guardianships are rights of the child: no duty and no court reads them."""
    fields = ("Person.guardianOf", "Person.guardians", "Guardianship.child", "Guardianship.since")
    for kind in policy().purposes.leaves[purpose].holders:
        for field in fields:
            assert not policy().judge(Question(kind, purpose, "read", field, "asked")).allowed


def test_a_ward_is_reached_from_the_subject_itself_alone():
    """The children of a co-guardian, an officer or a ward are no wards of the one who asks."""
    ward, others = "guardianOf { child { region } }", "guardianOf { child { sex } }"
    text = f"""query Q($id: PersonNumber!) {{ person(id: $id) {{ {ward} guardians {{ guardian {{ {others} }} }}
        offices {{ enterprise {{ officers {{ person {{ {others} }} }} }} }}
        again: guardianOf {{ child {{ {others} }} }} }} }}"""
    uses = document_of(text).plan.uses(graph(), "own")
    assert {each.reached for each in uses if each.coordinate == "Person.region"} == {"ward"}
    assert {each.reached for each in uses if each.coordinate == "Person.sex"} == {"person"}


@pytest.mark.parametrize("beside", ["", f'{{ person: "{ADULT}" }}'])
async def test_a_number_of_a_minor_fails_with_nobody_else(beside: str):
    """Where the registry is down, a number of a minor is null without an error, alone and beside others."""
    gateway = InMemory(small_city(3).sources(frozenset({"registry"})))
    text = f'{{ subjects(by: [{{ person: "{BY_NUMBER}" }} {beside}]) {{ name }} }}'
    answer = orjson.loads((await gateway.answer(prepared(gateway, text, "measure.trading"), {})).body)
    assert answer["data"]["subjects"][0] is None
    assert ["subjects", 0] not in [error["path"] for error in answer.get("errors", ())]
    assert len(answer.get("errors", ())) == bool(beside)
