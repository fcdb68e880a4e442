"""Each city's register stands as it is delivered: covered by its purposes, approved by the sandbox, and of its city alone."""

from __future__ import annotations

import re

import pytest

from catalogue.incentives.city_files import city_names
from catalogue.incentives.requirement_kinds import Beneficiary
from catalogue.incentives.scene_threshold import answerable
from cli.checking import check_operation
from gateway.installation import read_rules
from gateway.operations.approvals import require_approved
from gateway.operations.approvers import SANDBOX_DAY, load_approvers
from gateway.settings import ROOT, LimitSettings, Settings

OWN: dict[str, Beneficiary] = {"my-incentives": "person", "my-enterprise-incentives": "enterprise"}
"""The operations that show a subject its own incentives."""


@pytest.mark.parametrize("city", city_names())
def test_a_city_s_register_is_covered_and_approved(city: str):
    """Every operation that a city's gateway reads stays within its purpose, and both approvals of it hold."""
    rules = read_rules(Settings(city=city))
    for each in rules.register.values():
        assert check_operation(rules, each, LimitSettings()).reasons == ()
    approvers = load_approvers(ROOT / "policies" / "approvers.json")
    require_approved(ROOT / "operations", approvers, rules.register, SANDBOX_DAY, city)


@pytest.mark.parametrize("city", city_names())
def test_a_subject_is_shown_every_incentive_of_its_city(city: str):
    """The own incentives are all that the city can answer about such a subject, and no other city's."""
    for name, kind in OWN.items():
        fields = {each.field for each in answerable(city).values() if kind in each.beneficiaries}
        file = ROOT / "operations" / city / f"{name}.toml"
        asked = re.findall(r"\b(?:ny|pds|xy|zz|zmd)\d{3}\b", file.read_text("utf-8")) if fields else []
        assert sorted(asked) == sorted(fields)
