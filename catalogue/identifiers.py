"""The two identifiers of a credit subject: the structural checks that reject, and those that only warn.

Sources: GB 11643-1999 (citizen identity number), GB 32100-2015 with amendment 1 of 2016 (unified social
credit code), GB 11714 (organisation code), ISO 7064 MOD 11-2. Region tables change every year and permits
of residents from elsewhere use address codes of their own, so a region is never a reason to reject. Credit codes
with a wrong check sign were issued and stand in registers, so their check sign only warns.

An identifier may be written in lower case, with full-width signs or between blanks: its own spelling is returned.
"""

import operator
import re
import time
from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain
from typing import Final

from catalogue.city_clock import CITY_ZONE

PERSON_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PERSON_SIGNS: Final = "10X98765432"
CODE_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)

PERSON_SHAPE: Final = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
DOCUMENT_SHAPE: Final = re.compile(r"[0-9A-Z]{5,20}", re.ASCII)
"""The number of a passport, a travel permit, a residence card: of every authority that issues one, so hardly bounded."""
FORMER_SHAPE: Final = re.compile(r"[1-9][0-9]{14}", re.ASCII)
CODE_SHAPE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_FULL_WIDTH: Final = 0xFEE0
"""From a sign of ASCII to its full-width form (Unicode, block "Halfwidth and Fullwidth Forms")."""
_LETTERS: Final = {ord(sign.lower()): sign for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_SPELLINGS: Final = _LETTERS | {
    code + _FULL_WIDTH: sign
    for code, sign in [(ord(sign), sign) for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    + [*_LETTERS.items()]
}
"""What reads as another sign; `str.upper` would also make two letters of one ligature."""
_DIGIT_VALUES: Final = bytes((byte - 48) % 256 for byte in range(256))
_CODE_VALUES: Final = bytes(max(CODE_ALPHABET.find(chr(byte)), 0) for byte in range(256))
MAINLAND_PROVINCES: Final = frozenset(
    map(str, chain(range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66)))
)
_ELSEWHERE: Final = frozenset({"71", "81", "82", "83"})
_AUTHORITY_KINDS: Final = {"1": "1239", "3": "123459", "5": "1239", "9": "123", "N": "1239", "Y": "1"}


class IdentifierError(ValueError):
    """An identifier breaks a structural rule; the text names the rule and never the identifier."""


class FormerNumberGiven(IdentifierError):
    """A former number of 15 digits stands where an identity number is meant. It is never completed to one."""


def person_check_sign(body: str) -> str:
    """Return the check sign of the first 17 digits by ISO 7064 MOD 11-2."""
    values = body.encode("ascii").translate(_DIGIT_VALUES)
    return PERSON_SIGNS[sum(map(operator.mul, values, PERSON_WEIGHTS)) % 11]


def credit_code_check_sign(body: str) -> str:
    """Return the check sign of the first 17 signs: (31 - weighted sum mod 31) mod 31."""
    values = body.encode("ascii").translate(_CODE_VALUES)
    return CODE_ALPHABET[-sum(map(operator.mul, values, CODE_WEIGHTS)) % 31]


def organisation_check_sign(body: str) -> str:
    """Return the check sign of the eight signs of an organisation code (GB 11714: A is 10, Z is 35)."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[(11 - total % 11) % 11]


def parse_person_number(text: object) -> str:
    """Return the identity number in its own spelling, or raise IdentifierError naming the broken rule.

    Rejected are a wrong shape, a birth date that is no date or lies ahead, and a wrong check sign; a former number of 15
    digits by FormerNumberGiven.
    """
    if not isinstance(text, str) or not PERSON_SHAPE.fullmatch(text):
        if is_former_number(text):
            raise FormerNumberGiven("A former number of 15 digits is no identity number.")
        text = respelled(text, PERSON_SHAPE, "An identity number has 17 digits and a check sign 0-9 or X.")
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise IdentifierError("Digits 7 to 14 of an identity number are a birth date.") from None
    # Written out, because each identity number of a request comes this way.
    if born > datetime.fromtimestamp(time.time(), CITY_ZONE).date():
        raise IdentifierError("The birth date of an identity number lies ahead.")
    if text[17] != person_check_sign(text[:17]):
        raise IdentifierError("The check sign of the identity number is wrong.")
    return text


def parse_former_number(text: object) -> str:
    """Return a former identity number of 15 digits in its own spelling, or raise IdentifierError naming the broken rule.

    Rejected are a wrong shape, a province that is none, and digits 7 to 12 that are no day of the 20th century. No former
    number was issued after 1999-09-30, so its provinces are a closed table.
    """
    number = respelled(text, FORMER_SHAPE, "A former identity number has 15 digits.")
    if number[:2] not in MAINLAND_PROVINCES:
        raise IdentifierError("Digits 1 and 2 of a former identity number are a province.")
    try:
        date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
    except ValueError:
        raise IdentifierError("Digits 7 to 12 of a former identity number are a birth date.") from None
    return number


def is_former_number(text: object) -> bool:
    """Whether a text is a former identity number of 15 digits, in any spelling."""
    try:
        parse_former_number(text)
    except IdentifierError:
        return False
    return True


def is_number_with_wrong_check_sign(text: str) -> bool:
    """Whether a text would be an identity number in its own spelling, if another sign stood at its end."""
    if not PERSON_SHAPE.fullmatch(text) or text[17] == person_check_sign(text[:17]):
        return False
    try:
        parse_person_number(text[:17] + person_check_sign(text[:17]))
    except IdentifierError:
        return False
    return True


def parse_credit_code(text: object) -> str:
    """Return the unified social credit code in its own spelling, or raise IdentifierError naming the rule.

    Rejected is a wrong shape; `count_wrong_check_signs` finds codes with a wrong check sign.
    """
    if not isinstance(text, str) or not CODE_SHAPE.fullmatch(text):
        rule = (
            "A unified social credit code has 18 digits and capitals without I, O, S, V and Z; "
            "signs 3 to 8 are digits."
        )
        return respelled(text, CODE_SHAPE, rule)
    return text


def respelled(text: object, shape: re.Pattern[str], rule: str) -> str:
    """Return a text without surrounding blanks, in narrow signs and capitals; raises IdentifierError with the rule."""
    plain = text.strip().translate(_SPELLINGS) if isinstance(text, str) else ""
    if not shape.fullmatch(plain):
        raise IdentifierError(rule)
    return plain


def count_wrong_check_signs(codes: Iterable[str]) -> int:
    """Return how many of some credit codes have a check sign that does not fit."""
    return sum(code[17] != credit_code_check_sign(code[:17]) for code in codes)


def person_number_warnings(number: str) -> tuple[str, ...]:
    """Return what looks odd about a structurally valid identity number; nothing of it rejects."""
    province = number[:2]
    if province in MAINLAND_PROVINCES or province in _ELSEWHERE or number[0] == "9":
        return ()
    return ("The address code is of no province known here.",)


def credit_code_warnings(code: str) -> tuple[str, ...]:
    """Return what looks odd about a structurally valid credit code; nothing of it rejects."""
    found: list[str] = []
    if count_wrong_check_signs((code,)):
        found.append("The check sign of the unified social credit code is wrong.")
    if code[1] not in _AUTHORITY_KINDS.get(code[0], "19"):
        found.append("The kind of body is not one of its registering authority.")
    if code[2:4] not in MAINLAND_PROVINCES and code[2:8] != "100000":
        found.append("The region is of no province known here.")
    if code[16] != organisation_check_sign(code[8:16]):
        found.append("The check sign of the organisation code does not fit.")
    return tuple(found)
