"""A record of each form that stands on a day in 2026, to be changed by tests of states."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalogue.record_forms import ENTRY_ENDED, RecordForm, RecordLife
from catalogue.record_life import COLUMNS_OF
from tests.support.small_city import ENTERPRISES, PERSONS

LIVES = {
    RecordForm.PENALTY: RecordLife(RecordForm.PENALTY, "decided_on", fine="fine_fen"),
    RecordForm.LISTING: RecordLife(
        RecordForm.LISTING, "decided_on", leaves="left_on", through="until", done_code=("performance", "FULL")
    ),
    RecordForm.DUTY: RecordLife(RecordForm.DUTY, "decided_on", done="paid_on", owing="owed_fen"),
    RecordForm.AWARD: RecordLife(RecordForm.AWARD, "decided_on", through="until"),
    RecordForm.RESPONSIBILITY: RecordLife(
        RecordForm.RESPONSIBILITY,
        "since",
        leaves=ENTRY_ENDED,
        through="until",
        about="tax.serious_violation",
        person="person_number",
        enterprise="credit_code",
    ),
}
OWN = {
    "left_on": None,
    "until": None,
    "performance": "NONE",
    "paid_on": None,
    "owed_fen": 1,
    "fine_fen": 50_000,
}
FINAL = {
    "procedure": "ORDINARY",
    "sanction": "FINE",
    "severity": "GENERAL",
    "put_right": False,
    "served_on": date(2026, 5, 6),
    "final_on": date(2026, 11, 1),
}
"""What makes a penalty one that stands."""


DECIDED = {
    "decision_number": "信税责〔2026〕1号",
    "organ": "市税务局",
    "record_number": "信税稽罚〔2026〕1号",
    "person_number": PERSONS[0],
    "credit_code": ENTERPRISES[0],
}
"""What makes a mark of a responsible person one that enters."""
STATED: dict[RecordForm, dict[str, Any]] = {RecordForm.PENALTY: FINAL, RecordForm.RESPONSIBILITY: DECIDED}


def record(form: RecordForm, **changes: Any) -> dict[str, Any]:
    """Return a record that stands on the day, changed; a mark begins on the day of its decision."""
    stated = dict.fromkeys(each.name for each in COLUMNS_OF[form] if not each.computed)
    decided = changes.get("decided_on", date(2026, 5, 1))
    begun = {"decided_on": decided, "since": decided}
    return {**stated, **OWN, **begun, **STATED.get(form, {}), **changes}
