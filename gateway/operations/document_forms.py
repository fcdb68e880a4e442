"""The forms in which clients send one registered document: ids that stand for it, and its text as they print it.

Clients print a document anew before they send or hash it: without comments, with other blanks, without the last line
feed. It is the same document, so each form leads to its registration. What is answered is always the registered
document, never what was sent.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Final, TypeVar

from graphql import parse, print_ast, strip_ignored_characters

from gateway.operations.register import Registration

T = TypeVar("T")
LONGEST_TEXT: Final = 65_536
MOST_TOKENS: Final = 5_000
"""Characters and tokens of a text that is compared token by token; a longer one is compared by the letter only."""

# Each part is possessive or cannot fail, so the time is linear, whatever a caller sends.
_TOKEN: Final = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*+(?:""")?|"(?:\\.|[^"\\\n\r])*+"?|[\ufeff\t\n\r ,]++|#[^\n\r]*+'
    r"|[A-Za-z_][0-9A-Za-z_]*+|-?[0-9][0-9A-Za-z_.+-]*+|\.\.\.|.",
    re.DOTALL,
)
_IGNORED: Final = "\ufeff\t\n\r ,#"
_STRINGS: Final = re.compile(r'("{3}[\s\S]*"{3}|"(?:\\.|[^"])*")')
_LINE_END: Final = re.compile(r"(?:#[^\n\r]+)?(?:[\r\n]+|$)")


def ids_by_client(register: Iterable[Registration], entries: Mapping[str, T]) -> dict[str, dict[str, T]]:
    """Return for each client its `entries`, which are by name, by every id under which it may ask for them.

    An id that a file states, and the SHA-256 of a registered text, stand for that registration alone. The SHA-256 of a
    form printed anew stands for none if two registrations of the client share it; those of other clients do not count.
    """
    registrations = list(register)
    printed = {each.name: _printed_ids(each.document) for each in registrations}
    stated = {each.name: stated_ids(each) for each in registrations}
    return _by_client(registrations, entries, printed, stated)


def texts_by_client(register: Iterable[Registration], entries: Mapping[str, T]) -> dict[str, dict[str, T]]:
    """Return for each client its `entries` by their texts, for `find_text`; a text of two by the letter only."""
    registrations = list(register)
    bare = {
        each.name: {bare_text(each.document), bare_text(print_ast(parse(each.document)))}
        for each in registrations
    }
    return _by_client(registrations, entries, bare, {each.name: (each.document,) for each in registrations})


def stated_ids(registration: Registration) -> tuple[str, ...]:
    """Return the ids that stand for one registration alone."""
    own = registration.document_id
    return (own, own.removeprefix("sha256:"), *(registration.ids or ()))


def _by_client(
    registrations: Collection[Registration],
    entries: Mapping[str, T],
    printed: Mapping[str, Collection[str]],
    stated: Mapping[str, Collection[str]],
) -> dict[str, dict[str, T]]:
    """Return for each client its entries by the forms that are printed anew and no other has, and by those stated."""
    found: dict[str, dict[str, T]] = {}
    for client in frozenset[str]().union(*(each.clients for each in registrations)):
        own = [each.name for each in registrations if client in each.clients]
        names = _unshared((name, printed[name]) for name in own)
        names |= {form: name for name in own for form in stated[name]}
        found[client] = {form: entries[name] for form, name in names.items()}
    return found


def find_text(known: Mapping[str, T], text: str) -> T | None:
    """Return what is known of a text, by the letter or without its blanks, commas and comments."""
    found = known.get(text)
    if found is None and known and len(text) <= LONGEST_TEXT:
        return known.get(bare_text(text))
    return found


def bare_text(text: str) -> str:
    """Return the tokens of a document with one blank between two: what GraphQL ignores is left out."""
    tokens = [found[0] for found in islice(_TOKEN.finditer(text), MOST_TOKENS + 1)]
    if len(tokens) > MOST_TOKENS:
        return text
    return " ".join(token for token in tokens if token[0] not in _IGNORED)


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal, as clients hash it."""
    return hashlib.sha256(text.encode()).hexdigest()


def _printed_ids(document: str) -> set[str]:
    printed = print_ast(parse(document))
    without_comments = "".join(
        part if place % 2 else _LINE_END.sub("\n", part)
        for place, part in enumerate(_STRINGS.split(document))
    )
    forms = (
        document.strip(),
        printed,
        f"{printed}\n",
        without_comments.strip(),
        strip_ignored_characters(document),
    )
    digests = {digest_of_text(text) for text in forms}
    return digests | {f"sha256:{digest}" for digest in digests}


def _unshared(forms: Iterable[tuple[str, Collection[str]]]) -> dict[str, str]:
    """Return the name of each form, without the forms of two names."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for name, texts in forms:
        shared |= found.keys() & texts
        found |= dict.fromkeys(texts, name)
    return {form: name for form, name in found.items() if form not in shared}
