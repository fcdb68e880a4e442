"""The legal form of a subject: what its identifier shows, and what the registry says where that is known.

The two cannot contradict each other: a row of the registry in which they do breaks its contract (`KIND_FORMS`). Whoever reads
both takes the one that protects all the same. The owner of an individual business is a natural person, so whoever either of
them says is an individual business is one: its owner's consent is needed, it has an operator and no legal representative, and it
is graded only if it applied.
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


_ELSEWHERE: Final = frozenset({LegalForm.OTHER})
"""Of bodies that other authorities than market supervision register: their codes begin with another sign than 9."""
KIND_FORMS: Final = (
    FormsOfCode("COMPANY", frozenset({LegalForm.ENTERPRISE})),
    FormsOfCode(REGISTERED_INDIVIDUAL_BUSINESS, frozenset({LegalForm.INDIVIDUAL_BUSINESS})),
    FormsOfCode("COOPERATIVE", frozenset({LegalForm.COOPERATIVE})),
    FormsOfCode(
        "VILLAGE_COLLECTIVE", frozenset(LegalForm) - {LegalForm.PERSON, LegalForm.INDIVIDUAL_BUSINESS}
    ),
    FormsOfCode("PUBLIC_INSTITUTION", _ELSEWHERE),
    FormsOfCode("SOCIAL_ORGANISATION", _ELSEWHERE),
)
"""The forms that the first signs of a credit code may tell of each registered kind (GB 32100-2015, table 1).

Rural collectives were registered as enterprises and as cooperatives before their own codes began with N.
"""


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
