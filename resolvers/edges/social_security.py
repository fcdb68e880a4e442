"""What the social security bureau answers."""

from resolvers.bindings import Edge

BINDINGS = (
    Edge("CreditSubject", "contribution", "social_security.contribution"),
    Edge("CreditSubject", "socialSecurityGrade", "social_security.payment_grade"),
    Edge("CreditSubject", "insuranceArrears", "social_security.insurance_arrears"),
)
