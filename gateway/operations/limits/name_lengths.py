"""What a name in a document may be: aliases and variables return in answers and errors.

So a name is no identifier of anybody, and short: an alias stands in the answer once for each subject.
"""

from __future__ import annotations

import re
from typing import Final

from graphql import DocumentNode, NameNode

from gateway.errors import DOCUMENT_INVALID, RequestError
from gateway.operations.limits.shape import nodes

LONGEST_NAME: Final = 128
_LIKE_AN_IDENTIFIER: Final = re.compile(r"[0-9]{12}|(?=(?:[0-9A-Z]*[0-9]){8})[0-9A-Z]{18}")


def check_names(document: DocumentNode) -> None:
    """Raise DOCUMENT_INVALID where a name is long or holds what looks like an identifier."""
    for node in nodes(document):
        if not isinstance(node, NameNode):
            continue
        if len(node.value) > LONGEST_NAME:
            raise RequestError(DOCUMENT_INVALID, f"A name in it is longer than {LONGEST_NAME} signs.")
        if _LIKE_AN_IDENTIFIER.search(node.value.replace("_", "")):
            raise RequestError(DOCUMENT_INVALID, "A name in it looks like an identifier.")
