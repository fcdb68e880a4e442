"""The form in which an identifier or a year stands in a bureau's tables: a row in another form is never found.

A bureau finds a row by a key that equals the asked one sign by sign. A number with a blank behind it, or with a
small x, is another key: its rows would read as "no record".
"""

import re
from enum import Enum
from typing import Final, Literal, TypeAlias

from catalogue.identifiers import (
    DOCUMENT_SHAPE,
    IdentifierError,
    count_wrong_check_signs,
    is_number_with_wrong_check_sign,
    parse_credit_code,
    parse_person_number,
)

KeyFault: TypeAlias = Literal["key_form", "check_sign"]
_YEAR: Final = re.compile(r"(19|20)[0-9]{2}", re.ASCII)


class KeyForm(Enum):
    """The form of a key, as the contract of a data set states it."""

    PERSON_NUMBER = "identity number"
    CREDIT_CODE = "credit code"
    EITHER = "identity number or credit code"
    DOCUMENT = "number of an identity document"
    YEAR = "year of four digits"

    def fault(self, key: str) -> KeyFault | None:
        """Return what is wrong with a key: its form, or the check sign alone; None where it can be asked."""
        if self is KeyForm.YEAR:
            return None if _YEAR.fullmatch(key) else "key_form"
        if self is KeyForm.DOCUMENT:
            return None if DOCUMENT_SHAPE.fullmatch(key) else "key_form"
        if self is KeyForm.PERSON_NUMBER:
            return _person_fault(key)
        if self is KeyForm.CREDIT_CODE:
            return _code_fault(key)
        # A code of digits alone has the shape of a number as well, and is none where its check sign fits.
        faults = {_person_fault(key), _code_fault(key)}
        return None if None in faults else "check_sign" if "check_sign" in faults else "key_form"


def _person_fault(key: str) -> KeyFault | None:
    try:
        return None if parse_person_number(key) == key else "key_form"
    except IdentifierError:
        return "check_sign" if is_number_with_wrong_check_sign(key) else "key_form"


def _code_fault(key: str) -> KeyFault | None:
    try:
        if parse_credit_code(key) != key:
            return "key_form"
    except IdentifierError:
        return "key_form"
    return "check_sign" if count_wrong_check_signs((key,)) else None
