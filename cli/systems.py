"""`creditgraph systems`: whether the systems that the cities' documents name are served by a running gateway."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from catalogue.city_systems import city_systems, require_registered
from catalogue.toml_files import TomlError
from cli.city import CityName, Population, Seed
from cli.common import command_group, configured
from cli.systems_asking import RunningGateway
from cli.systems_check import ReadRules, Result, SystemCheck, check_systems
from cli.systems_city import city_to_check
from gateway.errors import StartRefused
from sandbox.city import SHOWN_DATA

app = command_group(
    "The systems that the cities' documents name: check them against a running gateway.\n\n"
    "Example: creditgraph systems check --json"
)
_WIDTH: Final = 200
_MOST: Final = 60
_FAILURES: Final[Mapping[Result, str]] = {
    "wrong": "{} systems fail: {}",
    "nothing compared": "{} systems of which nothing was compared: {}. Ask about more subjects with --subjects, or check a larger"
    " city.",
    "undecided": "{} systems undecided: {}. Of some incentive nobody who gets TRUE was asked about, or nobody who gets null."
    " Ask about more subjects with --subjects, or check a larger city.",
}
"""The line for each result that is a failure. It has the number of systems and their names."""


@app.callback()
def systems() -> None:
    """Check the systems that the cities' documents name against a running gateway."""


@app.command(name="check")
def check_command(
    url: Annotated[
        str, typer.Option(help="Address of the gateway: of `creditgraph demo`.")
    ] = "http://127.0.0.1:8000",
    city: CityName = None,
    data: Annotated[
        Path | None, typer.Option(help="Directory of the demo's city.", show_default=SHOWN_DATA)
    ] = None,
    population: Population = None,
    seed: Seed = None,
    subjects: Annotated[
        int, typer.Option(min=1, max=1_000, help="Subjects about whom each operation is asked at the most.")
    ] = _MOST,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")] = False,
) -> None:
    """Ask every operation that serves a system of the gateway's city, and compare the answers with the ground truth.

    The gateway serves a synthetic city and takes tokens of the demo key. What it must answer is computed from the seed of
    the city. No identity number is printed. Exits with 1 if an answer is wrong, if nothing was compared, or if a system is
    undecided: of some incentive nobody who gets TRUE was asked about, or nobody who gets null.

    Example: creditgraph systems check --city nanyang --data .demo/nanyang --json
    """
    of = city_to_check(city, data, population, seed)
    settings = configured(city=of.name)
    gateway = RunningGateway.at(url, settings.audience)
    rules = ReadRules.of(settings)
    try:
        listed = city_systems()
        require_registered(listed, of.name, rules.register)
    except TomlError as error:
        raise StartRefused(str(error)) from None
    checked = check_systems(listed, rules, of, gateway, subjects)
    if as_json:
        typer.echo(json.dumps([_described(each) for each in checked], ensure_ascii=False, indent=1))
    else:
        _print(checked)
    if any(each.failed for each in checked):
        _print_failures(checked)
        raise typer.Exit(1)


def _described(checked: SystemCheck) -> dict[str, Any]:
    system = checked.system
    return {
        "id": system.id,
        "title": f"{system.zh} · {system.en}",
        "city": checked.city,
        "state": system.state,
        "result": checked.result,
        "operations": list(checked.compared),
        "answersCompared": checked.answers,
        "mismatches": checked.mismatches,
        "differences": checked.shown,
        "unseen": checked.unseen,
    }


def _print(checked: list[SystemCheck]) -> None:
    table = Table("id", "system", "city", "state", "operations", "compared", "mismatches", "result")
    for each in checked:
        counts = (f"{count:,}" if count else "–" for count in (each.answers, each.mismatches))
        about = (each.system.id, each.system.zh, each.city, each.system.state)
        table.add_row(*about, ", ".join(each.compared) or "–", *counts, each.result)
    Console(width=_WIDTH if not Console().is_terminal else None).print(table)
    for one in dict.fromkeys(one for each in checked for one in (*each.shown, *each.unseen)):
        typer.echo(one)


def _print_failures(checked: list[SystemCheck]) -> None:
    for result, words in _FAILURES.items():
        if ids := [each.system.id for each in checked if each.result == result]:
            typer.echo(words.format(len(ids), ", ".join(ids)), err=True)
