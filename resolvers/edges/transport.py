"""What the transport bureau answers."""

from resolvers.graph.bindings import Edge

BINDINGS = (
    Edge("CreditSubject", "transportLicences", "transport.licence"),
    Edge("CreditSubject", "transportGrade", "transport.transport_grade"),
    Edge("CreditSubject", "transportViolations", "transport.transport_violation"),
)
