"""A purpose whose answers tell what one department alone may see is held by clients of that department alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue.incentives.city_files import city_names
from catalogue.incentives.scene_threshold import answerable
from gateway.authorization.clients import load_clients
from gateway.authorization.engine import Question
from gateway.errors import StartRefused
from gateway.settings import ROOT
from resolvers.eligibility.incentive_rules import rules_of
from tests.support.declared_otherwise import BUREAUS, DATASETS
from tests.support.folders import FIELDS, copy_of_policies
from tests.support.gateway_in_memory import policy

GRADE = "social_security.payment_grade"
BUREAU = "市人力资源和社会保障局"
PINNED = {name for name, leaf in policy().purposes.leaves.items() if leaf.department}
CLIENT = '\n[another]\nkind = "organ"\nzh = "另"\nen = "Another"\ndepartment = "{0}"\npurposes = ["{1}"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return copy_of_policies(tmp_path)


@pytest.mark.rule("R40")
@pytest.mark.parametrize("city", city_names())
def test_a_scene_that_tells_the_payment_grade_is_pinned_to_its_bureau(city: str):
    """TRUE to an answer that rests on the grade tells it, so whoever asks is the bureau that holds the grade itself."""
    bureau = DATASETS[GRADE].item.provider
    for each in answerable(city).values():
        if any(GRADE in rule.needs for rule in rules_of(each, BUREAUS.values()).values()):
            assert policy().purposes.leaves[each.scene].department == bureau


def test_some_scene_tells_the_payment_grade():
    """信易保 of one city rests on the grade and on nothing that would hide it."""
    rules = {name: rules_of(each, BUREAUS.values()) for name, each in answerable("pingdingshan").items()}
    told = {name for name, each in rules.items() if any(GRADE in rule.needs for rule in each.values())}
    assert told == {"PDS-044", "PDS-045", "PDS-046"}


@pytest.mark.rule("R40")
def test_whoever_reads_the_grade_by_duty_is_its_bureau():
    """Of the duties that read the grade itself, all name the bureau, but for rights and the employer's own file."""
    for name, leaf in policy().purposes.leaves.items():
        asked = (Question(kind, name, "read", "SocialSecurityGrade.grade") for kind in leaf.holders)
        if any(policy().judge(each).allowed for each in asked) and not name.startswith("rights."):
            assert leaf.department == BUREAU
    assert FIELDS["SocialSecurityGrade.grade"].item.provider == BUREAU
    assert {"reward.insurance", "supervision.social_insurance"} == PINNED


@pytest.mark.rule("R40")
@pytest.mark.parametrize("purpose", sorted(PINNED))
def test_a_client_of_another_department_is_refused(folder: Path, purpose: str):
    """The gateway does not start with such a client; one of the bureau holds the purpose."""
    file = folder / "pingdingshan" / "clients.toml"
    text = file.read_text("utf-8")
    file.write_text(text + CLIENT.format("市税务局", purpose), "utf-8")
    named = f"another is of 市税务局, and {purpose} is for clients of {BUREAU} alone"
    with pytest.raises(StartRefused, match=re.escape(named)):
        load_clients(folder, policy().purposes, policy().kinds, "pingdingshan")
    file.write_text(text + CLIENT.format(BUREAU, purpose), "utf-8")
    clients = load_clients(folder, policy().purposes, policy().kinds, "pingdingshan")
    assert clients["another"].purposes == (purpose,)


@pytest.mark.parametrize("city", city_names())
def test_no_client_of_a_city_holds_a_pinned_purpose_of_another_department(city: str):
    """The clients of every city keep to it; whoever works with synthetic data alone is no department."""
    clients = load_clients(ROOT / "policies", policy().purposes, policy().kinds, city)
    held = [each for each in clients.values() if PINNED & set(each.purposes)]
    assert {each.department for each in held if not policy().kinds[each.kind].sandbox} <= {BUREAU}
