"""Every scene of a city can ask, and whoever the truth rewards is told so, and nobody else."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from tests.support.gateway_in_memory import policy
from tests.support.reached_city import (
    ReachedCity,
    clients_of,
    incentives_asked,
    of_scenes,
    register_of,
)
from tests.support.standing_oracle import CITIES, about, fields_of_city, file_of

POPULATION = 1_000
"""So many persons, and a fifth as many enterprises, that each incentive has somebody of each kind whom it is for."""
NOT_GRADED = {("pds006", "individual_business"), ("pds007", "individual_business")}
"""No scheme of road transport grades individual businesses, so none has the grade that these incentives ask for."""
NOTHING_TO_ASK = {
    "nanyang": set[str](),
    "pingdingshan": {"reward.transit"},
    "xinyang": {"reward.agriculture", "reward.housekeeping", "reward.supervision_relief"},
    "zhengzhou": set[str](),
    "zhumadian": {"reward.funds", "reward.investment", "reward.trading"},
}
"""The scenes whose every incentive waits for records that no bureau shares: there is nothing to ask, so nobody may."""


def held_by(city: str) -> list[tuple[str, str]]:
    """Return each scene that a client holds outside the sandbox, with the client."""
    return [
        (purpose, each.name)
        for each in clients_of(city).values()
        for purpose in each.purposes
        if purpose.startswith("reward.") and not policy(city).kinds[each.kind].sandbox
    ]


@cache
def reached(city: str) -> ReachedCity:
    """Return a small city, made once for all tests of a process."""
    return ReachedCity(city, POPULATION)


@pytest.mark.rule("R27", "R28")
@pytest.mark.parametrize("city", CITIES)
async def test_each_scene_tells_true_of_whom_the_truth_rewards_and_of_nobody_else(city: str):
    """Each operation of a scene is asked about every subject by each of its clients: TRUE is told of the truth's set."""
    for operation in of_scenes(register_of(city)):
        for name in operation.clients:
            told = await reached(city).answers(operation, clients_of(city)[name])
            assert told == reached(city).truth(incentives_asked(operation).values(), name), operation.name


@pytest.mark.rule("R39")
@pytest.mark.parametrize("city", CITIES)
def test_each_incentive_rewards_somebody_of_each_kind_whom_it_is_for(city: str):
    """Of persons, individual businesses and enterprises, whom an incentive is for, at least one is told TRUE."""
    kinds, missing = dict(reached(city).kinds()), set[tuple[str, str]]()
    for operation in of_scenes(register_of(city)):
        (client,) = operation.clients
        for field, keys in reached(city).truth(incentives_asked(operation).values(), client).items():
            benefiting = file_of(city)["incentive"][fields_of_city(city)[field]]["for"]
            found = {kinds[key] for key in keys}
            assert found <= {*benefiting}
            missing |= {(field, each) for each in {*benefiting} - found}
    assert missing == (NOT_GRADED if city == "pingdingshan" else set())


@pytest.mark.parametrize("city", CITIES)
def test_each_answerable_incentive_is_asked_in_its_scene_by_one_operation(city: str):
    """An operation asks incentives of its own scene and nothing else, and no two ask one; none is left out."""
    asked = Counter[str]()
    for operation in of_scenes(register_of(city)):
        for field in incentives_asked(operation).values():
            assert file_of(city)["incentive"][fields_of_city(city)[field]]["scene"] == operation.purpose
            asked[field] += 1
    assert asked == Counter([*fields_of_city(city)])


@pytest.mark.parametrize("city", CITIES)
def test_each_scene_has_one_client_unless_there_is_nothing_to_ask(city: str):
    """Each scene with an answerable incentive has one client, which its operations name; others have none."""
    holders = Counter(scene for scene, _ in held_by(city))
    scenes = {*about(city)["scenes"]}
    assert holders == Counter(scenes - NOTHING_TO_ASK[city])
    assert {each.purpose for each in of_scenes(register_of(city))} == set(holders)


@pytest.mark.parametrize("city", CITIES)
def test_a_consent_to_one_client_names_the_client_of_its_scene(city: str):
    """The synthetic city's consents name clients that exist, so no consent is given to nobody."""
    holder = dict(held_by(city))
    named = {
        (row["scene"], row["grantee"])
        for records in reached(city).held.values()
        for row in records.get("credit_office.consent", ())
        if row["grantee"] is not None
    }
    asked = {(scene, name) for scene, name in named if scene not in NOTHING_TO_ASK[city]}
    assert asked == {(scene, holder[scene]) for scene, _ in asked}
    assert {scene for scene, _ in asked} == set(holder)
