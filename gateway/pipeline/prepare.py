"""Prepares a document for a purpose: authorized, planned and compiled, once."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import product
from typing import Any

from graphql import GraphQLSchema

from adapters.source import Query
from catalogue.classification import DataClass
from gateway.authorization.grant import Grant, decide, judge_in_steps
from gateway.authorization.policy import Policy
from gateway.authorization.purposes import is_own
from gateway.errors import VARIABLE_INVALID, RequestError
from gateway.operations.case_rules import CaseBound
from gateway.operations.document import Document
from gateway.operations.variables import Variable, variables_of
from gateway.pipeline.cooperative import Steps
from gateway.pipeline.disclosed_fields import DisclosedFields, Taken, disclosed_fields, disclosed_within
from gateway.pipeline.own_subject import acting_for, path_to_subjects
from gateway.principal import Principal
from gateway.rights.authorisations import COLUMNS
from gateway.rights.authorisations import DATASET as AUTHORISATIONS
from gateway.rights.identity_links import COLUMNS as LINK_COLUMNS
from gateway.rights.representation import Representation, check_acting
from observability.events import GrantMade, Origins, PlanCompiled
from observability.hooks import Hooks
from observability.request_trace import COMPILING, traces_of
from resolvers.fetch.batching import Loader, Loaders
from resolvers.graph.graph import Graph
from resolvers.plan.arguments import Arguments
from resolvers.plan.field_use import FieldPlace, FieldUse
from resolvers.plan.masked_plan import MaskedPlan, mask
from resolvers.plan.plan_node import Plan
from resolvers.plan.projection import Projection, compile_projection

MOST_VARIANTS = 64


@dataclass(frozen=True, slots=True)
class Variant:
    """An operation under one assignment of its conditions, ready to run."""

    plan: MaskedPlan
    project: Projection | None
    loaders: Sequence[Loader]
    conditions: Mapping[str, bool]
    authorisations: Loader | None
    """Looks up the authorisations of the subjects that are named; None where the purpose needs none."""
    links: Loader | None
    """Looks up whose the documents are that a request names; None where the plan names no person by one."""
    asked: Plan
    """What is asked for, with what the grant takes away."""
    denied: Collection[FieldPlace]
    """The places that the grant denies."""
    fields: DisclosedFields
    """What the grant releases and takes away of anybody."""

    def disclosed(self, arguments: Arguments, taken: Taken) -> DisclosedFields:
        """Return what is disclosed of the subjects of one request, from some of whom data sets are taken away."""
        return disclosed_within(self.asked, self.denied, arguments, taken) if taken else self.fields


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a document is asked: by which kind of caller, for which purpose, within which bounds."""

    kind: str
    purpose: str
    subjects: int
    """Subjects that one request may name."""
    bound: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables that the caller's token gives, by the claim."""
    plays_subject: bool = False
    """Whether it plays the subject that it names, for a subject's own purpose: in the explorer nobody is real."""
    case: CaseBound | None = None
    """The bound on the subjects of one case, where the purpose has one."""
    authorised: bool = False
    """Whether each subject that is named must have authorised the client."""


@dataclass(slots=True)
class Operation:
    """A document on its terms, with what they allow to read of it."""

    name: str
    document: Document
    terms: Terms
    grant: Grant
    variables: tuple[Variable, ...]
    compile: Callable[[Mapping[str, bool]], Variant]
    is_own: bool
    """Whether the purpose is one of the subject itself."""
    representation: Representation | None = None
    """Looks up whether a token's person represents the token's enterprise, where a variable is bound to that."""
    seen: Callable[[frozenset[str]], GraphQLSchema | None] = lambda _: None
    """The schema as a caller with these purposes may see it; nobody sees one but in the explorer."""
    open_index: Mapping[str, Any] | None = None
    """What `openIndex` answers under these rules."""
    most_variants: int = MOST_VARIANTS
    variants: dict[tuple[bool, ...], Variant] = field(default_factory=dict[tuple[bool, ...], Variant])

    async def check_acting(
        self, principal: Principal, today: date, deadline: float, origins: Origins
    ) -> None:
        """Refuse a person who acts for an enterprise without representing it today; see `gateway.rights.representation`."""
        acting = acting_for(self.terms.bound, principal, today)
        await check_acting(acting, self.representation, deadline, origins)

    def variant(self, values: Mapping[str, Any]) -> Variant:
        """Return the operation under the conditions that the variables' values make.

        A nullable variable with a default may stand in @include and @skip; a null for it decides nothing.
        """
        for name in self.document.conditions:
            if values.get(name, True) is None:
                raise RequestError(VARIABLE_INVALID, f"${name} decides about a field and cannot be null.")
        bits = tuple([values.get(name) is True for name in self.document.conditions])
        found = self.variants.get(bits)
        if found is None:
            if len(self.variants) >= self.most_variants:
                self.variants.clear()
            found = self.compile(dict(zip(self.document.conditions, bits, strict=True)))
            self.variants[bits] = found
        return found

    def traced_variant(self, values: Mapping[str, Any], origins: Origins) -> Variant:
        """Return the variant; where it is compiled first, that belongs to the trace of the request."""
        compiling = COMPILING.set(traces_of(origins or ()))
        try:
            return self.variant(values)
        finally:
            COMPILING.reset(compiling)

    def variants_of_all_conditions(self) -> Steps[None]:
        """Compile every variant, one a step, so that no request waits for it."""
        for bits in product((False, True), repeat=len(self.document.conditions)):
            self.variant(dict(zip(self.document.conditions, bits, strict=True)))
            yield


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares documents over one graph and one policy."""

    graph: Graph
    policy: Policy
    loaders: Loaders
    hooks: Hooks
    open_index: Mapping[str, Any] | None = None
    """The open index of the rules, as the graph answers it; None where nobody asks for it."""

    def is_classified(self, document: Document) -> bool:
        """Whether any use that a document makes of a field, whatever its conditions say, needs a purpose."""
        classifications = self.graph.composed.classifications
        return any(
            each.coordinate not in classifications
            or classifications[each.coordinate].data_class is not DataClass.OPEN
            for each in document.plan.uses(self.graph, "asked")
        )

    def judge_in_steps(self, document: Document, terms: Terms) -> Steps[None]:
        """Judge the uses of a document, with a pause after each, so that `prepare` finds the verdicts."""
        yield from judge_in_steps(self.policy, terms.kind, terms.purpose, self._uses(document, terms))

    def _uses(self, document: Document, terms: Terms) -> frozenset[FieldUse]:
        plan, plays = document.plan, terms.plays_subject
        return plan.uses(self.graph, path_to_subjects(plan, terms.purpose, terms.bound, plays_subject=plays))

    def prepare(self, name: str, document: Document, terms: Terms) -> Operation:
        """Decide on every use that a document makes and make it ready to run for a caller and a purpose."""
        uses = self._uses(document, terms)
        grant = decide(self.policy, terms.kind, terms.purpose, uses)
        made = tuple((use.coordinate, use.use, use.reached, use.at) for use in uses)
        self.hooks.emit(GrantMade(name, grant.kind, grant.purpose, grant.policy.version, made))
        variables = variables_of(self.graph.schema, document.operation)
        compile_variant = partial(self._variant, name, document, grant, self._look_up(terms))
        represents, own = None, is_own(terms.purpose)
        if "enterprise" in terms.bound.values():
            represents = Representation.of(self.graph, self.loaders, terms.purpose)
        return Operation(
            name,
            document,
            terms,
            grant,
            variables,
            compile_variant,
            own,
            represents,
            open_index=self.open_index,
        )

    def _variant(
        self,
        name: str,
        document: Document,
        grant: Grant,
        lookup: Query | None,
        conditions: Mapping[str, bool],
    ) -> Variant:
        started_ns, started = time.time_ns(), time.perf_counter()
        plan = mask(
            self.graph,
            document.plan_under(conditions),
            grant.denied,
            grant.purpose,
            history=grant.history,
            minors=self.policy.purposes.minors_shown(grant.purpose),
            dead=self.policy.purposes.dead_shown(grant.purpose),
        )
        plan = replace(plan, scenes=self.policy.purposes.titles)
        fetches = [fetch for level in plan.reading.levels for fetch in level.fetches]
        by_slot: dict[int, Loader] = {}
        for level in plan.reading.levels:
            loaders = self.loaders.loaders_of([fetch.query for fetch in level.fetches])
            by_slot |= {fetch.slot: each for fetch, each in zip(level.fetches, loaders, strict=True)}
        loaders = tuple(by_slot[slot] for slot in range(plan.reading.slots))
        authorisations = None if lookup is None else self.loaders.of(lookup)
        asked = document.plan_under(conditions)
        fields = disclosed_fields(asked, grant.denied)
        links = self._links(plan, grant.purpose)
        projection = compile_projection(plan)
        variant = Variant(
            plan, projection, loaders, conditions, authorisations, links, asked, grant.denied, fields
        )
        seconds = time.perf_counter() - started
        denied = len(grant.denied)
        self.hooks.emit(PlanCompiled(name, grant.purpose, started_ns, seconds, len(fetches), denied))
        return variant

    def _links(self, plan: MaskedPlan, purpose: str) -> Loader | None:
        """Return what looks documents up, where a plan names persons by them."""
        if not plan.documents:
            return None
        source = self.graph.sources[plan.documents[0].dataset]
        return self.loaders.of(Query(source.bureau, source.dataset, LINK_COLUMNS, purpose, unordered=True))

    def _look_up(self, terms: Terms) -> Query | None:
        """Return the read of the authorisations, where the terms need them."""
        if not terms.authorised:
            return None
        source = self.graph.sources[AUTHORISATIONS]
        return Query(source.bureau, source.dataset, COLUMNS, terms.purpose)
