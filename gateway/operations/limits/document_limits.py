"""The limits of a document: its length, names, aliases, directives, conditions, expanded fields and depth.

Validation costs more than parsing and, on hostile documents, more than linear time. So every document passes
here first, and what comes out can be walked recursively without danger. A refusal repeats nothing of the document.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLSyntaxError,
    NameNode,
    Node,
    VariableNode,
    parse,
)

from gateway.errors import (
    DOCUMENT_INVALID,
    DOCUMENT_SYNTAX,
    TOO_DEEP,
    TOO_MANY_ALIASES,
    TOO_MANY_CONDITIONS,
    TOO_MANY_DIRECTIVES,
    TOO_MANY_FRAGMENTS,
    TOO_MANY_TOKENS,
    RequestError,
)
from gateway.operations.limits.shape import Placed, Shape, is_introspection, nodes, spread_name
from gateway.settings import LimitSettings

LONGEST_NAME: Final = 128
INTROSPECTION_DEPTH: Final = 20
"""Every explorer starts with a question that is 15 fields deep."""
SETS_PER_FIELD: Final = 3
"""How many selection sets, those of fragments included, one level may have: they only make code recurse."""
_LIKE_AN_IDENTIFIER: Final = re.compile(
    r"[0-9]{12}|(?=(?:[0-9A-Z]*[0-9]){8})[0-9A-Z]{18}|^[A-Z]{1,3}[0-9]{7,12}$"
)
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


def parse_within(source: str, limits: LimitSettings) -> DocumentNode:
    """Return the parsed document, or raise RequestError with the code of the first limit that it breaks."""
    document = _parse(source, limits.tokens)
    _check_nodes(tuple(nodes(document)), limits)
    size = size_of(Shape.of(document))
    if size.expanded > limits.fields:
        raise RequestError(TOO_MANY_FRAGMENTS, f"At most {limits.fields} fields are allowed.")
    _check_depth(size, limits.depth)
    return document


def _parse(source: str, tokens: int) -> DocumentNode:
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


def uses_introspection(document: DocumentNode) -> bool:
    """Tell whether `__schema` or `__type` stands anywhere in the document, fragments included."""
    return any(map(is_introspection, nodes(document)))


def _check_nodes(every: Collection[Node], limits: LimitSettings) -> None:
    """Refuse names and too many nodes of a kind. Each fragment counts once.

    With aliases one field is asked many times, validation compares the directives of one place with each other, and
    each variable that decides about @include or @skip doubles the plans.
    """
    for node in every:
        if isinstance(node, NameNode):
            _check_name(node.value)
    directives = [node for node in every if isinstance(node, DirectiveNode)]
    deciding = {
        argument.value.name.value
        for node in directives
        if node.name.value in {"include", "skip"}
        for argument in node.arguments or ()
        if isinstance(argument.value, VariableNode)
    }
    aliases = sum(isinstance(node, FieldNode) and node.alias is not None for node in every)
    for found, limit, code in (
        (aliases, limits.aliases, TOO_MANY_ALIASES),
        (len(directives), limits.directives, TOO_MANY_DIRECTIVES),
        (len(deciding), limits.conditions, TOO_MANY_CONDITIONS),
    ):
        if found > limit:
            raise RequestError(code, f"At most {limit} are allowed.")


def _check_name(name: str) -> None:
    """Refuse an identifier and a long name: an alias stands in the answer once for each subject."""
    if len(name) > LONGEST_NAME:
        raise RequestError(DOCUMENT_INVALID, f"A name in it is longer than {LONGEST_NAME} signs.")
    if _LIKE_AN_IDENTIFIER.search(name.replace("_", "")):
        raise RequestError(DOCUMENT_INVALID, "A name in it looks like an identifier.")


class Size(NamedTuple):
    """The number of fields, the deepest nesting of fields outside introspection, within it, and of selection sets."""

    expanded: int = 0
    depth: int = 0
    meta_depth: int = 0
    set_depth: int = 0


def size_of(shape: Shape) -> Size:
    """Return the size of all operations together, with every spread replaced by its fragment.

    Fragments that spread fragments twice each grow exponentially, so each is measured once, from those that it
    spreads, and not expanded.
    """
    known: dict[str, Size] = {}
    for name, placed in shape.fragments.items():
        known[name] = _total(_size(one, known) for one in placed)
    return _total(_size(one, known) for placed in shape.operations for one in placed)


def _check_depth(found: Size, limit: int) -> None:
    sets = SETS_PER_FIELD * max(limit, INTROSPECTION_DEPTH)
    if found.depth > limit:
        raise RequestError(TOO_DEEP, f"At most {limit} levels are allowed.")
    if found.meta_depth > INTROSPECTION_DEPTH:
        raise RequestError(TOO_DEEP, f"At most {INTROSPECTION_DEPTH} levels of introspection are allowed.")
    if found.set_depth > sets:
        raise RequestError(TOO_DEEP, f"At most {sets} fragments and fields within each other are allowed.")


def _size(one: Placed, known: Mapping[str, Size]) -> Size:
    """Return the size that one selection adds and how deep it reaches, counted from its own definition."""
    spread = known.get(spread_name(one) or "", Size())
    is_field = isinstance(one.node, FieldNode)
    expanded, own, sets = is_field + spread.expanded, one.fields + is_field, one.sets + spread.set_depth
    if one.meta:
        return Size(expanded, 0, own + max(spread.depth, spread.meta_depth), sets)
    meta = own + spread.meta_depth if spread.meta_depth else 0
    return Size(expanded, own + spread.depth, meta, sets)


def _total(found: Iterable[Size]) -> Size:
    expanded, *depths = zip(Size(), *found, strict=True)
    return Size(sum(expanded), *map(max, depths))
