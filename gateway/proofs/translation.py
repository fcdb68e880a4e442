"""Cedar's typed tree as formulas over a request, for a closed part of the language.

Whatever is not translated here is refused, so that no rule is served of which nothing could be proved. Evaluation
follows Cedar's: `&&`, `||` and `if` look no further than they must, and an attribute that is missing is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from cedarpy import pst

from gateway.proofs.solver import Term, choice, constant, every, fixed, no, some
from gateway.proofs.symbolic_request import Place, Request, known_place, together, within
from gateway.proofs.vocabulary import STRING

NEVER: Final = fixed(False)


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


SymbolicValue: TypeAlias = Truth | Whole | Named | PurposePlace | Elements | Holders | DeclaredUses
Found: TypeAlias = tuple[SymbolicValue, Term]
"""A value, and whether evaluating it fails."""
_ORDER: Final[dict[str, Callable[[Term, Term], Term]]] = {
    "less": lambda left, right: left < right,
    "less_eq": lambda left, right: left <= right,
    "greater": lambda left, right: left > right,
    "greater_eq": lambda left, right: left >= right,
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
            self._scope(pst.Var("resource"), rule.resource),
        )
        found: tuple[Term, Term] = (every(scope), NEVER)
        for clause in rule.clauses:
            term, errs = self._truth(clause.expr)
            found = _and(found, (no(term) if isinstance(clause, pst.Unless) else term, errs))
        term, errs = found
        return Meaning(every((term, no(errs))), errs)

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
            case pst.GetAttr(base, attr):
                return self._attribute(base, attr)
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
            case pst.Var(name):
                return self._variable(name)
            case _:
                raise Untranslated(_named(node))

    def _operation(self, node: pst.Expr) -> Found:
        match node:
            case pst.HasAttr(pst.Var("resource"), ("scene",)):
                return Truth(self.request.has_scene), NEVER
            case pst.UnaryOp("not", arg):
                term, errs = self._truth(arg)
                return Truth(no(term)), errs
            case pst.IfThenElse(condition, then, otherwise):
                return self._if(self._truth(condition), self._truth(then), self._truth(otherwise))
            case pst.BinaryOp("and" | "or" as op, left, right):
                join = _and if op == "and" else _or
                term, errs = join(self._truth(left), self._truth(right))
                return Truth(term), errs
            case pst.BinaryOp(op, left, right):
                return self._compared(op, self._value(left), self._value(right))
            case _:
                raise Untranslated(_named(node))

    def _if(self, when: tuple[Term, Term], then: tuple[Term, Term], otherwise: tuple[Term, Term]) -> Found:
        errs = some((when[1], choice(when[0], then[1], otherwise[1])))
        return Truth(choice(when[0], then[0], otherwise[0])), errs

    def _elements(self, elements: Iterable[pst.Expr]) -> Found:
        found = [self._value(each) for each in elements]
        return Elements(tuple(value for value, _ in found)), some(errs for _, errs in found)

    def _variable(self, name: str) -> SymbolicValue:
        match name:
            case "principal":
                return Named("CallerKind", self.request.kind)
            case "action":
                return Named("Action", self.request.use)
            case "resource":
                return Named("Field", self.request.field)
            case _:
                raise Untranslated(f"{name} as a value")

    def _attribute(self, base: pst.Expr, attr: str) -> Found:
        request = self.request
        purpose = pst.GetAttr(pst.Var("context"), "purpose")
        known: dict[tuple[pst.Expr, str], SymbolicValue] = {
            (pst.Var("context"), "purpose"): PurposePlace(request.purpose),
            (pst.Var("context"), "reached"): Named(STRING, request.reached),
            (purpose, "leaf"): Truth(request.leaf),
            (purpose, "holders"): Holders(),
            (pst.Var("resource"), "sensitivity"): Whole(request.sensitivity),
            (pst.Var("resource"), "disclosure"): Named(STRING, request.disclosure),
            (pst.Var("resource"), "uses"): DeclaredUses(),
            (pst.Var("resource"), "scene"): PurposePlace(request.scene),
        }
        if (base, attr) not in known:
            raise Untranslated(f"the attribute {attr}")
        return known[base, attr], no(request.has_scene) if attr == "scene" else NEVER

    def _literal(self, sort: str, name: str) -> Named:
        return Named(sort, constant(self.request.names.number(sort, name)), name)

    def _entity(self, uid: pst.EntityUid) -> SymbolicValue:
        if uid.type.namespace:
            raise Untranslated("a namespace")
        if uid.type.basename == "Purpose":
            return PurposePlace(known_place(self.request.names, uid.id), uid.id)
        return self._literal(uid.type.basename, uid.id)

    def _compared(self, op: str, left: Found, right: Found) -> Found:
        errs = some((left[1], right[1]))
        match op, left[0], right[0]:
            case "eq", one, other:
                return Truth(self._equal(one, other)), errs
            case "not_eq", one, other:
                return Truth(no(self._equal(one, other))), errs
            case "in", one, other:
                return Truth(self._in(one, other)), errs
            case "contains", one, other:
                return Truth(self._contains(one, other)), errs
            case _, Whole(one), Whole(other) if op in _ORDER:
                return Truth(_ORDER[op](one, other)), errs
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
                raise Untranslated(f"== between {_named(left)} and {_named(right)}")

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
                raise Untranslated(f"in between {_named(left)} and {_named(right)}")

    def _contains(self, left: SymbolicValue, right: SymbolicValue) -> Term:
        match left, right:
            case Holders(), Named("CallerKind", literal=str(name)):
                return self.request.held_by(name)
            case Holders(), Named("CallerKind"):
                return self.request.held
            case DeclaredUses(), Named(literal=str(name)):
                return self.request.declares(name)
            case Elements(values), other:
                return some(self._equal(each, other) for each in values)
            case _:
                raise Untranslated(f"contains of {_named(left)} and {_named(right)}")


def _and(left: tuple[Term, Term], right: tuple[Term, Term]) -> tuple[Term, Term]:
    return every((left[0], right[0])), some((left[1], every((left[0], right[1]))))


def _or(left: tuple[Term, Term], right: tuple[Term, Term]) -> tuple[Term, Term]:
    return some((left[0], right[0])), some((left[1], every((no(left[0]), right[1]))))


def _named(thing: object) -> str:
    return getattr(thing, "op", None) or type(thing).__name__
