"""How the arguments of a list choose among its rows, and which fields they use: what authorization is asked about.

A document names the fields by writing them. Where a variable stands in their place the caller names them, so
every field that the argument could name counts as used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import EnumValueNode, NullValueNode, ObjectValueNode, ValueNode

from schema.list_arguments import CHOOSING

if TYPE_CHECKING:
    from resolvers.plan.compile import SelectedField


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

    continued: bool = False
    """Whether a record is known again by its cursor: one is sent, or asked for."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that filter or sort."""
        return (*self.filters, *self.sorts)


def choice_of(field: SelectedField, type_name: str, *, shows_cursor: bool) -> Choice | None:
    """Return what chooses among the rows of a list, or None where it is read as it stands."""
    given = field.literals
    numbers = {name: field.argument(name) for name in CHOOSING if name in given}
    if not numbers and not ("after" in field.definition.args and shows_cursor):
        return None
    choices = field.graph.composed.choices[type_name]
    filters = _filters(choices.filters, given["where"]) if "where" in given else ()
    sorts = _sorts(choices.orders, given["orderBy"]) if "orderBy" in given else ()
    continued = shows_cursor or "after" in numbers
    return Choice(next(field.compiler.choices), numbers, tuple(filters), tuple(sorts), continued)


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
