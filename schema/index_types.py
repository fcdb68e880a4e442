"""The types of the open index, made of its shapes: a member of a shape is a field of the same name in the graph."""

import types
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

import msgspec

from catalogue.classification import Classification, DataClass
from catalogue.declared_codes import bilingual
from catalogue.derived_items import INDEX_ITEM
from catalogue.open_index import INDEX_TYPES
from schema.type_builder import Member, Types

INDEX: Final = Classification(INDEX_ITEM.code, DataClass.OPEN)
_LEAVES: Final = {str: "String", int: "Int", bool: "Boolean"}


def add_index(types: Types) -> None:
    """Make an object type of each shape; each of its fields is open to everybody."""
    for shape in INDEX_TYPES:
        title = (shape.__doc__ or "").removesuffix(".")
        types.add_object(
            shape.__name__, title, list(map(_member, _hints(shape), msgspec.structs.fields(shape)))
        )


def _hints(shape: type[msgspec.Struct]) -> list[Any]:
    hints = get_type_hints(shape, include_extras=True)
    return [hints[each.name] for each in msgspec.structs.fields(shape)]


def _member(hint: Any, field: msgspec.structs.FieldInfo) -> Member:
    held, zh, en = get_args(hint)
    return Member(field.encode_name, f"{_annotation(held)} | None", bilingual(zh, en), INDEX)


def _annotation(held: Any) -> str:
    """Return a type of a shape as the schema writes it; every field of the graph is nullable."""
    if isinstance(held, types.UnionType):
        (held,) = (each for each in get_args(held) if each is not type(None))
    if get_origin(held) is tuple:
        return f"list[{_annotation(get_args(held)[0])}]"
    return _LEAVES.get(held) or cast("type", held).__name__
