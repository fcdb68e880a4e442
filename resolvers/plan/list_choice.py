"""How the arguments of a list choose among its rows, and which fields they use: what authorization is asked about.

A document names the fields by writing them. Where a variable stands in their place the caller names them, so
every field that the argument could name counts as used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import EnumValueNode, NullValueNode, ObjectValueNode, ValueNode

from schema.list_arguments import Choices


@dataclass(frozen=True, slots=True)
class Choice:
    """The numbers of the arguments that choose by name, and the fields that they use.

    Where a variable decides which fields are used, all that it could name are. `number` tells apart the lists of a
    plan that are chosen so.
    """

    number: int
    arguments: Mapping[str, int]
    filters: tuple[str, ...]
    sorts: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that filter or sort."""
        return (*self.filters, *self.sorts)


def choice_of(
    choices: Choices, given: Mapping[str, ValueNode], numbers: Mapping[str, int], number: int
) -> Choice:
    """Return the choice that the arguments `given` make, whose values have `numbers` in the plan."""
    where, order = given.get("where"), given.get("orderBy")
    filters = tuple(_filters(choices.filters, where)) if where else ()
    return Choice(number, numbers, filters, tuple(_sorts(choices.orders, order)) if order else ())


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
