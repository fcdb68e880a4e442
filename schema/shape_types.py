"""Types of the graph that are made of shapes of the catalogue: a member of a shape is a field of the same name.

A member is annotated with its type, its Chinese and its English title; a fourth argument names the type in the graph where
that is no plain one, as an enum.
"""

import types
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

import msgspec

from catalogue.classification import Classification
from catalogue.declared_codes import bilingual
from schema.type_builder import Member, Types

_LEAVES: Final = {str: "String", int: "Int", bool: "Boolean", date: "Date"}


def add_shapes(made: Types, shapes: Sequence[type[msgspec.Struct]], classification: Classification) -> None:
    """Make an object type of each shape, of whose fields each is classified so."""
    for shape in shapes:
        title = (shape.__doc__ or "").removesuffix(".")
        hints = get_type_hints(shape, include_extras=True)
        fields = msgspec.structs.fields(shape)
        made.add_object(
            shape.__name__, title, [_member(hints[each.name], each, classification) for each in fields]
        )


def shape_members(shapes: Iterable[type[msgspec.Struct]]) -> Iterator[str]:
    """Yield the coordinate of each field of the shapes."""
    for shape in shapes:
        yield from (f"{shape.__name__}.{each.encode_name}" for each in msgspec.structs.fields(shape))


def _member(hint: Any, field: msgspec.structs.FieldInfo, classification: Classification) -> Member:
    held, zh, en, *named = get_args(hint)
    written = named[0] if named else _annotation(held)
    return Member(field.encode_name, f"{written} | None", bilingual(zh, en), classification)


def _annotation(held: Any) -> str:
    """Return a type of a shape as the schema writes it; every field of the graph is nullable."""
    if isinstance(held, types.UnionType):
        (held,) = (each for each in get_args(held) if each is not type(None))
    if get_origin(held) is tuple:
        return f"list[{_annotation(get_args(held)[0])}]"
    return _LEAVES.get(held) or cast("type", held).__name__
