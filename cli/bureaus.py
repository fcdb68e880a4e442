"""`creditgraph bureaus`: whether what the bureaus hold is as their contracts state."""

import asyncio
from math import floor
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from adapters.bureaus import bureaus_of
from adapters.quality.check_bureaus import BureauChecker
from adapters.quality.check_result import ROW_FAULTS, BureauCheck, CheckedDataset, write_check
from cli.common import command_group, configured, find
from gateway.access.addresses import address_of
from gateway.errors import StartRefused

app = command_group(
    "The bureaus: check what they hold against their contracts.\n\nExample: creditgraph bureaus check --json"
)
_COVERAGE: Final = {"all": "every row", "known_keys": "known keys only", "none": "nothing"}
_WIDTH: Final = 200


@app.callback()
def bureaus() -> None:
    """Check what the bureaus hold against their contracts."""


@app.command(name="check")
def check_command(
    names: Annotated[list[str] | None, typer.Argument(help="Bureaus to check; all if none is named.")] = None,
    threshold: Annotated[
        int, typer.Option(min=0, help="Faulty rows that each data set may have before the command fails.")
    ] = 0,
    seconds: Annotated[
        float, typer.Option(min=1, max=86_400, help="Seconds that one statement of a bureau may take.")
    ] = 600.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")] = False,
) -> None:
    """Read each data set of the bureaus once and count its rows by fault; no value is shown.

    A PostgreSQL bureau is read whole. An HTTP bureau lists no keys: it is asked for the registry's identifiers and
    their usual misspellings, and rows under other keys stay unseen there. A check of all bureaus is kept in the file that the setting
    `bureau_check` names. Exits with 1 where a data set has more faulty rows than the threshold or cannot be read.

    Example: creditgraph bureaus check --threshold 10 --json
    """
    settings = configured()
    declared = bureaus_of(str(settings.city))
    wanted = [find("bureau", name, declared).name for name in names or declared]
    addresses = {name: address_of(name, settings) for name in settings.sources}
    checker = BureauChecker(tuple(declared.values()), addresses, seconds)
    check = asyncio.run(checker.check(wanted))
    if settings.bureau_check is not None and not names:
        _keep(settings.bureau_check, check)
    if as_json:
        counted = {**msgspec.to_builtins(check), "correct": check.correct_shares()}
        typer.echo(msgspec.json.format(msgspec.json.encode(counted)).decode())
    else:
        _print(check)
    beyond = check.beyond(threshold)
    if beyond:
        typer.echo(
            f"{len(beyond)} data sets are not as declared: {', '.join(each.name for each in beyond)}",
            err=True,
        )
        raise typer.Exit(1)


def _keep(file: Path, check: BureauCheck) -> None:
    try:
        write_check(file, check)
    except OSError as error:
        raise StartRefused(
            f"CREDITGRAPH_BUREAU_CHECK: {type(error).__name__}. Name a file in a folder that this command may write to."
        ) from None


def _print(check: BureauCheck) -> None:
    table = Table("data set", "key", "read", "rows", "faulty", *ROW_FAULTS)
    for each in check.datasets:
        table.add_row(*_cells(each))
    Console(width=_WIDTH if not Console().is_terminal else None).print(table)
    for bureau, share in check.correct_shares().items():
        known = "not known" if share is None else f"{_percent(share)} of the rows that were seen"
        typer.echo(f"{bureau}: as declared (合规率) are {known}")
    for each in check.datasets:
        if each.failure:
            typer.echo(f"{each.name}: {each.failure}")
    for name, meaning in ROW_FAULTS.items():
        if any(each.faults[name] for each in check.datasets):
            typer.echo(f"{name}: {meaning}")
    if any(each.coverage == "known_keys" for each in check.datasets):
        typer.echo(
            "known keys only: the bureau lists no keys and was asked for those of the registry and their usual"
            " misspellings; rows under other keys cannot be seen"
        )


def _percent(share: float) -> str:
    """Return a share in percent, rounded down. So 100 % means that no row has a fault."""
    return f"{floor(10_000 * share) / 100:g} %"


def _cells(each: CheckedDataset) -> tuple[str, ...]:
    counts = (each.rows, each.faulty, *(each.faults[name] for name in ROW_FAULTS))
    return (
        each.name,
        each.key,
        _COVERAGE[each.coverage],
        *(f"{count:,}" if count else "–" for count in counts),
    )
