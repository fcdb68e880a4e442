"""The schema as one caller may see it: what it could read for none of its purposes is not in it.

Documents are still validated over the whole schema: in the explorer a field outside of the view is denied with its
rule, as any other, and explained; it is only not offered.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from cachetools import LRUCache
from graphql import GraphQLInterfaceType, GraphQLSchema, build_ast_schema, parse, print_ast

from catalogue.classification import Use
from catalogue.declarations import bilingual
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path, judge
from gateway.authorization.matrix import Reachable
from gateway.authorization.policy import Policy
from gateway.authorization.purposes import OPEN_PURPOSE
from gateway.pipeline.cooperative import Steps, run_with_pauses
from resolvers.graph.fields import Field, input_text
from resolvers.graph.graph import Graph
from resolvers.graph.schema_filter import prune
from resolvers.plan.field_use import AccessPath, reachable

MOST_VIEWS: Final = 64

Readable: TypeAlias = Mapping[str, tuple[str, ...]]
"""For each field that may be read, the purposes for which it may."""


@dataclass(frozen=True, slots=True)
class SchemaView:
    """A schema in part, for introspection and in print."""

    schema: GraphQLSchema
    sdl: str


class SchemaViews:
    """Makes views, once for a kind of caller and its purposes; another version of the policy has its own."""

    def __init__(self, graph: Graph, policy: Policy) -> None:
        self._graph = graph
        self._policy = policy
        self._reach = reachable(graph)
        self._views: LRUCache[tuple[str, frozenset[str]], SchemaView | None] = LRUCache(MOST_VIEWS)

    def of(self, kind: str, purposes: Collection[str]) -> SchemaView | None:
        """Return what a kind of caller may read for some of the purposes, or None where that is nothing."""
        key = (kind, frozenset(purposes) | {OPEN_PURPOSE})
        if key not in self._views:
            self._views[key] = self._make_view(*key)
        return self._views[key]

    async def prepare(self, kind: str, purposes: Collection[str]) -> None:
        """Make the view that `of` returns: decisions in steps on the event loop, the schema off it."""
        key = (kind, frozenset(purposes) | {OPEN_PURPOSE})
        if key not in self._views:
            await run_with_pauses(self._judge_in_steps(*key))
            self._views[key] = await asyncio.to_thread(self._make_view, *key)

    def _judge_in_steps(self, kind: str, purposes: frozenset[str]) -> Steps[None]:
        """Make the decisions of `readable`, with a pause after each field; the policy keeps them."""
        leaves = [name for name in self._policy.purposes.leaves if name in purposes]
        for coordinate in self._policy.fields:
            for name in leaves:
                _may_read(self._policy, self._reach, kind, name, coordinate)
            yield

    def _make_view(self, kind: str, purposes: frozenset[str]) -> SchemaView | None:
        found = readable(self._policy, self._reach, kind, purposes)
        facts = {name: "\n".join(_facts(self._policy.fields[name], found[name])) for name in found}
        facts |= _of_interfaces(self._graph, facts)
        document = prune(parse(self._graph.composed.sdl), found, lambda name: facts.get(name, ""))
        if document is None:
            return None
        return SchemaView(build_ast_schema(document), print_ast(document) + "\n")


def readable(policy: Policy, reach: Reachable, kind: str, purposes: Collection[str]) -> Readable:
    """Return the fields that a kind of caller may read for at least one of the purposes, by whatever way."""
    leaves = [name for name in policy.purposes.leaves if name in purposes]
    found: dict[str, tuple[str, ...]] = {}
    for coordinate in policy.fields:
        allowed = tuple(name for name in leaves if _may_read(policy, reach, kind, name, coordinate))
        if allowed:
            found[coordinate] = allowed
    return found


def _may_read(policy: Policy, reach: Reachable, kind: str, purpose: str, coordinate: str) -> bool:
    owner = coordinate.partition(".")[0]
    ways: list[AccessPath] = [best_path(purpose), *(way for way, types in reach.items() if owner in types)]
    return any(
        judge(policy, Question(kind, purpose, Use.READ.value, coordinate, way)).allowed for way in ways
    )


def _facts(field: Field, purposes: tuple[str, ...]) -> Iterator[str]:
    """Yield what binds a field, as the documentation of it shows."""
    described, item = field.classification, field.item
    yield (
        f"- 类别 · Class: `{described.data_class.name}`, `{described.sensitivity.name}`, `{item.disclosure.name}`"
    )
    yield f"- 用途 · Uses: {_listed(sorted(use.value for use in described.uses))}"
    yield f"- 依据 · Legal basis: {item.legal_basis} ({item.code} {bilingual(*item.name)})"
    yield f"- 可读目的 · Read for: {_listed(purposes)}"
    if field.inputs:
        yield f"- 推导自 · Derived from: {_listed(input_text(each) for each in field.inputs)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _of_interfaces(graph: Graph, facts: Mapping[str, str]) -> dict[str, str]:
    """Return for each field of an interface what binds it in the first type that has it."""
    return {
        f"{type_.name}.{name}": facts.get(f"{graph.schema.get_possible_types(type_)[0].name}.{name}", "")
        for type_ in graph.schema.type_map.values()
        if isinstance(type_, GraphQLInterfaceType)
        for name in type_.fields
    }
