"""The command line: `creditgraph`, also `python -m cli`."""

import traceback
from io import StringIO
from typing import cast

import typer
from typer.exceptions import TyperException

from catalogue.toml_files import TomlError
from cli import bureaus, operations, policy, registering, schema, serve, store, systems, token
from cli import city as city
from cli.demo import demo
from cli.drafting import draft
from cli.scene_drafts import from_scenes
from gateway.errors import StartRefused
from observability.redaction import scrub
from sandbox.model import CityError

app = typer.Typer(
    name="creditgraph",
    help="A GraphQL gateway over a city's bureaus that enforces purpose, field by field.\n\n"
    "Start with `creditgraph demo`: a synthetic city, its bureaus and the gateway, ready to ask.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command(name="demo")(demo)
app.command(name="serve")(serve.serve_command)
app.command(name="token")(token.token)
operations.app.command(name="draft")(draft)
operations.app.command(name="from-scenes")(from_scenes)
operations.app.command(name="approver")(registering.approver)
operations.app.command(name="approve")(registering.approve_command)
operations.app.command(name="register")(registering.register_command)
operations.app.command(name="revoke")(registering.revoke_command)
app.add_typer(operations.app, name="operations")
app.add_typer(bureaus.app, name="bureaus")
app.add_typer(systems.app, name="systems")
app.add_typer(policy.app, name="policy")
app.add_typer(schema.app, name="schema")
app.add_typer(store.app, name="store")
app.add_typer(city.app, name="city")


def main() -> None:
    """Run the command line. A refused command prints the reason on standard error and exits with 1.

    No error repeats an identity number, even if an argument or a file contains one.
    """
    try:
        status = app(prog_name="creditgraph", standalone_mode=False)
    except Exception as error:
        typer.echo(scrub(_words(error).rstrip()), err=True)
        status = getattr(error, "exit_code", 1)
    raise SystemExit(status or 0)


def _words(error: Exception) -> str:
    match error:
        case StartRefused() | CityError() | TomlError():
            return f"error: {error}"
        case typer.Abort():
            return "Aborted."
        case TyperException():
            usage = StringIO()
            cast("typer.BadParameter", error).show(usage)  # as has whatever typer raises of a command's use
            return usage.getvalue()
        case OSError():
            return f"error: {error.strerror or type(error).__name__}{': ' if error.filename else ''}{error.filename or ''}"
        case _:
            return traceback.format_exc()
