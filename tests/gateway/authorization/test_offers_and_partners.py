"""What is told of nobody: offers find no person, and no score and no answer of a scene travels to another city."""

from __future__ import annotations

import pytest

from catalogue.classification import DataClass
from gateway.authorization.purposes import covers
from tests.support.folders import FIELDS
from tests.support.gateway_in_memory import policy
from tests.support.permitted_uses import allowed, ceilings
from tests.support.shared_verdicts import sharing

CLASSES = {name: each.classification.data_class for name, each in FIELDS.items()}
ANSWERS = [name for name in FIELDS if name.startswith(("Standing.", "Query.standing"))]
OF_PERSONS = [name for name in FIELDS if name.startswith(("Person.", "Query.person", "Query.persons"))]


@pytest.mark.rule("R43")
def test_an_offer_finds_no_person():
    """A policy finds enterprises by the public register; whatever is permitted, nobody looks for a person to make an offer."""
    read = {each.field for each in allowed(sharing(policy()), FIELDS, "push.*") if each.use == "read"}
    assert {CLASSES[each] for each in read} == {DataClass.PUBLIC_RECORD, DataClass.OPEN}
    assert read.isdisjoint(ANSWERS)
    assert all(FIELDS[each].classification.sensitivity == 1 for each in read)
    looked_for = {
        each.field for each in allowed(ceilings(), OF_PERSONS, "push.*") if each.use in ("argument", "exists")
    }
    assert looked_for == set()
    incentives = [name for name, each in CLASSES.items() if each is DataClass.INCENTIVE]
    assert not [*allowed(ceilings(), incentives, "push.*")]


@pytest.mark.rule("C14")
def test_no_score_and_no_answer_travels():
    """Whatever is permitted, a partner city sees ordinary names and registers alone: no score, no record, no answer of a scene."""
    partners = [each for each in policy().purposes.leaves if covers("recognition.*", each)]
    assert partners, "cities that recognise each other are named"
    seen = [
        each
        for each in allowed(ceilings(), FIELDS, "recognition.*")
        if each.use in ("read", "filter", "sort")
    ]
    assert {CLASSES[each.field] for each in seen} <= {
        DataClass.PUBLIC_RECORD,
        DataClass.IDENTITY,
        DataClass.OPEN,
    }
    assert all(FIELDS[each.field].classification.sensitivity == 1 for each in seen)
    incentives = [name for name, each in CLASSES.items() if each is DataClass.INCENTIVE]
    assert not [*allowed(ceilings(), incentives, "recognition.*")]
    assert {each.kind for each in seen} == {"partner_city", "developer"}
