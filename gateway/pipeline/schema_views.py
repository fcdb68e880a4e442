"""The schema as one caller may see it: what it could read for none of its purposes is not in it.

Documents are still validated over the whole schema: in the explorer a field outside of the view is denied with its
rule, as any other, and explained; it is only not offered.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    GraphQLInterfaceType,
    GraphQLSchema,
    build_ast_schema,
    parse,
    print_ast,
)

from catalogue.classification import Use
from catalogue.declared_codes import bilingual
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path, judge
from gateway.authorization.matrix import Reachable
from gateway.authorization.policy import Policy
from gateway.authorization.purposes import OPEN_PURPOSE
from gateway.pipeline.cooperative import Steps, run_to_end, run_with_pauses
from resolvers.graph.fields import Field, input_text
from resolvers.graph.graph import Graph
from resolvers.graph.schema_filter import prune
from resolvers.plan.field_use import AccessPath, reachable

MOST_VIEWS: Final = 64

Readable: TypeAlias = Mapping[str, tuple[str, ...]]
"""For each field that may be read, the purposes for which it may."""
_Key: TypeAlias = tuple[str, frozenset[str]]
"""A kind of caller and its purposes."""


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
        self._views: LRUCache[_Key, SchemaView | None] = LRUCache(MOST_VIEWS)
        self._printed: LRUCache[_Key, str | None] = LRUCache(MOST_VIEWS)
        self._whole = _parsed(graph.composed.sdl)

    def of(self, kind: str, purposes: Collection[str]) -> SchemaView | None:
        """Return what a kind of caller may read for some of the purposes, or None where that is nothing."""
        key = _key(kind, purposes)
        if key not in self._views:
            self._views[key] = run_to_end(self._make_view(key))
        return self._views[key]

    async def prepare(self, kind: str, purposes: Collection[str]) -> None:
        """Make the view that `of` returns: in steps on the event loop, and the schema, which is one long step, off it."""
        key = _key(kind, purposes)
        if key not in self._views:
            document, text = await run_with_pauses(self._document_and_text(key))
            schema = None if document is None else await asyncio.to_thread(build_ast_schema, document)
            self._views[key] = None if schema is None else SchemaView(schema, text)

    def sdl_in_steps(self, kind: str, purposes: Collection[str]) -> Steps[str | None]:
        """Return the text of a view; the event loop may answer others between two steps."""
        key = _key(kind, purposes)
        if key not in self._printed:
            document = yield from self._prune(key)
            self._printed[key] = None if document is None else (yield from _print_in_steps(document))
        return self._printed[key]

    def _make_view(self, key: _Key) -> Steps[SchemaView | None]:
        document, text = yield from self._document_and_text(key)
        return None if document is None else SchemaView(build_ast_schema(document), text)

    def _document_and_text(self, key: _Key) -> Steps[tuple[DocumentNode | None, str]]:
        document = yield from self._prune(key)
        text = "" if document is None else (yield from _print_in_steps(document))
        return document, text

    def _prune(self, key: _Key) -> Steps[DocumentNode | None]:
        found = yield from readable_in_steps(self._policy, self._reach, *key)
        facts = {name: "\n".join(_facts(self._policy.fields[name], found[name])) for name in found}
        yield
        facts |= _of_interfaces(self._graph, facts)
        return prune(self._whole, found, lambda name: facts.get(name, ""))


@lru_cache(maxsize=1)
def _parsed(sdl: str) -> DocumentNode:
    """Return the schema parsed, once for all versions of the policy."""
    return parse(sdl)


def _key(kind: str, purposes: Collection[str]) -> _Key:
    return kind, frozenset(purposes) | {OPEN_PURPOSE}


def _print_in_steps(document: DocumentNode) -> Steps[str]:
    """Print a document as `print_ast` does, with a step for each definition."""
    texts: list[str] = []
    for definition in document.definitions:
        texts.append(print_ast(definition))
        yield
    return "\n\n".join(texts) + "\n"


def readable(policy: Policy, reach: Reachable, kind: str, purposes: Collection[str]) -> Readable:
    """Return the fields that a kind of caller may read for at least one of the purposes, by whatever way."""
    return run_to_end(readable_in_steps(policy, reach, kind, purposes))


def readable_in_steps(
    policy: Policy, reach: Reachable, kind: str, purposes: Collection[str]
) -> Steps[Readable]:
    """Return what `readable` returns, with a step for each field."""
    leaves = [name for name in policy.purposes.leaves if name in purposes]
    found: dict[str, tuple[str, ...]] = {}
    for coordinate in policy.fields:
        yield
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
