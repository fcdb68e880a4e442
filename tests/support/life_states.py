"""The states that records of a data set can have, and why they cannot have the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from catalogue.declarations import Dataset
from catalogue.record_forms import RecordForm
from catalogue.record_life import RECORD_STATE

_KNOWN: Final = "the rules state every term of the form, and a begin that lies ahead is a fault"
_AT_ONCE: Final = "what is listed, marked or stated by a court stands at once: nothing has to become final"
IMPOSSIBLE: Final[Mapping[RecordForm, Mapping[str, str]]] = {
    RecordForm.PENALTY: {},
    RecordForm.LISTING: {"PENDING_FINALITY": _AT_ONCE, "UNKNOWN": _KNOWN},
    RecordForm.DUTY: {"UNKNOWN": _KNOWN},
    RecordForm.RESPONSIBILITY: {"PENDING_FINALITY": _AT_ONCE, "UNKNOWN": _KNOWN},
    RecordForm.AWARD: {
        "PENDING_FINALITY": _AT_ONCE,
        "UNKNOWN": _KNOWN,
        **dict.fromkeys(("DISPUTED", "REPAIRED", "SEALED"), "a red list holds no dishonesty"),
    },
}
"""The states that no record of a form has, each with the reason."""


def impossible_states(dataset: Dataset) -> Mapping[str, str]:
    """Return the states that no record of a data set has, each with the reason."""
    assert dataset.life is not None
    found = IMPOSSIBLE[dataset.life.form]
    undetermined = dataset.life.form is RecordForm.DUTY and not dataset.life.determined
    return {**found, "PENDING_FINALITY": _AT_ONCE} if undetermined else found


def possible_states(dataset: Dataset) -> set[str]:
    """Return the states that a record of a data set can have."""
    return set(RECORD_STATE) - impossible_states(dataset).keys()
