"""The oracle of one-sided answers, written by hand from the catalogue's words and not from the rules of the gateway.

Records are what the bureaus hold of one subject, by "bureau.dataset", and what of it stands; dates are compared as ISO
texts. It knows every city; the names of this module without a city are those of the city that most tests are about.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from gateway.settings import ROOT
from tests.support.tested_city import TESTED_CITY

CITIES = ("nanyang", "pingdingshan", "xinyang", "zhengzhou", "zhumadian")
Records = Mapping[str, Sequence[Mapping[str, Any]]]


@cache
def file_of(city: str) -> dict[str, Any]:
    """Return a city's list of incentives as it stands in its file."""
    return tomllib.loads((ROOT / "catalogue" / "cities" / city / "incentives.toml").read_text("utf-8"))


@cache
def about(city: str) -> dict[str, Any]:
    """Return what a city's own file says."""
    return tomllib.loads((ROOT / "catalogue" / "cities" / city / "city.toml").read_text("utf-8"))


@cache
def fields_of_city(city: str) -> dict[str, str]:
    """Return the incentive of each field of Standing in a city."""
    file = file_of(city)
    return {
        id_.replace("-", "").lower(): id_
        for id_, entry in file["incentive"].items()
        if entry["basis"] not in file["unanswered"]
    }


FILE = file_of(TESTED_CITY)
FIELDS = fields_of_city(TESTED_CITY)
SCENES = sorted({entry["scene"] for entry in FILE["incentive"].values()})


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a subject, looked at on a day in a city."""

    records: Records
    day: date
    city: str

    def of(self, dataset: str) -> list[dict[str, Any]]:
        """Return the records of a dataset, dates as ISO texts."""
        found = self.records.get(dataset, ())
        return [{k: str(v) if isinstance(v, date) else v for k, v in row.items()} for row in found]

    def has(self, dataset: str, met: Callable[[dict[str, Any]], bool]) -> bool:
        """Whether some record is so."""
        return any(met(row) for row in self.of(dataset))

    @property
    def programme(self) -> str | None:
        """The code of the city's programme."""
        return about(self.city).get("programme", {}).get("code")

    def scored(self, least: int) -> bool:
        """Whether a score of the programme is at least so."""
        return self.has(
            "credit_office.score", lambda r: r["programme"] == self.programme and not r["score"] < least
        )

    def clean(self, years: int) -> bool:
        """Whether nothing adverse stands against the subject."""
        since = earlier(self.day, years)
        return not (
            any(self.has(each, stands) for each in ADVERSE if each != VIOLATION)
            or self.has(VIOLATION, lambda r: stands(r) and r["decided_on"] > since)
        )

    def red_listed(self) -> bool:
        """Whether an entry of a red list stands."""
        today = self.day.isoformat()
        return self.has("credit_office.red_list", lambda r: r["listed_on"] <= today <= (r["until"] or "9999"))

    def honoured(self, levels: str = "NATIONAL PROVINCIAL CITY COUNTY") -> bool:
        """Whether an honour is of one of the levels, written with blanks between."""
        return self.has("credit_office.honour", lambda r: r["level"] in levels.split())

    def graded(self, dataset: str, grades: str) -> bool:
        """Whether a grade is one of those, written with blanks between."""
        return self.has(dataset, lambda r: r["grade"] in grades.split())

    def is_individual(self) -> bool:
        """Whether it is an individual business."""
        return self.has(FIRM, owned)

    def young(self) -> bool:
        """Whether it was founded within five years, in a form of enterprise."""
        return self.has(FIRM, lambda r: r["established_on"] > earlier(self.day, 5)) and self.is_business()

    def is_business(self) -> bool:
        """Whether it is an enterprise, a cooperative or an individual business."""
        return self.has(FIRM, lambda r: r["kind"] in ("COMPANY", "COOPERATIVE", "INDIVIDUAL_BUSINESS"))

    def is_local(self) -> bool:
        """Whether it is registered with the city itself or in one of its districts."""
        of = about(self.city)
        return self.has(FIRM, lambda r: r["region"] in {of["region"], *of["districts"]})


FIRM = "registry.enterprise"
TAX = "tax.latest_taxpayer_grade"
VIOLATION = "transport.transport_violation"
TRADES = [
    "食品制造业",
    "农副食品加工业",
    "酒、饮料和精制茶制造业",
    "纺织业",
    "纺织服装、服饰业",
    "非金属矿物制品业",
    "木材加工和木、竹、藤、棕、草制品业",
    "家具制造业",
]
OF_PERSONS: Mapping[str, Callable[[Held], bool]] = {
    "SCORE_HOLDER": lambda held: held.scored(100),
    "SCORE_HIGH": lambda held: held.scored(120),
    "GOOD_CREDIT": lambda held: (
        held.clean(1) or held.red_listed() or held.honoured("NATIONAL PROVINCIAL CITY")
    ),
    "NO_ADVERSE_RECORD": lambda held: held.clean(5),
    "GOOD_RECORD": lambda held: held.red_listed() or held.honoured(),
    "CLEAN_3Y": lambda held: held.clean(3) or held.red_listed() or held.honoured(),
    "RED_LIST": Held.red_listed,
    "TRANSPORT_GRADE": lambda held: held.graded("transport.transport_grade", "AAA AA"),
    "MODEL_PERSON": Held.honoured,
}
OF_ENTERPRISES: Mapping[str, Callable[[Held], bool]] = {
    "GOOD_CREDIT": lambda held: (
        (held.clean(1) and (held.is_individual() or held.graded(TAX, "A B M"))) or held.red_listed()
    ),
    "NO_ADVERSE_RECORD": lambda held: held.clean(5),
    "YOUNG_ENTERPRISE": lambda held: held.young() and held.clean(1),
    "CLEAN_3Y": lambda held: held.clean(3),
    "RED_LIST": Held.red_listed,
    "TAX_GRADE": lambda held: held.graded(TAX, "A B") and held.is_business(),
    "TAX_GRADE_A": lambda held: held.graded(TAX, "A") and held.is_business(),
    "TRANSPORT_GRADE": lambda held: held.graded("transport.transport_grade", "AAA AA") and held.is_business(),
    "PAYMENT_GRADE": lambda held: held.graded("social_security.payment_grade", "A"),
    "LOCAL_BUSINESS": lambda held: held.is_local() and held.is_business(),
    "FAVOURED_TRADE": lambda held: (
        held.has(FIRM, lambda r: r["industry"] in TRADES) and held.is_local() and held.is_business()
    ),
}
BY_DUTY = (
    "reward.approval",
    "reward.government_service",
    "reward.supervision_relief",
    "reward.funds",
    "reward.investment",
    "reward.travel",
    "reward.insurance",
    "reward.employment",
)
"""The scenes that organs alone run, by duty. What they hold by duty needs no consent; a score is not held so."""
SCORED = ("SCORE_HOLDER", "SCORE_HIGH")
"""The bases that ask a person for a score."""


def stands(record: Mapping[str, Any]) -> bool:
    """Whether a record stands; one without a state is one of what stands."""
    return record.get("state", "EFFECTIVE") == "EFFECTIVE"


def at_bar(held: Held, scene: str, kind: str) -> bool:
    """Whether a subject meets what the scene asks beyond the basis: in Pingdingshan's car parks alone is there a bar.

    A clean year is asked of all. The grade is raised where a grade is asked, and a red list stands in its place as ever.
    """
    if (held.city, kind, scene) != ("pingdingshan", "enterprise", "reward.parking"):
        return True
    return held.clean(1) and (held.is_individual() or held.graded(TAX, "A B") or held.red_listed())


ADVERSE = (
    "courts.judgment_defaulter",
    "social_security.insurance_arrears",
    "tax.serious_violation",
    "tax.tax_arrears",
    VIOLATION,
)
"""What is adverse by law: enforcement closed without result is not (河南省社会信用条例 art. 20)."""
OF_EMPLOYERS = frozenset({"social_security.insurance_arrears"})
"""What only an employer can owe (社会保险法 art. 86)."""
GOOD = ("credit_office.honour", "credit_office.red_list")
READ: Mapping[str, tuple[str, ...]] = {
    "SCORE_HOLDER": ("credit_office.score",),
    "SCORE_HIGH": ("credit_office.score",),
    "GOOD_CREDIT": GOOD,
    "NO_ADVERSE_RECORD": (),
    "GOOD_RECORD": GOOD,
    "CLEAN_3Y": GOOD,
    "YOUNG_ENTERPRISE": (),
    "RED_LIST": ("credit_office.red_list",),
    "TAX_GRADE": (TAX,),
    "TAX_GRADE_A": (TAX,),
    "TRANSPORT_GRADE": ("transport.transport_grade",),
    "PAYMENT_GRADE": ("social_security.payment_grade",),
    "MODEL_PERSON": ("credit_office.honour",),
    "LOCAL_BUSINESS": (),
    "FAVOURED_TRADE": (),
}
ON_RECORDS = ("GOOD_CREDIT", "NO_ADVERSE_RECORD", "CLEAN_3Y", "YOUNG_ENTERPRISE")
"""The bases that look at adverse records."""


def consulted(field: str, kind: str, city: str = TESTED_CITY) -> list[str]:
    """Return the datasets that an answer hangs on, in the order in which a failure is told."""
    entry = file_of(city)["incentive"][fields_of_city(city)[field]]
    if not is_for(entry, kind):
        return []
    parking = (kind, entry["scene"]) == ("enterprise", "reward.parking")
    found = {*READ[entry["basis"]], f"registry.{kind}"}
    if asked_first(entry, kind):
        found.add("credit_office.consent")
    if entry["basis"] in ON_RECORDS or parking:
        found |= set(ADVERSE) - (OF_EMPLOYERS if kind == "person" else frozenset())
    if kind == "enterprise":
        found -= {"credit_office.honour"}
        if entry["basis"] == "CLEAN_3Y":
            found -= {"credit_office.red_list"}
        if entry["basis"] == "GOOD_CREDIT":
            found.add(TAX)
    return sorted(found)


def expected(
    field: str,
    kind: str,
    records: Records,
    day: date,
    grantee: str | None = None,
    city: str = TESTED_CITY,
) -> str | None:
    """Return the answer to one field of Standing for a subject of a kind."""
    entry = file_of(city)["incentive"][fields_of_city(city)[field]]
    if not is_for(entry, kind):
        return None
    held = Held(records, day, city)
    admitted = _person(held) if kind == "person" else _enterprise(held, entry)
    if asked_first(entry, kind):
        admitted = admitted and (
            consented(held, entry["scene"], grantee) or (kind == "enterprise" and not held.is_individual())
        )
    if entry["basis"] in SCORED:
        admitted = admitted and joined(held)
    met = (OF_PERSONS if kind == "person" else OF_ENTERPRISES)[entry["basis"]](held)
    return "TRUE" if admitted and met and at_bar(held, entry["scene"], kind) else None


def is_for(entry: Mapping[str, Any], kind: str) -> bool:
    """Whether an incentive is for a kind of subject that the graph knows."""
    return bool({"person"} & {*entry["for"]}) if kind == "person" else bool({*entry["for"]} - {"person"})


def asked_first(entry: Mapping[str, Any], kind: str) -> bool:
    """Whether a person is asked first: the subject, or the owner of an individual business."""
    owned = kind == "person" or "individual_business" in entry["for"]
    return owned and not by_duty(entry, kind)


def by_duty(entry: Mapping[str, Any], kind: str) -> bool:
    """Whether an organ answers by duty on what it holds by duty."""
    return entry["scene"] in BY_DUTY and (kind == "enterprise" or entry["basis"] not in SCORED)


def _person(held: Held) -> bool:
    return held.has("registry.person", lambda r: age(r["birth_date"], held.day) >= 18 and not r["deceased"])


def consented(held: Held, scene: str, grantee: str | None) -> bool:
    """Whether a consent to a scene stands today, for a client or, where none asks, for anybody."""
    today = held.day.isoformat()
    return held.has(
        "credit_office.consent",
        lambda r: (
            r["scene"] == scene
            and (r["grantee"] is None or grantee is None or r["grantee"] == grantee)
            and r["given_on"] <= today <= (r["until"] or "9999")
            and today < (r["withdrawn_on"] or "9999")
        ),
    )


def joined(held: Held) -> bool:
    """Whether the person joined the programme of the city."""
    today = held.day.isoformat()
    return held.has(
        "credit_office.score", lambda r: r["programme"] == held.programme and r["enrolled_on"] <= today
    )


def owned(row: Mapping[str, Any]) -> bool:
    """Whether the registry or the code says that it is an individual business."""
    return row["kind"] == "INDIVIDUAL_BUSINESS" or row.get("credit_code", "").startswith("92")


def _enterprise(held: Held, entry: Mapping[str, Any]) -> bool:
    """Whether it is registered, in business, and of a kind that the incentive is for."""
    if held.is_individual() and "individual_business" not in entry["for"]:
        return False
    return held.has(FIRM, lambda r: r["status"] == "ACTIVE")


def age(born: str, day: date) -> int:
    """Full years on a day."""
    year, rest = int(born[:4]), born[5:]
    return day.year - year - (day.isoformat()[5:] < rest)


def earlier(day: date, years: int) -> str:
    """The same day some years earlier, as ISO text; the end of February for a leap day."""
    text = f"{day.year - years}{day.isoformat()[4:]}"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return f"{day.year - years}-02-28"
