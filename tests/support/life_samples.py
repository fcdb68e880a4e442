"""A record of each form that stands on a day in 2026, to be changed by tests of states."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalogue.record_forms import RecordForm, RecordLife
from catalogue.record_life import COLUMNS_OF

LIVES = {
    RecordForm.PENALTY: RecordLife(RecordForm.PENALTY, "decided_on", fine="fine_fen"),
    RecordForm.LISTING: RecordLife(
        RecordForm.LISTING, "decided_on", leaves="left_on", through="until", done_code=("performance", "FULL")
    ),
    RecordForm.DUTY: RecordLife(RecordForm.DUTY, "decided_on", done="paid_on", owing="owed_fen"),
    RecordForm.AWARD: RecordLife(RecordForm.AWARD, "decided_on", through="until"),
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


def record(form: RecordForm, **changes: Any) -> dict[str, Any]:
    """Return a record that stands on the day, changed."""
    stated = dict.fromkeys(each.name for each in COLUMNS_OF[form] if not each.computed)
    begun = {"decided_on": date(2026, 5, 1)}
    return {**stated, **OWN, **begun, **(FINAL if form is RecordForm.PENALTY else {}), **changes}
