"""Whom a decision marks as responsible is seen for few duties, on the subject who is asked for, and by the subject."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from catalogue.classification import Use
from catalogue.incentives.city_files import city_names
from catalogue.incentives.scene_threshold import answerable
from gateway.authorization.engine import Question
from gateway.authorization.grant import judge
from resolvers.eligibility.incentive_rules import rules_of
from resolvers.plan.field_use import AccessPath
from tests.support.declared_otherwise import BUREAUS
from tests.support.folders import FIELDS
from tests.support.gateway_in_memory import policy

MARKS = tuple(name for name, each in FIELDS.items() if each.item.code == "XY-TAX-004")
SERVED = ("supervision.tax", "rights.", "subject.")
"""The purposes that see marks, by how their names begin."""


def allowed(purpose: str, use: str, field: str, reached: AccessPath) -> bool:
    """Whether some holder of a purpose makes a use of a field of a subject that is reached in a way."""
    holders = policy().purposes.leaves[purpose].holders
    return any(judge(policy(), Question(kind, purpose, use, field, reached)).allowed for kind in holders)


@pytest.mark.parametrize("purpose", sorted(policy().purposes.leaves))
def test_marks_serve_tax_supervision_rights_and_the_subject(purpose: str):
    """Under no other purpose is any use of a mark allowed, in whatever way its subject was reached."""
    assert {"Person.responsibleFor", "Enterprise.responsiblePersons", "Responsibility.asOf"} <= set(MARKS)
    for use, field, reached in product(Use, MARKS, get_args(AccessPath)):
        if allowed(purpose, use.value, field, reached):
            assert purpose.startswith(SERVED)
            assert reached in (("own", "ward") if purpose.startswith("subject.") else ("asked",))
    if purpose.startswith(SERVED):
        reached = "own" if purpose.startswith("subject.") else "asked"
        assert all(allowed(purpose, "read", field, reached) for field in MARKS)


@pytest.mark.parametrize("purpose", ["supervision.tax", "rights.objection", "subject.access"])
def test_through_a_mark_a_name_is_seen_and_no_record(purpose: str):
    """The person behind a mark has a name and offices: no other identity and no record is seen through it."""
    seen = {
        name for name in FIELDS if name.startswith("Person.") and allowed(purpose, "read", name, "person")
    }
    assert "Person.name" in seen
    assert seen <= {"Person.name", "Person.offices"}


def test_no_reward_rests_on_a_mark():
    """Art. 20 and 35 call no mark dishonesty of the person, so no rule of any incentive reads one."""
    rules = [rules_of(each, BUREAUS.values()) for city in city_names() for each in answerable(city).values()]
    read = {name for each in rules for rule in each.values() for name in rule.needs}
    assert "tax.serious_violation" in read
    assert not any(name.startswith("tax.responsibility") for name in read)
