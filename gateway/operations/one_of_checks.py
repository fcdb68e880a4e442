"""What a @oneOf input may hold: each variable in it is of a non-null type.

Exactly one member of such an input is given, and it is not null (section 5.6.6 of the GraphQL specification). A null
that a caller sends for a nullable variable would name no subject; graphql-core refuses it only when the document is
asked.
"""

from collections.abc import Iterator
from typing import Any, cast

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    get_named_type,
    visit,
)
from graphql.language import Visitor

from gateway.operations.filter_checks import nullable_variables


def optional_members(schema: GraphQLSchema, document: DocumentNode) -> Iterator[GraphQLError]:
    """Yield an error for each nullable variable that is a member of a @oneOf input of a valid document."""
    types, nullable = TypeInfo(schema), nullable_variables(document)
    found: list[GraphQLError] = []

    class MemberFinder(Visitor):
        def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
            parent: Any = cast("Any", types).get_parent_input_type()
            owner = cast("Any", get_named_type)(parent)
            if not (isinstance(owner, GraphQLInputObjectType) and owner.is_one_of):
                return
            if isinstance(node.value, VariableNode) and node.value.name.value in nullable:
                reason = f"${node.value.name.value} must be of a non-null type: {owner.name} takes exactly one member"
                found.append(GraphQLError(f"{reason}, and a caller could leave it out.", node))

    if nullable:
        visit(document, TypeInfoVisitor(types, MemberFinder()))
    yield from found
