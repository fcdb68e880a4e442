"""How long a document may be, and how a syntax error is told without repeating the document."""

from __future__ import annotations

import re
from typing import Final

from graphql import DocumentNode, GraphQLSyntaxError, parse

from gateway.errors import DOCUMENT_SYNTAX, TOO_DEEP, TOO_MANY_TOKENS, RequestError

_TOO_MANY: Final = re.compile(r"Document contains more than \d+ (tokens|comments)\.")
_TOO_DEEP: Final = "Document is nested too deeply."
_KIND: Final = r"(?:<SOF>|<EOF>|Name|Int|Float|String|BlockString|'(?:\.\.\.|[!$&().:=@\[\]{}|])')"
_EXPECTED: Final = re.compile(rf"(Expected (?:{_KIND}|'[a-z]+'), found {_KIND})[ .]")
_UNEXPECTED: Final = re.compile(rf"(Unexpected {_KIND})[ .]")
_FIXED: Final = (
    "Unterminated string",
    "Invalid number",
    "Invalid character within String",
    "Invalid character escape sequence",
    "Invalid Unicode escape sequence",
    "Unexpected description",
    "Unexpected variable",
    "Unexpected character",
    "Unexpected single quote character",
)


def parse_limited(source: str, tokens: int) -> DocumentNode:
    """Return the parsed document; TOO_MANY_TOKENS, TOO_DEEP or DOCUMENT_SYNTAX with the place.

    The parser stops at the limit, so that a long document costs no more than a short one. As many comments
    as tokens are allowed. The parser itself ends documents that nest beyond 200 levels.
    """
    try:
        return parse(source, max_lexical_tokens=tokens, max_comments=tokens)
    except GraphQLSyntaxError as error:
        refusal = _refusal(error, tokens)
    # Raised out here, the refusal does not hold the parser's error with the document in it.
    raise refusal


def _refusal(error: GraphQLSyntaxError, tokens: int) -> RequestError:
    text = error.description
    if _TOO_MANY.match(text):
        return RequestError(TOO_MANY_TOKENS, f"At most {tokens} are allowed.")
    if text.startswith(_TOO_DEEP):
        return RequestError(TOO_DEEP)
    places = tuple((place.line, place.column) for place in error.locations or ())
    return RequestError(DOCUMENT_SYNTAX, _describe(text), places)


def _describe(text: str) -> str:
    """Return what of the parser's text is its own: kinds, punctuation and keywords, no name and no value."""
    found = _EXPECTED.match(text) or _UNEXPECTED.match(text)
    if found is not None:
        return f"{found.group(1)}."
    for known in _FIXED:
        if text.startswith(known):
            return f"{known}."
    return ""
