"""One-sided answers: the way in, and for each answerable incentive the rule that decides."""

from catalogue.incentives.scene_threshold import answerable
from resolvers.eligibility.incentive_rules import rules_of
from resolvers.graph.bindings import Eligibility, StandingOf

BINDINGS = (
    StandingOf("standing", "of", {"person": "Person", "enterprise": "Enterprise"}),
    *(Eligibility("Standing", each.field, rules_of(each)) for each in answerable().values()),
)
