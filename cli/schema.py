"""`creditgraph schema`: what can be asked."""

import typer

from cli.common import command_group, configured
from gateway.installation import read_graph
from resolvers.graph.classified_sdl import classified_sdl

app = command_group("The schema of the graph.")


@app.callback()
def schema() -> None:
    """Read the schema of the graph."""


@app.command(name="print")
def print_schema() -> None:
    """Print the schema in GraphQL's schema definition language; @classified says what binds each field.

    Example: creditgraph schema print > schema.graphql
    """
    typer.echo(classified_sdl(read_graph(configured())), nl=False)
