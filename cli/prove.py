"""`creditgraph policy prove`: every theorem over the rules, and how many changes of a rule would be noticed."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.configured import configured
from gateway.authorization.policy import Policy, read_policy
from gateway.installation import read_graph
from resolvers.graph.fields import fields_of

if TYPE_CHECKING:
    from gateway.proofs.mutation import How


def prove_command(
    policies: Annotated[
        Path | None, typer.Option(help="Folder of the policies; by default that of the settings.")
    ] = None,
    mutants: Annotated[
        bool,
        typer.Option("--mutants", help="Try every small change of a rule too, and list what nobody notices."),
    ] = False,
) -> None:
    """Prove over the rules what no permit can lift, for every field and purpose that could be added.

    Exits with 1 where a proof fails. Example: creditgraph policy prove --policies changed
    """
    policy = _read(policies)
    proved = _proved(policy)
    noticed = not mutants or _noticed(policy)
    if not (proved and noticed):
        raise typer.Exit(1)


def _proved(policy: Policy) -> bool:
    from gateway.proofs.prove import prove  # noqa: PLC0415 z3 costs 0.1 s and 40 MB

    started = time.perf_counter()
    results = prove(policy)
    for result in results:
        typer.echo(result)
    refuted = sum(not result.proved for result in results)
    taken = time.perf_counter() - started
    typer.echo(f"{len(results) - refuted} proved, {refuted} refuted in {taken:.1f} s")
    return not refuted


def _noticed(policy: Policy) -> bool:
    from gateway.proofs.mutation import HOW, fates, score  # noqa: PLC0415 likewise

    found: Counter[How] = Counter()
    for fate in fates(policy):
        found[fate.how] += 1
        if fate.how == "alive":
            typer.echo(fate)
    for how, meaning in HOW.items():
        typer.echo(f"{found[how]:6} {how}: {meaning}")
    caught, changing = score(found)
    typer.echo(f"{caught} of {changing} mutants are caught: {100 * caught / changing:.2f} %")
    return not found["alive"]


def _read(folder: Path | None) -> Policy:
    return read_policy(folder or configured().policies, fields_of(read_graph()))
