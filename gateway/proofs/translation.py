"""Cedar's typed tree as formulas over a request, for a closed part of the language.

Whatever is not translated here is refused, so that no rule is served of which nothing could be proved. Evaluation
follows Cedar's: `&&`, `||` and `if` look no further than they must, and an attribute that is missing is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Final, TypeAlias

from cedarpy import pst

from gateway.proofs.solver import Term, choice, constant, every, fixed, some
from gateway.proofs.symbolic_request import Place, Request, known_place, together, within
from gateway.proofs.vocabulary import STRING

NEVER: Final = fixed(False)
_CONTEXT: Final = pst.Var("context")
_RESOURCE: Final = pst.Var("resource")
_PURPOSE: Final = pst.GetAttr(_CONTEXT, "purpose")
_SCENE: Final = pst.GetAttr(_RESOURCE, "scene")


class Untranslated(Exception):
    """A part of a rule that the proofs do not know."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """When a rule applies to the request, and when its evaluation fails."""

    applies: Term
    errs: Term


@dataclass(frozen=True, slots=True)
class Truth:
    """A truth value."""

    term: Term


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    term: Term


@dataclass(frozen=True, slots=True)
class Named:
    """A text or an entity, by the number of its name. `literal` is its name where the rule writes it out."""

    sort: str
    term: Term
    literal: str | None = None


@dataclass(frozen=True, slots=True)
class PurposePlace:
    """A purpose by its place; `literal` is its name where the rule writes it out."""

    place: Place
    literal: str | None = None


@dataclass(frozen=True, slots=True)
class Elements:
    """A set that a rule writes out."""

    values: tuple[SymbolicValue, ...]


@dataclass(frozen=True, slots=True)
class Holders:
    """The kinds that hold the purpose."""


@dataclass(frozen=True, slots=True)
class DeclaredUses:
    """The uses that the field declares."""


@dataclass(frozen=True, slots=True)
class NamingDuties:
    """The duties that name the field's item."""


SymbolicValue: TypeAlias = (
    Truth | Whole | Named | PurposePlace | Elements | Holders | DeclaredUses | NamingDuties
)
Found: TypeAlias = tuple[SymbolicValue, Term]
"""A value, and whether evaluating it fails."""
_ORDER: Final[dict[str, Callable[[Term, Term], Term]]] = {
    "less": lt,
    "less_eq": le,
    "greater": gt,
    "greater_eq": ge,
}


def meaning(rule: pst.Template, request: Request) -> Meaning:
    """Return what a rule means for the request, or raise Untranslated."""
    return _Translation(request).rule(rule)


@dataclass(frozen=True, slots=True)
class _Translation:
    request: Request

    def rule(self, rule: pst.Template) -> Meaning:
        scope = (
            self._scope(pst.Var("principal"), rule.principal),
            self._action(rule.action),
            self._scope(_RESOURCE, rule.resource),
        )
        found: tuple[Term, Term] = (every(scope), NEVER)
        for clause in rule.clauses:
            term, errs = self._truth(clause.expr)
            found = _and(found, (~term if isinstance(clause, pst.Unless) else term, errs))
        term, errs = found
        return Meaning(term & ~errs, errs)

    def _scope(self, variable: pst.Var, scope: pst.PrincipalOrResourceConstraint) -> Term:
        match scope:
            case pst.ScopeAny():
                return fixed(True)
            case pst.ScopeEq(pst.EntityUid() as uid):
                return self._equal(self._value(variable)[0], self._entity(uid))
            case pst.ScopeIn(pst.EntityUid() as uid):
                return self._in(self._value(variable)[0], self._entity(uid))
            case _:
                raise Untranslated(f"the scope {type(scope).__name__}")

    def _action(self, scope: pst.ActionConstraint) -> Term:
        match scope:
            case pst.ScopeAny():
                return fixed(True)
            case pst.ActionEq(uid):
                return self.request.makes(uid.id)
            case pst.ActionIn(uids):
                return some(self._makes(each.id) for each in uids)

    def _makes(self, action: str) -> Term:
        return self.request.makes(*self.request.names.members(action))

    def _truth(self, node: pst.Expr) -> tuple[Term, Term]:
        value, errs = self._value(node)
        if not isinstance(value, Truth):
            raise Untranslated(f"{type(node).__name__} where a condition is expected")
        return value.term, errs

    def _value(self, node: pst.Expr) -> Found:
        match node:
            case pst.Set(elements):
                return self._elements(elements)
            case pst.Var() | pst.GetAttr():
                return self._input(node)
            case pst.HasAttr() | pst.UnaryOp() | pst.IfThenElse() | pst.BinaryOp():
                return self._operation(node)
            case _:
                return self._plain(node), NEVER

    def _plain(self, node: pst.Expr) -> SymbolicValue:
        match node:
            case pst.BoolLit(value):
                return Truth(fixed(value))
            case pst.LongLit(value):
                return Whole(constant(value))
            case pst.StringLit(value):
                return self._literal(STRING, value)
            case pst.EntityLit(uid):
                return self._entity(uid)
            case _:
                raise Untranslated(_node_name(node))

    def _operation(self, node: pst.Expr) -> Found:
        match node:
            case pst.HasAttr(pst.Var("resource"), ("scene",)):
                return Truth(self.request.has_scene), NEVER
            case pst.UnaryOp("not", arg):
                term, errs = self._truth(arg)
                return Truth(~term), errs
            case pst.IfThenElse(condition, then, otherwise):
                when, errs = self._truth(condition)
                (left, left_errs), (right, right_errs) = self._truth(then), self._truth(otherwise)
                return Truth(choice(when, left, right)), errs | choice(when, left_errs, right_errs)
            case pst.BinaryOp("and" | "or" as op, left, right):
                join = _and if op == "and" else _or
                term, errs = join(self._truth(left), self._truth(right))
                return Truth(term), errs
            case pst.BinaryOp(op, left, right):
                (one, one_errs), (other, other_errs) = self._value(left), self._value(right)
                return Truth(self._compared(op, one, other)), one_errs | other_errs
            case _:
                raise Untranslated(_node_name(node))

    def _elements(self, elements: Iterable[pst.Expr]) -> Found:
        found = [self._value(each) for each in elements]
        return Elements(tuple(value for value, _ in found)), some(errs for _, errs in found)

    def _input(self, node: pst.Var | pst.GetAttr) -> Found:
        request = self.request
        known: dict[pst.Expr, SymbolicValue] = {
            pst.Var("principal"): Named("CallerKind", request.kind),
            pst.Var("action"): Named("Action", request.use),
            _RESOURCE: Named("Field", request.field),
            _PURPOSE: PurposePlace(request.purpose),
            pst.GetAttr(_CONTEXT, "reached"): Named(STRING, request.reached),
            pst.GetAttr(_PURPOSE, "leaf"): Truth(request.leaf),
            pst.GetAttr(_PURPOSE, "holders"): Holders(),
            pst.GetAttr(_RESOURCE, "sensitivity"): Whole(request.sensitivity),
            pst.GetAttr(_RESOURCE, "disclosure"): Named(STRING, request.disclosure),
            pst.GetAttr(_RESOURCE, "uses"): DeclaredUses(),
            pst.GetAttr(_RESOURCE, "duties"): NamingDuties(),
            _SCENE: PurposePlace(request.scene),
        }
        if node not in known:
            raise Untranslated(
                f"the attribute {node.attr}" if isinstance(node, pst.GetAttr) else f"{node.name} as a value"
            )
        return known[node], ~request.has_scene if node == _SCENE else NEVER

    def _literal(self, sort: str, name: str) -> Named:
        return Named(sort, constant(self.request.names.number(sort, name)), name)

    def _entity(self, uid: pst.EntityUid) -> SymbolicValue:
        if uid.type.namespace:
            raise Untranslated("a namespace")
        if uid.type.basename == "Purpose":
            return PurposePlace(known_place(self.request.names, uid.id), uid.id)
        return self._literal(uid.type.basename, uid.id)

    def _compared(self, op: str, left: SymbolicValue, right: SymbolicValue) -> Term:
        match op, left, right:
            case "eq", _, _:
                return self._equal(left, right)
            case "not_eq", _, _:
                return ~self._equal(left, right)
            case "in", _, _:
                return self._in(left, right)
            case "contains", _, _:
                return self._contains(left, right)
            case _, Whole(one), Whole(other) if op in _ORDER:
                return _ORDER[op](one, other)
            case _:
                raise Untranslated(f"the operator {op}")

    def _equal(self, left: SymbolicValue, right: SymbolicValue) -> Term:
        match left, right:
            case (Truth(one), Truth(other)) | (Whole(one), Whole(other)):
                return one == other
            case Named(), Named():
                return left.term == right.term if left.sort == right.sort else fixed(False)
            case PurposePlace(), PurposePlace():
                return together(left.place, right.place, self.request.same)
            case _:
                raise Untranslated(f"== between {_node_name(left)} and {_node_name(right)}")

    def _in(self, left: SymbolicValue, right: SymbolicValue) -> Term:
        match left, right:
            case _, Elements(values):
                return some(self._in(left, each) for each in values)
            case PurposePlace(place), PurposePlace(literal=str(name)):
                return within(self.request.names, place, name)
            case Named("Action"), Named("Action", literal=str(name)):
                return self._makes(name)
            case Named("Field"), Named("DataClass", literal=str(name)):
                return self.request.of(name)
            case Named("Field"), Named("Item", literal=str(name)):
                return self.request.takes(name)
            case Named(one), Named(other) if one == other:
                return left.term == right.term
            case _:
                raise Untranslated(f"in between {_node_name(left)} and {_node_name(right)}")

    def _contains(self, left: SymbolicValue, right: SymbolicValue) -> Term:
        match left, right:
            case Holders(), Named("CallerKind", literal=str(name)):
                return self.request.held_by(name)
            case Holders(), Named("CallerKind"):
                return self.request.held
            case DeclaredUses(), Named(literal=str(name)):
                return self.request.declares(name)
            case NamingDuties(), PurposePlace(place) if place is self.request.purpose:
                return self.request.named
            case Elements(values), other:
                return some(self._equal(each, other) for each in values)
            case _:
                raise Untranslated(f"contains of {_node_name(left)} and {_node_name(right)}")


def _and(left: tuple[Term, Term], right: tuple[Term, Term]) -> tuple[Term, Term]:
    return left[0] & right[0], left[1] | (left[0] & right[1])


def _or(left: tuple[Term, Term], right: tuple[Term, Term]) -> tuple[Term, Term]:
    return left[0] | right[0], left[1] | (~left[0] & right[1])


def _node_name(thing: object) -> str:
    return getattr(thing, "op", None) or type(thing).__name__
