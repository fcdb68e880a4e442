"""All answers of a scene together tell no more than each of them may, by the rules of the gateway over every subject.

A vector is what all answers of a scene say about one subject. What is held of subjects is enumerated: every
combination of what the scene's rules look at, scores around each threshold, records of every age.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any, TypeAlias

import pytest

from catalogue.ages import years_before
from catalogue.incentives.city_files import city_names
from catalogue.incentives.incentive_catalogue import Incentive, incentives
from catalogue.incentives.requirement_kinds import KINDS, Beneficiary
from catalogue.incentives.scene_threshold import answerable
from resolvers.eligibility.facts import Circumstances, Facts
from resolvers.eligibility.incentive_rules import EligibilityRule, RuleGroup, rules_of
from tests.support.declared_otherwise import ADVERSE_SETS, BUREAUS

Scene: TypeAlias = tuple[str, str, Beneficiary]
"""A city, a scene and a kind of subject."""
Rows: TypeAlias = list[dict[str, Any]]
Held: TypeAlias = dict[str, Rows]

DAY = date(2026, 6, 30)
AGES = [years_before(DAY, years) + timedelta(days) for years in (0, 1, 3, 5) for days in (0, 1)]
"""Days on either side of each that a rule counts from."""
SCORES = [99, 100, 119, 120]
PROGRAMMES = {"nanyang": "WANXIN", "zhengzhou": "SHANGDING"}
LEVELS = ("NATIONAL", "PROVINCIAL", "CITY", "COUNTY")


def score(programme: str, points: int) -> dict[str, Any]:
    """Return a score of somebody who joined long ago."""
    return {"programme": programme, "enrolled_on": date(2024, 1, 1), "score": points}


def codes(column: str, values: Sequence[str]) -> list[Rows]:
    """Return no record, and a record with each of the codes."""
    return [[], *([{column: each}] for each in values)]


def registered(kind: str) -> dict[str, Any]:
    """Return the registration of an enterprise in business in its city."""
    return {
        "kind": kind,
        "status": "ACTIVE",
        "region": "411502",
        "industry": "食品制造业",
        "established_on": date(2025, 1, 1),
    }


FIRMS = (registered("COMPANY"), registered("INDIVIDUAL_BUSINESS"))
CHOICES: Mapping[str, list[Rows]] = {
    "credit_office.red_list": [[], [{"listed_on": DAY, "until": None}]],
    "credit_office.honour": codes("level", LEVELS),
    "tax.latest_taxpayer_grade": codes("grade", "ABMCD"),
    "transport.transport_grade": codes("grade", ("AA", "A", "B", "C", "D")),
    "social_security.payment_grade": codes("grade", "ABC"),
    "registry.enterprise": [[FIRMS[0]], [FIRMS[1]]],
}
"""What can be held of a subject in each data set, apart from its scores."""


def adverse() -> Iterator[tuple[str, Rows]]:
    """Yield adverse records of each data set: of every age, standing or not."""
    for (name, _), day, state in product(ADVERSE_SETS, AGES, ("EFFECTIVE", "REPAIRED")):
        yield name, [{"state": state, "decided_on": day}]


ADVERSE = [*{repr(each): each for each in adverse()}.values()]


def scenes(read: Callable[[str], Mapping[str, Incentive]]) -> dict[Scene, dict[str, EligibilityRule]]:
    """Return the rules of each scene of each city for each kind of subject, by the incentive's id."""
    made: dict[Scene, dict[str, EligibilityRule]] = {}
    for city in city_names():
        for id_, each in read(city).items():
            for kind in KINDS:
                if each.alternatives(kind):
                    rule = rules_of(each, BUREAUS.values())[kind]
                    made.setdefault((city, each.scene, kind), {})[id_] = rule
    return made


def held(scene: Scene, scores: Rows, choice: Mapping[str, Rows]) -> Held:
    """Return what is held of an adult or of an enterprise in business that consents to the scene."""
    consent = {"scene": scene[1], "grantee": None, "given_on": DAY, "until": None, "withdrawn_on": None}
    return {
        **{name: [] for name in (*dict(ADVERSE_SETS), *CHOICES)},
        "registry.person": [{"birth_date": date(1990, 1, 1), "deceased": False}],
        "registry.enterprise": [registered("COMPANY")],
        "credit_office.consent": [consent],
        "credit_office.score": scores,
        **choice,
    }


def choices(rules: Mapping[str, EligibilityRule]) -> Iterator[dict[str, Rows]]:
    """Yield every combination of what the rules look at, apart from scores and adverse records."""
    names = sorted({name for rule in rules.values() for name in rule.needs} & set(CHOICES))
    for several in product(*(CHOICES[name] for name in names)):
        yield dict(zip(names, several, strict=True))


def scored(scene: Scene) -> Iterator[Rows]:
    """Yield each score in the city's programme, of which there may be none; an enterprise has none."""
    city, _, kind = scene
    yield []
    if kind == "person" and city in PROGRAMMES:
        yield from ([score(PROGRAMMES[city], points)] for points in SCORES)


def vector(group: RuleGroup, records: Held) -> tuple[bool, ...]:
    """Return the answers of a scene about one subject."""
    return tuple(group.evaluate(Facts(records, Circumstances(DAY))).values())


def tells_of_a_record(scene: Scene, rules: Mapping[str, EligibilityRule]) -> bool:
    """Whether some adverse record leaves answers that its subject would not have without it, and is not silent."""
    group = RuleGroup(rules)
    for scores, choice in product(scored(scene), choices(rules)):
        clean = held(scene, scores, choice)
        possible = (vector(group, clean), (False,) * len(rules))
        if any(possible[0]) and any(
            vector(group, {**clean, name: rows}) not in possible for name, rows in ADVERSE
        ):
            return True
    return False


def tells_a_band(scene: Scene, rules: Mapping[str, EligibilityRule]) -> bool:
    """Whether a score, all else alike, can give more than two vectors."""
    group = RuleGroup(rules)
    return any(
        len({vector(group, held(scene, scores, choice)) for scores in scored(scene)}) > 2
        for choice in choices(rules)
    )


def tells_a_code(scene: Scene, rules: Mapping[str, EligibilityRule]) -> bool:
    """Whether a grade or a level, all else alike, can give more than two vectors."""
    group, graded = RuleGroup(rules), CHOICES.keys() - {"registry.enterprise"}
    for name, scores, choice in product(sorted(graded), scored(scene), choices(rules)):
        if len({vector(group, {**held(scene, scores, choice), name: rows}) for rows in CHOICES[name]}) > 2:
            return True
    return False


SCENES = scenes(answerable)
UNBARRED = scenes(incentives)
PARKING = ("pingdingshan", "reward.parking", "enterprise")
UNBARRED_TELL: Mapping[Callable[..., bool], set[Scene]] = {
    tells_of_a_record: {PARKING},
    tells_a_band: set(),
    tells_a_code: {PARKING},
}
"""Where what the bases ask by themselves would add up. No city has two thresholds of a score in a scene."""


@pytest.mark.parametrize("scene", SCENES, ids="-".join)
def test_a_scene_tells_of_no_adverse_record(scene: Scene):
    """With an adverse record, all answers are those that the subject has without it, or all of them are null."""
    assert not tells_of_a_record(scene, SCENES[scene])


@pytest.mark.parametrize("scene", SCENES, ids="-".join)
def test_a_scene_tells_no_band_of_a_score(scene: Scene):
    """Of two scores that are both rewarded, all answers are the same."""
    assert not tells_a_band(scene, SCENES[scene])


@pytest.mark.parametrize("scene", SCENES, ids="-".join)
def test_a_scene_tells_no_grade(scene: Scene):
    """Of two grades, or of two levels of an honour, that are both rewarded, all answers are the same."""
    assert not tells_a_code(scene, SCENES[scene])


@pytest.mark.parametrize(
    ("tells", "where"), UNBARRED_TELL.items(), ids=lambda each: getattr(each, "__name__", "")
)
def test_without_its_bar_a_scene_would_tell(tells: Callable[..., bool], where: set[Scene]):
    """What the bases ask by themselves adds up in these scenes, so the tests above can fail."""
    assert {scene for scene, rules in UNBARRED.items() if tells(scene, rules)} == where
