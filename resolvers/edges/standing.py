"""One-sided answers: the way in, and for each answerable incentive the rule that decides."""

from resolvers.bindings import Eligibility, StandingOf
from resolvers.eligibility.rules import rules_of
from schema.bar import answerable

BINDINGS = (
    StandingOf("standing", "of", {"person": "Person", "enterprise": "Enterprise"}),
    *(Eligibility("Standing", each.field, rules_of(each)) for each in answerable().values()),
)
