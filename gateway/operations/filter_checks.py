"""What a filter or an order may hold, and why a list cannot be chosen from as a document tries to.

A caller must not be able to remove a condition of a filter. GraphQL leaves out a member of an input whose nullable
variable is not sent (section 3.10 of the specification). Every variable in a filter is therefore of a non-null type, and
every list in it is bounded.

The schema does not offer a use that a field does not have, so validation only says that the argument does not exist. An
officer who registers an operation needs the reason for each field; this module gives it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    TypeInfo,
    TypeInfoVisitor,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    is_leaf_type,
    visit,
)
from graphql.language import Visitor

from catalogue.classification import Classification, DataClass, Use
from gateway.operations.limits.shape import nodes
from schema.compose import classifications_of
from schema.graphql_types import named_type_of
from schema.list_arguments import CERTAIN, CHOOSING, MOST_VALUES, is_cursor, records_of
from schema.record_types import constant_case

MOST_REASONS: Final = 10
_USES: Final = {"where": Use.FILTER, "orderBy": Use.SORT}


def filter_refusals(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    """Return one line for each field by which a document tries to filter or sort and cannot.

    The lines hold names of the schema alone; where a variable stands for the names, it is every field.
    """
    types, classified = TypeInfo(schema), classifications_of(schema)
    found: dict[str, None] = {}

    class ArgumentFinder(Visitor):
        def enter_argument(self, node: ArgumentNode, *_: object) -> None:
            listed = types.get_field_def()
            record = records_of(listed) if listed else None
            if record is not None and node.name.value in CHOOSING:
                found.update(dict.fromkeys(_reasons(classified, record, node)))

    visit(document, TypeInfoVisitor(types, ArgumentFinder()))
    return list(found)[:MOST_REASONS]


def _reasons(
    classified: Mapping[str, Classification], record: GraphQLObjectType, node: ArgumentNode
) -> Iterator[str]:
    if node.name.value == "after":
        if "cursor" not in record.fields:
            because = _reason_text(classified[f"{record.name}.{next(iter(record.fields))}"])
            yield f"no list of {record.name} is continued by cursors{because}"
        return
    use = _USES[node.name.value]
    for name in _fields_named(record, node.value, use):
        field = classified[f"{record.name}.{name}"]
        if use not in field.uses:
            rule = _reason_text(field) or f": the field does not declare it (rule no-{use.value}-undeclared)"
            yield f"{use.value} is no use of {record.name}.{name}{rule}"


def _fields_named(record: GraphQLObjectType, value: ValueNode, use: Use) -> list[str]:
    """Return the fields that a value names, or all of them where it leaves that to a variable."""
    leaves = [
        name
        for name, each in record.fields.items()
        if is_leaf_type(named_type_of(each)) and not is_cursor(named_type_of(each))
    ]
    if not isinstance(value, ObjectValueNode):
        return leaves
    members: dict[str, Any] = {each.name.value: each.value for each in value.fields}
    if use is Use.FILTER:
        return [name for name in leaves if name in members]
    field = members.get("field")
    return (
        [name for name in leaves if constant_case(name) == field.value]
        if isinstance(field, EnumValueNode)
        else leaves
    )


def _reason_text(field: Classification) -> str:
    if field.data_class is DataClass.INCENTIVE:
        return ": incentive data is only ever read (rule incentive-only-read)"
    return ""


def optional_filter_values(document: DocumentNode) -> Iterator[GraphQLError]:
    """Yield an error for each value in a filter or an order of a valid document that may not stand there."""
    nullable = nullable_variables(document)
    for each in nodes(document):
        if isinstance(each, ArgumentNode) and each.name.value in CERTAIN:
            for value in nodes(each):
                problem = _problem(value, nullable)
                if problem:
                    yield GraphQLError(f"In {each.name.value} {problem}", each)


def nullable_variables(document: DocumentNode) -> set[str]:
    """Return the variables that a caller may leave out or send as null."""
    return {
        each.variable.name.value
        for each in nodes(document)
        if isinstance(each, VariableDefinitionNode) and not isinstance(each.type, NonNullTypeNode)
    }


def _problem(value: Any, nullable: set[str]) -> str | None:
    if isinstance(value, VariableNode) and value.name.value in nullable:
        return "every variable must be of a non-null type: a caller who left it out would remove a condition."
    if isinstance(value, NullValueNode):
        return "a null is no condition: ask by isNull, or leave the condition out."
    if isinstance(value, ListValueNode) and len(value.values) > MOST_VALUES:
        return f"a list holds at most {MOST_VALUES} values."
    return None
