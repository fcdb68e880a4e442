"""`creditgraph schema`: what can be asked."""

from __future__ import annotations

import typer

from schema.compose import compose

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
    """Print the schema in GraphQL's schema definition language.

    Example: creditgraph schema print > schema.graphql
    """
    typer.echo(compose().sdl, nl=False)
