"""The statements of the module `joined`: one for each bureau; each data set is a column of JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from benchmarks import statements
from benchmarks.standing import standing

JSON: Final = "~"
"""Marks a column with JSON text."""
PERSON: Final = ("name", "sex", "birthDate", "region")
OFFICE: Final = ("role", "since", "until")
ENTERPRISE: Final = (
    "creditCode",
    "kind",
    "industry",
    "status",
    "establishedOn",
    "registeredCapitalFen",
)


def _one(field: str, text: str) -> str:
    return f'(SELECT row_to_json(t) FROM ({text}) t) AS "{JSON}{field}"'  # noqa: S608 texts of this package


def _many(field: str, text: str) -> str:
    return f"(SELECT coalesce(json_agg(t), '[]') FROM ({text}) t) AS \"{JSON}{field}\""  # noqa: S608 texts of this package


def _by_bureau(
    ones: Iterable[tuple[str, str, str]], manies: Iterable[tuple[str, str, str]]
) -> dict[str, str]:
    columns: dict[str, list[str]] = {}
    for field, bureau, text in ones:
        columns.setdefault(bureau, []).append(_one(field, text))
    for field, bureau, text in manies:
        columns.setdefault(bureau, []).append(_many(field, text))
    return {bureau: f"SELECT {', '.join(found)}" for bureau, found in columns.items()}


def _by_code(columns: Iterable[str]) -> str:
    return f"SELECT k.subject, {', '.join(columns)} FROM unnest($1::text[]) AS k(subject)"  # noqa: S608 texts of this package


def _grade(columns: str) -> str:
    return f"SELECT {columns} FROM share.taxpayer_grade WHERE subject = k.subject ORDER BY year DESC LIMIT 1"  # noqa: S608 texts of this package


def _of(relation: str, columns: str) -> str:
    return f"SELECT {columns} FROM share.{relation} WHERE subject = k.subject"  # noqa: S608 texts of this package


def _two(relation: str, columns: str, order: str, condition: str = "true") -> str:
    return f"{_of(relation, columns)} AND {condition} ORDER BY {order} LIMIT 2"


_TAX: Final = _one("latestTaxGrade", _grade("year, grade, points"))
_LABOUR: Final = _one("labourGrade", _of("labour_grade", "year, grade"))

POINT: Final = _by_bureau(statements.POINT_ONE, statements.POINT_MANY)
"""The statement of each bureau except the registry, for one borrower."""
PROFILE: Final = _by_bureau(statements.PROFILE_ONE, statements.PROFILE_MANY)
"""The statement of each bureau except the registry, for one person."""
PROFILE_REGISTRY: Final = """
SELECT p.name, p.sex, p.birth_date AS "birthDate", p.region, o.* FROM share.person p
LEFT JOIN LATERAL (
    SELECT o.role, o.since, o.until, e.credit_code AS code, e.name AS "enterpriseName",
           e.credit_code AS "creditCode", e.kind, e.industry, e.status, e.established_on AS "establishedOn",
           e.registered_capital_fen AS "registeredCapitalFen"
    FROM share.office o JOIN share.enterprise e USING (credit_code)
    WHERE o.person_number = p.person_number ORDER BY o.since DESC, o.office_number LIMIT 3
) o ON true
WHERE p.person_number = $1"""

BATCH: Final = {
    "registry": """
SELECT e.credit_code AS subject, e.credit_code AS "creditCode", e.name, e.kind, e.industry, e.region, e.status,
       e.established_on AS "establishedOn",
       CASE WHEN o.role = 'LEGAL_REPRESENTATIVE' THEN json_build_object('since', o.since, 'person',
           CASE WHEN p.name IS NULL THEN NULL ELSE json_build_object('name', p.name) END)
       END AS "~legalRepresentative",
       CASE WHEN o.role = 'OPERATOR' THEN json_build_object('since', o.since, 'person',
           CASE WHEN p.name IS NULL THEN NULL ELSE json_build_object('name', p.name) END)
       END AS "~operator"
FROM share.enterprise e
LEFT JOIN (SELECT * FROM share.legal_representative UNION ALL SELECT * FROM share.operator) o USING (credit_code)
LEFT JOIN share.person p ON p.person_number = o.person_number
WHERE e.credit_code = ANY($1::text[])""",
    "tax": _by_code(
        [
            _TAX,
            _many(
                "taxArrears",
                _two(
                    "tax_arrears",
                    'tax, amount_fen AS "amountFen", since, cleared_on AS "clearedOn"',
                    "since DESC, tax",
                    standing("tax.tax_arrears"),
                ),
            ),
        ]
    ),
    "social_security": _by_code([_LABOUR]),
    "courts": _by_code(
        [
            _many(
                "judgmentDefaults",
                _two(
                    "judgment_defaulter",
                    'case_number AS "caseNumber", performance, listed_on AS "listedOn"',
                    "listed_on DESC, case_number",
                    standing("courts.judgment_defaulter"),
                ),
            )
        ]
    ),
    "transport": _by_code(
        [
            _one("transportGrade", _of("transport_grade", "year, grade, demerits")),
            _many(
                "transportLicences",
                _two(
                    "licence",
                    'kind, status, valid_until AS "validUntil"',
                    "valid_from DESC, licence_number",
                ),
            ),
        ]
    ),
}
"""The statement of each bureau, for a hundred enterprises."""
