"""Each city's register stands as it is delivered: covered by its purposes, approved by the sandbox, and of its city alone."""

from __future__ import annotations

import pytest

from catalogue.incentives.city_files import city_names
from cli.checking import check_operation
from gateway.installation import read_rules
from gateway.operations.approvals import require_approved
from gateway.operations.approvers import SANDBOX_DAY, load_approvers
from gateway.settings import ROOT, LimitSettings, Settings


@pytest.mark.parametrize("city", city_names())
def test_a_city_s_register_is_covered_and_approved(city: str):
    """Every operation that a city's gateway reads stays within its purpose, and both approvals of it hold."""
    rules = read_rules(Settings(city=city))
    for each in rules.register.values():
        assert check_operation(rules, each, LimitSettings()).reasons == ()
    approvers = load_approvers(ROOT / "policies" / "approvers.json")
    require_approved(ROOT / "operations", approvers, rules.register, SANDBOX_DAY, city)


@pytest.mark.rule("R50")
@pytest.mark.parametrize("city", city_names())
def test_each_city_shows_a_person_and_an_enterprise_their_incentives(city: str):
    """Both operations are there in every city, for the client that speaks for the person, bound to the token's subject."""
    register = read_rules(Settings(city=city)).register
    for name, kind in (("my-incentives", "person"), ("my-enterprise-incentives", "enterprise")):
        assert register[name].clients == {"citizen"}
        assert register[name].purpose == "subject.access"
        assert register[name].bind == {"id": kind}
