"""Whether a document asks for the schema itself."""

from __future__ import annotations

from graphql import DocumentNode

from gateway.operations.limits.shape import is_introspection, nodes


def uses_introspection(document: DocumentNode) -> bool:
    """Tell whether `__schema` or `__type` stands anywhere in the document, fragments included."""
    return any(map(is_introspection, nodes(document)))
