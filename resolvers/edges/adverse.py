"""The adverse records of every bureau in one list."""

from resolvers.graph.bindings import Gathering

BINDINGS = (
    Gathering(
        "CreditSubject",
        "adverseRecords",
        {
            "TaxArrears": "tax.tax_arrears",
            "SeriousTaxViolation": "tax.serious_violation",
            "InsuranceArrears": "social_security.insurance_arrears",
            "JudgmentDefault": "courts.judgment_defaulter",
            "ClosedEnforcement": "courts.closed_enforcement",
            "TransportViolation": "transport.transport_violation",
        },
    ),
)
