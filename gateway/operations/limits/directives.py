"""How many directives a document may have: validation compares those of one place with each other."""

from __future__ import annotations

from graphql import DirectiveNode, DocumentNode

from gateway.errors import TOO_MANY_DIRECTIVES, RequestError
from gateway.operations.limits.shape import nodes


def check_directives(document: DocumentNode, limit: int) -> None:
    """Raise TOO_MANY_DIRECTIVES where the document holds more than `limit`, wherever they stand."""
    if sum(isinstance(node, DirectiveNode) for node in nodes(document)) > limit:
        raise RequestError(TOO_MANY_DIRECTIVES, f"At most {limit} are allowed.")
