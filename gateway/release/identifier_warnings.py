"""What looks odd about a subject's identifier and is no reason to reject it; said in the explorer only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from catalogue.identifiers import credit_code_warnings, person_number_warnings
from resolvers.plan.arguments import InvalidArgument
from resolvers.plan.plan import Field, Root, StandingRoot


def identifier_warnings(roots: Sequence[Field], arguments: Sequence[Any]) -> list[dict[str, Any]]:
    """Return one entry a warning: the path of the subject in the answer, and the rule in words."""
    return [
        {"path": path, "message": message}
        for root in roots
        if isinstance(root, Root | StandingRoot)
        for path, type_name, key in _subjects(root, arguments[root.argument])
        for message in (credit_code_warnings if type_name == "Enterprise" else person_number_warnings)(key)
    ]


def _subjects(root: Root | StandingRoot, argument: Any) -> Iterator[tuple[list[str | int], str, str]]:
    if isinstance(argument, InvalidArgument):
        return
    if isinstance(root, StandingRoot):
        ((kind, key),) = argument.items()
        yield [root.key], root.subjects[kind], key
        return
    if root.form == "one":
        yield [root.key], root.entities[0].type_name, argument
        return
    for number, each in enumerate(argument):
        named = each.items() if root.form == "keyed" else [("", each)]
        for member, key in named:
            yield [root.key, number], root.entities[root.members.get(member, 0)].type_name, key
