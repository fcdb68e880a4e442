"""Where the records of a bureau enter: the law keeps some out, and what does not stand enters for history alone.

A key whose records all stay out is like a key without records: nobody behind this line can tell them apart. A record
that cannot be, such as one repaired before it was decided, breaks the contract of its key.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.source import Batch, Key, Query, Row
from catalogue.ages import birthday_of
from catalogue.city_clock import city_today
from catalogue.dated_rules import dated_rules
from catalogue.declarations import Dataset, Kind
from catalogue.law_provisos import provisos_of
from catalogue.record_faults import text_that_decides
from catalogue.record_forms import STATE, RecordForm
from catalogue.record_life import ENDS, PUBLISHED, STANDS
from catalogue.record_states import LifeReader

UNCOMPUTED: Final = "a state that cannot be computed for want of "
"""How the rule begins by which a record is used for nothing; what is missing follows, a dated rule or a statement."""


_REMEMBERED: Final = 4096
"""How many judgements one query remembers of a day."""


def _columns_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the columns that decide whether and how a record enters."""
    return tuple(dict.fromkeys(dataset.entered_by))


def _forgotten(dataset: Dataset, owed: str) -> Iterator[tuple[int, Callable[[Any], object]]]:
    """Yield the places of columns whose value does not decide as it is, each with what of it decides."""
    for at, name in enumerate(_columns_of(dataset)):
        column = dataset.by_name[name]
        if column.kind is Kind.TEXT and column.codes is None:
            yield at, text_that_decides
        elif name == owed:
            yield at, _sign


def _sign(amount: int) -> int:
    return (amount > 0) - (amount < 0)


class _Judgement(NamedTuple):
    """What the rules decide about one record on one day."""

    fault: str | None
    """Why it cannot be."""
    told: str | None
    """The rule that is counted: by which the law keeps it out, or for want of which its state is not known."""
    computed: Row | None
    """What stands behind its columns; None where it stays out."""


class RecordEntry:
    """Lets the records of one query in, each with its state today behind its columns.

    A state depends on the columns that tell a life, on the day and, of a person, on the birth date. So what is once judged
    is remembered for the day by these alone: never by an identity number, nor by the number of a case or of a decision, of
    which it decides only whether it says anything.
    """

    __slots__ = (
        "_bureau",
        "_columns",
        "_dataset",
        "_day",
        "_ends",
        "_forgotten",
        "_history",
        "_judged",
        "_many",
        "_names_persons",
        "_places",
        "_publishes",
        "_reader",
        "computed",
    )

    def __init__(self, query: Query) -> None:
        dataset = query.dataset
        assert dataset.life is not None  # noqa: S101 only such a data set has an entry
        self._bureau, self._dataset, self._many = query.bureau, dataset.name, dataset.many
        self._history = query.history
        read = (dataset.key, *query.read_columns)
        self._columns = _columns_of(dataset)
        self._places = tuple(read.index(name) for name in self._columns)
        self._names_persons = dataset.life.form is RecordForm.RESPONSIBILITY
        provisos = provisos_of(dataset.item.code)
        self._reader = LifeReader(dataset.life, dated_rules(), provisos, self._columns, dataset.grounds)
        self._forgotten = tuple(_forgotten(dataset, dataset.life.owed))
        always = tuple(name for name in (STATE, PUBLISHED) if name in dataset.by_name)
        self.computed = (*always, *(name for name in query.columns if name == ENDS))
        """The names of what is appended to each row."""
        self._publishes = PUBLISHED in self.computed
        self._ends = ENDS in self.computed
        self._day = date.min
        self._judged: dict[Any, _Judgement] = {}

    def let_in(self, batch: Batch) -> Batch:
        """Return the batch with the records that are let in; `refused` counts the others that are told."""
        day, refused = city_today(), Counter[str]()
        if day != self._day:
            self._day, self._judged = day, {}
        rows: dict[Key, Any] = {}
        broken: dict[Key, BureauError] = dict(batch.broken)
        for key, found in batch.rows.items():
            records = found if self._many else (found,)
            judged = [self._judge(key, each) for each in records]
            if fault := next((each.fault for each in judged if each.fault), None):
                broken[key] = ContractBroken(self._bureau, self._dataset, fault, len(records))
                continue
            entered: list[Row] = []
            for row, (_, told, computed) in zip(records, judged, strict=True):
                if told:
                    refused[told] += 1
                if computed is not None:
                    entered.append((*row, *computed))
            if entered:
                rows[key] = entered if self._many else entered[0]
        return Batch(rows, broken, refused)

    def _judge(self, key: Key, row: Row) -> _Judgement:
        values = [row[place] for place in self._places]
        if self._names_persons:
            return self._judge_anew(key, values)
        for at, decides in self._forgotten:
            values[at] = decides(values[at])
        seen = (birthday_of(key), *values)
        judgement = self._judged.get(seen)
        if judgement is None:
            judgement = self._judge_anew(key, values)
            if len(self._judged) >= _REMEMBERED:
                self._judged.clear()
            self._judged[seen] = judgement
        return judgement

    def _judge_anew(self, key: Key, values: Row) -> _Judgement:
        record, day = dict(zip(self._columns, values, strict=True)), self._day
        if fault := self._reader.fault(record, key, day):
            return _Judgement(fault, None, None)
        rule = self._reader.refusal(record, key)
        state = self._reader.state(record, key, day)
        told = rule or (UNCOMPUTED + self._reader.missing(record, day) if state == "UNKNOWN" else None)
        if rule or not (self._history or state == STANDS):
            return _Judgement(None, told, None)
        computed: Row = (state,)
        if self._publishes:
            computed = (*computed, self._reader.is_published(record, state))
        if self._ends:
            computed = (*computed, self._reader.ends(record, day))
        return _Judgement(None, told, computed)
