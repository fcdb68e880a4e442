"""Registered tables of counts as the oracle lays them out, with their totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_enum_type

from adapters import bureaus
from gateway.release.cell_network import with_totals
from gateway.release.suppression import withheld

TABLES = {
    "enterprisesByCountyAndTaxGrade": ("tax.enterprises_by_county_and_grade", "county", "grade"),
    "employersByCountyAndPaymentGrade": ("social_security.employers_by_county_and_grade", "county", "grade"),
    "defaultersByCourtAndConduct": ("courts.defaulters_by_court_and_conduct", "court", "conduct"),
    "newEnterprisesByCountyAndKind": ("registry.new_enterprises_by_county_and_kind", "county", "kind"),
}
"""Where each registered table lives and how its cells are labelled."""


def laid_out(schema: GraphQLSchema, field: str, cells: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lay out every cell of a table with its totals; what is withheld is another test's business."""
    dataset, row, column = TABLES[field]
    found = {(each[row], each[column]): each["count"] for each in cells}
    if not found:
        return []
    query: Any = schema.query_type
    cell: Any = get_named_type(query.fields[field].type)
    rows, columns = (_labels(dataset, each, cell.fields[each].type) for each in (row, column))
    counts = with_totals([[found.get((i, j), 0) for j in columns] for i in rows])
    hidden = withheld(counts, 5)
    return [
        {
            row: i,
            column: j,
            "count": None if (a, b) in hidden else counts[a][b],
            "suppressed": (a, b) in hidden,
        }
        for a, i in enumerate((*rows, None))
        for b, j in enumerate((*columns, None))
    ]


def _labels(dataset: str, column: str, shown: Any) -> list[str]:
    type_ = get_named_type(shown)
    if is_enum_type(type_):
        return list(type_.values)
    bureau, _, name = dataset.partition(".")
    (table,) = (each for each in bureaus.discover()[bureau].tables if each.name == name)
    return sorted(table.by_name[column].codes)
