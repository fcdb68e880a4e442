"""Concrete requests, as Cedar is asked about them and as values of the unknowns of the proofs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from gateway.authorization.engine import Engine, Outcome, Question, parse_entities
from gateway.authorization.entities import Store
from gateway.proofs.model import Model
from gateway.proofs.solver import Solver, Term, choice, constant
from gateway.proofs.symbolic_request import Place, Request
from gateway.proofs.vocabulary import STRING

Entities = Mapping[tuple[str, str], dict[str, Any]]


def over(engine: Engine, store: Store) -> Engine:
    """Return an engine for the same rules over another store; the rules are not parsed again."""
    made = copy(engine)
    made._entities = parse_entities(store.entities, engine.schema)
    made._uids = store.uids
    return made


def by_uid(store: Store) -> Entities:
    """Return the entities of a store by type and id."""
    return {(each["uid"]["type"], each["uid"]["id"]): each for each in store.entities}


@dataclass(frozen=True, slots=True)
class Translated:
    """The translated rules, evaluated on concrete requests."""

    model: Model
    solver: Solver
    applying: Term
    """A number whose bits say which rules apply, so that one look at a case tells of all of them."""

    def outcome(self, question: Question, entities: Entities) -> Outcome:
        """Return what the translation says: the decision, and the rules that made it as Cedar lists them."""
        case = self.solver.find(*values(self.model.request, question, entities))
        assert case is not None, "a request that exists is one that the proofs consider"
        bits = case.number(self.applying)
        applying = {name for place, name in enumerate(self.model.meanings) if bits >> place & 1}
        forbids = {name for name in applying if self.model.rules[name].effect == "forbid"}
        allowed = case.holds(self.model.allowed())
        return Outcome(allowed, tuple(sorted(forbids or applying)))


def translated(model: Model) -> Translated:
    """Return translated rules, ready for requests."""
    bits = (
        choice(each.applies, constant(1 << place), constant(0))
        for place, each in enumerate(model.meanings.values())
    )
    return Translated(model, Solver(model.request.possible()), sum(bits, constant(0)))


def values(request: Request, question: Question, entities: Entities) -> Iterator[Term]:
    """Yield the value of each unknown of a request."""
    names = request.names
    field, purpose = entities["Field", question.field], entities["Purpose", question.purpose]
    parents = {each["type"]: each["id"] for each in field["parents"]}
    holders = {each["__entity"]["id"] for each in purpose["attrs"]["holders"]}
    yield request.kind == names.number("CallerKind", question.kind)
    yield request.use == names.number("Action", question.use)
    yield request.field == names.number("Field", question.field)
    yield request.data_class == names.number("DataClass", parents["DataClass"])
    yield request.item == names.number("Item", parents["Item"])
    yield request.sensitivity == field["attrs"]["sensitivity"]
    yield request.disclosure == names.number(STRING, field["attrs"]["disclosure"])
    yield request.reached == names.number(STRING, question.reached)
    yield request.leaf == purpose["attrs"]["leaf"]
    yield request.held == (question.kind in holders)
    yield from (request.held_by(kind) == (kind in holders) for kind in names.numbers["CallerKind"])
    yield from (request.declares(text) == (text in field["attrs"]["uses"]) for text in names.numbers[STRING])
    yield from at(request, request.purpose, question.purpose)
    duties = {each["__entity"]["id"] for each in field["attrs"]["duties"]}
    yield request.named == (question.purpose in duties)
    yield from staged(request, question.purpose, field["attrs"].get("scene"))


def staged(request: Request, purpose: str, scene: dict[str, Any] | None) -> Iterator[Term]:
    """Yield the values that describe a field's scene, if it has one."""
    yield request.has_scene == (scene is not None)
    if scene is not None:
        yield from at(request, request.scene, scene["__entity"]["id"])
        yield request.same == (scene["__entity"]["id"] == purpose)


def at(request: Request, place: Place, purpose: str) -> Iterator[Term]:
    """Yield the values that describe a purpose's place in the tree."""
    node, exact = request.names.position(purpose)
    yield place.node == node
    yield place.exact == exact
