"""Binding refuses a table of counts that is none, and whatever else would count or be read like one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from graphql import build_schema

from adapters import bureaus
from catalogue.declarations import Bureau, Column, Counting, Dataset, Kind
from resolvers import edges
from resolvers.graph.bindings import Binding, Edge, Entity, FieldBinding, Gathering, Tabulation
from resolvers.graph.build import bind
from resolvers.graph.checks.statistics import check_tabulations, labels_of
from resolvers.graph.graph import Graph
from schema.classification import Classification, DataClass
from schema.compose import CompositionError, compose

COMPOSED, BUREAUS, BINDINGS = compose(), bureaus.discover(), edges.discover()
GRAPH = bind(COMPOSED, BUREAUS.values(), BINDINGS)
FIELD, SOURCE = "enterprisesByCountyAndTaxGrade", "tax.enterprises_by_county_and_grade"
CELL = "EnterprisesByCountyAndTaxGrade"
(TABLE,) = BUREAUS["tax"].tables


def bound(changed: Dataset) -> Graph:
    """Bind with the tax bureau's table changed."""
    tax: Bureau = replace(BUREAUS["tax"], tables=(changed,))
    return bind(COMPOSED, (BUREAUS | {"tax": tax}).values(), BINDINGS)


def columns(**changed: Column) -> tuple[Column, ...]:
    """Return the table's columns, some of them changed."""
    return tuple(changed.get(each.name, each) for each in TABLE.columns)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (replace(TABLE, counting=None), f"{FIELD} is bound to {SOURCE}, which is no registered table"),
        (replace(TABLE, columns=columns(county=Column("county"))), "labels its cells by county"),
        (
            replace(TABLE, columns=columns(grade=Column("grade", nullable=True, codes=frozenset("ABMCD")))),
            "labels its cells by grade",
        ),
        (replace(TABLE, columns=columns(grade=Column("other"))), "labels its cells by grade"),
        (
            replace(TABLE, columns=columns(grade=Column("grade", codes=frozenset("AB")))),
            "other codes for grade",
        ),
        (replace(TABLE, columns=columns(count=Column("count", Kind.FEN))), "no column count"),
        (
            replace(TABLE, columns=columns(count=Column("count", Kind.INTEGER, nullable=True))),
            "no column count",
        ),
        (replace(TABLE, many=False), "no column count"),
        (replace(TABLE, counting=Counting("county", "grade", 2)), "counts of 2; the least minimum is 3"),
        (replace(TABLE, counting=Counting("county", "county")), "has other fields than county, county"),
    ],
)
def test_a_table_that_is_laid_out_wrongly_is_refused(changed: Dataset, named: str):
    """Labels are closed sets of codes, the count a whole number, the minimum at least three."""
    with pytest.raises(CompositionError, match=named):
        bound(changed)


def test_a_table_is_no_data_set_of_records():
    """A field of the query that is bound as a table to records is named."""
    wrong: list[Binding] = [each for each in BINDINGS if getattr(each, "field", "") != FIELD]
    with pytest.raises(CompositionError, match=r"tax\.taxpayer_grade, which is no registered table"):
        bind(COMPOSED, BUREAUS.values(), [*wrong, Tabulation(FIELD, "tax.taxpayer_grade")])


@pytest.mark.parametrize(
    ("name", "binding"),
    [
        ("Person.counted", Edge("Person", "counted", SOURCE)),
        ("Person.counted", Gathering("Person", "counted", {CELL: SOURCE})),
    ],
)
def test_the_cells_of_a_table_are_no_records(name: str, binding: FieldBinding):
    """No field of a subject reads a table of counts, where nothing would be withheld of it."""
    with pytest.raises(CompositionError, match=f"{name} is read from {SOURCE}"):
        check_tabulations(replace(GRAPH, fields={**GRAPH.fields, name: binding}))


def test_a_table_is_no_entity():
    """No type is read cell by cell from a table of counts."""
    entities: Mapping[str, Entity] = {**GRAPH.entities, "Person": Entity("Person", SOURCE)}
    with pytest.raises(CompositionError, match=f"Person is read from {SOURCE}"):
        check_tabulations(replace(GRAPH, entities=entities))


@pytest.mark.parametrize(
    ("coordinate", "classification", "named"),
    [
        (
            "TaxGrade.year",
            Classification("XY-TAX-001", DataClass.STATISTIC),
            r"TaxGrade\.year is a statistic",
        ),
        (f"{CELL}.count", Classification("XY-TAX-101", DataClass.GRADE), rf"{CELL}\.count is a statistic"),
        (
            f"Query.{FIELD}",
            Classification("XY-TAX-101", DataClass.STATISTIC),
            f"{FIELD} does not say by which fields it counts",
        ),
    ],
)
def test_what_is_a_statistic_is_a_table(coordinate: str, classification: Classification, named: str):
    """The class STATISTIC is that of tables and their cells and of nothing else, and a table says what it counts."""
    changed = {**COMPOSED.classifications, coordinate: classification}
    with pytest.raises(CompositionError, match=named):
        check_tabulations(replace(GRAPH, composed=replace(COMPOSED, classifications=changed)))


@pytest.mark.parametrize(
    ("declared", "changed", "named"),
    [
        (f"{FIELD}(year: Int!)", f"{FIELD}(year: Int!, county: String)", "read in parts"),
        (f"{FIELD}(year: Int!)", f"{FIELD}(year: Int)", "read in parts"),
        (f"{FIELD}(year: Int!)", f"{FIELD}(years: [Int!]!)", "read in parts"),
        (f"type {CELL} {{", f"type {CELL} {{ share: Int", "has other fields than"),
        (f"[{CELL}!]", "[Int!]", "has other fields than"),
    ],
)
def test_a_table_is_asked_for_as_a_whole(declared: str, changed: str, named: str):
    """A table takes its one year and nothing to choose a part by, and a cell has nothing but labels and count."""
    assert declared in COMPOSED.sdl
    schema = build_schema(COMPOSED.sdl.replace(declared, changed))
    with pytest.raises(CompositionError, match=named):
        check_tabulations(replace(GRAPH, composed=replace(COMPOSED, graphql=schema)))


def test_labels_stand_in_the_order_of_the_schema():
    """An enum's labels keep the order in which the schema has them, others are sorted."""
    assert labels_of(GRAPH, SOURCE, CELL, "grade") == ("A", "B", "M", "C", "D")
    counties = labels_of(GRAPH, SOURCE, CELL, "county")
    assert counties == tuple(sorted(counties))
    assert len(counties) == 11
