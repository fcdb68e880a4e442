"""Identity documents beside the identity number: their kinds, the forms of their numbers, and how sure a link is.

A person is matched by the identity number, and by the number of another valid document where there is none (河南省社会信用条例
art. 16). The kinds are those of the double-publicity data, and the
number of 15 digits that was issued before 1999-10-01.

A former number is never completed to 18 signs: its century is not written in it, and the registry alone knows whose it was.
"""

from typing import Final

from catalogue.declared_codes import Codes
from catalogue.identifiers import DOCUMENT_SHAPE, person_check_sign, respelled

FORMER_NUMBER: Final = "FORMER_NUMBER"
IDENTITY_DOCUMENT_KIND: Final = Codes(
    "IdentityDocumentKind",
    ("身份证件种类", "Kind of identity document"),
    PASSPORT=("护照", "Passport"),
    HONG_KONG_MACAO_PERMIT=(
        "港澳居民来往内地通行证",
        "Mainland travel permit of a resident of Hong Kong or Macao",
    ),
    TAIWAN_PERMIT=("台湾居民来往大陆通行证", "Mainland travel permit of a resident of Taiwan"),
    FOREIGN_PERMANENT_RESIDENCE=("外国人永久居留身份证", "Permanent residence card of a foreigner"),
    FORMER_NUMBER=("15位旧身份证号", "Former identity number of 15 digits"),
)
HIGH: Final = "HIGH"
LINK_CONFIDENCE: Final = Codes(
    "LinkConfidence",
    ("关联可信度", "How sure it is that a document is this person's"),
    HIGH=("高：两证同时核验", "High: both documents were seen together"),
    MEDIUM=("中：姓名和出生日期一致", "Medium: name and birth date agree"),
    LOW=("低：仅姓名相近", "Low: the name alone is alike"),
)
"""The levels are those of the registry, which keeps the links: no law states any. The gateway uses links of HIGH alone."""

_DOCUMENT_RULE: Final = "A number of a document has 5 to 20 digits and letters."
_NOBODYS: Final = "10000019000101000"
NOBODY: Final = _NOBODYS + person_check_sign(_NOBODYS)
"""An identity number in its form that nobody has: 100000 is no county (GB/T 2260), and 000 is no order code (GB 11643)."""


def parse_document_number(text: object) -> str:
    """Return the number of a document in its own spelling, or raise IdentifierError naming the rule."""
    return respelled(text, DOCUMENT_SHAPE, _DOCUMENT_RULE)
