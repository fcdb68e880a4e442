"""What a bureau's records are once they entered, from the ground truth of a city: those that the law lets in, with states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from catalogue.dated_rules import dated_rules
from catalogue.declarations import Dataset, Kind
from catalogue.legal_forms import legal_form_of
from catalogue.record_forms import RecordForm
from catalogue.record_life import ENDS, PUBLISHED
from catalogue.record_states import LifeReader
from sandbox.truth import datasets


def entered(name: str, key: str, records: Sequence[Mapping[str, Any]], day: date) -> list[dict[str, Any]]:
    """Return records of JSON, of one data set by its full name, that enter on a day, each with its state."""
    _, dataset = datasets()[name]
    if dataset.grading is not None:
        grading = dataset.grading
        schemes = grading.of(legal_form_of(key))
        return [
            dict(each)
            for each in records
            if any(scheme.holds(dated(dataset, each)[grading.day]) for scheme in schemes)
        ]
    if dataset.life is None:
        return [dict(each) for each in records]
    reader = LifeReader(dataset.life, dated_rules())
    known = [(dict(each), dated(dataset, each)) for each in records]
    return [
        plain | {"state": reader.state(record, key, day)}
        for plain, record in known
        if reader.refusal(record, key) is None
    ]


def dated(dataset: Dataset, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record of JSON with dates where its columns are of dates."""
    days = {each.name for each in dataset.stored if each.kind is Kind.DATE}
    return {
        name: date.fromisoformat(value) if name in days and value is not None else value
        for name, value in record.items()
    }


def lived(name: str, key: str, records: Sequence[Mapping[str, Any]], day: date) -> list[dict[str, Any]]:
    """Return what enters, with every column that the gateway computes: the state, the last day, whether it is published."""
    _, dataset = datasets()[name]
    found = entered(name, key, records, day)
    if dataset.life is None:
        return found
    reader = LifeReader(dataset.life, dated_rules())
    for each in found:
        record = dated(dataset, each)
        ends = reader.ends(record, day)
        each[ENDS] = None if ends is None else ends.isoformat()
        if dataset.life.form is RecordForm.PENALTY:
            each[PUBLISHED] = reader.is_published(record, each["state"])
    return found
