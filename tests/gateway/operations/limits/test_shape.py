"""The counts equal a naive expansion of the document."""

from __future__ import annotations

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from gateway.operations.limits.document_limits import size_of, uses_introspection
from gateway.operations.limits.shape import Shape

NAMES = ("F0", "F1", "F2", "F3")


@st.composite
def selections(draw: st.DrawFn, spreads: tuple[str, ...], depth: int = 3) -> str:
    """A selection set whose fragments are among `spreads`."""
    kinds = ["field", *(["nested", "inline"] if depth else []), *(["spread"] if spreads else [])]
    parts: list[str] = []
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3)):
        if kind == "field":
            parts.append(draw(st.sampled_from(["a", "x: b", "__typename"])))
        elif kind == "spread":
            parts.append(f"...{draw(st.sampled_from(spreads))}")
        else:
            head = "c" if kind == "nested" else "... on T"
            parts.append(head + draw(selections(spreads, depth - 1)))
    return "{ " + " ".join(parts) + " }"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document with four fragments of which each spreads later ones or unknown ones, in any order."""
    definitions = [
        f"fragment {name} on T {draw(selections((*NAMES[index + 1 :], 'Unknown')))}"
        for index, name in enumerate(NAMES)
    ]
    definitions += [f"query Q{number} {draw(selections(NAMES))}" for number in range(draw(st.integers(1, 2)))]
    return " ".join(draw(st.permutations(definitions)))


def naive(document: DocumentNode, selection_set: SelectionSetNode) -> tuple[int, int]:
    """The number of fields and their deepest nesting, by writing every fragment out."""
    count, deepest = 0, 0
    bodies = {
        one.name.value: one.selection_set for one in document.definitions if one.kind.startswith("fragment")
    }
    for node in selection_set.selections:
        spread = isinstance(node, FragmentSpreadNode)
        inner = bodies.get(node.name.value) if spread else node.selection_set
        fields, depth = naive(document, inner) if inner else (0, 0)
        own = isinstance(node, FieldNode)
        count, deepest = count + fields + own, max(deepest, depth + own)
    return count, deepest


@given(source=documents())
def test_counts_equal_a_naive_expansion(source):
    """Fields and depth of any document are what writing its fragments out gives."""
    document = parse(source)
    expected = [
        naive(document, one.selection_set)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
    ]
    size = size_of(Shape.of(document))
    assert size.expanded == sum(count for count, _ in expected)
    assert size.depth == max(depth for _, depth in expected)
    assert size.meta_depth == 0


@given(source=documents(), name=st.sampled_from(["__schema", "__type", "__typename", "schema"]))
def test_introspection_is_found_anywhere(source, name):
    """`__schema` and `__type` are found wherever they stand and whatever their alias; `__typename` is not."""
    document = parse(source.replace(" a ", f" y: {name} ", 1) + f" fragment Last on T {{ c {{ {name} }} }}")
    assert uses_introspection(document) is (name in {"__schema", "__type"})
    assert not uses_introspection(parse(source))
