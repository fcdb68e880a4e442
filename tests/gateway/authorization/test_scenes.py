"""What a scene that rewards may know: its own one-sided answers, and nothing about anybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.classification import DataClass, Use
from catalogue.derived_items import REASONS_ITEM, STANDING_ITEM
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path, judge
from gateway.authorization.policy import Policy, read_policy
from gateway.errors import StartRefused
from schema.reason_types import reason_members
from tests.support.folders import FIELDS, copy_of_policies, read, write
from tests.support.gateway_in_memory import policy
from tests.support.shared_verdicts import sharing

KINDS = tuple(policy().kinds)
LEAVES = tuple(policy().purposes.leaves)
SCENES = tuple(name for name in LEAVES if name.startswith("reward."))
SEEN = (Use.READ.value, Use.FILTER.value, Use.SORT.value)
OPEN = {name for name, field in FIELDS.items() if field.classification.data_class is DataClass.OPEN}
ANSWERS = {name: field.classification.scene for name, field in FIELDS.items() if field.classification.scene}
STANDING = {"Query.standing", "Query.standings"}


@pytest.fixture(scope="module")
def permitted(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The ceilings alone: this installation's rules under a permit of everything to everybody."""
    folder = copy_of_policies(tmp_path_factory.mktemp("permitted"))
    write(folder, "permit(principal, action, resource);")
    return sharing(read(folder))


@pytest.mark.rule("C12")
@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_sees_its_own_answers_alone_whatever_is_permitted(permitted: Policy, scene: str):
    """Under a scene whoever is no organ sees what is open and the answers of that scene, even if all were permitted."""
    own = {name for name, each in ANSWERS.items() if each == scene} | STANDING | OPEN
    for kind in sorted(permitted.purposes.leaves[scene].holders - {"organ"}):
        for use in SEEN:
            seen = {name for name in FIELDS if permitted.judge(Question(kind, scene, use, name)).allowed}
            assert seen <= own
    for kind in sorted(policy().purposes.leaves[scene].holders):
        allowed = {name for name in ANSWERS if judge(policy(), Question(kind, scene, "read", name)).allowed}
        assert allowed == own - OPEN - STANDING


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("use", ["exists", "join_key"])
def test_a_scene_probes_nobody_whatever_is_permitted(permitted: Policy, scene: str, use: str):
    """A scene neither learns whether a subject exists nor comes from one to another; only an organ may."""
    for kind in sorted(permitted.purposes.leaves[scene].holders - {"organ"}):
        assert not any(permitted.judge(Question(kind, scene, use, name)).allowed for name in FIELDS)


@pytest.mark.parametrize("purpose", LEAVES)
def test_nothing_is_derived_but_to_reward(permitted: Policy, purpose: str):
    """Outside of the scenes and the subject's own purposes no field is derived from, even if all were permitted."""
    allowed = {
        name
        for kind in KINDS
        for name in FIELDS
        if permitted.judge(Question(kind, purpose, "derive", name, best_path(purpose))).allowed
    }
    if purpose.startswith(("reward.", "subject.")):
        assert allowed == {name for name, field in FIELDS.items() if Use.DERIVE in field.classification.uses}
    else:
        assert allowed == set()


@pytest.mark.parametrize("purpose", LEAVES)
def test_an_answer_is_for_its_scene_and_for_the_subject(permitted: Policy, purpose: str):
    """A one-sided answer is read under its own scene and by the subject, and by nobody else."""
    for name, scene in ANSWERS.items():
        allowed = any(
            permitted.judge(Question(kind, purpose, "read", name, best_path(purpose))).allowed
            for kind in KINDS
        )
        assert allowed is (purpose == scene or purpose.startswith("subject."))


@pytest.mark.rule("R50")
def test_nobody_but_the_subject_is_told_why(permitted: Policy):
    """No use of a reason, an outcome or what these hold is allowed but to the subject itself, even if all were permitted."""
    reasons = {name for name, field in FIELDS.items() if field.item.code == REASONS_ITEM.code}
    assert reasons == {"Standing.why", "Standing.incentives", *reason_members()}
    for purpose, leaf in policy().purposes.leaves.items():
        own = purpose.startswith("subject.")
        for reached in ("own", "asked", "person", "enterprise"):
            questions = [
                Question(kind, purpose, use.value, name, reached)
                for kind in sorted(leaf.holders)
                for use in Use
                for name in reasons
            ]
            allowed = {each.use for each in questions if permitted.judge(each).allowed}
            assert allowed == ({"read"} if own and reached == "own" else set())


def test_only_answers_are_of_the_answers_item():
    """What the ceiling spares by its catalogue item are the answers and the two ways to them, and no field beside."""
    spared = {name for name, field in FIELDS.items() if field.item.code == STANDING_ITEM.code}
    assert spared == {*ANSWERS, *STANDING}


def test_an_answer_for_no_scene_of_the_tree_is_refused(tmp_path: Path):
    """A field for a scene that is no leaf keeps the gateway from starting, by its name."""
    wrong = dict(FIELDS)
    field = wrong["Standing.pds028"]
    wrong["Standing.pds028"] = replace(field, classification=replace(field.classification, scene="reward"))
    with pytest.raises(StartRefused, match=r"Standing\.pds028 is for the scene reward, which is no leaf"):
        read_policy(copy_of_policies(tmp_path), wrong)
