"""What the courts answer."""

from resolvers.bindings import Edge

BINDINGS = (
    Edge("CreditSubject", "judgmentDefaults", "courts.judgment_defaulter"),
    Edge("CreditSubject", "closedEnforcements", "courts.closed_enforcement"),
)
