"""What `operations check` and `policy explain` print: every use with its rule, and every reason to refuse it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cli.common import document_of, preparer_of
from gateway.authorization.explain import Explanation, UseExplained
from gateway.errors import StartRefused
from gateway.installation import Rules
from gateway.operations.register import Registration
from gateway.pipeline.lookup import check_bound, prepare_registered
from gateway.pipeline.own_subject import explain_document
from gateway.pipeline.prepare import Terms
from gateway.settings import LimitSettings
from resolvers.plan.field_use import AccessPath

_ORDER: Final = ("denied", "masked", "limited", "allowed")
_REACHED: Final[Mapping[AccessPath, str]] = {
    "own": "",
    "asked": "",
    "ward": " of a ward",
    "person": " through a person",
    "enterprise": " through an enterprise",
}


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
                yield from (f"  {line}" for line in explanation_lines(explanation))


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
        f"{use_text(line)} by {line.rule} ({line.reason}): {'; '.join(alternatives(line))}"
        for line in explanation.denied
    ]
    if uses:
        yield f"{explanation.purpose} for {explanation.kind} does not cover {', nor '.join(uses)}"
    yield from mixture_lines(explanation)


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


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation, with a summary at the end."""
    for state in _ORDER:
        for line in explanation.lines:
            if line.state == state:
                yield from _use_lines(line)
    counts = ", ".join(
        f"{sum(line.state == state for line in explanation.lines)} {state}" for state in reversed(_ORDER)
    )
    yield f"{counts}: {explanation.kind} for {explanation.purpose}, policy {explanation.policy}"
    if explanation.denied and explanation.covering:
        yield f"all of it is allowed to this kind for: {', '.join(explanation.covering)}"
    yield from mixture_lines(explanation)


def mixture_lines(explanation: Explanation) -> Iterator[str]:
    """Say so where an operation mixes purposes."""
    if explanation.mixes_purposes:
        yield (
            f"it mixes purposes: {explanation.kind} may make each use for some purpose, and for no single one all"
        )


def _use_lines(line: UseExplained) -> Iterator[str]:
    """Yield the lines about one use: the use and its rule; if it is denied, also the reason and what would be allowed."""
    yield f"{line.state:<8} {use_text(line)}  by {line.rule}"
    if line.state == "masked":
        yield f"         not read: {line.under} above it is denied"
    if line.state == "denied":
        yield f"         {line.reason} ({line.source or 'gateway'})"
        if line.input:
            yield f"         because of its input: {line.input}"
        yield from (f"         {each}" for each in alternatives(line))


def use_text(line: UseExplained) -> str:
    """Say a use: what is done with which field, where, and how its subject was come to."""
    place = f" at {line.at}" if line.at != line.field else ""
    return f"{line.use} {line.field}{place}{_REACHED[line.reached]}"


def alternatives(line: UseExplained) -> Iterator[str]:
    """Yield what would be allowed instead of a denied use."""
    if line.uses and line.use not in line.uses:
        yield f"uses that exist for it: {', '.join(line.uses)}"
    if line.purposes:
        yield f"allowed to this kind for: {', '.join(line.purposes)}"
    for kind, purposes in (line.others or {}).items():
        yield f"allowed to {kind} for: {', '.join(purposes)}"
    if not line.purposes and not line.others:
        yield "allowed to nobody for any purpose"
