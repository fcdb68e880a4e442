"""How many variables may decide about @include and @skip: each doubles the plans of a document."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveNode, DocumentNode, VariableNode

from gateway.errors import TOO_MANY_CONDITIONS, RequestError
from gateway.operations.limits.shape import nodes


def check_conditions(document: DocumentNode, limit: int) -> None:
    """Raise TOO_MANY_CONDITIONS where more than `limit` different variables decide."""
    if len(set(_deciding(document))) > limit:
        raise RequestError(TOO_MANY_CONDITIONS, f"At most {limit} are allowed.")


def _deciding(document: DocumentNode) -> Iterator[str]:
    for node in nodes(document):
        if isinstance(node, DirectiveNode) and node.name.value in {"include", "skip"}:
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value
