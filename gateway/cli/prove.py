"""`creditgraph policy prove`: every theorem over the rules, and how many changes of a rule would be noticed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from adapters import bureaus
from gateway.authorization.policy import Policy, read_policy
from gateway.cli.configured import configured
from resolvers import edges
from resolvers.fields import fields_of
from resolvers.graph import bind
from schema.compose import compose


def prove_command(
    policies: Annotated[
        Path | None, typer.Option(help="Folder of the policies; by default that of the settings.")
    ] = None,
) -> None:
    """Prove over the rules what no permit can lift, for every field and purpose that could be added.

    Exits with 1 where a proof fails. Example: creditgraph policy prove --policies changed
    """
    from gateway.authorization.proofs.prove import prove  # noqa: PLC0415 z3 costs 0.1 s and 40 MB

    started = time.perf_counter()
    results = prove(_read(policies))
    for result in results:
        typer.echo(result)
    refuted = sum(not result.proved for result in results)
    taken = time.perf_counter() - started
    typer.echo(f"{len(results) - refuted} proved, {refuted} refuted in {taken:.1f} s")
    if refuted:
        raise typer.Exit(1)


def _read(folder: Path | None) -> Policy:
    graph = bind(compose(), bureaus.discover().values(), edges.discover())
    return read_policy(folder or configured().policies, fields_of(graph))
