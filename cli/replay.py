"""`creditgraph policy replay`: what a change of the rules would do to the operations that are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer

from cli.common import configured, document_of
from gateway.authorization.clients import load_clients
from gateway.authorization.policy import Policy, Verdict
from gateway.authorization.replay import Change, Recorded, grouped, read_recorded, replay
from gateway.installation import Rules, read_rules
from gateway.pipeline.own_subject import path_to_subjects
from gateway.proofs.proved_policy import load_policy
from gateway.settings import LimitSettings

CHANGED: Final = 2
"""Exit status where something changes."""


def replay_command(
    policies: Annotated[Path, typer.Option(help="Folder of the changed policies.")],
    recorded: Annotated[
        Path | None,
        typer.Option(
            help="What a gateway recorded (CREDITGRAPH_DECISIONS). Default: the registered operations."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")] = False,
) -> None:
    """Run recorded operations under changed rules and print every use whose verdict changes, with both rules.

    Exits with 0 where nothing changes, with 2 where something does, and with 1 where the changed rules do not load.

    Example: creditgraph policy replay --policies draft/policies --recorded decisions.jsonl
    """
    settings = configured()
    rules = read_rules(settings)
    changed = _changed(policies, rules)
    tried = read_recorded(recorded) if recorded else list(registered_uses(rules, settings.limits))
    changes = list(replay(rules.policy, changed, tried))
    if as_json:
        typer.echo(orjson.dumps([_facts(each) for each in changes], option=orjson.OPT_INDENT_2).decode())
    else:
        for line in _printed(changes):
            typer.echo(line)
        typer.echo(
            f"{len(changes)} uses of {len(grouped(changes))} operations change, of {len(tried)} tried: "
            f"policy {rules.policy.version} to {changed.version}"
        )
    if changes:
        raise typer.Exit(CHANGED)


def _changed(folder: Path, rules: Rules) -> Policy:
    """Load a set of rules as a gateway would at its start."""
    changed = load_policy(folder, rules.policy.fields)
    load_clients(folder, changed.purposes, changed.kinds)
    return changed


def registered_uses(rules: Rules, limits: LimitSettings) -> Iterator[Recorded]:
    """Yield the uses of every registered operation, for each kind of its callers."""
    for each in rules.register.values():
        document = document_of(each.name, each.document, rules, limits)
        path = path_to_subjects(document.plan, each.purpose, each.bind)
        uses = document.plan.uses(rules.graph, path)
        for kind in sorted({rules.clients[name].kind for name in each.clients}):
            yield Recorded(each.name, kind, each.purpose, uses)


def _printed(changes: Iterable[Change]) -> Iterator[str]:
    for recorded, found in grouped(changes).items():
        yield f"{recorded.operation}: {recorded.kind} for {recorded.purpose}"
        for change in found:
            use = change.use
            place = f" at {use.at}" if use.at else ""
            through = "" if use.reached in ("own", "asked") else f" through {use.reached}"
            yield f"  {change.direction}: {use.use} {use.coordinate}{place}{through}"
            yield f"    before: {_said(change.before)}"
            yield f"    after:  {_said(change.after)}"


def _said(verdict: Verdict) -> str:
    decision = "allowed" if verdict.allowed else "denied"
    return f"{decision} by {verdict.rule}: {verdict.reason} ({verdict.source or 'gateway'})"


def _facts(change: Change) -> dict[str, Any]:
    recorded, use = change.recorded, change.use
    return {
        "operation": recorded.operation,
        "kind": recorded.kind,
        "purpose": recorded.purpose,
        "field": use.coordinate,
        "use": use.use,
        "reached": use.reached,
        "at": use.at or use.coordinate,
        "change": change.direction,
        "before": change.before,
        "after": change.after,
    }
