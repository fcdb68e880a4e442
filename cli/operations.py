"""`creditgraph operations`: what is registered, and whether it may be."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from graphql import OperationDefinitionNode, parse, print_ast
from rich.console import Console
from rich.table import Table

from cli.checking import check_operation
from cli.common import command_group, configured, find, read_draft
from cli.registering import State, states
from gateway.installation import read_rules
from gateway.operations.register import Registration

app = command_group("Registered operations: list, check, approve, register and revoke them.")


@app.command(name="list")
def list_operations(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")] = False,
) -> None:
    """List the registered operations with their state and the id that a request carries.

    Live ones are answered; expired and revoked ones are not, and with an unapproved one no gateway starts.

    Example: creditgraph operations list --json
    """
    settings = configured()
    register = read_rules(settings).register
    found = states(settings, register)
    listed = [_described(each, found[each.name]) for each in register.values()]
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    columns = ("name", "state", "expires", "purpose", "clients", "variables", "documentId")
    table = Table(*columns)
    for each in listed:
        variables = ", ".join(f"${name}: {type_}" for name, type_ in each["variables"].items())
        row = {**each, "clients": ", ".join(each["clients"]), "variables": variables}
        table.add_row(*(row[column] for column in columns))
    Console(width=240 if not Console().is_terminal else None).print(table)


@app.command(name="id")
def document_id(name: Annotated[str, typer.Argument(help="Name of a registered operation.")]) -> None:
    """Print the documentId of an operation.

    Example: creditgraph operations id scenic-areas
    """
    typer.echo(find("operation", name, read_rules(configured()).register).document_id)


@app.command(
    epilog="Example: creditgraph operations check operations/bank.toml. Exits with 1 where one is refused."
)
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Operation files; all of the register if none is named.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print one line an operation.")] = False,
) -> None:
    """Check that each operation is valid and that its purpose covers every use that it makes of a field.

    Prints every use with the rule that allows or refuses it, and where one is refused what would be allowed instead.
    """
    settings = configured()
    rules = read_rules(settings)
    found = [read_draft(file, rules) for file in files] if files else list(rules.register.values())
    checked = [check_operation(rules, each, settings.limits) for each in found]
    for each in checked:
        for line in each.lines(quiet=quiet):
            typer.echo(line)
    if any(each.reasons for each in checked):
        raise typer.Exit(1)


def _described(registration: Registration, state: State) -> dict[str, Any]:
    definition = parse(registration.document).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)  # noqa: S101 read_rules saw to it
    variables = {
        each.variable.name.value: print_ast(each.type)
        for each in definition.variable_definitions or ()
        if each.variable.name.value not in registration.bind
    }
    return {
        "name": registration.name,
        "state": state,
        "expires": registration.expires.isoformat(),
        "documentId": registration.document_id,
        "purpose": registration.purpose,
        "clients": sorted(registration.clients),
        "variables": variables,
        "title": f"{registration.zh} · {registration.en}",
    }
