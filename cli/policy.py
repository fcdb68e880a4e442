"""`creditgraph policy`: what the rules say of an operation, of everything, and what a change of them would do."""

import csv
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer
from msgspec.structs import astuple

from cli.checking import explanation_lines
from cli.common import command_group, configured, document_of, find, read_draft
from cli.matrix_page import matrix_page
from gateway.authorization.clients import load_clients
from gateway.authorization.explain import Explanation
from gateway.authorization.matrix import COLUMNS, MatrixRow, matrix
from gateway.authorization.policy import Policy, Verdict, read_policy
from gateway.authorization.replay import Change, Recorded, grouped, read_recorded, replay
from gateway.errors import StartRefused
from gateway.installation import Rules, city_of, read_graph, read_rules
from gateway.operations.city_time import city_date
from gateway.pipeline.own_subject import explain_document, path_to_subjects
from gateway.proofs.proved_policy import load_policy
from gateway.settings import LimitSettings, Settings
from resolvers.graph.fields import fields_of
from resolvers.plan.field_use import reachable

app = command_group(
    "The rules: explain an operation, print every decision, prove what no permit lifts, try a change."
)

CHANGED: Final = 2
"""The exit status of `replay` where something changes."""
_WITH_MARK: Final = "utf-8-sig"
"""A table program takes a file without a byte order mark for one in the machine's own coding."""


@app.command(name="matrix")
def matrix_command(
    table: Annotated[Path | None, typer.Option("--csv", help="Write the table as CSV to this file.")] = None,
    page: Annotated[
        Path | None, typer.Option(help="Write it as one page of HTML that can be filtered and printed.")
    ] = None,
    sandbox: Annotated[bool, typer.Option(help="With the kinds that exist in the explorer only.")] = False,
    city: Annotated[str | None, typer.Option(help="The city, as the page and its print name it.")] = None,
) -> None:
    """Write every decision: kind of caller, purpose, field and use, with the rule, its reason and its source.

    A kind that does not hold a purpose has one row for it. A subject that is reached through another has a row
    where the decision is another one. The page loads nothing and can be opened from a disk.

    Example: creditgraph policy matrix --csv matrix.csv --page matrix.html
    """
    if table is None and page is None:
        raise StartRefused("Name a file to write: --csv, --page or both.")
    settings = configured()
    rules = read_rules(settings)
    rows = list(matrix(rules.policy, reachable(rules.graph), sandbox=sandbox))
    if table is not None:
        write_csv(table, rows)
    if page is not None:
        page.write_text(
            matrix_page(rules.policy, rows, city or _title(settings), city_date(time.time())), "utf-8"
        )
    kinds, purposes = len({row.kind for row in rows}), len(rules.policy.purposes.leaves)
    typer.echo(f"{len(rows)} rows: {kinds} kinds, {purposes} purposes, policy {rules.policy.version}")


def _title(settings: Settings) -> str:
    city = city_of(settings)
    return f"{city.zh} · {city.en}"


@app.command(name="prove")
def prove_command(
    policies: Annotated[
        Path | None, typer.Option(help="Folder of the policies; by default that of the settings.")
    ] = None,
) -> None:
    """Prove over the rules what no permit can lift, for every field and purpose that could be added.

    Exits with 1 where a proof fails. Example: creditgraph policy prove --policies changed
    """
    from gateway.proofs.prove import prove  # noqa: PLC0415 z3 costs 0.1 s and 40 MB

    policy = read_policy(policies or configured().policies, fields_of(read_graph(configured())))
    started = time.perf_counter()
    results = prove(policy)
    for result in results:
        typer.echo(result)
    refuted = sum(not result.proved for result in results)
    taken = time.perf_counter() - started
    typer.echo(f"{len(results) - refuted} proved, {refuted} refuted in {taken:.1f} s")
    if refuted:
        raise typer.Exit(1)


@app.command(name="replay")
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
    changed = _load_changed(policies, rules)
    tried = read_recorded(recorded) if recorded else list(registered_uses(rules, settings.limits))
    changes = list(replay(rules.policy, changed, tried))
    if as_json:
        facts = [_change_facts(each) for each in changes]
        typer.echo(orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode())
    else:
        for line in _change_lines(changes):
            typer.echo(line)
        typer.echo(
            f"{len(changes)} uses of {len(grouped(changes))} operations change, of {len(tried)} tried: "
            f"policy {rules.policy.version} to {changed.version}"
        )
    if changes:
        raise typer.Exit(CHANGED)


def _load_changed(folder: Path, rules: Rules) -> Policy:
    """Load a set of rules as a gateway would at its start."""
    changed = load_policy(folder, rules.policy.fields)
    load_clients(folder, changed.purposes, changed.kinds, str(configured().city))
    return changed


def registered_uses(rules: Rules, limits: LimitSettings) -> Iterator[Recorded]:
    """Yield the uses of every registered operation, for each kind of its callers."""
    for each in rules.register.values():
        document = document_of(each.name, each.document, rules, limits)
        path = path_to_subjects(document.plan, each.purpose, each.bind)
        uses = document.plan.uses(rules.graph, path)
        for kind in sorted({rules.clients[name].kind for name in each.clients}):
            yield Recorded(each.name, kind, each.purpose, uses)


def _change_lines(changes: Iterable[Change]) -> Iterator[str]:
    for recorded, found in grouped(changes).items():
        yield f"{recorded.operation}: {recorded.kind} for {recorded.purpose}"
        for change in found:
            use = change.use
            place = f" at {use.at}" if use.at else ""
            through = "" if use.reached in ("own", "asked") else f" through {use.reached}"
            yield f"  {change.direction}: {use.use} {use.coordinate}{place}{through}"
            yield f"    before: {_verdict_text(change.before)}"
            yield f"    after:  {_verdict_text(change.after)}"


def _verdict_text(verdict: Verdict) -> str:
    decision = "allowed" if verdict.allowed else "denied"
    return f"{decision} by {verdict.rule}: {verdict.reason} ({verdict.source or 'gateway'})"


def _change_facts(change: Change) -> dict[str, Any]:
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


@app.command(
    name="explain",
    epilog="Example: creditgraph policy explain --client bank --purpose financing.credit question.graphql",
)
def explain_command(
    file: Annotated[
        Path, typer.Argument(help="A document (.graphql) or an operation of the register (.toml).")
    ],
    client: Annotated[
        str | None, typer.Option(help="Who asks: a client of clients.toml. Default: an operation's own.")
    ] = None,
    purpose: Annotated[str | None, typer.Option(help="What for. Default: an operation's own.")] = None,
    operation: Annotated[
        str | None, typer.Option(help="Which operation, where the document holds several.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")] = False,
) -> None:
    """Say for each use of each field whether it is allowed, limited, masked or denied, by which rule, and why.

    A masked field is allowed by itself but stands below a denied one. A denied one is printed with the purposes
    that would allow it. Nothing that the document holds beside names of the schema is printed.
    """
    settings = configured()
    rules = read_rules(settings)
    found = [*_explanations(rules, settings.limits, file, (client, purpose, operation))]
    if as_json:
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    for explanation in found:
        for line in explanation_lines(explanation):
            typer.echo(line)


def _explanations(
    rules: Rules, limits: LimitSettings, file: Path, asked: tuple[str | None, str | None, str | None]
) -> Iterator[Explanation]:
    client, purpose, operation = asked
    draft = read_draft(file, rules) if file.suffix == ".toml" else None
    clients = (client,) if client else tuple(draft.clients) if draft else ()
    purpose = purpose or (draft.purpose if draft else None)
    if not clients or purpose is None:
        raise StartRefused("A document alone does not say who asks and what for: --client and --purpose.")
    kinds = sorted({find("client", name, rules.clients).kind for name in clients})
    if purpose not in rules.policy.purposes.leaves:
        raise StartRefused(f"{purpose!r} is no leaf of the purpose tree: see docs/policies.md.")
    name, text = (draft.name, draft.document) if draft else (file.name, _text(file))
    document = document_of(name, text, rules, limits, operation)
    for kind in kinds:
        yield explain_document(rules.policy, document, kind, purpose, draft.bind if draft else ())


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read: {type(error).__name__}") from None


def write_csv(file: Path, rows: Iterable[MatrixRow]) -> None:
    """Write rows as RFC 4180 has it, under their column names."""
    with file.open("w", encoding=_WITH_MARK, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(map(astuple, rows))
