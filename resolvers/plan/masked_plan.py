"""A masked plan: what one document reads and answers under a grant, and what one request of it names.

The grant takes denied fields out of a plan, and the fields that are left say what to read. A denied column is in no
query, and a dataset that is asked for nothing but denied fields is not read at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from adapters.source import Key, Query
from catalogue.declarations import Counting
from resolvers.fetch.reading import Fetch, Gather, Level, Reading, View
from resolvers.graph.graph import Graph
from resolvers.plan.arguments import FIRST, Argument, Arguments, Evaluation
from resolvers.plan.counted_subjects import CountedSubjects
from resolvers.plan.document_places import DocumentPlace
from resolvers.plan.field_use import FieldPlace, SeesDead, SeesMinors
from resolvers.plan.list_choice import Choice
from resolvers.plan.mask import Mask
from resolvers.plan.person_limits import PersonLimits
from resolvers.plan.plan_node import Plan, PlanNode
from resolvers.plan.registered_kinds import FormLimits
from schema.record_types import SUPPRESSED

if TYPE_CHECKING:
    from resolvers.fetch.reading import Table
    from resolvers.plan.nodes.entity import EntityNode
    from resolvers.plan.nodes.gathered_field import GatheredField
    from resolvers.plan.nodes.records_field import RecordsField

Slot: TypeAlias = tuple[int, str]
"""A level and the full name of a dataset."""
Places: TypeAlias = Mapping[str, int]
"""The place of each column in a row."""
PutKeys: TypeAlias = Callable[[Any, list[Sequence[Key]]], None]
"""Puts the keys that an argument's value names to their positions."""
Fetches: TypeAlias = Mapping[Slot, Fetch]
STANDING: Final = -1
"""The level of what one-sided answers are derived from: no other subject is asked about with its columns."""
CURSOR_PLACE: Final = "·cursor"
"""Stands among the columns of a view for the place of the cursor in its rows."""


class DuplicateSubject(Exception):
    """A request names one subject twice in one argument."""


@dataclass(frozen=True, slots=True)
class ListedView:
    """A list that its arguments choose. `filters` has the place in a row of each field that may filter it,
    `orders` that of each enum value that may order it.
    """

    view: View
    coordinate: str
    choice: Choice
    first: int | None
    filters: Places
    orders: Places
    shows_cursor: bool
    known_by: tuple[int, ...]
    """The places of the values by which a cursor knows its record again."""
    named: bool
    """Whether the request names the subject of the list; else it was reached through another one."""


@dataclass(frozen=True, slots=True)
class StatisticRead:
    """A registered statistic as it is read: its cells are released by `counting`.

    `rows` and `columns` are all labels in the order of the answer; `places` are those of a released cell.
    """

    slot: int
    source: str
    counting: Counting
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class MaskedPlan:
    """What is read and how rows become an answer, for one plan, one grant and one purpose."""

    roots: tuple[PlanNode, ...]
    arguments: tuple[Argument, ...]
    evaluation: Evaluation
    reading: Reading
    fetches: Fetches
    columns: tuple[Places, ...]
    """For each slot, the place of each column in a row, of a statistic in a released cell; those of the views follow."""
    listed: Mapping[int, ListedView]
    """The list of each of the reading's views, in their order, by the number of its choice."""
    statistics: tuple[StatisticRead, ...]
    standing_slots: tuple[int, ...]
    """The slots from which one-sided answers are derived, and nothing else."""
    withholds_records: bool
    """Whether it reads records of which those that do not stand are withheld."""
    schema_fields: tuple[PlanNode, ...]
    """The roots that the schema itself answers."""
    gathered: tuple[tuple[GatheredField, int], ...]
    """The lists of records of several kinds, each with the level of its subjects."""
    denies: bool
    """Whether any field is taken out."""
    key_arguments: tuple[tuple[int, PutKeys], ...]
    documents: tuple[DocumentPlace, ...]
    """Where persons are named by other documents than their identity numbers."""
    counted: tuple[CountedSubjects, ...]
    fixed_weight: int
    """The most values beside those under the subjects that arguments name."""
    scenes: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """The Chinese and the English title of each scene."""

    def rows_to_project(
        self, tables: Sequence[Table], arguments: Arguments
    ) -> list[Mapping[Key, Any]] | None:
        """Return the rows of every slot, or None where only the walk can answer: it tells what is missing, and where.

        Something is missing that could not be read, and of a list of several kinds what goes beyond its bound.
        """
        if arguments.invalid:
            return None
        for each, level in self.gathered:
            if each.is_cut(self, level, tables, arguments.values):
                return None
        rows = [table.rows for table in tables if table.failure is None and not table.broken]
        return rows if len(rows) == len(tables) else None

    def size(self, arguments: Arguments) -> tuple[int, int]:
        """Return how many subjects a request names, and the most values of its answer: each object, list and leaf."""
        subjects, values = 0, self.fixed_weight
        for each in self.counted:
            if each.argument not in arguments.invalid:
                number = len(arguments.values[each.argument]) if each.many else 1
                subjects += number
                values += number * (each.weigh(arguments.values) if each.weight is None else each.weight)
        return subjects, values

    def named(self, type_name: str, arguments: Arguments) -> Iterator[Key]:
        """Yield the identifiers of the subjects of a type that a request names."""
        for root in self.roots:
            for _, each, key in root.named_subjects(arguments):
                if each == type_name:
                    yield key

    def keys(self, arguments: Arguments) -> list[Sequence[Key]]:
        """Return the keys of each position that arguments name, or raise DuplicateSubject."""
        keys: list[Sequence[Key]] = [()] * self.reading.positions
        for number, put in self.key_arguments:
            if number not in arguments.invalid:
                put(arguments.values[number], keys)
        return keys


def mask(
    graph: Graph,
    plan: Plan,
    denied: Collection[FieldPlace],
    purpose: str,
    *,
    history: Collection[FieldPlace] = (),
    minors: SeesMinors = "none",
    dead: SeesDead = "none",
) -> MaskedPlan:
    """Take the fields at the places `denied` out of a plan and say what is left to read.

    `history` has the places of the states of records of which history is shown; `minors` and `dead` tell who is shown.
    """
    taken = Mask(frozenset(denied), frozenset(history), minors, dead)
    roots = tuple(each.masked(taken, "asked") for each in plan.roots)
    reads = ReadCollector(graph)
    for root in roots:
        root.read(reads, NO_ROW)
    return reads.masked_plan(plan, roots, purpose, denies=taken.denies)


@dataclass(frozen=True, slots=True)
class RowReads:
    """The row that a field stands in: its slot, and the position of the entity whose row it is."""

    slot: Slot
    position: int
    records: RecordsField | None = None
    """The field whose records the row is one of."""


NO_ROW: Final = RowReads((STANDING, ""), -1)
"""Where a root stands: in no row."""


class ReadCollector:
    """Gathers what a masked plan reads, from its nodes.

    A reference is the row and the column that hold an identity, with its entity. `types` has the type of the subjects
    that stand at a position, `history` whether a slot shows records that do not stand.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.columns: dict[Slot, set[str]] = {}
        self.history: dict[Slot, bool] = {}
        self.positions: dict[Slot, dict[int, None]] = {}
        self.lists: list[tuple[RowReads, RecordsField, Choice]] = []
        self.references: list[tuple[RowReads, str, EntityNode]] = []
        self.schema_fields: list[PlanNode] = []
        self.gathered: list[tuple[GatheredField, int]] = []
        self.key_arguments: list[tuple[int, PutKeys]] = []
        self.documents: list[DocumentPlace] = []
        self.counted: list[CountedSubjects] = []
        self.types: dict[int, str] = {}
        self.limits = PersonLimits()

    def slot(self, source: str, level: int, position: int) -> Slot:
        """Read a dataset at a level by the keys of a position, and return its slot."""
        slot = (level, source)
        self.columns.setdefault(slot, set())
        self.positions.setdefault(slot, {})[position] = None
        return slot

    def masked_plan(
        self, plan: Plan, roots: tuple[PlanNode, ...], purpose: str, *, denies: bool
    ) -> MaskedPlan:
        """Return what was gathered, as a masked plan."""
        forms = FormLimits.of(self)
        fetches = self._fetches(purpose)
        listed = {each.choice.number: each for each in self._listed(fetches)}
        places = tuple(places_of(each.query) for each in fetches.values())
        evaluation = Evaluation(plan.arguments)
        constants = evaluation.constants
        return MaskedPlan(
            roots=roots,
            arguments=plan.arguments,
            evaluation=evaluation,
            reading=Reading(
                tuple(self._levels(fetches, listed)),
                len(fetches),
                plan.positions,
                tuple(each.view for each in listed.values()),
                tuple(map(self.types.get, range(plan.positions))),
                tuple(sorted(self.types.keys() - {entity.position for *_, entity in self.references})),
                tuple(self.limits.age_limits(fetches, places, [each.view for each in listed.values()])),
                tuple(self.limits.ward_terms(fetches, places)),
                tuple(forms.form_limits(fetches, places)),
            ),
            fetches=fetches,
            columns=(*places, *(_with_cursor(places[each.view.of]) for each in listed.values())),
            listed=listed,
            statistics=tuple(_statistics(fetches)),
            standing_slots=tuple(each.slot for (level, _), each in fetches.items() if level == STANDING),
            withholds_records=any(each.query.withholds for each in fetches.values()),
            schema_fields=tuple(self.schema_fields),
            gathered=tuple(self.gathered),
            denies=denies,
            key_arguments=tuple(self.key_arguments),
            documents=tuple(self.documents),
            counted=tuple(self._weighed(plan, constants)),
            fixed_weight=sum(root.weight(constants) for root in roots),
        )

    def _weighed(self, plan: Plan, constants: Sequence[Any]) -> Iterator[CountedSubjects]:
        varies = any(each.varies for each in plan.arguments if each.name == FIRST)
        for each in self.counted:
            yield replace(each, weight=None if varies else each.weigh(constants))

    def _fetches(self, purpose: str) -> Fetches:
        """Return the reads by level; within one, those first whose rows hold keys of the next."""
        feeding = {row.slot for row, *_ in self.references}
        ordered = sorted(self.columns, key=lambda slot: (slot[0], slot not in feeding, slot[1]))
        found: dict[Slot, Fetch] = {}
        for number, slot in enumerate(ordered):
            source, asked = self.graph.sources[slot[1]], self.columns[slot]
            dataset = source.dataset
            names = tuple(each.name for each in dataset.columns if each.name in asked - {dataset.key})
            # One-sided answers look at every record alike, so no order decides about them.
            answers = slot[0] == STANDING
            history = not answers and self.history.get(slot, False)
            query = Query(
                source.bureau,
                dataset,
                names,
                purpose,
                unordered=answers,
                history=history and bool(dataset.life),
            )
            found[slot] = Fetch(number, query, tuple(self.positions[slot]))
        return found

    def _levels(self, fetches: Fetches, listed: Mapping[int, ListedView]) -> Iterator[Level]:
        for level, slots in groupby(fetches, key=itemgetter(0)):
            gathers: list[Gather] = []
            for row, column, entity in self.references:
                if entity.level == level:
                    fetch, records = fetches[row.slot], row.records
                    choice = records.choice if records else None
                    slot = listed[choice.number].view.slot if choice else fetch.slot
                    many, first = (records.many, records.first) if records else (False, None)
                    index = places_of(fetch.query)[column]
                    gathers.append(Gather(entity.position, row.position, slot, index, many, first))
            yield Level(tuple(gathers), tuple(fetches[slot] for slot in slots))

    def _listed(self, fetches: Fetches) -> Iterator[ListedView]:
        for number, (row, records, choice) in enumerate(self.lists, start=len(fetches)):
            fetch = fetches[row.slot]
            places = places_of(fetch.query)
            fields = {name: places[self.graph.column(records.type_name, name)] for name in choice.fields}
            named = is_named(row.slot)
            offered = self.graph.composed.choices[records.type_name].orders
            yield ListedView(
                View(number, fetch.slot, row.position),
                records.coordinate,
                choice,
                records.first,
                fields,
                {value: fields[name] for value, name in offered.items() if name in choice.sorts},
                records.shows_cursor,
                known_by=tuple(places[name] for name in fetch.query.dataset.cursor_columns(named=named))
                if choice.continued
                else (),
                named=named,
            )


def is_named(slot: Slot) -> bool:
    """Whether the subjects of a slot are those that the request names; the others were reached through these."""
    return slot[0] == 0


def _statistics(fetches: Fetches) -> Iterator[StatisticRead]:
    for (_, source), fetch in fetches.items():
        dataset = fetch.query.dataset
        if (counting := dataset.counting) is not None:
            rows, columns = (dataset.by_name[name].labels for name in (counting.row, counting.column))
            yield StatisticRead(fetch.slot, source, counting, rows, columns, places_of(fetch.query))


def places_of(query: Query) -> Places:
    """Return the place of each column in a row that a query gives; of a statistic, in a released cell."""
    cell = () if query.dataset.counting is None else (SUPPRESSED,)
    return {name: number for number, name in enumerate((query.dataset.key, *query.columns, *cell))}


def _with_cursor(places: Places) -> Places:
    return {**places, CURSOR_PLACE: len(places)}
