"""What the tax bureau answers."""

from resolvers.bindings import Edge

BINDINGS = (
    Edge("CreditSubject", "latestTaxGrade", "tax.latest_taxpayer_grade"),
    Edge("CreditSubject", "taxGrades", "tax.taxpayer_grade"),
    Edge("CreditSubject", "taxArrears", "tax.tax_arrears"),
    Edge("CreditSubject", "seriousTaxViolations", "tax.serious_violation"),
)
