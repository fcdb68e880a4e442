"""Answers to what is asked of the schema itself: introspection and the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
)

from gateway.operations.document import Document
from gateway.planning.selection import Selector, fragments_of
from resolvers.catalogue import catalogue_entries
from resolvers.graph import Graph
from resolvers.plan import Meta
from schema.graphql_types import execute_sync


class SchemaAnswers:
    """Answers from the SDL and the catalogue by graphql-core's own executor; reads no bureau."""

    def __init__(self, graph: Graph) -> None:
        self._schema = build_schema(graph.composed.sdl)
        self._root = {"catalogue": catalogue_entries(graph)}

    def answer(
        self,
        document: Document,
        metas: Sequence[Meta],
        conditions: Mapping[str, bool],
        variables: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return the values of the fields `metas` by response key."""
        if not metas:
            return {}
        reduced = self._reduced(document, {meta.key for meta in metas}, conditions)
        result = execute_sync(self._schema, reduced, self._root, variable_values=dict(variables))
        return dict(result.data or dict.fromkeys(meta.key for meta in metas))

    def _reduced(self, document: Document, keys: set[str], conditions: Mapping[str, bool]) -> DocumentNode:
        selector = Selector(self._schema, fragments_of(document.ast), conditions)
        query = self._schema.query_type
        assert query is not None  # noqa: S101 composition saw to it
        collected = selector.collect_root(query, document.operation.selection_set.selections)
        kept: list[FieldNode] = [node for key in collected if key in keys for node in collected[key]]
        operation = document.operation
        asked = OperationDefinitionNode(
            operation=operation.operation,
            name=operation.name,
            variable_definitions=operation.variable_definitions,
            directives=(),
            selection_set=SelectionSetNode(selections=tuple(kept)),
        )
        fragments = [each for each in document.ast.definitions if isinstance(each, FragmentDefinitionNode)]
        return DocumentNode(definitions=(asked, *fragments))
