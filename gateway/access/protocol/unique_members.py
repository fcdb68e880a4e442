r"""Whether the member names of a JSON text are unique.

JSON decoders take the last of two members of one name, silently. A request that says two things is refused
instead. Reading every text twice would cost more than decoding it, so the colons are counted first: a text
has at least as many colons as members, and exactly as many where no string holds one. Where the colons that
are not in known strings are as many as the decoded members, nothing was lost. Every other text (and any with
`\u`, which can hide a colon) is read again by a decoder that reports each member.
"""

from __future__ import annotations

import json
from typing import Any, cast


class DuplicateName(ValueError):
    """Two members of one object have the same name."""


def has_duplicates(text: bytes, decoded: dict[str, Any], known: tuple[str, ...]) -> bool:
    """Tell whether an object of the valid JSON `text` has two members of one name.

    `decoded` is what a decoder made of it, `known` are strings among its values that may hold colons.
    """
    if b"\\u" not in text:
        colons = text.count(b":") - sum(one.count(":") for one in known)
        if colons == _members(decoded):
            return False
    try:
        json.loads(text, object_pairs_hook=_unique)
    except DuplicateName:
        return True
    return False


def _members(decoded: dict[str, Any]) -> int:
    """Return the number of members of all objects within."""
    count = 0
    pending: list[Any] = [decoded]
    while pending:
        value = pending.pop()
        if type(value) is dict:
            members = cast("dict[str, Any]", value)
            count += len(members)
            pending.extend(members.values())
        elif type(value) is list and not _plain(cast("list[Any]", value)):
            pending.extend(cast("list[Any]", value))
    return count


def _plain(values: list[Any]) -> bool:
    """Tell whether a list holds neither lists nor objects: long lists are lists of strings."""
    return {dict, list}.isdisjoint(map(type, values))


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise DuplicateName
