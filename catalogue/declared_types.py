"""Checks that each value of a declaration has its declared type; Python itself does not check this."""

import dataclasses
from collections.abc import Iterable, Iterator
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from catalogue.declarations import Bureau


def mistyped(bureau: Bureau) -> Iterator[str]:
    """Yield for each value of a wrong type where it stands, what it is, and what belongs there."""
    yield from _mistyped(bureau, str(bureau.name))


def _mistyped(value: Any, place: str) -> Iterator[str]:
    hints = _hints_of(cast("object", type(value)))
    for name in (each.name for each in dataclasses.fields(value) if each.init):
        found = getattr(value, name)
        if not _fits(found, hints[name]):
            yield f"{place}: `{name}` is {found!r:.80}; state {_text(hints[name])}"
            continue
        parts = cast("tuple[Any, ...]", found if isinstance(found, tuple) else (found,))
        for each in parts:
            if dataclasses.is_dataclass(each):
                yield from _mistyped(each, f"{place}.{getattr(each, 'name', name)}")


@cache
def _hints_of(kind: object) -> dict[str, Any]:
    return get_type_hints(kind)


def _fits(value: Any, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in arguments)
    if origin is Literal:
        return value in arguments
    if origin is tuple and arguments[-1] is not ...:
        return isinstance(value, tuple) and list(map(type, value)) == list(arguments)  # pyright: ignore[reportUnknownArgumentType] any values
    if origin in (tuple, frozenset):
        return isinstance(value, origin) and all(
            _fits(each, arguments[0]) for each in cast("Iterable[Any]", value)
        )
    # isinstance(True, int) holds, so whole numbers and truth values are compared by their exact type.
    return type(value) is hint if hint in (bool, int) else isinstance(value, origin or hint)


def _text(hint: Any) -> str:
    return (
        hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("typing.", "")
    )
