"""Where the records of a bureau enter: the law keeps some out, and what does not stand enters for history alone.

A key whose records all stay out is like a key without records: nobody behind this line can tell them apart. A record
that cannot be, such as one repaired before it was decided, breaks the contract of its key.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.source import Batch, Key, Query, Row
from catalogue.city_clock import city_today
from catalogue.dated_rules import dated_rules
from catalogue.law_provisos import provisos_of
from catalogue.record_forms import STATE
from catalogue.record_life import ENDS, PUBLISHED, STANDS
from catalogue.record_states import LifeReader

UNCOMPUTED: Final = "a state that cannot be computed for want of "
"""How the rule begins by which a record is used for nothing; what is missing follows, a dated rule or a statement."""


class RecordEntry:
    """Lets the records of one query in, each with its state today behind its columns."""

    __slots__ = (
        "_bureau",
        "_dataset",
        "_ends",
        "_history",
        "_many",
        "_names",
        "_publishes",
        "_reader",
        "computed",
    )

    def __init__(self, query: Query) -> None:
        dataset = query.dataset
        assert dataset.life is not None  # noqa: S101 only such a data set has an entry
        self._bureau, self._dataset, self._many = query.bureau, dataset.name, dataset.many
        self._history = query.history
        self._names = (dataset.key, *query.read_columns)
        provisos = provisos_of(dataset.item.code)
        self._reader = LifeReader(dataset.life, dated_rules(), provisos, self._names)
        always = tuple(name for name in (STATE, PUBLISHED) if name in dataset.by_name)
        self.computed = (*always, *(name for name in query.columns if name == ENDS))
        """The names of what is appended to each row."""
        self._publishes = PUBLISHED in self.computed
        self._ends = ENDS in self.computed

    def let_in(self, batch: Batch) -> Batch:
        """Return the batch with the records that are let in; `refused` counts the others that are told."""
        day, refused = city_today(), Counter[str]()
        rows: dict[Key, Any] = {}
        broken: dict[Key, BureauError] = dict(batch.broken)
        for key, found in batch.rows.items():
            records = found if self._many else (found,)
            read = [dict(zip(self._names, each, strict=True)) for each in records]
            if fault := next(filter(None, (self._reader.fault(each, day) for each in read)), None):
                broken[key] = ContractBroken(self._bureau, self._dataset, fault, len(records))
            elif entered := [
                row
                for each, record in zip(records, read, strict=True)
                if (row := self._entered(each, record, day, refused)) is not None
            ]:
                rows[key] = entered if self._many else entered[0]
        return Batch(rows, broken, refused)

    def _entered(self, row: Row, record: Mapping[str, Any], day: date, refused: Counter[str]) -> Row | None:
        """Return a row with what is computed of it, or None where it stays out."""
        key = row[0]
        rule = self._reader.refusal(record, key)
        state = self._reader.state(record, key, day)
        if rule or state == "UNKNOWN":
            refused[rule or UNCOMPUTED + self._reader.missing(record, day)] += 1
        if rule or not (self._history or state == STANDS):
            return None
        entered = (
            (*row, state, self._reader.is_published(record, state)) if self._publishes else (*row, state)
        )
        return (*entered, self._reader.ends(record, day)) if self._ends else entered
