"""An explanation as a person reads it: what is refused first, then what that hides, then what is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.authorization.explain import Explanation, UseExplained

_ORDER = ("denied", "masked", "allowed")


def printed(explanation: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation, with a summary at the end."""
    for state in _ORDER:
        for line in explanation.lines:
            if line.state == state:
                yield from _printed_line(line)
    counts = ", ".join(
        f"{sum(line.state == state for line in explanation.lines)} {state}" for state in reversed(_ORDER)
    )
    yield f"{counts}: {explanation.kind} for {explanation.purpose}, policy {explanation.policy}"
    if explanation.denied and explanation.covering:
        yield f"all of it is allowed to this kind for: {', '.join(explanation.covering)}"
    yield from mixture(explanation)


def mixture(explanation: Explanation) -> Iterator[str]:
    """Say so where an operation mixes purposes."""
    if explanation.mixes_purposes:
        yield (
            f"it mixes purposes: {explanation.kind} may make each use for some purpose, and for no single one all"
        )


def _printed_line(line: UseExplained) -> Iterator[str]:
    """Yield what is said of one use: the use and the rule, and where it is refused why and what would be allowed."""
    yield f"{line.state:<8} {made(line)}  by {line.rule}"
    if line.state == "masked":
        yield f"         not read: {line.under} above it is denied"
    if line.state == "denied":
        yield f"         {line.reason} ({line.source or 'gateway'})"
        if line.input:
            yield f"         because of its input: {line.input}"
        yield from (f"         {each}" for each in instead(line))


def made(line: UseExplained) -> str:
    """Say a use: what is done with which field, where, and how its subject was come to."""
    place = f" at {line.at}" if line.at != line.field else ""
    through = f" through {'a person' if line.reached == 'person' else 'an enterprise'}"
    return f"{line.use} {line.field}{place}{'' if line.reached in ('own', 'asked') else through}"


def instead(line: UseExplained) -> Iterator[str]:
    """Yield what would be allowed instead of a denied use."""
    if line.uses and line.use not in line.uses:
        yield f"uses that exist for it: {', '.join(line.uses)}"
    if line.purposes:
        yield f"allowed to this kind for: {', '.join(line.purposes)}"
    for kind, purposes in (line.others or {}).items():
        yield f"allowed to {kind} for: {', '.join(purposes)}"
    if not line.purposes and not line.others:
        yield "allowed to nobody for any purpose"
