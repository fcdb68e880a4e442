"""The declarations of this installation's bureaus, with something else declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from adapters.bureaus import discover
from catalogue.declarations import Bureau, Column, Dataset
from resolvers.eligibility.incentive_rules import adverse_sets
from schema.compose import ComposedSchema, compose
from tests.support.tested_city import TESTED_CITY

BUREAUS = discover()
DATASETS = {f"{bureau.name}.{each.name}": each for bureau in BUREAUS.values() for each in bureau.shared}
ADVERSE_SETS = adverse_sets(BUREAUS.values())
"""Data sets of adverse records, each with the day that must fall into the years asked for, if any."""


@cache
def composed_here() -> ComposedSchema:
    """Return the schema of this installation, composed once for all tests that look at it."""
    return compose(BUREAUS.values(), TESTED_CITY)


def with_dataset(name: str, /, **changes: Any) -> Sequence[Bureau]:
    """Return the bureaus with one data set or table changed."""

    def changed(bureau: Bureau, each: Dataset) -> Dataset:
        return replace(each, **changes) if f"{bureau.name}.{each.name}" == name else each

    return [
        replace(
            bureau,
            datasets=tuple(changed(bureau, each) for each in bureau.datasets),
            tables=tuple(changed(bureau, each) for each in bureau.tables),
        )
        for bureau in BUREAUS.values()
    ]


def with_column(name: str, column: str, /, **changes: Any) -> Sequence[Bureau]:
    """Return the bureaus with one column of a data set changed."""
    return with_dataset(name, columns=columns_with(name, column, **changes))


def columns_with(dataset: str, column: str, /, **changes: Any) -> tuple[Column, ...]:
    """Return the columns of a data set, one of them changed."""
    return tuple(
        replace(each, **changes) if each.name == column else each for each in DATASETS[dataset].columns
    )
