"""How many aliases a document may have: with them one field is asked many times."""

from __future__ import annotations

from graphql import DocumentNode, FieldNode

from gateway.errors import TOO_MANY_ALIASES, RequestError
from gateway.operations.limits.shape import nodes


def check_aliases(document: DocumentNode, limit: int) -> None:
    """Raise TOO_MANY_ALIASES where more than `limit` fields have an alias, fragments counted once."""
    if sum(isinstance(node, FieldNode) and node.alias is not None for node in nodes(document)) > limit:
        raise RequestError(TOO_MANY_ALIASES, f"At most {limit} are allowed.")
