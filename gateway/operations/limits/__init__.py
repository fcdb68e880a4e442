"""What a document may be, checked before it is validated. Each limit is one module.

Validation costs more than parsing and, on hostile documents, more than linear time. So every document passes
here first, and what comes out can be walked recursively without danger.
"""

from graphql import DocumentNode

from gateway.operations.limits.aliases import check_aliases
from gateway.operations.limits.conditional_variables import check_conditions
from gateway.operations.limits.depth import check_depth
from gateway.operations.limits.directives import check_directives
from gateway.operations.limits.fragments import check_fragments
from gateway.operations.limits.name_lengths import check_names
from gateway.operations.limits.shape import Shape
from gateway.operations.limits.token_count import parse_limited
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
