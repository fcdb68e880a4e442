"""The oracle of one-sided answers, written by hand from the catalogue's words and not from the rules of the gateway.

Records are what the bureaus hold of one subject, by "bureau.dataset", and what of it stands; dates are compared as ISO
texts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.settings import ROOT

FILE: dict[str, Any] = tomllib.loads(
    (ROOT / "catalogue" / "incentives" / "incentives.toml").read_text("utf-8")
)
FIELDS: dict[str, str] = {
    id_.replace("-", "").lower(): id_
    for id_, entry in FILE["incentive"].items()
    if entry["basis"] not in FILE["unanswered"]
}
"""The incentive of each field of Standing."""
SCENES = sorted({entry["scene"] for entry in FILE["incentive"].values()})
Records = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a subject, looked at on a day."""

    records: Records
    day: date
    programme: str | None

    def of(self, dataset: str) -> list[dict[str, Any]]:
        """Return the records of a dataset, dates as ISO texts."""
        found = self.records.get(dataset, ())
        return [{k: str(v) if isinstance(v, date) else v for k, v in row.items()} for row in found]

    def has(self, dataset: str, met: Callable[[dict[str, Any]], bool]) -> bool:
        """Whether some record is so."""
        return any(met(row) for row in self.of(dataset))

    def scored(self, least: int) -> bool:
        """Whether a score of the programme is at least so."""
        return self.has(
            "credit_office.score",
            lambda r: self.programme in (None, r["programme"]) and not r["score"] < least,
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

    def honoured(self, *levels: str) -> bool:
        """Whether an honour is of one of the levels."""
        return self.has("credit_office.honour", lambda r: r["level"] in levels)

    def graded(self, dataset: str, grades: str) -> bool:
        """Whether a grade is one of those, written with blanks between."""
        return self.has(dataset, lambda r: r["grade"] in grades.split())

    def good_record(self) -> bool:
        """Whether there is a good record and a clean year."""
        good = self.red_listed() or self.honoured("NATIONAL", "PROVINCIAL", "CITY", "COUNTY")
        return good and self.clean(1)


TAX = "tax.latest_taxpayer_grade"
VIOLATION = "transport.transport_violation"
OF_PERSONS: Mapping[str, Callable[[Held], bool]] = {
    "SCORE_HOLDER": lambda held: held.scored(100),
    "SCORE_HIGH": lambda held: held.scored(120),
    "GOOD_CREDIT": lambda held: held.scored(100) and held.clean(1),
    "NO_ADVERSE_RECORD": lambda held: held.scored(100) and held.clean(5),
    "GOOD_RECORD": Held.good_record,
    "CLEAN_3Y": lambda held: held.clean(3) or held.good_record(),
    "RED_LIST": Held.red_listed,
    "TRANSPORT_GRADE": lambda held: held.graded("transport.transport_grade", "AAA AA"),
    "MODEL_PERSON": lambda held: held.honoured("NATIONAL", "PROVINCIAL", "CITY"),
}
OF_ENTERPRISES: Mapping[str, Callable[[Held], bool]] = {
    "GOOD_CREDIT": lambda held: held.graded(TAX, "A B M") and held.clean(1),
    "NO_ADVERSE_RECORD": lambda held: held.graded(TAX, "A B M") and held.clean(5),
    "CLEAN_3Y": lambda held: held.clean(3),
    "RED_LIST": Held.red_listed,
    "TAX_GRADE": lambda held: held.graded(TAX, "A B"),
    "TAX_GRADE_A": lambda held: held.graded(TAX, "A"),
    "TRANSPORT_GRADE": lambda held: held.graded("transport.transport_grade", "AAA AA"),
    "PAYMENT_GRADE": lambda held: held.graded("social_security.payment_grade", "A"),
}
YEARS_OF_PERSONS: Mapping[str, int] = {
    "reward.approval": 5,
    "reward.government_service": 3,
    **dict.fromkeys(
        (
            "reward.accommodation",
            "reward.consumption",
            "reward.culture",
            "reward.education",
            "reward.eldercare",
            "reward.employment",
            "reward.finance",
            "reward.insurance",
            "reward.intermediary",
            "reward.logistics",
            "reward.medical",
            "reward.parking",
            "reward.reading",
            "reward.rental",
            "reward.social",
            "reward.tourism",
            "reward.transit",
            "reward.utility",
        ),
        1,
    ),
}
"""The clean years that all answers of a scene ask of a person."""
YEARS_OF_ENTERPRISES: Mapping[str, int] = {
    "reward.approval": 5,
    "reward.government_service": 3,
    **dict.fromkeys(("reward.finance", "reward.parking", "reward.reading", "reward.rental"), 1),
}
HIGH = ("reward.eldercare", "reward.medical", "reward.reading", "reward.rental")
"""The scenes in which a good score has to be a high one."""
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
SCORED = ("SCORE_HOLDER", "SCORE_HIGH", "GOOD_CREDIT", "NO_ADVERSE_RECORD")
"""The bases that ask a person for a score."""


def stands(record: Mapping[str, Any]) -> bool:
    """Whether a record stands; one without a state is one of what stands."""
    return record.get("state", "EFFECTIVE") == "EFFECTIVE"


def years(scene: str, kind: str) -> int | None:
    """Return the clean years that a scene asks of a kind of subject."""
    return (YEARS_OF_PERSONS if kind == "person" else YEARS_OF_ENTERPRISES).get(scene)


def at_bar(held: Held, scene: str, kind: str, basis: str) -> bool:
    """Whether a subject meets what the scene asks beyond the basis."""
    clean_years = years(scene, kind)
    return (
        (clean_years is None or held.clean(clean_years))
        and (kind == "enterprise" or basis not in SCORED or scene not in HIGH or held.scored(120))
        and ((kind, scene) != ("enterprise", "reward.parking") or held.graded(TAX, "A B"))
    )


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
    "SCORE_HOLDER": (),
    "SCORE_HIGH": (),
    "GOOD_CREDIT": (),
    "NO_ADVERSE_RECORD": (),
    "GOOD_RECORD": GOOD,
    "CLEAN_3Y": (),
    "RED_LIST": ("credit_office.red_list",),
    "TAX_GRADE": (TAX,),
    "TAX_GRADE_A": (TAX,),
    "TRANSPORT_GRADE": ("transport.transport_grade",),
    "PAYMENT_GRADE": ("social_security.payment_grade",),
    "MODEL_PERSON": ("credit_office.honour",),
}


def consulted(field: str, kind: str) -> list[str]:
    """Return the datasets that an answer hangs on, in the order in which a failure is told."""
    entry = FILE["incentive"][FIELDS[field]]
    if kind not in entry["for"]:
        return []
    found = {*READ[entry["basis"]], f"registry.{kind}"}
    if not by_duty(entry, kind):
        found |= {"credit_office.consent"} | ({"credit_office.score"} if kind == "person" else set())
    if years(entry["scene"], kind) is not None:
        found |= set(ADVERSE) - (OF_EMPLOYERS if kind == "person" else frozenset())
    if kind == "enterprise" and entry["basis"] in ("GOOD_CREDIT", "NO_ADVERSE_RECORD"):
        found.add(TAX)
    return sorted(found)


def expected(field: str, kind: str, records: Records, day: date, grantee: str | None = None) -> str | None:
    """Return the answer to one field of Standing for a subject of a kind."""
    id_ = FIELDS[field]
    entry = FILE["incentive"][id_]
    if kind not in entry["for"]:
        return None
    held = Held(records, day, FILE["city"][id_.split("-")[0]].get("programme"))
    admitted = _person(held) if kind == "person" else _enterprise(held)
    if not by_duty(entry, kind):
        admitted = admitted and _of_own_will(held, kind, entry["scene"], grantee)
    met = (OF_PERSONS if kind == "person" else OF_ENTERPRISES)[entry["basis"]](held)
    return "TRUE" if admitted and met and at_bar(held, entry["scene"], kind, entry["basis"]) else None


def by_duty(entry: Mapping[str, Any], kind: str) -> bool:
    """Whether an organ answers by duty on what it holds by duty."""
    return entry["scene"] in BY_DUTY and (kind == "enterprise" or entry["basis"] not in SCORED)


def _person(held: Held) -> bool:
    return held.has("registry.person", lambda r: age(r["birth_date"], held.day) >= 18 and not r["deceased"])


def _of_own_will(held: Held, kind: str, scene: str, grantee: str | None) -> bool:
    """Whether a person joined the programme and consented, and the owner of an individual business consented."""
    today = held.day.isoformat()
    consented = held.has(
        "credit_office.consent",
        lambda r: (
            r["scene"] == scene
            and (r["grantee"] is None or grantee is None or r["grantee"] == grantee)
            and r["given_on"] <= today <= (r["until"] or "9999")
            and today < (r["withdrawn_on"] or "9999")
        ),
    )
    if kind == "enterprise":
        return consented or not held.has("registry.enterprise", lambda r: r["kind"] == "INDIVIDUAL_BUSINESS")
    joined = held.has(
        "credit_office.score",
        lambda r: held.programme in (None, r["programme"]) and r["enrolled_on"] <= today,
    )
    return consented and joined


def _enterprise(held: Held) -> bool:
    return held.has("registry.enterprise", lambda r: r["status"] == "ACTIVE")


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
