"""The legal form of a subject: what its identifier shows, and what the registry says where that is known.

The two may contradict each other. The owner of an individual business is a natural person, so whoever either of them says is
an individual business is one, everywhere: its owner's consent is needed, it has an operator and no legal representative, and
it is graded only if it applied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class FormsOfCode:
    """A code of a column that records of subjects of some legal forms alone can have."""

    code: str
    forms: frozenset[LegalForm]


_OF_CODES: Final[Mapping[str, LegalForm]] = {
    "91": LegalForm.ENTERPRISE,
    "92": LegalForm.INDIVIDUAL_BUSINESS,
    "93": LegalForm.COOPERATIVE,
}


REGISTERED_INDIVIDUAL_BUSINESS: Final = "INDIVIDUAL_BUSINESS"
"""The code of the registry's kind of organisation for an individual business."""


def legal_form_of(identifier: str, kind: str | None = None) -> LegalForm:
    """Return the form of the subject that an identifier in its canonical spelling names.

    `kind` is the registry's kind of the organisation, or None where it is not known.
    """
    if kind == REGISTERED_INDIVIDUAL_BUSINESS:
        return LegalForm.INDIVIDUAL_BUSINESS
    found = _OF_CODES.get(identifier[:2])  # no province has one of these numbers (GB/T 2260)
    if found is not None:
        return found
    try:
        parse_person_number(identifier)
    except IdentifierError:
        return LegalForm.OTHER
    return LegalForm.PERSON
