"""Checks the rows of a bureau against the declaration of their data set.

The checker tests a batch column by column with loops in C. Only if a column fails, it searches that column
row by row. A row that breaks the contract costs its key and no other key: `Batch.broken` names the key with
the broken rule and the number of its broken rows, and `Batch.rows` has no rows for it.

The rows of a key have a declared order. Rows that are equal in it and differ in what is asked of them cost their
key too: their order would be a matter of chance, and so would everything that it decides.

Two faults reject the whole batch, because no requested key causes them and they put every other row in
doubt: a row for a key that was not requested, and a row whose key cannot be decoded.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Final

from adapters.band_entry import BandEntry
from adapters.bureau_errors import BureauError, ContractBroken
from adapters.form_entry import FormEntry
from adapters.grade_entry import GradeEntry
from adapters.record_entry import RecordEntry
from adapters.source import Batch, Key, Query, Row
from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Column, Dataset, Kind
from catalogue.identifiers import CODE_SHAPE, PERSON_SHAPE

PYTHON_TYPES: Final[Mapping[Kind, type]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.FEN: int,
    Kind.DATE: date,
    Kind.BOOLEAN: bool,
}
BOUNDS: Final[Mapping[Kind, int]] = {Kind.INTEGER: 2**31, Kind.FEN: 2**53}
"""A whole number n of a kind keeps -bound <= n < bound: GraphQL's Int has 32 bits, and JSON readers keep 53 bits."""
SHAPES: Final[Mapping[SubjectKind, Callable[[str], object]]] = {
    SubjectKind.PERSON: PERSON_SHAPE.fullmatch,
    SubjectKind.ENTERPRISE: CODE_SHAPE.fullmatch,
}
"""The form of the identifier of each kind of subject; check signs are not looked at."""
NOTHING_BROKEN: Final[Mapping[Key, ContractBroken]] = {}
EQUAL_IN_ORDER: Final = "different rows that are equal in the declared order"
_NULL: Final = frozenset({None})

_key_of = itemgetter(0)


class ColumnRule:
    """The allowed values of one column: of its type, null if declared, one of its codes, an identifier in its form."""

    __slots__ = ("_column", "_type", "accepts", "bound", "codes", "shape")

    def __init__(self, column: Column) -> None:
        null: frozenset[Any] = _NULL if column.nullable else frozenset()
        self._column = column
        self._type = PYTHON_TYPES[column.kind]
        self.codes = None if column.codes is None else column.codes | null
        self.bound = BOUNDS.get(column.kind) if column.codes is None else None
        self.shape = SHAPES[column.leads_to.subject] if column.leads_to else None
        """Takes an identifier that leads to a subject: one in another form would lead to nobody."""
        types: frozenset[type] = frozenset({self._type}) | frozenset(map(type, null))
        self.accepts: Callable[[Iterable[Any]], bool] = (
            types.issuperset if self.codes is None else self.codes.issuperset
        )
        """Takes the values of a column with codes, and the types of the values of any other column."""

    def is_within_bound(self, values: Sequence[Any], bound: int) -> bool:
        """Whether all numbers are within the bound of the column's kind."""
        numbers = set(values) - _NULL if self._column.nullable else values
        return not numbers or (-bound <= min(numbers) and max(numbers) < bound)

    def has_form(self, values: Sequence[Any], shape: Callable[[str], object]) -> bool:
        """Whether all identifiers are in the form in which their subjects can be found."""
        return all(map(shape, [each for each in values if each is not None]))

    def fault(self, value: object) -> str | None:
        """Return the rule that `value` breaks, with the column's name but without the value; None if it is allowed."""
        if value is None:
            return None if self._column.nullable else f"{self._column.name}: null"
        if type(value) is not self._type:
            return f"{self._column.name}: not {self._column.kind.value}"
        if self.bound is not None and not self.is_within_bound((value,), self.bound):
            return f"{self._column.name}: too large a number"
        if self.codes is not None and value not in self.codes:
            return f"{self._column.name}: not a declared code"
        if self.shape is not None and isinstance(value, str) and not self.shape(value):
            return f"{self._column.name}: an identifier in another form"
        return None


class Checker:
    """Checks the rows of one data set for one choice of columns; it is made once and used for every batch."""

    __slots__ = ("_bureau", "_dataset", "_many", "_rules", "_several")

    def __init__(self, bureau: str, dataset: Dataset, columns: Sequence[str]) -> None:
        unknown = [name for name in columns if name not in dataset.by_name]
        if unknown:
            raise ContractBroken(bureau, dataset.name, "a requested column is not declared")
        self._bureau = bureau
        self._dataset = dataset.name
        self._many = dataset.many
        self._several = EQUAL_IN_ORDER if dataset.latest else "more than one row"
        self._rules = tuple(ColumnRule(dataset.by_name[name]) for name in columns)

    def check(
        self,
        requested: Sequence[Key],
        rows: Sequence[Any],
        unread: Mapping[Key, ContractBroken] = NOTHING_BROKEN,
    ) -> Batch:
        """Group `rows` by key; each row holds the key and one item for each column.

        `unread` holds the keys with a row that the source could not decode. Raises ContractBroken for a row
        whose key was not requested.
        """
        if not rows and not unread:
            return Batch({})
        keys = list(map(_key_of, rows))
        self._refuse_other_keys(requested, keys, unread)
        broken = dict(unread)
        failing = self._failing_columns(rows) if rows else []
        if failing:
            self._find_broken_rows(keys, rows, failing, broken)
        grouped = _group(keys, rows) if self._many else self._single_rows(keys, rows, broken)
        if not broken:
            return Batch(grouped)
        for key in broken:
            grouped.pop(key, None)
        return Batch(grouped, dict[Key, BureauError](broken))

    def _refuse_other_keys(
        self, requested: Sequence[Key], keys: list[Key], unread: Mapping[Key, Any]
    ) -> None:
        known = frozenset(requested)
        try:
            if known.issuperset(keys) and known.issuperset(unread):
                return
        except TypeError:  # a key without a hash is no text
            pass
        others = sum(type(key) is not str or key not in known for key in [*keys, *unread])
        raise ContractBroken(self._bureau, self._dataset, "a key that was not asked for", rows=others)

    def _failing_columns(self, rows: Sequence[Any]) -> list[tuple[int, ColumnRule]]:
        columns = zip(*rows, strict=False)  # a source's rows have one length
        next(columns)  # the keys
        failing: list[tuple[int, ColumnRule]] = []
        for at, (rule, values) in enumerate(zip(self._rules, columns, strict=True), start=1):
            try:
                allowed = rule.accepts(values if rule.codes is not None else map(type, values))
            except TypeError:  # a value without a hash is no code
                allowed = False
            if allowed and rule.bound is not None:
                allowed = rule.is_within_bound(values, rule.bound)
            if allowed and rule.shape is not None:
                allowed = rule.has_form(values, rule.shape)
            if not allowed:
                failing.append((at, rule))
        return failing

    def _find_broken_rows(
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
        """Count `rows` more broken rows of `key`, which keeps its first reason."""
        if key in broken:
            broken[key].rows += rows
        else:
            broken[key] = ContractBroken(self._bureau, self._dataset, reason, rows)

    def _single_rows(
        self, keys: list[Key], rows: Sequence[Any], broken: dict[Key, ContractBroken]
    ) -> dict[Key, Any]:
        grouped: dict[Key, Any] = dict(zip(keys, rows, strict=True))
        if len(grouped) == len(keys):
            return grouped
        for key, count in Counter(keys).items():
            if count > 1 and key not in broken:
                self.tally(broken, key, self._several, count)
        return grouped


def _group(keys: list[Key], rows: Sequence[Any]) -> dict[Key, Any]:
    grouped: defaultdict[Key, list[Row]] = defaultdict(list)
    for key, row in zip(keys, rows, strict=True):
        grouped[key].append(row)
    grouped.default_factory = None  # a later look-up must not add a key
    return grouped


class QueryChecker(Checker):
    """Checks rows with the columns of `Query.read_columns`, and answers with the requested columns of what is let in.

    So the latest row of a key is refused where it comes first by a missing value that was not asked for.
    """

    __slots__ = ("_asked_of", "_entry", "_order")

    def __init__(self, query: Query, *, sorts: bool = False) -> None:
        columns, dataset = query.read_columns, query.dataset
        super().__init__(query.bureau, dataset, columns)
        self._entry = _entry_of(query)
        computed = self._entry.computed if self._entry else ()
        places = {dataset.key: 0} | {name: at for at, name in enumerate((*columns, *computed), start=1)}
        asked = [places[name] for name in query.columns]
        self._asked_of: Callable[[Any], Row] | None = None
        if len(columns) > len(query.columns) or computed:
            self._asked_of = itemgetter(0, *asked) if asked else itemgetter(slice(1))
        decides = dataset.many and dataset.order and not query.unordered
        self._order = RowOrder(dataset, places, (0, *asked), sorts=sorts) if decides else None

    def check(
        self,
        requested: Sequence[Key],
        rows: Sequence[Any],
        unread: Mapping[Key, ContractBroken] = NOTHING_BROKEN,
    ) -> Batch:
        """Group and check the rows as `Checker` does, and break a key whose different rows no order tells apart."""
        batch = super().check(requested, rows, unread)
        if self._entry is not None and batch.rows:
            batch = self._entry.let_in(batch)
        return self._in_order(batch) if self._order else self._asked(batch, batch.broken)

    def _in_order(self, batch: Batch) -> Batch:
        assert self._order is not None  # noqa: S101 the caller saw to it
        several = {key: found for key, found in batch.rows.items() if len(found) > 1}
        undecided = {key: found for key, found in several.items() if self._order.is_undecided(found)}
        for found in several.values():
            self._order.sort(found)
        broken = dict(batch.broken)
        for key, found in undecided.items():
            broken[key] = ContractBroken(self._bureau, self._dataset, EQUAL_IN_ORDER, len(found))
        return self._asked(batch, broken) if undecided else self._asked(batch, batch.broken)

    def _asked(self, batch: Batch, broken: Mapping[Key, BureauError]) -> Batch:
        """Return what was asked for of the rows of all keys that are not broken."""
        rows, asked_of = batch.rows, self._asked_of
        if asked_of is not None and self._many:
            rows = {key: [*map(asked_of, found)] for key, found in rows.items()}
        elif asked_of is not None:
            rows = {key: asked_of(found) for key, found in rows.items()}
        if broken is not batch.broken:
            rows = {key: found for key, found in rows.items() if key not in broken}
        return Batch(rows, broken, batch.refused)


def _entry_of(query: Query) -> RecordEntry | GradeEntry | FormEntry | BandEntry | None:
    """Return what lets the rows of a query in, or None where nothing is kept out."""
    dataset = query.dataset
    if dataset.life:
        return RecordEntry(query)
    if dataset.grading:
        return GradeEntry(query, query.read_columns)
    if dataset.banding and query.labelled_by:
        return BandEntry(query, dataset.banding, query.read_columns)
    return FormEntry(query, query.read_columns) if dataset.forms or dataset.forms_by else None


class RowOrder:
    """The declared order of the rows of one key; `asked` are the places of what is asked of a row."""

    __slots__ = ("_asked_of", "_order_of", "_sorts", "_terms")

    def __init__(
        self, dataset: Dataset, places: Mapping[str, int], asked: Sequence[int], *, sorts: bool
    ) -> None:
        self._terms = [(places[name], descends) for name, descends in dataset.order_terms]
        self._order_of = itemgetter(*(place for place, _ in self._terms))
        self._asked_of = itemgetter(*asked)
        self._sorts = sorts

    def is_undecided(self, rows: Sequence[Any]) -> bool:
        """Whether the order leaves different rows equal; rows that are equal in all that is asked need no order."""
        places = set(map(self._order_of, rows))
        if len(places) == len(rows):
            return False
        return len({(self._order_of(row), self._asked_of(row)) for row in rows}) > len(places)

    def sort(self, rows: list[Any]) -> None:
        """Sort as PostgreSQL does, nulls above every value, where the source does not."""
        for place, descends in reversed(self._terms) if self._sorts else ():
            rows.sort(key=lambda row, at=place: (row[at] is None, row[at]), reverse=descends)


def _is_held_at_the_door(query: Query) -> bool:
    dataset = query.dataset
    return bool(dataset.life or dataset.grading or dataset.forms or dataset.forms_by or query.labelled_by)


def checker_of(query: Query, *, sorts: bool = False) -> Checker:
    """Return the checker of a query's rows; `sorts` says that the source may give them in any order."""
    dataset = query.dataset
    in_order = dataset.many and dataset.order and not query.unordered
    if _is_held_at_the_door(query) or dataset.latest or in_order:
        return QueryChecker(query, sorts=sorts)
    return Checker(query.bureau, dataset, query.columns)
