"""Whether an operation asks about nobody but the person for whom its caller speaks."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from graphql import ListValueNode, ObjectValueNode, ValueNode, VariableNode

from resolvers.plan.arguments import Argument
from resolvers.plan.plan import Plan


def asks_of_others(plan: Plan, bound: Collection[str]) -> bool:
    """Whether a plan names a subject otherwise than by the variables `bound`, which the token gives."""
    named = [root.subject_argument() for root in plan.roots]
    return not all(_is_bound(plan.arguments[each], bound) for each in named if each is not None)


def _is_bound(argument: Argument, bound: Collection[str]) -> bool:
    if argument.node is None:
        return False
    given = next(each for each in argument.node.arguments or () if each.name.value == argument.name)
    return all(isinstance(each, VariableNode) and each.name.value in bound for each in _leaves(given.value))


def _leaves(value: ValueNode) -> Iterator[ValueNode]:
    if isinstance(value, ListValueNode):
        for each in value.values:
            yield from _leaves(each)
    elif isinstance(value, ObjectValueNode):
        for field in value.fields:
            yield from _leaves(field.value)
    else:
        yield value
