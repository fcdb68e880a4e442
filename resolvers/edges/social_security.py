"""What the social security bureau answers."""

from resolvers.graph.bindings import Edge, Tabulation

BINDINGS = (
    Edge("CreditSubject", "contribution", "social_security.contribution"),
    Edge("CreditSubject", "socialSecurityGrade", "social_security.payment_grade"),
    Edge("CreditSubject", "insuranceArrears", "social_security.insurance_arrears"),
    Tabulation("employersByCountyAndPaymentGrade", "social_security.employers_by_county_and_grade"),
)
