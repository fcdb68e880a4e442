"""The enterprises of the city, each a pure function of (seed, index).

Organisation codes consist of digits and A to H. Their values are equal in the alphabets of GB 11714 and GB
32100, so the check sign is right under both standards.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from catalogue.identifiers import credit_code_check_sign, organisation_check_sign
from sandbox import names
from sandbox.draws import draw
from sandbox.model import REFERENCE, City
from sandbox.people import permutation
from sandbox.places import places_of

_FORMS: Final[dict[str, tuple[str, int]]] = {
    "COMPANY": ("91", 11),
    "INDIVIDUAL_BUSINESS": ("92", 5),
    "COOPERATIVE": ("93", 1),
    "VILLAGE_COLLECTIVE": ("N2", 1),
    "PUBLIC_INSTITUTION": ("12", 1),
    "SOCIAL_ORGANISATION": ("51", 1),
}
"""The first two signs of the credit codes of each kind, and its share in twenty."""
_KINDS: Final = tuple(kind for kind, (_, share) in _FORMS.items() for _i in range(share))
_STATUSES: Final = ("ACTIVE",) * 87 + ("SUSPENDED",) * 4 + ("REVOKED",) * 3 + ("DEREGISTERED",) * 6
_SIGNS: Final = "0123456789ABCDEFGH"
_CODES: Final = len(_SIGNS) ** 8
_WITHOUT_CAPITAL: Final = frozenset({"INDIVIDUAL_BUSINESS", "SOCIAL_ORGANISATION"})
_FEN_PER_TEN_THOUSAND_YUAN: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise of the city; `ended_on` is the day of deregistration, if any."""

    city: City
    index: int
    kind: str
    established_on: date
    status: str
    ended_on: date | None

    @property
    def number(self) -> str:
        """The unified social credit code (统一社会信用代码)."""
        return credit_code(self.city, self.index)

    @property
    def last_day(self) -> date:
        """The last possible day of a record about the enterprise."""
        return self.ended_on or REFERENCE

    @property
    def trade(self) -> tuple[str, str]:
        """The word of the trade in names, and the industry."""
        return draw(self.city.seed, "enterprise.trade", self.index).pick(names.TRADES)

    @property
    def region(self) -> str:
        """The district of registration."""
        return credit_code(self.city, self.index)[2:8]

    @property
    def name(self) -> str:
        """A Chinese name that suits the kind."""
        drawn = draw(self.city.seed, "enterprise.name", self.index)
        of = places_of(self.city.name).of
        place, trade = of.zh + of.districts[self.region], self.trade[0]
        if self.kind == "VILLAGE_COLLECTIVE":
            return f"{place}{drawn.pick(names.TOWNS)}{drawn.pick(names.VILLAGES)}村股份经济合作社"
        brand = drawn.pick(names.BRANDS_FIRST) + drawn.pick(names.BRANDS_SECOND)
        endings = {
            "COMPANY": f"{brand}{trade}有限公司",
            "INDIVIDUAL_BUSINESS": f"{brand}{trade}店",
            "COOPERATIVE": f"{brand}{trade}农民专业合作社",
            "PUBLIC_INSTITUTION": f"{trade}服务中心",
            "SOCIAL_ORGANISATION": f"{trade}行业协会",
        }
        return place + endings[self.kind]

    @property
    def capital_fen(self) -> int | None:
        """The registered capital; some kinds have none."""
        if self.kind in _WITHOUT_CAPITAL:
            return None
        drawn = draw(self.city.seed, "enterprise.capital", self.index)
        return drawn.pick((10, 50, 100, 200, 500, 1000, 5000)) * _FEN_PER_TEN_THOUSAND_YUAN


def enterprise(city: City, index: int) -> Enterprise:
    """Return enterprise `index` of the city."""
    drawn = draw(city.seed, "enterprise", index)
    kind = _kind(city.seed, index)
    days = drawn.below(365) if drawn.chance(40) else drawn.between(366, 25 * 365)
    established = date.fromordinal(REFERENCE.toordinal() - days)
    status = drawn.pick(_STATUSES)
    ended = drawn.day(established, REFERENCE) if status == "DEREGISTERED" else None
    return Enterprise(city, index, kind, established, status, ended)


def credit_code(city: City, index: int) -> str:
    """Return the unified social credit code of enterprise `index` without its other attributes."""
    stride, offset = permutation(city.seed, "organisation", _CODES)
    organisation = _organisation((index * stride + offset) % _CODES)
    region = draw(city.seed, "enterprise.region", index).pick(places_of(city.name).home)
    body = _FORMS[_kind(city.seed, index)][0] + region + organisation + organisation_check_sign(organisation)
    return body + credit_code_check_sign(body)


def _kind(seed: int, index: int) -> str:
    return draw(seed, "enterprise.kind", index).pick(_KINDS)


def _organisation(value: int) -> str:
    base = len(_SIGNS)
    return "".join(_SIGNS[value // base**place % base] for place in range(8))
