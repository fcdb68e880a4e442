"""What `creditgraph operations check` says of one operation: every use with its rule, and every reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.common import document_of, preparer_of
from cli.explaining import instead, made, mixture, printed
from gateway.authorization.explain import Explanation
from gateway.errors import StartRefused
from gateway.installation import Rules
from gateway.operations.register import Registration
from gateway.pipeline.lookup import check_bound, prepare_registered
from gateway.pipeline.own_subject import explain_document
from gateway.pipeline.prepare import Terms
from gateway.settings import LimitSettings


@dataclass(frozen=True, slots=True)
class Checked:
    """An operation with every reason to refuse it, and what each kind of its callers uses."""

    registration: Registration
    reasons: tuple[str, ...]
    explanations: tuple[Explanation, ...] = ()

    def lines(self, *, quiet: bool) -> Iterator[str]:
        """Yield what is said of the operation: one line, and beneath it every use of every field."""
        name, purpose = self.registration.name, self.registration.purpose
        if self.reasons:
            yield f"refused  {name}: {'; '.join(self.reasons)}"
        else:
            most = max(len(each.lines) for each in self.explanations)
            yield f"allowed  {name}: {most} uses of fields, {purpose}"
        if not quiet:
            for explanation in self.explanations:
                yield from (f"  {line}" for line in printed(explanation))


def check_operation(rules: Rules, registration: Registration, limits: LimitSettings) -> Checked:
    """Check a document, and for each kind of its callers its bindings and every use of every field."""
    try:
        document = document_of(registration.name, registration.document, rules, limits)
    except StartRefused as refusal:
        return Checked(registration, (_without_name(registration, refusal),))
    kinds = sorted({rules.clients[name].kind for name in registration.clients})
    explanations = tuple(
        explain_document(rules.policy, document, kind, registration.purpose, registration.bind)
        for kind in kinds
    )
    reasons = [reason for each in explanations for reason in _uncovered(each)]
    reasons += _unprepared(rules, registration, limits, covered=not reasons)
    return Checked(registration, tuple(dict.fromkeys(reasons)), explanations)


def _uncovered(explanation: Explanation) -> Iterator[str]:
    uses = [
        f"{made(line)} by {line.rule} ({line.reason}): {'; '.join(instead(line))}"
        for line in explanation.denied
    ]
    if uses:
        yield f"{explanation.purpose} for {explanation.kind} does not cover {', nor '.join(uses)}"
    yield from mixture(explanation)


def _unprepared(
    rules: Rules, registration: Registration, limits: LimitSettings, *, covered: bool
) -> Iterator[str]:
    """Yield what else would refuse it at the start of a gateway."""
    preparer, name = preparer_of(rules), registration.name
    try:
        if covered:
            prepare_registered(preparer, registration, rules.clients, limits)
        else:
            document = document_of(name, registration.document, rules, limits)
            kind = rules.clients[min(registration.clients)].kind
            terms = Terms(kind, registration.purpose, registration.subjects, registration.bind)
            check_bound(registration, preparer.prepare(name, document, terms))
    except StartRefused as refusal:
        yield _without_name(registration, refusal)


def _without_name(registration: Registration, refusal: StartRefused) -> str:
    return str(refusal).removeprefix(f"{registration.name}: ")
