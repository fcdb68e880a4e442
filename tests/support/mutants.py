"""Every small change of a rule: what a slip, a hasty edit or a malicious one could make of it.

Conditions are negated, dropped, turned between `when` and `unless`; operators, numbers, texts and entities are
exchanged; sets lose and gain members; scopes widen and narrow; annotations are removed and changed; rules vanish.
Mutation analysis after DeMillo, Lipton and Sayward, "Hints on Test Data Selection", IEEE Computer 11(4), 1978.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Final, TypeAlias

from cedarpy import pst

from gateway.authorization.cedar_rules import Rule
from gateway.proofs.vocabulary import STRING, USES, Vocabulary

Change: TypeAlias = tuple[str, pst.Expr]
"""What was changed, and the expression after it."""
OTHER: Final = "OTHER"
"""A text that no rule names: the cells in which Cedar is asked have it too, where a solver found any other one."""
_LITERALS: Final = (pst.BoolLit, pst.LongLit, pst.StringLit, pst.EntityLit)
_PARTS: Final = (
    pst.BinaryOp,
    pst.UnaryOp,
    pst.GetAttr,
    pst.HasAttr,
    pst.IfThenElse,
    pst.Set,
    pst.Var,
    *_LITERALS,
)
_COMPARISONS: Final = ("eq", "not_eq", "less", "less_eq", "greater", "greater_eq")
_EQUALITIES: Final = ("eq", "not_eq")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule after one change; without a node the rule is gone."""

    rule: Rule
    change: str
    node: pst.Template | None


def mutants(rule: Rule, names: Vocabulary) -> Iterator[Mutant]:
    """Yield every mutant of a rule, none twice."""
    seen = {rule.node}
    yield Mutant(rule, "the rule is removed", None)
    for change, node in _changed(rule.node, names):
        if node not in seen:
            seen.add(node)
            yield Mutant(rule, change, node)


def _changed(node: pst.Template, names: Vocabulary) -> Iterator[tuple[str, pst.Template]]:
    other = "forbid" if node.effect == "permit" else "permit"
    yield f"it becomes a {other}", replace(node, effect=other)
    for change, notes in _annotations(dict(node.annotations)):
        yield change, replace(node, annotations=pst.FrozenMap(notes))
    yield "for every caller", replace(node, principal=pst.ScopeAny())
    for kind in names.numbers.get("CallerKind", {}):
        yield f"only for {kind}", replace(node, principal=pst.ScopeEq(_uid("CallerKind", kind)))
    for action in _actions(names):
        yield f"for the actions {action}", replace(node, action=action)
    for scope in _resources(names):
        yield f"for the resources {scope}", replace(node, resource=scope)
    for clauses in _clauses(node.clauses, names):
        yield clauses[0], replace(node, clauses=clauses[1])


def _annotations(notes: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, text in notes.items():
        yield f"@{name} is removed", {key: value for key, value in notes.items() if key != name}
        yield f"@{name} is emptied", notes | {name: ""}
        yield f"@{name} is changed", notes | {name: f"{text}1"}
    yield "the reason is in one language", notes | {"reason": notes["reason"].partition(" · ")[0]}
    yield "@note is added", notes | {"note": "n"}


def _actions(names: Vocabulary) -> Iterator[pst.ActionConstraint]:
    yield pst.ScopeAny()
    for group in names.groups:
        yield pst.ActionIn((_uid("Action", group),))
        yield pst.ActionEq(_uid("Action", group))
    for use in USES:
        yield pst.ActionEq(_uid("Action", use))


def _resources(names: Vocabulary) -> Iterator[pst.PrincipalOrResourceConstraint]:
    yield pst.ScopeAny()
    for sort in ("DataClass", "Item"):
        for name in names.numbers.get(sort, {}):
            yield pst.ScopeIn(_uid(sort, name))


def _clauses(
    clauses: tuple[pst.Clause, ...], names: Vocabulary
) -> Iterator[tuple[str, tuple[pst.Clause, ...]]]:
    for place, clause in enumerate(clauses):
        before, after = clauses[:place], clauses[place + 1 :]
        turned = pst.Unless(clause.expr) if isinstance(clause, pst.When) else pst.When(clause.expr)
        yield f"clause {place + 1} is dropped", (*before, *after)
        yield f"clause {place + 1} is turned between when and unless", (*before, turned, *after)
        for change, expr in _expressions(clause.expr, names):
            yield f"clause {place + 1}: {change}", (*before, replace(clause, expr=expr), *after)


def _expressions(node: pst.Expr, names: Vocabulary) -> Iterator[Change]:
    """Yield an expression after each change of it or of one of its parts."""
    yield from _here(node, names)
    if isinstance(node, pst.Set):
        yield from _members(node.elements, names)
        return
    for each in fields(node):
        part = getattr(node, each.name)
        if isinstance(part, _PARTS):
            for change, changed in _expressions(part, names):
                yield change, replace(node, **{each.name: changed})


def _here(node: pst.Expr, names: Vocabulary) -> Iterator[Change]:
    match node:
        case pst.BinaryOp() | pst.HasAttr() | pst.UnaryOp() | pst.GetAttr(_, "leaf"):
            yield from _conditions(node)
        case pst.Var("principal"):
            for kind in names.numbers.get("CallerKind", {}):
                yield f"the caller becomes {kind}", pst.EntityLit(_uid("CallerKind", kind))
        case _:
            yield from _literals(node, names)


def _literals(node: pst.Expr, names: Vocabulary) -> Iterator[Change]:
    match node:
        case pst.LongLit(value):
            yield f"{value} becomes {value + 1}", pst.LongLit(value + 1)
            yield f"{value} becomes {value - 1}", pst.LongLit(value - 1)
        case pst.StringLit():
            for text in (*names.numbers.get(STRING, {}), OTHER):
                yield f"the text becomes {text}", pst.StringLit(text)
        case pst.EntityLit(uid):
            for name in _siblings(uid, names):
                yield f"{uid.id} becomes {name}", pst.EntityLit(replace(uid, id=name))
        case _:
            return


def _conditions(node: pst.Expr) -> Iterator[Change]:
    yield "a condition is negated", pst.UnaryOp("not", node)
    yield "a condition becomes true", pst.BoolLit(True)
    yield "a condition becomes false", pst.BoolLit(False)
    match node:
        case pst.UnaryOp("not", arg):
            yield "a negation is dropped", arg
        case pst.BinaryOp("and" | "or" as op, left, right):
            yield "the right operand is dropped", left
            yield "the left operand is dropped", right
            yield "and and or are exchanged", replace(node, op="or" if op == "and" else "and")
        case pst.BinaryOp("in"):
            yield "in becomes ==", replace(node, op="eq")
        case pst.BinaryOp(op) if op in _COMPARISONS:
            numbers = isinstance(node.right, pst.LongLit)
            for other in _COMPARISONS if numbers else _EQUALITIES:
                yield f"{op} becomes {other}", replace(node, op=other)
        case _:
            return


def _members(elements: tuple[pst.Expr, ...], names: Vocabulary) -> Iterator[Change]:
    for place, element in enumerate(elements):
        rest = (*elements[:place], *elements[place + 1 :])
        yield f"a set loses its member {place + 1}", pst.Set(rest)
        for change, changed in _expressions(element, names):
            yield change, pst.Set((*elements[:place], changed, *elements[place + 1 :]))
        if isinstance(element, pst.EntityLit) and place == 0:
            for name in _siblings(element.value, names):
                added = pst.EntityLit(replace(element.value, id=name))
                yield f"a set gains {name}", pst.Set((*elements, added))


def _siblings(uid: pst.EntityUid, names: Vocabulary) -> Iterator[str]:
    yield from names.numbers.get(uid.type.basename, {})
    if uid.type.basename == "Action":
        yield from names.groups


def _uid(sort: str, name: str) -> pst.EntityUid:
    return pst.EntityUid(pst.EntityType(sort), name)
