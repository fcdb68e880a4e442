"""Where each field of the graph lives, written down by hand from docs/bureaus.md and not taken from the bindings.

What a test of the planner compares with must not come from the planner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Home(NamedTuple):
    """The dataset that answers a list, the type of its records, the fields that its order shows, and its neutral columns."""

    dataset: str
    record: str
    order: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()


HOME: Final[Mapping[str, str]] = {"Person": "registry.person", "Enterprise": "registry.enterprise"}
IDENTIFIER: Final[Mapping[str, str]] = {
    "Person": "Person.identityNumber",
    "Enterprise": "Enterprise.creditCode",
}
ROOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("Person",),
    "persons": ("Person",),
    "enterprise": ("Enterprise",),
    "enterprises": ("Enterprise",),
    "subjects": ("Person", "Enterprise"),
    "personByDocument": ("Person",),
}
LINKS: Final = (
    "registry.identity_document_by_number",
    ("person_number", "kind", "confidence", "reviewed_on", "since", "until"),
)
"""What is read of documents by their numbers, to find whose they are."""
DOCUMENT_KINDS: Final[Mapping[str, str]] = {
    "passport": "PASSPORT",
    "hongKongMacaoPermit": "HONG_KONG_MACAO_PERMIT",
    "taiwanPermit": "TAIWAN_PERMIT",
    "foreignPermanentResidence": "FOREIGN_PERMANENT_RESIDENCE",
    "formerNumber": "FORMER_NUMBER",
}
"""The kind of a link by the member of the argument that names the document."""
OF_BOTH: Final[Mapping[str, Home]] = {
    "taxArrears": Home("tax.tax_arrears", "TaxArrears", ("since", "tax", "amountFen")),
    "seriousTaxViolations": Home(
        "tax.serious_violation", "SeriousTaxViolation", ("listedOn", "decisionNumber")
    ),
    "contribution": Home("social_security.contribution", "Contribution"),
    "judgmentDefaults": Home("courts.judgment_defaulter", "JudgmentDefault", ("listedOn", "caseNumber")),
    "closedEnforcements": Home("courts.closed_enforcement", "ClosedEnforcement", ("closedOn", "caseNumber")),
    "transportLicences": Home("transport.licence", "TransportLicence", ("validFrom", "licenceNumber")),
    "transportGrade": Home("transport.transport_grade", "TransportGrade"),
    "transportViolations": Home(
        "transport.transport_violation", "TransportViolation", ("decidedOn", "decisionNumber")
    ),
    "redLists": Home("credit_office.red_list", "RedListEntry", ("listedOn", "list", "organ", "until")),
    "honours": Home("credit_office.honour", "Honour", ("awardedOn", "title", "organ")),
    "donations": Home("credit_office.donation", "Donation", ("donatedOn", "recipient", "amountFen")),
    "consents": Home(
        "credit_office.consent", "Consent", ("givenOn", "scene", "grantee", "until", "withdrawnOn")
    ),
    "authorisations": Home("credit_office.authorisation", "Authorisation", ("beginsOn", "number", "lender")),
}
LISTS: Final[Mapping[str, Mapping[str, Home]]] = {
    "Person": {
        **OF_BOTH,
        "scores": Home("credit_office.score", "CreditScore", ("programme", "enrolledOn")),
        "volunteering": Home("credit_office.volunteering", "Volunteering", ("year", "organisation", "hours")),
        "offices": Home("registry.office_by_person", "Office", ("since",), ("office_number",)),
        "identityDocuments": Home(
            "registry.identity_document", "IdentityDocument", ("since",), ("link_number",)
        ),
        "guardianOf": Home(
            "registry.guardianship_by_guardian", "Guardianship", ("since",), ("guardianship_number",)
        ),
        "guardians": Home(
            "registry.guardianship_by_child", "Guardianship", ("since",), ("guardianship_number",)
        ),
        "responsibleFor": Home(
            "tax.responsibility_by_person", "Responsibility", ("since",), ("mark_number",)
        ),
    },
    "Enterprise": {
        **OF_BOTH,
        "officers": Home("registry.office_by_enterprise", "Office", ("since",), ("office_number",)),
        "latestTaxGrade": Home("tax.latest_taxpayer_grade", "TaxGrade", ("year", "assessedOn")),
        "taxGrades": Home("tax.taxpayer_grade", "TaxGrade", ("year", "assessedOn")),
        "socialSecurityGrade": Home("social_security.payment_grade", "SocialSecurityGrade"),
        "insuranceArrears": Home(
            "social_security.insurance_arrears",
            "InsuranceArrears",
            ("since", "insurance", "amountFen"),
        ),
        "customsLevel": Home("customs.credit_level", "CustomsLevel"),
        "labourGrade": Home("social_security.labour_grade", "LabourGrade"),
        "legalRepresentative": Home("registry.legal_representative", "Office"),
        "operator": Home("registry.operator", "Office"),
        "responsiblePersons": Home(
            "tax.responsibility_by_enterprise", "Responsibility", ("since",), ("mark_number",)
        ),
    },
}
"""Fields with records, of persons and of enterprises."""
GATHERED: Final = (
    "taxArrears",
    "seriousTaxViolations",
    "insuranceArrears",
    "judgmentDefaults",
    "transportViolations",
)
"""What `adverseRecords` gathers."""
OF_EMPLOYERS: Final = frozenset({"insuranceArrears"})
"""What it gathers of enterprises alone."""
REFERENCES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("Office", "person"): ("person_number", "Person"),
    ("Office", "enterprise"): ("credit_code", "Enterprise"),
    ("Guardianship", "guardian"): ("guardian_number", "Person"),
    ("Guardianship", "child"): ("child_number", "Person"),
    ("Responsibility", "person"): ("person_number", "Person"),
    ("Responsibility", "enterprise"): ("credit_code", "Enterprise"),
}
"""Column and type of the subject to which a field of a record leads."""


class Table(NamedTuple):
    """A registered table: its dataset, the columns of a cell, and the fields that it counts."""

    dataset: str
    cell: tuple[str, str, str]
    counted: tuple[str, ...]


TABLES: Final[Mapping[str, Table]] = {
    "defaultersByCourtAndConduct": Table(
        "courts.defaulters_by_court_and_conduct",
        ("court", "conduct", "count"),
        ("JudgmentDefault.court", "JudgmentDefault.conduct", "JudgmentDefault.listedOn"),
    ),
    "newEnterprisesByCountyAndKind": Table(
        "registry.new_enterprises_by_county_and_kind",
        ("county", "kind", "count"),
        ("Enterprise.region", "Enterprise.kind", "Enterprise.establishedOn"),
    ),
    "employersByCountyAndPaymentGrade": Table(
        "social_security.employers_by_county_and_grade",
        ("county", "grade", "count"),
        ("Enterprise.region", "SocialSecurityGrade.year", "SocialSecurityGrade.grade"),
    ),
    "enterprisesByCountyAndTaxGrade": Table(
        "tax.enterprises_by_county_and_grade",
        ("county", "grade", "count"),
        ("Enterprise.region", "TaxGrade.year", "TaxGrade.grade"),
    ),
}
"""The tables of counts. The type of a table's cells is named as its field is."""
DERIVED: Final[Mapping[str, tuple[str, ...]]] = {
    "registry.person": ("Person.birthDate", "Person.deceased"),
    "registry.enterprise": ("Enterprise.status", "Enterprise.kind"),
    "credit_office.consent": (
        "Consent.scene",
        "Consent.grantee",
        "Consent.givenOn",
        "Consent.until",
        "Consent.withdrawnOn",
    ),
    "credit_office.red_list": ("RedListEntry.listedOn", "RedListEntry.until"),
    "credit_office.honour": ("Honour.level",),
    "tax.latest_taxpayer_grade": ("TaxGrade.grade",),
    "tax.tax_arrears": ("TaxArrears.state",),
    "tax.serious_violation": ("SeriousTaxViolation.state",),
    "social_security.insurance_arrears": ("InsuranceArrears.state",),
    "social_security.payment_grade": ("SocialSecurityGrade.grade",),
    "courts.judgment_defaulter": ("JudgmentDefault.state",),
    "transport.transport_grade": ("TransportGrade.grade",),
    "transport.transport_violation": ("TransportViolation.decidedOn", "TransportViolation.state"),
}
"""What a one-sided answer of the tested city looks at in each dataset that it hangs on; the city has no score programme."""
REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    dataset: (
        *fields,
        *(f"{each.split('.')[0]}.endsOn" for each in fields if each.endswith(".state")),
        *(("Enterprise.establishedOn",) if dataset == "registry.enterprise" else ()),
    )
    for dataset, fields in DERIVED.items()
}
"""What the reasons look at in each data set: all that any answer does, and when an adverse record ends."""


def derived_from(dataset: str, basis: str) -> tuple[str, ...]:
    """Return the fields that an answer on a basis is derived from in a dataset."""
    young = dataset == "registry.enterprise" and basis == "YOUNG_ENTERPRISE"
    return (*DERIVED[dataset], "Enterprise.establishedOn") if young else DERIVED[dataset]


def gathered_of(owner: str) -> tuple[str, ...]:
    """Return what `adverseRecords` gathers of a type of subject."""
    return tuple(each for each in GATHERED if owner == "Enterprise" or each not in OF_EMPLOYERS)


def inputs_of(coordinate: str) -> tuple[str, ...]:
    """Return the fields that whoever reads this one has to be allowed to read too."""
    owner, name = coordinate.split(".")
    if owner in LISTS and name == "adverseRecords":
        return tuple(f"{owner}.{each}" for each in gathered_of(owner))
    home = LISTS.get(owner, {}).get(name)
    return tuple(f"{home.record}.{each}" for each in home.order) if home else ()


def field_of(order: str) -> str:
    """Return the field that a value of an enum of orders names: CLAIMED_FEN is claimedFen."""
    first, *rest = order.lower().split("_")
    return first + "".join(each.capitalize() for each in rest)


def column_of(owner: str, name: str) -> str:
    """Return the column that answers a leaf."""
    if (owner, name) == ("Person", "identityNumber"):
        return "person_number"
    if name == "asOf":
        return "confirmed_on"
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
