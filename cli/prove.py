"""`creditgraph policy prove`: every theorem over the rules."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from cli.configured import configured
from gateway.authorization.policy import read_policy
from gateway.installation import read_graph
from resolvers.graph.fields import fields_of


def prove_command(
    policies: Annotated[
        Path | None, typer.Option(help="Folder of the policies; by default that of the settings.")
    ] = None,
) -> None:
    """Prove over the rules what no permit can lift, for every field and purpose that could be added.

    Exits with 1 where a proof fails. Example: creditgraph policy prove --policies changed
    """
    from gateway.proofs.prove import prove  # noqa: PLC0415 z3 costs 0.1 s and 40 MB

    policy = read_policy(policies or configured().policies, fields_of(read_graph()))
    started = time.perf_counter()
    results = prove(policy)
    for result in results:
        typer.echo(result)
    refuted = sum(not result.proved for result in results)
    taken = time.perf_counter() - started
    typer.echo(f"{len(results) - refuted} proved, {refuted} refuted in {taken:.1f} s")
    if refuted:
        raise typer.Exit(1)
