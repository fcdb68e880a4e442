"""`creditgraph policy`: what the rules say, and whether they say what they must."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="The rules: prove what no permit can lift.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def policy() -> None:
    """Ask the rules."""
