"""A document's selections, and its fragments in an order in which each comes after those that it spreads.

Everything here is iterative and visits each selection once, whatever fragments expand to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS

from gateway.errors import FRAGMENT_CYCLE, RequestError

_INTROSPECTION: Final = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A selection and what encloses it within its own definition.

    `fields` counts the fields around it, `sets` the selection sets around it, its own definition's included;
    `meta` tells whether it is, or stands beneath, an introspection of the schema.
    """

    node: SelectionNode
    fields: int
    sets: int
    meta: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The selections of a document by definition. Fragments stand behind those that they spread.

    Two fragments of one name count as one with the selections of both; validation refuses them later.
    """

    operations: tuple[tuple[Placed, ...], ...]
    fragments: Mapping[str, tuple[Placed, ...]]

    @classmethod
    def of(cls, document: DocumentNode) -> Shape:
        """Return the document's shape; FRAGMENT_CYCLE where a fragment spreads itself."""
        operations: list[tuple[Placed, ...]] = []
        fragments: dict[str, tuple[Placed, ...]] = {}
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                operations.append(tuple(place(definition.selection_set.selections)))
            elif isinstance(definition, FragmentDefinitionNode):
                name = definition.name.value
                placed = place(definition.selection_set.selections)
                fragments[name] = (*fragments.get(name, ()), *placed)
        spreads = {name: _spreads(placed, fragments) for name, placed in fragments.items()}
        try:
            ordered = tuple(TopologicalSorter(spreads).static_order())
        except CycleError:
            raise RequestError(FRAGMENT_CYCLE) from None
        return cls(tuple(operations), {name: fragments[name] for name in ordered})


def place(selections: Sequence[SelectionNode]) -> Iterator[Placed]:
    """Yield every selection beneath `selections`, without following spreads."""
    pending = [Placed(node, 0, 1, is_introspection(node)) for node in selections]
    while pending:
        placed = pending.pop()
        yield placed
        if isinstance(placed.node, FieldNode | InlineFragmentNode) and placed.node.selection_set:
            fields = placed.fields + isinstance(placed.node, FieldNode)
            pending.extend(
                Placed(node, fields, placed.sets + 1, placed.meta or is_introspection(node))
                for node in placed.node.selection_set.selections
            )


def is_introspection(node: Node) -> bool:
    """Tell whether a node asks for the schema; `__typename` asks for a value."""
    return isinstance(node, FieldNode) and node.name.value in _INTROSPECTION


def spread_name(placed: Placed) -> str | None:
    """Return the name of the fragment that a selection spreads."""
    return placed.node.name.value if isinstance(placed.node, FragmentSpreadNode) else None


def _spreads(placed: Sequence[Placed], known: Mapping[str, object]) -> list[str]:
    """Return the known fragments that are spread; the unknown are for validation to name."""
    return [name for name in dict.fromkeys(map(spread_name, placed)) if name is not None and name in known]


def nodes(start: Node) -> Iterator[Node]:
    """Yield a node, such as a document, and every node beneath it, without following spreads."""
    pending: list[Node] = [start]
    while pending:
        node = pending.pop()
        yield node
        for key in QUERY_DOCUMENT_KEYS.get(node.kind, ()):
            child: Node | Sequence[Node] | None = getattr(node, key, None)
            if isinstance(child, Node):
                pending.append(child)
            elif child:
                pending.extend(child)
