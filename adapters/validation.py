"""Rows from a bureau against what its dataset declares.

A batch is checked column by column in loops of C speed. Only where a column does not hold is it searched
row by row for those to blame. A row that breaks the contract costs its key and no other: the key is named
in `Batch.broken` with the rule and the number of its broken rows, and has no rows.

Two breaks cost the whole batch, because no asked key can be blamed for them and every answer beside them
is in doubt: a row for a key that was not asked for, and a row whose key cannot be read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Final

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.source import Batch, Key, Row
from catalogue.declarations import Column, Dataset, Kind

PYTHON_TYPES: Final[Mapping[Kind, type]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.FEN: int,
    Kind.DATE: date,
    Kind.BOOLEAN: bool,
}
BOUNDS: Final[Mapping[Kind, int]] = {Kind.INTEGER: 2**31, Kind.FEN: 2**53}
"""Whole numbers stay below, and not beneath its negative: GraphQL's Int has 32 bits, and JSON readers keep 53 of a number."""
NOTHING_BROKEN: Final[Mapping[Key, ContractBroken]] = {}

_key_of = itemgetter(0)


class ColumnRule:
    """What the values of one column may be: of its type, null where declared, one of its codes."""

    __slots__ = ("_bound", "_codes", "_column", "_type", "_types")

    def __init__(self, column: Column) -> None:
        null: frozenset[Any] = frozenset({None} if column.nullable else ())
        self._column = column
        self._type = PYTHON_TYPES[column.kind]
        self._bound = BOUNDS.get(column.kind)
        self._types = frozenset({self._type}) | frozenset(map(type, null))
        self._codes = None if column.codes is None else column.codes | null

    def holds(self, values: Sequence[Any]) -> bool:
        """Whether every value is allowed; no Python code runs for a single one."""
        if self._codes is None:
            return self._types.issuperset(map(type, values)) and self._bounded(values)
        try:
            return self._codes.issuperset(values)
        except TypeError:  # a value that has no hash is no code
            return False

    def _bounded(self, values: Sequence[Any]) -> bool:
        if self._bound is None:
            return True
        numbers = [each for each in values if each is not None] if self._column.nullable else values
        return not numbers or (-self._bound <= min(numbers) and max(numbers) < self._bound)

    def fault(self, value: object) -> str | None:
        """The rule that `value` breaks, with the column's name and never the value."""
        if value is None:
            return None if self._column.nullable else f"{self._column.name}: null"
        if type(value) is not self._type:
            return f"{self._column.name}: not {self._column.kind.value}"
        if isinstance(value, int) and not self._bounded((value,)):
            return f"{self._column.name}: too large a number"
        if self._codes is not None and value not in self._codes:
            return f"{self._column.name}: not a declared code"
        return None


class Checker:
    """Checks the rows of one dataset for one choice of columns; made once, used for every batch."""

    __slots__ = ("_bureau", "_dataset", "_many", "_rules")

    def __init__(self, bureau: str, dataset: Dataset, columns: Sequence[str]) -> None:
        unknown = [name for name in columns if name not in dataset.by_name]
        if unknown:
            raise ContractBroken(bureau, dataset.name, "a requested column is not declared", rows=0)
        self._bureau = bureau
        self._dataset = dataset.name
        self._many = dataset.many
        self._rules = tuple(ColumnRule(dataset.by_name[name]) for name in columns)

    def check(
        self,
        asked: Sequence[Key],
        rows: Sequence[Any],
        unread: Mapping[Key, ContractBroken] = NOTHING_BROKEN,
    ) -> Batch:
        """Group `rows` by key, each a Row with one item more than there are columns.

        `unread` are keys of which the source could not even read a row. Raises ContractBroken when a row
        is for a key that was not asked for.
        """
        if not rows and not unread:
            return Batch({})
        keys = list(map(_key_of, rows))
        self._only_asked(asked, keys, unread)
        broken = dict(unread)
        failing = self._failing(rows) if rows else []
        if failing:
            self._blame(keys, rows, failing, broken)
        grouped = _lists(keys, rows) if self._many else self._singles(keys, rows, broken)
        for key in broken:
            grouped.pop(key, None)
        return Batch(grouped, dict[Key, BureauError](broken)) if broken else Batch(grouped)

    def _only_asked(self, asked: Sequence[Key], keys: list[Key], unread: Mapping[Key, Any]) -> None:
        wanted = frozenset(asked)
        try:
            fine = wanted.issuperset(keys) and wanted.issuperset(unread)
        except TypeError:  # a key that has no hash is no text
            fine = False
        if not fine:
            strange = sum(type(key) is not str or key not in wanted for key in [*keys, *unread])
            raise ContractBroken(self._bureau, self._dataset, "a key that was not asked for", rows=strange)

    def _failing(self, rows: Sequence[Any]) -> list[tuple[int, ColumnRule]]:
        columns = zip(*rows, strict=False)  # a source's rows are of one length
        next(columns)
        pairs = enumerate(zip(self._rules, columns, strict=True), start=1)
        return [(at, rule) for at, (rule, values) in pairs if not rule.holds(values)]

    def _blame(
        self,
        keys: list[Key],
        rows: Sequence[Any],
        failing: list[tuple[int, ColumnRule]],
        broken: dict[Key, ContractBroken],
    ) -> None:
        for key, row in zip(keys, rows, strict=True):
            faults = (rule.fault(row[at]) for at, rule in failing)
            reason = next((fault for fault in faults if fault), None)
            if reason is not None:
                self.tally(broken, key, reason)

    def tally(self, broken: dict[Key, ContractBroken], key: Key, reason: str, rows: int = 1) -> None:
        """Count `rows` more broken rows of `key`; the first reason stays."""
        if key in broken:
            broken[key].rows += rows
        else:
            broken[key] = ContractBroken(self._bureau, self._dataset, reason, rows)

    def _singles(
        self, keys: list[Key], rows: Sequence[Any], broken: dict[Key, ContractBroken]
    ) -> dict[Key, Any]:
        grouped: dict[Key, Any] = dict(zip(keys, rows, strict=True))
        if len(grouped) == len(keys):
            return grouped
        for key, count in Counter(keys).items():
            if count > 1 and key not in broken:
                self.tally(broken, key, "more than one row", count)
        return grouped


def _lists(keys: list[Key], rows: Sequence[Any]) -> dict[Key, Any]:
    grouped: defaultdict[Key, list[Row]] = defaultdict(list)
    for key, row in zip(keys, rows, strict=True):
        grouped[key].append(row)
    grouped.default_factory = None  # from here on a key that is not there is not there
    return grouped
