"""What `catalogue` must say of each field that shows a column: its item, its bureau, its legal basis, its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from catalogue.declarations import Column, Dataset
from sandbox.expected.comparing import Path, Rule
from sandbox.expected.selections import Asked, Field, NotExpected
from sandbox.truth import datasets

_ALWAYS: Final = ("provider", "legalBasis")
"""What no field may lack (驻政办〔2017〕102号: 未经法律、法规授权不得采集)."""


def entries_rule(field: Field, asked: Asked) -> Rule:
    """Return what the entries must be, as far as an operation asks for it; it names each field of the graph."""
    below = [] if field.below is None else [*asked.fields(field.below, "CatalogueEntry")]
    names = [each.name for each in below if each.called == each.name]
    if "field" not in names or len(names) < len(below):
        raise NotExpected("catalogue without the names of its fields")
    return Rule(lambda found: _broken(found, names))


def _broken(found: Any, names: list[str]) -> Iterator[Path]:
    entries: dict[str, Mapping[str, Any]] = {each["field"]: each for each in found or ()}
    for coordinate, stated in _stated().items():
        entry = entries.get(coordinate)
        if entry is None:
            yield f"[{coordinate}]"
            continue
        yield from (
            f"[{coordinate}].{name}" for name in names if name in stated and entry[name] != stated[name]
        )
    for coordinate, entry in entries.items():
        yield from (f"[{coordinate}].{name}" for name in _ALWAYS if name in names and not entry[name])


@cache
def _stated() -> Mapping[str, Mapping[str, str]]:
    """Return what the declarations state of each column that is a field, by "Type.field"."""
    return {
        f"{dataset.type_name}.{column.field_name}": _of_column(dataset, column)
        for _, dataset in datasets().values()
        for column in dataset.columns
        if column.zh
    }


def _of_column(dataset: Dataset, column: Column) -> Mapping[str, str]:
    data_class = column.data_class or dataset.data_class
    return {
        "item": dataset.item.code,
        "provider": dataset.item.provider,
        "legalBasis": dataset.item.legal_basis,
        "dataClass": data_class.name if data_class else "",
        "sensitivity": (column.sensitivity or dataset.sensitivity).name,
    }
