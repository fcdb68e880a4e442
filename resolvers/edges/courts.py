"""What the courts answer."""

from resolvers.graph.bindings import Edge, Tabulation

BINDINGS = (
    Edge("CreditSubject", "judgmentDefaults", "courts.judgment_defaulter"),
    Edge("CreditSubject", "closedEnforcements", "courts.closed_enforcement"),
    Tabulation("defaultersByCourtAndConduct", "courts.defaulters_by_court_and_conduct"),
)
