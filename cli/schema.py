"""`creditgraph schema`: what can be asked."""

from __future__ import annotations

import typer

from gateway.installation import read_graph
from resolvers.graph.classified_sdl import classified_sdl

app = typer.Typer(
    help="The schema of the graph.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def schema() -> None:
    """Read the schema of the graph."""


@app.command(name="print")
def print_schema() -> None:
    """Print the schema in GraphQL's schema definition language; @classified says what binds each field.

    Example: creditgraph schema print > schema.graphql
    """
    typer.echo(classified_sdl(read_graph()), nl=False)
