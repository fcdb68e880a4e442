"""The types of the open index, made of its shapes; each of their fields is open to everybody."""

from typing import Final

from catalogue.classification import Classification, DataClass
from catalogue.derived_items import INDEX_ITEM
from catalogue.open_index import INDEX_TYPES
from schema.shape_types import add_shapes
from schema.type_builder import Types

INDEX: Final = Classification(INDEX_ITEM.code, DataClass.OPEN)


def add_index(types: Types) -> None:
    """Make an object type of each shape of the index."""
    add_shapes(types, INDEX_TYPES, INDEX)
