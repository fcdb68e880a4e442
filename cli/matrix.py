"""`creditgraph policy matrix`: every decision as a table, for whoever answers for the rules."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.configured import configured
from cli.matrix_page import matrix_page
from gateway.authorization.matrix import COLUMNS, MatrixRow, matrix
from gateway.errors import StartRefused
from gateway.installation import read_rules
from resolvers.plan.reachable_types import reachable

_WITH_MARK: Final = "utf-8-sig"
"""A table program takes a file without a byte order mark for one in the machine's own coding."""


def matrix_command(
    table: Annotated[Path | None, typer.Option("--csv", help="Write the table as CSV to this file.")] = None,
    page: Annotated[
        Path | None, typer.Option(help="Write it as one page of HTML that can be filtered and printed.")
    ] = None,
    sandbox: Annotated[bool, typer.Option(help="With the kinds that exist in the explorer only.")] = False,
) -> None:
    """Write every decision: kind of caller, purpose, field and use, with the rule, its reason and its source.

    A kind that does not hold a purpose has one row for it. A subject that is reached through another has a row
    where the decision is another one. The page loads nothing and can be opened from a disk.

    Example: creditgraph policy matrix --csv matrix.csv --page matrix.html
    """
    if table is None and page is None:
        raise StartRefused("Name a file to write: --csv, --page or both.")
    rules = read_rules(configured())
    rows = list(matrix(rules.policy, reachable(rules.graph), sandbox=sandbox))
    if table is not None:
        write_csv(table, rows)
    if page is not None:
        page.write_text(matrix_page(rules.policy, rows), "utf-8")
    kinds, purposes = len({row.kind for row in rows}), len(rules.policy.purposes.leaves)
    typer.echo(f"{len(rows)} rows: {kinds} kinds, {purposes} purposes, policy {rules.policy.version}")


def write_csv(file: Path, rows: Iterable[MatrixRow]) -> None:
    """Write rows as RFC 4180 has it, under their column names."""
    with file.open("w", encoding=_WITH_MARK, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(map(astuple, rows))
