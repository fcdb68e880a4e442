"""The statements of the endpoints written by hand; their column names are the field names of the answer."""

from __future__ import annotations

from typing import Final

from benchmarks.standing import standing, state_of

POINT_PERSON: Final = "SELECT name, region FROM share.person WHERE person_number = $1"
POINT_ONE: Final = (
    (
        "contribution",
        "social_security",
        (
            'SELECT status, months_paid AS "monthsPaid", last_paid_month AS "lastPaidMonth"'
            " FROM share.contribution WHERE subject = $1"
        ),
    ),
)
"""Field, bureau and statement of each data set with one record for a borrower."""
POINT_MANY: Final = (
    (
        "taxArrears",
        "tax",
        (
            'SELECT tax, amount_fen AS "amountFen", since FROM share.tax_arrears'  # noqa: S608 our own
            f" WHERE subject = $1 AND {standing('tax.tax_arrears')} ORDER BY since DESC, tax LIMIT 5"
        ),
    ),
    (
        "seriousTaxViolations",
        "tax",
        (
            'SELECT violation, listed_on AS "listedOn" FROM share.serious_violation'  # noqa: S608 our own
            f" WHERE subject = $1 AND {standing('tax.serious_violation')}"
            " ORDER BY listed_on DESC, decision_number LIMIT 5"
        ),
    ),
    (
        "judgmentDefaults",
        "courts",
        (
            'SELECT case_number AS "caseNumber", court, performance, listed_on AS "listedOn",'  # noqa: S608 our own
            ' expires_on AS "expiresOn" FROM share.judgment_defaulter'
            f" WHERE subject = $1 AND {standing('courts.judgment_defaulter')}"
            " ORDER BY listed_on DESC, case_number LIMIT 5"
        ),
    ),
    (
        "closedEnforcements",
        "courts",
        (
            'SELECT case_number AS "caseNumber", court, closed_on AS "closedOn",'  # noqa: S608 our own
            ' unperformed_fen AS "unperformedFen" FROM share.closed_enforcement'
            f" WHERE subject = $1 AND {standing('courts.closed_enforcement')}"
            " ORDER BY closed_on DESC, case_number LIMIT 5"
        ),
    ),
)
"""Field, bureau and statement of each list of a borrower: what stands of it."""

PROFILE_PERSON: Final = (
    'SELECT name, sex, birth_date AS "birthDate", region FROM share.person WHERE person_number = $1'
)
PROFILE_OFFICES: Final = """
SELECT o.role, o.since, o.until, e.name, e.credit_code AS "creditCode", e.kind, e.industry, e.status,
       e.established_on AS "establishedOn", e.registered_capital_fen AS "registeredCapitalFen"
FROM share.office o JOIN share.enterprise e USING (credit_code)
WHERE o.person_number = $1 ORDER BY o.since DESC, o.office_number LIMIT 3"""

PROFILE_ONE: Final = (
    (
        "contribution",
        "social_security",
        (
            'SELECT status, months_paid AS "monthsPaid", last_paid_month AS "lastPaidMonth",'
            ' monthly_base_fen AS "monthlyBaseFen" FROM share.contribution WHERE subject = $1'
        ),
    ),
    (
        "transportGrade",
        "transport",
        "SELECT year, grade, demerits FROM share.transport_grade WHERE subject = $1",
    ),
)
"""Field, bureau and statement of each data set with one record for a person."""

PROFILE_MANY: Final = (
    (
        "taxArrears",
        "tax",
        (
            f"SELECT {state_of('tax.tax_arrears')} AS state, tax,"  # noqa: S608 our own
            ' amount_fen AS "amountFen", since, cleared_on AS "clearedOn" FROM share.tax_arrears'
            " WHERE subject = $1 ORDER BY since DESC, tax LIMIT 3"
        ),
    ),
    (
        "judgmentDefaults",
        "courts",
        (
            f"SELECT {state_of('courts.judgment_defaulter')} AS state,"  # noqa: S608 our own
            ' case_number AS "caseNumber", court, conduct, performance, listed_on AS "listedOn",'
            ' expires_on AS "expiresOn" FROM share.judgment_defaulter'
            " WHERE subject = $1 ORDER BY listed_on DESC, case_number LIMIT 3"
        ),
    ),
    (
        "closedEnforcements",
        "courts",
        (
            f"SELECT {state_of('courts.closed_enforcement')} AS state,"  # noqa: S608 our own
            ' case_number AS "caseNumber", court, closed_on AS "closedOn",'
            ' unperformed_fen AS "unperformedFen" FROM share.closed_enforcement'
            " WHERE subject = $1 ORDER BY closed_on DESC, case_number LIMIT 3"
        ),
    ),
    (
        "transportLicences",
        "transport",
        (
            'SELECT licence_number AS "licenceNumber", kind, status, valid_until AS "validUntil"'
            " FROM share.licence WHERE subject = $1 ORDER BY valid_from DESC, licence_number LIMIT 3"
        ),
    ),
    (
        "scores",
        "credit_office",
        (
            'SELECT programme, enrolled_on AS "enrolledOn", score, band FROM share.score'
            " WHERE person_number = $1 ORDER BY programme"
        ),
    ),
    (
        "redLists",
        "credit_office",
        (
            f"SELECT {state_of('credit_office.red_list')} AS state, list, organ, until"  # noqa: S608 our own
            " FROM share.red_list WHERE subject = $1 ORDER BY listed_on DESC, list LIMIT 3"
        ),
    ),
    (
        "honours",
        "credit_office",
        (
            'SELECT title, level, awarded_on AS "awardedOn" FROM share.honour'
            " WHERE subject = $1 ORDER BY awarded_on DESC, title LIMIT 3"
        ),
    ),
    (
        "volunteering",
        "credit_office",
        (
            "SELECT year, hours FROM share.volunteering"
            " WHERE person_number = $1 ORDER BY year DESC, organisation LIMIT 3"
        ),
    ),
)
"""Field, bureau and statement of each data set with several records for a person."""

BY_CODE_TAX: Final = (
    "SELECT DISTINCT ON (subject) subject, year, grade, points FROM share.taxpayer_grade"
    " WHERE subject = ANY($1::text[]) ORDER BY subject, year DESC"
)
BY_CODE_LABOUR: Final = "SELECT subject, year, grade FROM share.labour_grade WHERE subject = ANY($1::text[])"
BY_CODE_TRANSPORT: Final = (
    "SELECT subject, year, grade FROM share.transport_grade WHERE subject = ANY($1::text[])"
)

BATCH_REGISTRY: Final = """
SELECT e.credit_code, e.name, e.kind, e.industry, e.region, e.status, e.established_on,
       o.since, p.name, o.role
FROM share.enterprise e
LEFT JOIN (SELECT * FROM share.legal_representative UNION ALL SELECT * FROM share.operator) o USING (credit_code)
LEFT JOIN share.person p ON p.person_number = o.person_number
WHERE e.credit_code = ANY($1::text[])"""

BATCH: Final = (
    ("registry", BATCH_REGISTRY),
    ("tax", BY_CODE_TAX),
    (
        "tax",
        (
            "SELECT subject, tax, amount_fen, since, cleared_on FROM share.tax_arrears"  # noqa: S608 our own
            f" WHERE subject = ANY($1::text[]) AND {standing('tax.tax_arrears')} ORDER BY since DESC, tax"
        ),
    ),
    ("social_security", BY_CODE_LABOUR),
    (
        "courts",
        (
            "SELECT subject, case_number, performance, listed_on FROM share.judgment_defaulter"  # noqa: S608 our own
            f" WHERE subject = ANY($1::text[]) AND {standing('courts.judgment_defaulter')}"
            " ORDER BY listed_on DESC, case_number"
        ),
    ),
    (
        "transport",
        "SELECT subject, year, grade, demerits FROM share.transport_grade WHERE subject = ANY($1::text[])",
    ),
    (
        "transport",
        (
            "SELECT subject, kind, status, valid_until FROM share.licence"
            " WHERE subject = ANY($1::text[]) ORDER BY valid_from DESC, licence_number"
        ),
    ),
)
"""Bureau and statement of each data set, in the order of `handwritten.batch`."""
