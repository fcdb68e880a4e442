"""Incentive data rewards, and a score is its subject's own: whatever is permitted, decided for every field and purpose."""

from __future__ import annotations

import pytest

from catalogue.classification import DataClass, Sensitivity
from gateway.authorization.engine import Question
from tests.support.folders import FIELDS
from tests.support.permitted_uses import allowed, ceilings

INCENTIVE = sorted(
    name for name, each in FIELDS.items() if each.classification.data_class is DataClass.INCENTIVE
)
SENSITIVE = sorted(
    name for name, each in FIELDS.items() if each.classification.sensitivity is Sensitivity.SENSITIVE
)
SCORE = sorted(
    {name for name in FIELDS if name.startswith("CreditScore.")}
    - {"CreditScore.provider", "CreditScore.legalBasis"}
)
"""All that a score programme holds of a person, without what the catalogue tells of each record alike."""
OWN = ("own", "ward")
"""The ways of the subject itself, and of a guardian to the own ward."""


def is_own(question: Question) -> bool:
    """Whether the subject asks about itself, or a guardian about the ward."""
    return question.purpose.startswith("subject.") and question.reached in OWN


@pytest.mark.rule("R01", "C2")
def test_incentive_data_only_ever_rewards():
    """Incentive data is read to reward and by the subject or its guardian; red lists that are public are published beside."""
    for each in allowed(ceilings(), INCENTIVE):
        rewards = each.purpose.startswith("reward.") and each.use in ("read", "derive")
        public = FIELDS[each.field].item.code == "XY-CRO-002" and each.use == "read"
        published = public and each.purpose.startswith("disclosure.")
        assert rewards or published or (is_own(each) and each.use in ("read", "derive", "history")), each


@pytest.mark.rule("R01", "R02")
def test_a_score_is_read_by_nobody_but_its_subject():
    """Score, band and whether somebody joined: a scene derives an answer from them, and nobody else makes any use of them."""
    for each in allowed(ceilings(), [*SCORE, "Person.scores"]):
        rewards = each.purpose.startswith("reward.") and each.use == "derive"
        assert rewards or (is_own(each) and each.use in ("read", "derive")), each


@pytest.mark.rule("R07")
def test_what_is_sensitive_is_the_subjects_own():
    """A score, a number or an income is shown to nobody but its subject and the guardian of a ward."""
    for each in allowed(ceilings(), SENSITIVE):
        assert each.use not in ("read", "filter", "sort") or is_own(each), each
