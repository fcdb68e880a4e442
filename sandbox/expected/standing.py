"""Who must be told TRUE about an incentive: the catalogue's conditions, looked at in the plainest way.

What an incentive asks at the bar of its scene is worked out in `scene_bars`. How each kind of requirement is met stands here a
second time, apart from the gateway's rules. Dates are compared as ISO texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from catalogue.incentives.city_files import City
from catalogue.incentives.incentive_catalogue import Alternative, Incentive
from sandbox.expected.shown import stands
from sandbox.truth import datasets

Row: TypeAlias = Mapping[str, Any]
Kind: TypeAlias = str
"""person, enterprise"""
FIRM: Final = "registry.enterprise"
PERSON: Final = "registry.person"
CONSENT: Final = "credit_office.consent"
_SCORE: Final = "credit_office.score"
_INDIVIDUAL: Final = "individual_business"
_NEVER: Final = "9999"
_OF_AGE: Final = 18
_LEAP: Final = "-02-29"


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a subject on a day: the rows by data set, dates as ISO texts; `grantee` is the client that asks."""

    kind: Kind
    rows: Mapping[str, Sequence[Row]]
    day: date
    grantee: str | None = None
    """None where the subject itself asks."""

    @property
    def today(self) -> str:
        """The day as ISO text."""
        return self.day.isoformat()

    def has(self, dataset: str, met: Callable[[Row], bool]) -> bool:
        """Whether some row that stands is so."""
        return any(stands(row) and met(row) for row in self.rows.get(dataset, ()))

    @property
    def is_individual(self) -> bool:
        """Whether the registry or the code says that it is an individual business."""
        return self.has(
            FIRM, lambda row: row["kind"] == "INDIVIDUAL_BUSINESS" or row["credit_code"][:2] == "92"
        )


def answer(incentive: Incentive, of: Standing) -> str | None:
    """Return what the one-sided answer to an incentive must be: TRUE or None."""
    asked = incentive.alternatives("person" if of.kind == "person" else "enterprise")
    admitted = (_admits_person if of.kind == "person" else _admits_firm)(incentive, of, asked)
    met = any(all(_MET[name](of, value, incentive.city) for name, value in way.items()) for way in asked)
    return "TRUE" if admitted and met else None


def _admits_person(incentive: Incentive, of: Standing, asked: Sequence[Alternative]) -> bool:
    if "person" not in incentive.benefiting or not of.has(
        PERSON, lambda row: _is_adult_and_alive(row, of.day)
    ):
        return False
    scored = any("least_score" in way for way in asked)
    if scored and not of.has(_SCORE, lambda row: _joined(row, incentive.city, of.today)):
        return False
    return (_is_of_duty(incentive) and not scored) or _consents(incentive.scene, of)


def _admits_firm(incentive: Incentive, of: Standing, _: Sequence[Alternative]) -> bool:
    kind = _INDIVIDUAL if of.is_individual else "enterprise"
    if kind not in incentive.benefiting or not of.has(FIRM, lambda row: row["status"] == "ACTIVE"):
        return False
    return _is_of_duty(incentive) or not of.is_individual or _consents(incentive.scene, of)


def _is_of_duty(incentive: Incentive) -> bool:
    return incentive.scene in incentive.city.by_duty


def _consents(scene: str, of: Standing) -> bool:
    def holds(row: Row) -> bool:
        to_anybody = row["grantee"] is None or of.grantee is None
        runs = row["given_on"] <= of.today <= (row["until"] or _NEVER)
        withdrawn = (row["withdrawn_on"] or _NEVER) <= of.today
        return (
            row["scene"] == scene and (to_anybody or row["grantee"] == of.grantee) and runs and not withdrawn
        )

    return of.has(CONSENT, holds)


def _is_adult_and_alive(row: Row, day: date) -> bool:
    year, rest = int(row["birth_date"][:4]), row["birth_date"][5:]
    return not row["deceased"] and day.year - year - (day.isoformat()[5:] < rest) >= _OF_AGE


def _joined(row: Row, city: City, today: str) -> bool:
    return row["programme"] == city.programme_code and row["enrolled_on"] <= today


def _is_clean(of: Standing, years: int, _: City) -> bool:
    """Whether nothing adverse stands; of a data set with `within` the records of the last full years count alone."""
    since = earlier(of.day, years)
    for name, (_bureau, dataset) in datasets().items():
        if dataset.adverse is not None:
            within = dataset.adverse.within
            if of.has(name, lambda row, within=within: not within or row[within] > since):
                return False
    return True


def _scored(of: Standing, least: int, city: City) -> bool:
    return of.has(_SCORE, lambda row: row["programme"] == city.programme_code and row["score"] >= least)


def _red_listed(of: Standing, _: bool, _city: City) -> bool:
    entry = "credit_office.red_list"
    return of.has(entry, lambda row: row["listed_on"] <= of.today <= (row["until"] or _NEVER))


def _one_of(dataset: str, column: str) -> Callable[[Standing, frozenset[str], City], bool]:
    return lambda of, codes, _: of.has(dataset, lambda row: row[column] in codes)


_MET: Final[Mapping[str, Callable[[Standing, Any, City], bool]]] = {
    "clean_years": _is_clean,
    "least_score": _scored,
    "red_list": _red_listed,
    "honour_levels": _one_of("credit_office.honour", "level"),
    "tax_grades": _one_of("tax.latest_taxpayer_grade", "grade"),
    "transport_grades": _one_of("transport.transport_grade", "grade"),
    "payment_grades": _one_of("social_security.payment_grade", "grade"),
    "industries": _one_of(FIRM, "industry"),
    "legal_forms": _one_of(FIRM, "kind"),
    "founded_within": lambda of, years, _: of.has(
        FIRM, lambda row: row["established_on"] > earlier(of.day, years)
    ),
    "local": lambda of, _, city: of.has(FIRM, lambda row: row["region"] in city.counties),
    _INDIVIDUAL: lambda of, is_one, _: of.is_individual is is_one,
}
"""How each kind of requirement is met."""


def earlier(day: date, years: int) -> str:
    """Return the same day some years earlier as ISO text; the end of February for a leap day."""
    text = f"{day.year - years}{day.isoformat()[4:]}"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text.replace(_LEAP, "-02-28")
