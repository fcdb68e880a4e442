"""`creditgraph policy`: what the rules say of an operation, of everything, and what a change of them would do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import orjson
import typer

from cli.configured import configured
from cli.drafts import document_of, read_draft, read_text
from cli.explaining import printed
from cli.matrix import matrix_command
from cli.prove import prove_command
from cli.replay import replay_command
from gateway.authorization.explain import Explanation
from gateway.errors import StartRefused
from gateway.installation import Rules, read_rules
from gateway.pipeline.own_subject import explain_document
from gateway.settings import LimitSettings

app = typer.Typer(
    help="The rules: explain an operation, print every decision, prove what no permit lifts, try a change.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def policy() -> None:
    """Ask the rules."""


app.command(name="matrix")(matrix_command)
app.command(name="prove")(prove_command)
app.command(name="replay")(replay_command)


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
    """Say for each use of each field whether it is allowed, masked or denied, by which rule, and why.

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
        for line in printed(explanation):
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
    kinds = sorted({_kind(rules, name) for name in clients})
    _check_leaf(rules, purpose)
    if draft:
        document = document_of(draft.name, draft.document, rules, limits, operation)
    else:
        document = read_text(file, rules, limits, operation)
    for kind in kinds:
        yield explain_document(rules.policy, document, kind, purpose, draft.bind if draft else ())


def _kind(rules: Rules, client: str) -> str:
    if client not in rules.clients:
        raise StartRefused(f"There is no client {client!r}. Clients: {', '.join(rules.clients)}.")
    return rules.clients[client].kind


def _check_leaf(rules: Rules, purpose: str) -> None:
    if purpose not in rules.policy.purposes.leaves:
        raise StartRefused(f"{purpose!r} is no leaf of the purpose tree: see docs/policies.md.")
