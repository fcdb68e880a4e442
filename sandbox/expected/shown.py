"""Who and what is shown for a purpose, by age, life and the state of a record; in the plainest way, for the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


def ages_shown(purpose: str, reached: str) -> str:
    """Return who is shown by age where a person stands: "all", "adults" or "wards"."""
    own = purpose.startswith("subject.")
    if (
        purpose.startswith("rights.")
        or purpose == "measure.enforcement"
        or (own and reached in ("own", "asked"))
    ):
        return "all"
    return "wards" if own and reached == "ward" else "adults"


def may_be_shown(ages: str, born: date, day: date) -> bool:
    """Whether a person born on a day may be shown where persons of some ages are."""
    adult = (born.year + 18, born.month, born.day) <= (day.year, day.month, day.day)
    return ages == "all" or adult is (ages == "adults")


def dead_shown(purpose: str, reached: str) -> bool:
    """Whether a person who has died is shown where persons stand."""
    own = purpose.startswith("subject.") and reached in ("own", "asked")
    return own or purpose.startswith("rights.") or purpose == "measure.enforcement"


def lets_be_shown(values: Mapping[str, Any], purpose: str, reached: str, day: date) -> bool:
    """Whether the registration of a person lets it be shown."""
    of_age = may_be_shown(ages_shown(purpose, reached), values["birth_date"], day)
    return of_age and (dead_shown(purpose, reached) or not values["deceased"])


def stands(row: Mapping[str, Any]) -> bool:
    """Whether a record stands today, or is of a kind that has no state."""
    return row.get("state", "EFFECTIVE") == "EFFECTIVE"


def sees_history(purpose: str) -> bool:
    """Whether records that do not stand are shown for a purpose: to the subject, for its rights, and in a court's case."""
    return purpose.startswith(("subject.", "rights.")) or purpose == "measure.enforcement"
