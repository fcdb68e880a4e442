"""What the tax bureau answers."""

from resolvers.graph.bindings import Edge, Tabulation

BINDINGS = (
    Edge("CreditSubject", "latestTaxGrade", "tax.latest_taxpayer_grade"),
    Edge("CreditSubject", "taxGrades", "tax.taxpayer_grade"),
    Edge("CreditSubject", "taxArrears", "tax.tax_arrears"),
    Edge("CreditSubject", "seriousTaxViolations", "tax.serious_violation"),
    Tabulation("enterprisesByCountyAndTaxGrade", "tax.enterprises_by_county_and_grade"),
)
