"""Where the records of a bureau enter: the law keeps some out, and what does not stand enters for history alone.

A key whose records all stay out is like a key without records: nobody behind this line can tell them apart. A record
that cannot be, such as one repaired before it was decided, breaks the contract of its key.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.source import Batch, Key, Query, Row
from catalogue.city_clock import city_today
from catalogue.dated_rules import dated_rules
from catalogue.law_provisos import provisos_of
from catalogue.record_faults import Record
from catalogue.record_forms import STATE
from catalogue.record_life import ENDS, PUBLISHED, STANDS
from catalogue.record_states import LifeReader

UNCOMPUTED: Final = "a state that cannot be computed for want of "
"""How the rule begins by which a record is used for nothing; what is missing follows, a dated rule or a statement."""


class RecordEntry:
    """Lets the records of one query in, each with its state today behind its columns."""

    __slots__ = (
        "_bureau",
        "_columns",
        "_dataset",
        "_ends",
        "_history",
        "_many",
        "_publishes",
        "_reader",
        "computed",
    )

    def __init__(self, query: Query) -> None:
        dataset = query.dataset
        assert dataset.life is not None  # noqa: S101 only such a data set has an entry
        self._bureau, self._dataset, self._many = query.bureau, dataset.name, dataset.many
        self._history = query.history
        self._columns = (dataset.key, *query.read_columns)
        provisos = provisos_of(dataset.item.code)
        self._reader = LifeReader(dataset.life, dated_rules(), provisos, self._columns, dataset.grounds)
        always = tuple(name for name in (STATE, PUBLISHED) if name in dataset.by_name)
        self.computed = (*always, *(name for name in query.columns if name == ENDS))
        """The names of what is appended to each row."""
        self._publishes = PUBLISHED in self.computed
        self._ends = ENDS in self.computed

    def let_in(self, batch: Batch) -> Batch:
        """Return the batch with the records that are let in; `refused` counts the others that are told."""
        day = city_today()
        rows: dict[Key, Any] = {}
        broken: dict[Key, BureauError] = dict(batch.broken)
        told: list[str] = []
        for key, found in batch.rows.items():
            of_key = found if self._many else (found,)
            lawful = self._let_in_by_law(of_key, key, told)
            fault = self._first_fault(lawful, key, day)
            if fault is not None:
                broken[key] = ContractBroken(self._bureau, self._dataset, fault, len(of_key))
                continue
            entered: list[Row] = []
            for row, record in lawful:
                computed = self._judge(record, key, day, told)
                if computed is not None:
                    entered.append((*row, *computed))
            if entered:
                rows[key] = entered if self._many else entered[0]
        return Batch(rows, broken, Counter(told))

    def _let_in_by_law(self, rows: Iterable[Row], key: Key, told: list[str]) -> list[tuple[Row, Record]]:
        """Return the rows that the law lets in, each with its record; `told` gets the rule that keeps each other one out.

        What is kept out is used for nothing, so no fault in it breaks the key: that would be a use against the subject.
        """
        lawful: list[tuple[Row, Record]] = []
        for row in rows:
            record = dict(zip(self._columns, row, strict=True))
            rule = self._reader.refusal(record, key)
            if rule is None:
                lawful.append((row, record))
            else:
                told.append(rule)
        return lawful

    def _first_fault(self, lawful: Iterable[tuple[Row, Record]], key: Key, day: date) -> str | None:
        """Return why one of the records of a key cannot be; None where all can."""
        for _, record in lawful:
            fault = self._reader.fault(record, key, day)
            if fault is not None:
                return fault
        return None

    def _judge(self, record: Record, key: Key, day: date, told: list[str]) -> Sequence[Any] | None:
        """Return what stands behind the columns of a record; None where it stays out.

        `told` gets the rule for want of which its state is not known.
        """
        state = self._reader.state(record, key, day)
        if state == "UNKNOWN":
            told.append(UNCOMPUTED + self._reader.missing(record, day))
        if not (self._history or state == STANDS):
            return None
        computed: list[Any] = [state]
        if self._publishes:
            computed.append(self._reader.is_published(record, state))
        if self._ends:
            computed.append(self._reader.ends(record, day))
        return computed
