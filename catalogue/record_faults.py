"""Whether a record with a life can be: its days in an order that is possible, its amounts, and what it says that it rests on.

A record that cannot be breaks the contract of its key, and nothing of the key is released: whoever wrote it meant something
else, and nobody knows what. Each rule names columns and no values.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias

from catalogue.ages import birthday_of
from catalogue.record_forms import CONFIRMED, RecordForm, RecordLife

Record: TypeAlias = Mapping[str, Any]
"""One row by column."""
FAULTS_OF_COURSE: Final = ("before ", "without ", "below ", "above ", "beside ")
"""How the rule begins that a record breaks which cannot be."""
AHEAD: Final = "a day that lies ahead"
"""The rule that a record breaks of which something happened tomorrow."""
BLANK: Final = "blank"
"""The rule that a record breaks which does not say what it rests on."""
_SIGNS: Final = re.compile(r"[^\W_]").findall
_NUMBER: Final = "_number"
"""How the name of a column ends that holds the number of a notice, a case, a decision or an entry."""
_NOTHING: Final = frozenset({"无", "暂无", "不详", "未知", "null", "none", "na"})
"""What is written where something is missing."""
_AFTER_BEGIN: Final = (
    *("served_on", "contested_on", "final_on", "repaired_on", "withdrawn_on"),
    *("sealed_on", "publicity_until", "determined_on", CONFIRMED),
)
"""Days that cannot be before the decision, the listing, or the day since when a duty is owed."""
_BEFORE_BEGIN: Final = ("notified_on", "decided_on", "conduct_ended_on", "corrected_on")
"""Days that may be before the begin, so that each is held to the birth by itself."""
_AT_ANY_TIME: Final = ("conduct_ended_on", "corrected_on", "settled_on")
"""Days that may be before the begin as well: harm is often put right before an organ decides (河南省社会信用条例 art. 13)."""
_DISPUTED: Final = "disputed_on"
"""The day of an objection: before the begin it cannot be, unless it is one to the entry of a mark."""
_EARLIER: Final = (
    ("settled_on", "disputed_on"),
    ("final_on", "served_on"),
    ("final_on", "contested_on"),
)
"""Pairs of days of a record of any form: the first cannot be before the second."""
_MAY_LIE_AHEAD: Final = "publicity_until"
"""With the last day of a term the one day that may lie ahead."""
_FINED: Final = ("FINE", "WARNING_AND_FINE")


def says_nothing(column: str, text: str) -> bool:
    """Whether a text cannot be what its column is for: a number has a digit in it, any other text a letter and a meaning."""
    if column.endswith(_NUMBER):
        return not any(map(str.isnumeric, text))
    return _is_no_word(text)


@lru_cache(maxsize=512)  # the names of courts and organs are few, and come again with each record
def _is_no_word(text: str) -> bool:
    signs: list[str] = _SIGNS(text)
    return all(map(str.isnumeric, signs)) or "".join(signs).casefold() in _NOTHING


def whose(life: RecordLife, record: Record, key: str) -> str:
    """Return the identifier of the subject whom a record is about: the key, or the person whom a mark names."""
    return record[life.person] if life.person else key


class FaultFinder:
    """Finds why records of one data set cannot be."""

    __slots__ = ("_amounts", "_days", "_grounds", "_life")

    def __init__(
        self, life: RecordLife, columns: Collection[str] | None = None, grounds: Sequence[str] = ()
    ) -> None:
        """`columns` are those that the records have, None where each may have others; `grounds` are texts that all state."""
        self._life = life
        self._amounts = life.amounts
        self._grounds = grounds
        known = None if columns is None else frozenset(columns)
        self._days = tuple(
            (name, ahead, tuple(each for each in earlier if known is None or each in known))
            for name, ahead, earlier in _days_of(life)
            if known is None or name in known
        )

    def fault(self, record: Record, key: str, day: date) -> str | None:
        """Return why a record of a key cannot be on a day, naming columns and no values; None where it can."""
        return (
            self._fault_of_days(record, day)
            or self._fault_of_birth(record, key)
            or self._fault_of_values(record)
        )

    def _fault_of_days(self, record: Record, day: date) -> str | None:
        get = record.get
        for name, may_lie_ahead, earlier in self._days:
            last = get(name)
            if last is None:
                continue
            if last > day and not may_lie_ahead:
                return f"{name}: {AHEAD}"
            for each in earlier:
                if (first := get(each)) is not None and last < first:
                    return f"{name}: before {each}"
        if get("settled_on") is not None and record["disputed_on"] is None:
            return "settled_on: without disputed_on"
        return None

    def _fault_of_birth(self, record: Record, key: str) -> str | None:
        born = birthday_of(whose(self._life, record, key))
        if born is None:
            return None
        for name in (self._life.begins, *_BEFORE_BEGIN):
            day = record.get(name)
            if day is not None and day < born:
                return f"{name}: before the birth"
        return None

    def _fault_of_values(self, record: Record) -> str | None:
        for name in self._grounds:
            if says_nothing(name, record[name]):
                return f"{name}: {BLANK}"
        for name in self._amounts:
            if record[name] < 0:
                return f"{name}: below zero"
        if self._life.form is RecordForm.PENALTY:
            return self._fault_of_fine(record)
        return self._fault_of_debt(record)

    def _fault_of_fine(self, record: Record) -> str | None:
        """Return why a fine and the kind of sanction cannot be together."""
        name = self._life.fine
        if not name:
            return None
        if record["sanction"] == "WARNING" and record[name] > 0:
            return f"{name}: beside a warning alone"
        if record["sanction"] in _FINED and record[name] == 0:
            return f"{name}: without an amount"
        return None

    def _fault_of_debt(self, record: Record) -> str | None:
        """Return why an amount cannot be owed: nothing is, or more than was claimed."""
        life = self._life
        if life.owed and record[life.owed] == 0 and record[life.done] is None:
            return f"{life.owed}: without an amount"
        if life.claimed and record[life.claimed] == 0:
            return f"{life.claimed}: without an amount"
        if life.claimed and record[life.owing] > record[life.claimed]:
            return f"{life.owing}: above {life.claimed}"
        return None


def _days_of(life: RecordLife) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    """Yield each day of a record, whether it may lie ahead, and the days that it cannot be before.

    A notice, and the decision of a mark, come before the begin, so they cannot lie ahead where the begin does not.
    """
    is_mark = life.form is RecordForm.RESPONSIBILITY
    marked, disputed = (("decided_on",), ()) if is_mark else ((), (_DISPUTED,))
    after = (*_AFTER_BEGIN, *disputed, *filter(None, (life.done, life.leaves, life.through)))
    before = {life.begins: ("notified_on", *marked), **dict.fromkeys(after, (life.begins,))}
    for name in dict.fromkeys((*before, _DISPUTED, *_AT_ANY_TIME)):
        earlier = tuple(first for last, first in _EARLIER if last == name)
        yield name, name in (_MAY_LIE_AHEAD, life.through), (*before.get(name, ()), *earlier)
