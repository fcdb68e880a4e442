"""What a registered table of counts must be: each released count is true, and no small count is released."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from adapters.bureaus import bureaus_of
from catalogue.declarations import COUNT, Dataset
from catalogue.incentives.city_files import DEMO_CITY
from sandbox.counted import Cell, counts_of
from sandbox.expected.comparing import Path, Rule
from sandbox.expected.selections import NotExpected
from sandbox.model import City

Label: TypeAlias = str | None
"""A label of a row or a column; None stands for all of them together."""
_SUPPRESSED: Final = "suppressed"


@cache
def table_fields() -> frozenset[str]:
    """Return the fields of the graph that show registered tables: of every city the same."""
    return frozenset(_field_of(each) for each in _tables(DEMO_CITY).values())


def table_rule(city: City, field: str, year: int, names: Sequence[str]) -> Rule:
    """Return what a table of a year must be; an operation asks for its labels, its counts, and what is withheld."""
    name, dataset = next(
        (name, each) for name, each in _tables(city.name).items() if _field_of(each) == field
    )
    counting = dataset.counting
    if counting is None or {counting.row, counting.column, COUNT, _SUPPRESSED} - {*names}:
        raise NotExpected(f"{field} without its labels")
    truth = {cell[1:]: count for cell, count in _counts(city, name).items() if cell[0] == year}
    return Rule(lambda found: _broken(dataset, truth, found))


def _broken(
    dataset: Dataset, truth: Mapping[tuple[str, str], int], found: Sequence[Mapping[str, Any]]
) -> Iterator[Path]:
    counting = dataset.counting
    assert counting is not None  # noqa: S101 `table_rule` saw to it
    rows, columns = ((*dataset.by_name[each].labels, None) for each in (counting.row, counting.column))
    places = [(row, column) for row in rows for column in columns] if truth else []
    cells = {(each[counting.row], each[counting.column]): each for each in found}
    if len(found) != len(places) or cells.keys() != {*places}:
        yield "[cells]"
        return
    for at, (row, column) in enumerate(places):
        if not _is_right(cells[row, column], _sum(truth, row, column), counting.minimum):
            yield f"[{at}].{COUNT}"


def _is_right(cell: Mapping[str, Any], count: int, minimum: int) -> bool:
    if cell[_SUPPRESSED]:
        return cell[COUNT] is None
    return cell[COUNT] == count and not 0 < count < minimum


def _sum(truth: Mapping[tuple[str, str], int], row: Label, column: Label) -> int:
    return sum(
        count for (one, other), count in truth.items() if row in (None, one) and column in (None, other)
    )


@cache
def _counts(city: City, table: str) -> Mapping[Cell, int]:
    return counts_of(city, table)


@cache
def _tables(city: str) -> Mapping[str, Dataset]:
    return {
        f"{bureau.name}.{each.name}": each for bureau in bureaus_of(city).values() for each in bureau.tables
    }


def _field_of(table: Dataset) -> str:
    return table.type_name[:1].lower() + table.type_name[1:]
