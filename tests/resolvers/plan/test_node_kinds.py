"""A kind of plan node is added by one file: it is compiled, used, masked, read, weighed, printed, projected, walked."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from adapters.bureau_errors import BureauUnavailable
from gateway.operations.document import read_document
from resolvers.eligibility.facts import Circumstances
from resolvers.fetch.reading import Table
from resolvers.graph.graph import Graph
from resolvers.plan import nodes
from resolvers.plan.field_use import FieldUse
from resolvers.plan.masked_plan import MaskedPlan, mask
from resolvers.plan.nodes.denied_field import DeniedField
from resolvers.plan.plan_node import Plan, PlanNode
from resolvers.plan.print_plan import print_plan
from resolvers.plan.projection import AnswerWalk, compile_projection
from tests.support.gateway_in_memory import WIDE, graph
from tests.support.small_city import PERSONS

KIND = '''
"""A field that two columns answer together."""

from dataclasses import dataclass

from resolvers.plan.plan_node import PlanNode


@dataclass(frozen=True, slots=True)
class Pair:
    columns: tuple[str, str]


@dataclass(frozen=True, slots=True)
class PairField(PlanNode):
    binding = Pair

    columns: tuple[str, str]

    @classmethod
    def compile(cls, field, binding):
        return cls(*field.identity, binding.columns)

    def other_uses(self, graph, path):
        from resolvers.plan.field_use import FieldUse

        yield FieldUse("Person.region", "read", path, self.coordinate)

    def read(self, reads, row):
        reads.columns[row.slot].update(self.columns)

    def weight(self, arguments):
        return 3

    def describe(self, printer):
        return " and ".join(self.columns)

    def project(self, writer, row):
        return f"[{', '.join(writer.column(row, each) for each in self.columns)}]"

    def walk(self, walk, row, path):
        return [row.values[walk.plan.columns[row.slot][each]] for each in self.columns]
'''
TEXT = f'{{ person(id: "{PERSONS[0]}") {{ name sex }} }}'


@pytest.fixture
def added(tmp_path: Path) -> Iterator[ModuleType]:
    """One more kind, by one file in a folder of its own."""
    (tmp_path / "pair_field.py").write_text(KIND, "utf-8")
    nodes.__path__.append(str(tmp_path))
    nodes.node_kinds.cache_clear()
    try:
        yield importlib.import_module("resolvers.plan.nodes.pair_field")
    finally:
        nodes.__path__.remove(str(tmp_path))
        nodes.node_kinds.cache_clear()


def graph_with(added: ModuleType) -> Graph:
    """Return the graph with a person's name bound to name and region together."""
    return replace(graph(), fields={**graph().fields, "Person.name": added.Pair(("name", "region"))})


def plan_of(bound: Graph) -> Plan:
    """Compile the document."""
    document = read_document(bound, TEXT, None, WIDE, introspection=False)
    return document.plan_under({})


def masked(added: ModuleType, *denied: str) -> MaskedPlan:
    """Return the plan of the document where fields of the person are denied."""
    bound = graph_with(added)
    return mask(bound, plan_of(bound), [(each, "asked") for each in denied], "p", minors="all", dead="all")


def test_a_kind_is_compiled_and_used(added: ModuleType):
    """The binding leads to the kind, and its uses are asked about beside those of every other field."""
    bound = graph_with(added)
    uses = plan_of(bound).uses(bound, "asked")
    assert FieldUse("Person.name", "read", "asked") in uses
    assert FieldUse("Person.region", "read", "asked", "Person.name") in uses


def test_a_kind_is_read_weighed_and_printed(added: ModuleType):
    """Its columns are read once with the others of the row, and the plan prints it."""
    plan = masked(added)
    assert print_plan(plan) == (
        "level 0\n"
        "  slot 0 registry.person(name, sex, region) by keys 0\n"
        "answer\n"
        f'  person: one Person#0 by "{PERSONS[0]}"\n'
        "    Person#0 from registry.person\n"
        "    name: name and region\n"
        "    sex: sex\n"
    )
    assert plan.size(plan.evaluation.of({}))[1] == 1 + (1 + 3 + 1)


def answers(plan: MaskedPlan, table: Table) -> tuple[Any, Any, list[Any]]:
    """Return the answer by the projection and by the walk, with the failures of the walk."""
    arguments, asked = plan.evaluation.of({}), Circumstances(date(2026, 6, 30))
    project = compile_projection(plan)
    walk = AnswerWalk(plan, [table], arguments, {}, asked)
    projected = project([table.rows], arguments.values, {}, asked) if project else None
    return projected, walk.data(), [each.path for each in walk.failures]


def test_a_kind_is_projected_and_walked(added: ModuleType):
    """Both ways to an answer give its value."""
    rows = Table({PERSONS[0]: (PERSONS[0], "蒋萍", "FEMALE", "411502")})
    data = {"person": {"name": ["蒋萍", "411502"], "sex": "FEMALE"}}
    assert answers(masked(added), rows) == (data, data, [])
    failed = Table(failure=BureauUnavailable("registry", "person"))
    assert answers(masked(added), failed)[1:] == ({"person": None}, [("person",)])


def test_a_kind_is_masked(added: ModuleType):
    """Where the grant denies it nothing of it is read, and an error stands in its place."""
    plan = masked(added, "Person.name")
    assert [each.query.columns for each in plan.reading.levels[0].fetches] == [("sex",)]
    rows = Table({PERSONS[0]: (PERSONS[0], "FEMALE")})
    assert answers(plan, rows) == (
        None,
        {"person": {"name": None, "sex": "FEMALE"}},
        [("person", "name")],
    )


def test_a_kind_that_forgets_what_could_release_is_refused(added: ModuleType):
    """A kind without its walk is no kind; one that does not tell its subjects, or how it is compiled, raises."""
    complete = dict(vars(added.PairField))
    partial: Any = type("Partial", (PlanNode,), {"describe": complete["describe"]})
    with pytest.raises(TypeError, match="abstract"):
        partial("k", "Person.name", (1, 1))
    node = added.PairField("k", "Person.name", (1, 1), ("name", "region"))
    with pytest.raises(NotImplementedError, match="subjects"):
        node.subject_argument()
    methods = {name: complete[name] for name in ("describe", "project", "walk")}
    parent: Any = type("Parent", (PlanNode,), methods)
    with pytest.raises(NotImplementedError, match="not compiled"):
        parent.compile(SimpleNamespace(identity=("k", "Query.person", (1, 1))), None)


def test_the_fields_below_a_kind_are_masked_without_its_doing(added: ModuleType):
    """A kind that says nothing of masks gives up the fields below it all the same."""
    complete = dict(vars(added.PairField))
    methods = {name: complete[name] for name in ("describe", "project", "walk")}
    parent: Any = type("Parent", (PlanNode,), methods)
    node = added.PairField("n", "Person.name", (1, 2), ("name", "region"))
    root = parent("k", "Query.person", (1, 1), fields=(node,))
    plan = mask(graph(), Plan((root,), (), 0), {("Person.name", "asked")}, "p")
    assert plan.denies
    assert plan.roots[0].fields == (DeniedField("n", "Person.name", (1, 2)),)
