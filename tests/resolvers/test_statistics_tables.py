"""A registered table of counts is asked for as a whole, and its labels stand in a stated order."""

from __future__ import annotations

import pytest
from graphql import GraphQLObjectType

from catalogue.classification import DataClass, Use
from resolvers.graph.bindings import Tabulation
from tests.support.gateway_in_memory import graph

SOURCE = "tax.enterprises_by_county_and_grade"
TABLES = {coordinate: each for coordinate, each in graph().fields.items() if isinstance(each, Tabulation)}


@pytest.mark.parametrize("coordinate", TABLES)
def test_a_table_is_asked_for_as_a_whole(coordinate: str):
    """A table takes its one year and nothing to choose a part by, and a cell has nothing but labels and count."""
    query = graph().schema.query_type
    assert query is not None
    field = query.fields[coordinate.partition(".")[2]]
    assert {name: str(each.type) for name, each in field.args.items()} == {"year": "Int!"}
    cell = graph().schema.type_map[str(field.type).strip("[]!")]
    assert isinstance(cell, GraphQLObjectType)
    counting = graph().sources[TABLES[coordinate].dataset].dataset.counting
    assert counting is not None
    columns = {graph().column(cell.name, name) for name in cell.fields}
    assert columns == {counting.row, counting.column, "count", "suppressed"}
    assert (str(cell.fields["count"].type), str(cell.fields["suppressed"].type)) == ("Int", "Boolean")


def test_what_is_a_statistic_is_a_table():
    """The class STATISTIC is that of tables and their cells and of nothing else, and a table says what it counts."""
    classes = graph().composed.classifications
    found = {name for name, each in classes.items() if each.data_class is DataClass.STATISTIC}
    query = graph().schema.query_type
    assert query is not None
    cells = {str(query.fields[name.partition(".")[2]].type).strip("[]!") for name in TABLES}
    assert found == {*TABLES, *(name for name in classes if name.partition(".")[0] in cells)}
    for coordinate in TABLES:
        assert classes[coordinate].inputs
        assert {each.use for each in classes[coordinate].inputs} == {Use.AGGREGATE}


def test_labels_stand_in_the_order_of_the_schema():
    """Codes that have labels keep the order in which the schema has them, others are sorted."""
    columns = graph().sources[SOURCE].dataset.by_name
    assert columns["grade"].labels == ("A", "B", "M", "C", "D")
    counties = columns["county"].labels
    assert counties == tuple(sorted(counties))
    assert len(counties) == 11
