"""By which office a person acts for an enterprise.

法定代表人 of an organisation (民法典 第六十一条), 经营者 of an individual business, who is the business (民法典 第五十四条).

The data set of the offices stands here, so that whoever asks knows no bureau's file.
"""

from typing import Final

from catalogue.legal_forms import FormsOfCode, LegalForm

OFFICES: Final = "registry.office_by_enterprise"
"""Every office in an enterprise with its term, by the credit code."""
ENTERPRISE: Final = "registry.enterprise"
"""Every organisation with its registered kind, by the credit code."""
PERSON: Final = "registry.person"
"""Every natural person with its birth date and whether it has died, by the identity number."""
OWNED: Final = frozenset({LegalForm.INDIVIDUAL_BUSINESS})
ORGANISATIONS: Final = frozenset(LegalForm) - {LegalForm.PERSON, *OWNED}
"""The forms that have a legal representative."""
OFFICE_FORMS: Final = (
    FormsOfCode("LEGAL_REPRESENTATIVE", ORGANISATIONS),
    FormsOfCode("OPERATOR", OWNED),
)
"""The offices that subjects of some legal forms alone have; every other office may be held in all."""


def representing_office(form: LegalForm) -> str:
    """Return the one office whose holder acts for a subject of a form in its own name."""
    return next(each.code for each in OFFICE_FORMS if form in each.forms)
