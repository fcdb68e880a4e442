"""The legal form of a subject, as far as its identifier shows it."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from catalogue.identifiers import IdentifierError, parse_person_number


class LegalForm(Enum):
    """What a subject is: a person has an identity number, and the first signs of a credit code tell the others (GB 32100-2015)."""

    PERSON = "自然人 · person"
    ENTERPRISE = "企业 · enterprise"
    INDIVIDUAL_BUSINESS = "个体工商户 · individual business"
    COOPERATIVE = "农民专业合作社 · farmers' cooperative"
    OTHER = "其他组织 · other organisation"


_OF_CODES: Final[Mapping[str, LegalForm]] = {
    "91": LegalForm.ENTERPRISE,
    "92": LegalForm.INDIVIDUAL_BUSINESS,
    "93": LegalForm.COOPERATIVE,
}


def legal_form_of(identifier: str) -> LegalForm:
    """Return the form of the subject that an identifier in its canonical spelling names."""
    found = _OF_CODES.get(identifier[:2])  # no province has one of these numbers (GB/T 2260)
    if found is not None:
        return found
    try:
        parse_person_number(identifier)
    except IdentifierError:
        return LegalForm.OTHER
    return LegalForm.PERSON
