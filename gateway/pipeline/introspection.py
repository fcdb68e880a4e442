"""Answers to what is asked of the schema and the rules: introspection, the catalogue and the open index."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    build_schema,
)

from gateway.operations.document import Document
from resolvers.graph.fields import catalogue_entries
from resolvers.graph.graph import Graph
from resolvers.plan.plan_node import PlanNode
from resolvers.plan.selection import Selector
from schema.graphql_types import execute_sync, type_from_ast


class SchemaAnswers:
    """Answers from the SDL, the catalogue and the open index by graphql-core's own executor; reads no bureau."""

    def __init__(self, graph: Graph) -> None:
        self._schema = build_schema(graph.composed.sdl)
        self._root = {"catalogue": catalogue_entries(graph)}

    def answer(
        self,
        document: Document,
        fields: Sequence[PlanNode],
        conditions: Mapping[str, bool],
        variables: Mapping[str, Any],
        seen: Callable[[], GraphQLSchema | None] = lambda: None,
        open_index: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the values of `fields` by response key.

        `open_index` is that of the rules under which the operation was prepared. Introspection is answered from the schema that the caller may see; `seen` gives it, where it may see one.
        """
        of_schema = {each.key for each in fields if ".__" in each.coordinate}
        others = {each.key for each in fields} - of_schema
        root = {**self._root, "openIndex": open_index}
        found = self._executed(self._schema, root, document, others, conditions, variables) if others else {}
        if of_schema:
            found |= self._executed(seen(), root, document, of_schema, conditions, variables)
        return found

    def _executed(
        self,
        schema: GraphQLSchema | None,
        root: Mapping[str, Any],
        document: Document,
        keys: set[str],
        conditions: Mapping[str, bool],
        variables: Mapping[str, Any],
    ) -> dict[str, Any]:
        if schema is None:
            return dict.fromkeys(keys)
        reduced = self._reduced(document, keys, conditions, schema)
        result = execute_sync(schema, reduced, root, variable_values=dict(variables))
        return dict(result.data or dict.fromkeys(keys))

    def _reduced(
        self, document: Document, keys: set[str], conditions: Mapping[str, bool], schema: GraphQLSchema
    ) -> DocumentNode:
        query = self._schema.query_type
        assert query is not None  # noqa: S101 composition saw to it
        selector = Selector(self._schema, document.ast, document.operation, conditions)
        collected = selector.collect_root(query)
        kept: list[FieldNode] = [node for key in collected if key in keys for node in collected[key]]
        operation = document.operation
        asked = OperationDefinitionNode(
            operation=operation.operation,
            name=operation.name,
            variable_definitions=_visible_variables(operation.variable_definitions or (), schema),
            directives=(),
            selection_set=SelectionSetNode(selections=tuple(kept)),
        )
        fragments = [each for each in document.ast.definitions if isinstance(each, FragmentDefinitionNode)]
        return DocumentNode(definitions=(asked, *fragments))


def _visible_variables(
    definitions: Iterable[VariableDefinitionNode], schema: GraphQLSchema
) -> tuple[VariableDefinitionNode, ...]:
    """Leave out variables of types that the caller does not see: what asks for the schema takes no such value."""
    return tuple(each for each in definitions if type_from_ast(schema, each.type) is not None)
