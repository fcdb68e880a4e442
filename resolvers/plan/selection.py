"""Which fields a selection asks for of an object type, in the order of their first mention.

Field collection of section 6.3.2 of the GraphQL specification is graphql-core's own, with the values of all
conditions known.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from graphql import (
    REMOVE,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    VisitorAction,
    visit,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from graphql.language import Visitor

Collected: TypeAlias = dict[str, list[FieldNode]]
"""The fields by response key."""


class Selector:
    """Collects fields of one operation under one assignment of its conditions."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        conditions: Mapping[str, bool],
    ) -> None:
        """Find the document's fragments; `conditions` has the value of each variable that decides."""
        self._schema, self._operation = schema, operation
        self._fragments = {
            each.name.value: FragmentDetails(each)
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._conditions = VariableValues({}, dict(conditions))

    def collect(self, type_: GraphQLObjectType, nodes: Iterable[FieldNode]) -> Collected:
        """Return what all of `nodes`, which share a response key, select of `type_`."""
        details = [FieldDetails(node, None) for node in nodes]
        return _nodes(
            collect_subfields(
                self._schema, self._fragments, self._conditions, self._operation, type_, details
            )
        )

    def collect_root(self, type_: GraphQLObjectType) -> Collected:
        """Return what the operation selects of the query type."""
        return _nodes(collect_fields(self._schema, self._fragments, self._conditions, type_, self._operation))


def _nodes(collected: CollectedFields) -> Collected:
    return {key: [each.node for each in found] for key, found in collected.grouped_field_set.items()}


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> VisitorAction:
        if node.name.value not in ("skip", "include"):
            return None
        values = [each.value for each in node.arguments or ()]
        self.variables.update(each.name.value for each in values if isinstance(each, VariableNode))
        return REMOVE


def without_conditions(document: DocumentNode) -> tuple[DocumentNode, tuple[str, ...]]:
    """Return a document with everything included, the same one where nothing stands under @include or @skip.

    The second value has the names of the variables that decide, sorted.
    """
    conditions = _Conditions()
    return visit(document, conditions), tuple(sorted(conditions.variables))
