"""A record of each data set with a life that stands today, to be changed by tests of what enters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from adapters import bureaus
from catalogue.city_clock import city_today
from catalogue.declarations import Dataset, Kind, datasets_by_name
from catalogue.record_forms import DECISION, RecordForm
from tests.support.small_city import ENTERPRISES, PERSONS

LIVES: Mapping[str, Dataset] = {
    name: each for name, each in datasets_by_name(bureaus.discover().values()).items() if each.life
}
PERSON, FIRM = PERSONS[0], ENTERPRISES[0]
BEGUN = timedelta(days=100)


def record(name: str, **changes: Any) -> dict[str, Any]:
    """Return a record that stands, changed; a number is a day so many days from today."""
    dataset, today = LIVES[name], city_today()
    assert dataset.life is not None
    plain = {
        each.name: None if each.nullable else _value(each.kind, each.codes, today) for each in dataset.stored
    }
    begun = {dataset.life.begins: today - BEGUN}
    if dataset.life.form is RecordForm.PENALTY:
        begun |= {"procedure": "ORDINARY", "sanction": "OTHER", "severity": "GENERAL", "put_right": False}
        begun |= {"served_on": today - BEGUN, "final_on": today - timedelta(1)}
    if dataset.life.form is RecordForm.RESPONSIBILITY:
        begun |= {**dict.fromkeys(DECISION, "1"), "organ": "甲局", "decided_on": today - BEGUN}
        begun |= {"person_number": PERSON, "credit_code": FIRM}
    if dataset.life.determined:
        begun |= {"determination_number": "1", "determined_on": today - BEGUN}
    dated = {each: today + timedelta(days) if type(days) is int else days for each, days in changes.items()}
    return {**plain, **begun, **({"performance": "NONE"} if "performance" in plain else {}), **dated}


def _value(kind: Kind, codes: Any, today: date) -> Any:
    if codes:
        return min(codes)
    return {Kind.DATE: today - BEGUN, Kind.BOOLEAN: False, Kind.TEXT: "甲1"}.get(kind, 1)
