"""Every small change of a module's code: what a slip could make of a rule that is written in Python.

Comparisons and connectives are exchanged, operands and members are dropped, conditions become true and false, branches
are taken always, what is yielded is not, numbers and texts become others. After DeMillo, Lipton and Sayward, as
`tests.support.mutants` does with the rules of Cedar.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeAlias, cast

Change: TypeAlias = Callable[[], ast.AST]
"""Changes a node in place, or returns what stands in its place."""
_OTHER: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True)
class CodeMutant:
    """A module after one change; `change` has what was there and what is, `text` the whole module."""

    change: str
    text: str
    of: ModuleType

    def load(self) -> ModuleType | None:
        """Return the module, or None where nobody could import it."""
        made = ModuleType(self.of.__name__)
        try:
            exec(compile(self.text, str(self.of.__file__), "exec"), made.__dict__)  # noqa: S102 the project's own code
        except Exception:
            return None
        return made


def code_mutants(module: ModuleType) -> Iterator[CodeMutant]:
    """Yield every mutant of a module, none twice."""
    plain = ast.unparse(ast.parse(Path(str(module.__file__)).read_text("utf-8")))
    tree = ast.parse(plain)
    seen = {plain}
    written = _annotations(tree)
    for number, node in enumerate(ast.walk(tree)):
        for turn in range(0 if node in written else len(_changes(node))):
            changed = ast.parse(plain)
            before, after = _change(changed, number, turn)
            text = ast.unparse(changed)
            if text not in seen:
                seen.add(text)
                yield CodeMutant(f"{before} -> {after}", text, module)


def _annotations(tree: ast.AST) -> set[ast.AST]:
    """Return the nodes that say types to readers and checkers only."""
    said = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
    said += [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    return {below for node in said if node for below in ast.walk(node)}


def _node(tree: ast.AST, number: int) -> ast.AST:
    return next(node for at, node in enumerate(ast.walk(tree)) if at == number)


def _change(tree: ast.AST, number: int, turn: int) -> tuple[str, str]:
    node = _node(tree, number)
    before = ast.unparse(node)
    after = _changes(node)[turn]()
    if after is not node:
        _replace(tree, node, after)
    return before, ast.unparse(after)


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                items = cast("list[object]", value)
                items[:] = [new if each is old else each for each in items]


def _changes(node: ast.AST) -> Sequence[Change]:
    """Return what makes a node, or what stands in its place, another."""
    found = _CHANGES.get(type(node))
    return found(node) if found else []


def _of_comparison(node: ast.Compare) -> list[Change]:
    def other() -> ast.AST:
        node.ops[0] = _OTHER[type(node.ops[0])]()
        return node

    return [other]


def _of_connective(node: ast.BoolOp) -> list[Change]:
    def other() -> ast.AST:
        node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        return node

    return [*_dropped(node, node.values), other]


def _dropped(node: ast.AST, parts: list[ast.expr]) -> list[Change]:
    def without(at: int) -> ast.AST:
        del parts[at]
        return node

    return [partial(without, at) for at in range(len(parts))]


def _of_negation(node: ast.UnaryOp) -> list[Change]:
    return [lambda: node.operand] if isinstance(node.op, ast.Not) else []


def _of_condition(node: ast.If) -> list[Change]:
    def decided(flag: bool) -> ast.AST:
        node.test = ast.Constant(flag)
        return node

    return [partial(decided, True), partial(decided, False)]


def _of_statement(node: ast.Expr) -> list[Change]:
    yields = isinstance(node.value, (ast.Yield, ast.YieldFrom))
    return [lambda: ast.If(ast.Constant(False), [node], [])] if yields else []


def _of_return(node: ast.Return) -> list[Change]:
    value = node.value.value if isinstance(node.value, ast.Constant) else None
    if isinstance(value, bool):
        return [lambda: ast.Return(ast.Constant(not value))]
    return [lambda: ast.Return(ast.Constant(f"{value} "))] if isinstance(value, str) else []


_CHANGES: Final[dict[type[ast.AST], Callable[[Any], Sequence[Change]]]] = {
    ast.Compare: _of_comparison,
    ast.BoolOp: _of_connective,
    ast.UnaryOp: _of_negation,
    ast.IfExp: lambda node: [lambda: node.body, lambda: node.orelse],
    ast.If: _of_condition,
    ast.Tuple: lambda node: _dropped(node, node.elts) if isinstance(node.ctx, ast.Load) else [],
    ast.Set: lambda node: _dropped(node, node.elts),
    ast.Expr: _of_statement,
    ast.Return: _of_return,
}
