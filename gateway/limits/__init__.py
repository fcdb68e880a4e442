"""What a document may be, checked before it is validated. Each limit is one module.

Validation costs more than parsing and, on hostile documents, more than linear time. So every document passes
here first, and what comes out can be walked recursively without danger.
"""

from graphql import DocumentNode

from gateway.limits.aliases import check_aliases
from gateway.limits.conditions import check_conditions
from gateway.limits.depth import check_depth
from gateway.limits.directives import check_directives
from gateway.limits.fragments import check_fragments
from gateway.limits.names import check_names
from gateway.limits.shape import Shape
from gateway.limits.tokens import parse_limited
from gateway.settings import LimitSettings

__all__ = ["parse_within"]


def parse_within(source: str, limits: LimitSettings) -> DocumentNode:
    """Return the parsed document, or raise RequestError with the code of the first limit that it breaks."""
    document = parse_limited(source, limits.tokens)
    check_names(document)
    check_aliases(document, limits.aliases)
    check_directives(document, limits.directives)
    check_conditions(document, limits.conditions)
    shape = Shape.of(document)
    check_fragments(shape, limits.fields)
    check_depth(shape, limits.depth)
    return document
