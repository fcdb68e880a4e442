"""The one-sided answers about each subject that an argument names: an object whether or not the subject is known.

What is read depends on the kind of subject and on the fields alone, never on what is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from adapters.bureau_errors import BureauError
from adapters.source import Key
from catalogue.classification import Use
from catalogue.incentives.requirement_kinds import Beneficiary
from resolvers.eligibility.facts import Circumstances, Facts, Record
from resolvers.eligibility.incentive_rules import RuleGroup
from resolvers.fetch.reading import Fetch, Table
from resolvers.graph.bindings import StandingOf
from resolvers.graph.fields import identifier_of
from resolvers.graph.graph import Graph
from resolvers.plan.arguments import Arguments
from resolvers.plan.compile import SelectedField
from resolvers.plan.counted_subjects import CountedSubjects
from resolvers.plan.field_use import AccessPath, FieldUse
from resolvers.plan.masked_plan import STANDING, DuplicateSubject, MaskedPlan, ReadCollector, RowReads
from resolvers.plan.nodes.one_sided_field import OneSidedField
from resolvers.plan.nodes.own_incentives_field import OwnIncentivesField
from resolvers.plan.nodes.reasons_field import ReasonsField
from resolvers.plan.plan_node import NamedSubject, PlanNode
from resolvers.plan.print_plan import PlanPrinter
from resolvers.plan.projection import AnswerWalk, Path, ProjectionWriter, RowsBySlot, RowSource, WalkedRow

TRUE: Final = "TRUE"
Consulted: TypeAlias = tuple[str, int, tuple[str, ...], bool]
"""A dataset that answers are derived from: its name, its slot, the columns of a row, and whether rows are many."""
_NOTHING_FAILED: Final[Mapping[str, BureauError]] = {}
_BROKEN: Final = object()
"""Stands in place of a subject's records where these break their contract."""


@dataclass(frozen=True, slots=True)
class StandingRoot(PlanNode):
    """A subject of one of several kinds, or a list of such, with the one-sided answers that are asked about each."""

    binding = StandingOf

    argument: int
    many: bool
    positions: Mapping[Beneficiary, int]
    """Where a subject of each kind stands."""
    subjects: Mapping[Beneficiary, str]
    """The type of each kind of subject."""

    @classmethod
    def compile(cls, field: SelectedField, binding: StandingOf) -> StandingRoot:
        argument = field.argument(binding.argument)
        positions: dict[Beneficiary, int] = {kind: field.compiler.position() for kind in binding.members}
        below = field.below(field.type_name, 0)
        return cls(*field.identity, argument, binding.many, positions, binding.members, fields=below)

    def other_uses(self, graph: Graph, path: AccessPath) -> Iterator[FieldUse]:
        """Find the subject by its identifier; no answer tells whether it exists."""
        for type_name in self.subjects.values():
            yield FieldUse(identifier_of(graph, type_name), Use.ARGUMENT.value, path, self.coordinate)

    def read(self, reads: ReadCollector, row: RowReads) -> None:
        """Read everything that any of the answers is derived from, whatever is found in it."""
        reads.key_arguments.append((self.argument, self.put_keys))
        reads.counted.append(CountedSubjects(self.argument, self.many, self.subject_weight))
        for kind, position in self.positions.items():
            reads.types[position] = self.subjects[kind]
            for dataset, columns in sorted(self._needs(kind).items()):
                reads.columns[reads.slot(dataset, STANDING, position)].update(columns)

    def put_keys(self, value: Any, keys: list[Sequence[Key]]) -> None:
        """Put the identities that the argument names to the positions of their kinds."""
        named = list(self._named(value))
        if len(set(named)) != len(named):
            raise DuplicateSubject
        for kind, position in self.positions.items():
            keys[position] = [key for each, key in named if each == kind]

    def _named(self, value: Any) -> Iterator[tuple[Beneficiary, Key]]:
        """Yield the kind and the identity of each subject that the argument names."""
        for each in value if self.many else (value,):
            yield from each.items()

    def weight(self, arguments: Sequence[Any]) -> int:
        return 1

    def subject_weight(self, arguments: Sequence[Any]) -> int:
        """Return the most values under one subject: an answer is one, the reasons are many; in a list its object is one."""
        return int(self.many) + sum(each.weight(arguments) for each in self.fields)

    def describe(self, printer: PlanPrinter) -> str:
        kinds = (f"{self.subjects[kind]}#{position}" for kind, position in self.positions.items())
        form = "standings" if self.many else "standing"
        return f"{form} of {' | '.join(kinds)} by {printer.argument_text(self.argument)}"

    def project(self, writer: ProjectionWriter, row: RowSource) -> str:
        name = writer.name()
        answers = {kind: self.reader(writer.plan, kind).answers for kind in self.positions}
        writer.constants[f"answers_{name}"] = answers
        body = writer.object(self.fields, RowSource("a", row.slot, row.level))
        writer.functions += [
            f"    def {name}(d):",
            "        [(m, k)] = d.items()",
            f"        a = answers_{name}[m](T, k, C)",
            f"        return {body}",
        ]
        return f"[{name}(d) for d in A[{self.argument}]]" if self.many else f"{name}(A[{self.argument}])"

    def walk(self, walk: AnswerWalk, row: WalkedRow, path: Path) -> Any:
        """Return the answers, and an error in place of each that depends on a dataset that could not be read."""
        invalid = walk.invalid(self.argument)
        if invalid:
            return walk.missing(self, path, invalid)
        found = [
            self._walk(walk, kind, key, (*path, number) if self.many else path)
            for number, (kind, key) in enumerate(self._named(walk.arguments.values[self.argument]))
        ]
        return found if self.many else found[0]

    def _walk(self, walk: AnswerWalk, kind: Beneficiary, key: Key, path: Path) -> Any:
        rows = [each.rows for each in walk.tables]
        failed = self._failed(walk, kind)
        values = self.reader(walk.plan, kind).answers(rows, key, walk.asked, failed)
        needs: dict[str, Iterable[str]] = {
            each.key: each.rules[kind].needs for each in self._answers() if kind in each.rules
        }
        needs |= {each.key: each.needs(kind) for each in self._told() if isinstance(each, ReasonsField)}
        for response_key, datasets in needs.items():
            failures = (failed.get(name) for name in sorted(datasets))
            values[response_key] = next(filter(None, failures), values[response_key])
        return walk.object(self.fields, WalkedRow(key, values), path)

    def reader(self, plan: MaskedPlan, kind: Beneficiary) -> StandingReader:
        """Return what derives the answers about a kind of subject from what the plan reads."""
        silent, rules = dict.fromkeys(each.key for each in self._answers()), self._rules(kind)
        consulted = [_consulted(name, plan.fetches[STANDING, name]) for name in sorted(self._needs(kind))]
        told = [(each.key, each.teller(kind, plan)) for each in self._told()]
        return StandingReader(silent, rules, consulted, told)

    def _failed(self, walk: AnswerWalk, kind: Beneficiary) -> Mapping[str, BureauError]:
        """Return the data sets about a kind of subject that could not be read at all, each with its failure."""
        tables = {name: walk.tables[walk.plan.fetches[STANDING, name].slot] for name in self._needs(kind)}
        return {name: each.failure for name, each in tables.items() if each.failure is not None}

    def _answers(self) -> list[OneSidedField]:
        return [each for each in self.fields if isinstance(each, OneSidedField)]

    def _told(self) -> list[ReasonsField | OwnIncentivesField]:
        return [each for each in self.fields if isinstance(each, ReasonsField | OwnIncentivesField)]

    def _needs(self, kind: Beneficiary) -> Mapping[str, frozenset[str]]:
        """Return the columns that everything about a kind of subject rests on, by data set."""
        found = dict(self._rules(kind).needs)
        for each in self._told():
            for name, columns in each.needs(kind).items():
                found[name] = found.get(name, frozenset()) | columns
        return found

    def _rules(self, kind: Beneficiary) -> RuleGroup:
        """Return the rules of the answers about a kind of subject, by response key."""
        return RuleGroup({each.key: each.rules[kind] for each in self._answers() if kind in each.rules})

    def subject_argument(self) -> int:
        return self.argument

    def named_subjects(self, arguments: Arguments) -> Iterator[NamedSubject]:
        if self.argument not in arguments.invalid:
            for number, (kind, key) in enumerate(self._named(arguments.values[self.argument])):
                yield (self.key, number) if self.many else (self.key,), self.subjects[kind], key


@dataclass(frozen=True, slots=True)
class StandingReader:
    """Derives the answers about one kind of subject from the rows of a plan's slots."""

    silent: Mapping[str, None]
    """Nothing for each answer, by response key."""
    rules: RuleGroup
    consulted: Sequence[Consulted]
    told: Sequence[tuple[str, Callable[[Facts], Any]]] = ()
    """What is for the subject alone: under which response key, and by what it is told."""

    def answers(
        self,
        tables: RowsBySlot,
        key: Key,
        asked: Circumstances,
        failed: Mapping[str, BureauError] = _NOTHING_FAILED,
    ) -> dict[str, Any]:
        """Return TRUE for each answer whose rule holds, and None for each other, by response key.

        Every requirement of every rule is evaluated over every record: the work tells nothing of the answers.
        """
        records: dict[str, Sequence[Record]] = {}
        broken: set[str] = set()
        for dataset, slot, columns, many in self.consulted:
            found: list[Record] = []
            rows = tables[slot].get(key, ())
            if rows is _BROKEN:
                broken.add(dataset)
            elif many:
                for row in rows:
                    found.append(dict(zip(columns, row, strict=True)))  # noqa: PERF401 a comprehension is a call
            elif rows:
                found.append(dict(zip(columns, rows, strict=True)))
            records[dataset] = found
        answers: dict[str, Any] = dict(self.silent)
        facts = Facts(records, asked, broken, key, failed)
        for name, holds in self.rules.evaluate(facts).items():
            answers[name] = TRUE if holds else None
        for name, tell in self.told:
            answers[name] = tell(facts)
        return answers


def _consulted(name: str, fetch: Fetch) -> Consulted:
    dataset = fetch.query.dataset
    return name, fetch.slot, (dataset.key, *fetch.query.columns), dataset.many


def silence_broken(slots: Sequence[int], read: Sequence[Table]) -> Sequence[Table]:
    """Return the tables; in `slots`, a mark replaces records that break their contract.

    An error beside a one-sided answer would reveal that the subject has records, and in which bureau. Operators see
    broken records in `observability.events.RoundTrip`, which names no key.
    """
    tables = list(read)
    for slot in slots:
        table = read[slot]
        if table.broken:
            tables[slot] = Table({**table.rows, **dict.fromkeys(table.broken, _BROKEN)}, {}, table.failure)
    return tables
