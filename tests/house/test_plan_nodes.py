"""A kind of plan node is told apart in its own file: everything else calls the methods of a node."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from resolvers.plan.nodes import node_kinds

NODES = Path("resolvers", "plan", "nodes")
KINDS = {each.__name__ for each in (*node_kinds().by_binding.values(), *node_kinds().unbound)}


def elsewhere(root: Path, modules: dict[Path, ast.Module]) -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of production outside the folder of the kinds."""
    for path, module in modules.items():
        relative = path.relative_to(root)
        if relative.parts[0] not in ("tests", "benchmarks", "tools") and relative.parent != NODES:
            yield str(relative), module


def names_in(node: ast.AST) -> set[str]:
    """Return the kinds of nodes that an expression names."""
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    found |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return found & KINDS


def ladders(module: ast.Module) -> Iterator[int]:
    """Yield the lines that tell kinds apart: by isinstance or issubclass, by a match, by a union or tuple of kinds."""
    for node in ast.walk(module):
        tells = False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            tells = node.func.id in ("isinstance", "issubclass") and bool(names_in(node.args[-1]))
        elif isinstance(node, ast.MatchClass):
            tells = bool(names_in(node.cls))
        elif isinstance(node, ast.Compare):
            tells = any(map(names_in, node.comparators))
        elif isinstance(node, ast.BinOp | ast.Tuple):
            tells = len(names_in(node)) > 1
        if tells:
            yield node.lineno


def test_every_kind_is_found():
    """The rule below is about the kinds of this installation, and there are a dozen."""
    assert len(KINDS) >= 12


def test_kinds_are_told_apart_in_their_folder_alone(root: Path, modules: dict[Path, ast.Module]):
    """No module of production outside the folder of the kinds asks of which kind a node is."""
    found = {f"{name}:{line}" for name, module in elsewhere(root, modules) for line in ladders(module)}
    assert found == set()


@pytest.mark.parametrize(
    "text",
    [
        "isinstance(node, LookupRoot)",
        "isinstance(node, LookupRoot | StandingRoot)",
        "isinstance(node, (lookup_root.LookupRoot, int))",
        "issubclass(kind, StatisticRoot)",
        "type(node) is DeniedField",
        "Field = ColumnField | TypeName",
        "Field: TypeAlias = Union[ColumnField, TypeName]",
        "match node:\n    case RecordsField():\n        pass",
    ],
)
def test_a_ladder_is_seen(text: str):
    """Each way to tell kinds apart is found where it stands."""
    assert list(ladders(ast.parse(text)))
