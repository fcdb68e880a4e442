"""Which fields the arguments of a list use, from the document alone: what authorization is asked about.

A document names the fields by writing them. Where a variable stands in their place the caller names them, so
every field that the argument could name counts as used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphql import ArgumentNode, EnumValueNode, NullValueNode, ObjectValueNode, ValueNode

from resolvers.plan.plan import Choice
from schema.list_arguments import Choices


def choice_of(
    choices: Choices, given: Mapping[str, ArgumentNode], numbers: Mapping[str, int], number: int
) -> Choice:
    """Return the choice that the arguments `given` make, whose values have `numbers` in the plan."""
    where, order = given.get("where"), given.get("orderBy")
    return Choice(
        number,
        numbers.get("where"),
        numbers.get("orderBy"),
        numbers.get("after"),
        tuple(_filters(choices.filters, where.value)) if where else (),
        tuple(_sorts(choices.orders, order.value)) if order else (),
    )


def _filters(offered: Iterable[str], value: ValueNode) -> Iterable[str]:
    if isinstance(value, NullValueNode):
        return ()
    return [each.name.value for each in value.fields] if isinstance(value, ObjectValueNode) else offered


def _sorts(offered: Mapping[str, str], value: ValueNode) -> Iterable[str]:
    if isinstance(value, NullValueNode):
        return ()
    if isinstance(value, ObjectValueNode):
        named = next((each.value for each in value.fields if each.name.value == "field"), None)
        if isinstance(named, EnumValueNode):
            return (offered[named.value],)
    return offered.values()
