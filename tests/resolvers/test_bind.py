"""Binding refuses by name: what is bound cannot fail at a request for want of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from adapters import bureaus
from catalogue.declarations import Bureau, Column, Dataset, Kind
from catalogue.incentives.scene_threshold import answerable
from resolvers import edges
from resolvers.eligibility.adverse_records import clean
from resolvers.eligibility.incentive_rules import Rule, rules_of
from resolvers.eligibility.requirements import of_age, red_listed
from resolvers.graph.bindings import (
    Binding,
    Edge,
    Eligibility,
    Entity,
    Gathering,
    Lookup,
    Reference,
    Tabulation,
)
from resolvers.graph.build import bind
from resolvers.graph.graph import Graph
from schema.classification import Classification, DataClass
from schema.compose import ComposedSchema, CompositionError, compose
from schema.name_case import snake_case

COMPOSED, BUREAUS, BINDINGS = compose(), bureaus.discover(), edges.discover()

KNOWN = rules_of(answerable()["NY-005"])["person"]


def bound(bindings: Sequence[Binding], composed: ComposedSchema = COMPOSED, **changed: Bureau) -> Graph:
    """Bind with some bureaus changed."""
    return bind(composed, (BUREAUS | changed).values(), bindings)


def without(owner: str, field: str) -> list[Binding]:
    """Return the bindings without one."""
    return [
        each
        for each in BINDINGS
        if isinstance(each, Entity) or (getattr(each, "owner", "Query"), each.field) != (owner, field)
    ]


def changed(bureau: str, dataset: str, **changes: object) -> Bureau:
    """Return a bureau with one dataset changed."""
    found = BUREAUS[bureau]
    datasets = tuple(replace(each, **changes) if each.name == dataset else each for each in found.datasets)
    return replace(found, datasets=datasets)


def columns_of(bureau: str, dataset: str) -> tuple[Column, ...]:
    """Return the columns of a dataset."""
    (found,) = [each for each in BUREAUS[bureau].datasets if each.name == dataset]
    return found.columns


def test_this_installation_is_bound():
    """Every field of every type has its source, and every dataset answers some field."""
    graph = bound(BINDINGS)
    used = {each.dataset for each in graph.entities.values()}
    for binding in graph.fields.values():
        if isinstance(binding, Edge | Tabulation):
            used.add(binding.dataset)
        elif isinstance(binding, Gathering):
            used.update(binding.datasets.values())
    assert used == set(graph.sources)


@pytest.mark.parametrize(
    ("owner", "field", "named"),
    [
        ("CreditSubject", "taxArrears", "taxArrears has no binding"),
        ("Person", "scores", r"Person\.scores has no binding"),
        ("Query", "persons", r"Query\.persons has no binding"),
        ("CreditSubject", "adverseRecords", "adverseRecords has no binding"),
        ("Office", "person", r"Office\.person is a field of a record"),
    ],
)
def test_a_field_without_binding_is_refused(owner: str, field: str, named: str):
    """Composition names the field that no edge answers."""
    with pytest.raises(CompositionError, match=named):
        bound(without(owner, field))


@pytest.mark.parametrize(
    ("coordinate", "source"),
    [
        ("CreditScore.score", "credit_office.score"),
        ("Person.scores", "credit_office.score"),
        ("Person.redLists", "credit_office.red_list"),
        ("Person.identityNumber", "registry.person"),
        ("TaxArrears.since", "tax.tax_arrears"),
    ],
)
def test_a_field_of_another_item_than_its_column_is_refused(coordinate: str, source: str):
    """A score that says to be of the register of enterprises does not compose: its class would go by that item."""
    declared = COMPOSED.classifications
    relabelled = declared | {coordinate: Classification("XY-REG-002", DataClass.PUBLIC_RECORD)}
    with pytest.raises(CompositionError, match=rf"{coordinate} says .* XY-REG-002, and {source} is of XY-"):
        bound(BINDINGS, replace(COMPOSED, classifications=relabelled))


@pytest.mark.parametrize(
    ("binding", "named"),
    [
        (Edge("Person", "unknown", "tax.tax_arrears"), r"Person\.unknown, which the schema does not have"),
        (Edge("Nobody", "taxArrears", "tax.tax_arrears"), "Nobody, which is no type"),
        (Edge("CreditSubject", "taxArrears", "tax.unknown"), r"tax\.unknown, which no bureau shares"),
        (Edge("CreditSubject", "taxArrears", "tax.taxpayer_grade"), r"TaxArrears\.tax needs the column tax"),
        (
            Edge("CreditSubject", "taxGrades", "tax.latest_taxpayer_grade"),
            r"taxGrades and tax\.latest_taxpayer_grade differ in whether there are many",
        ),
        (Edge("CreditSubject", "latestTaxGrade", "tax.taxpayer_grade"), "differ in whether there are many"),
        (Reference("Office", "person", "unknown"), r"Office\.person needs the column unknown"),
        (Reference("Enterprise", "legalRepresentative", "region"), "only a record can hold one"),
        (Edge("Office", "person", "registry.person"), r"Office\.person"),
        (Entity("Person", "registry.enterprise"), r"Person\.identityNumber needs the column identity_number"),
        (Entity("CreditSubject", "registry.person"), "CreditSubject, which is no object type"),
        (Lookup("unknown", "id", "one"), r"Query\.unknown"),
        (
            Gathering("CreditSubject", "adverseRecords", {"TaxArrears": "tax.serious_violation"}),
            r"TaxArrears\.tax needs the column tax",
        ),
    ],
    ids=str,
)
def test_a_wrong_binding_is_refused(binding: Binding, named: str):
    """A binding to a type, field, dataset or column that is not there is named."""
    with pytest.raises(CompositionError, match=named):
        bound([*BINDINGS, binding])


def standing(**changed: object) -> list[Binding]:
    """Return the bindings with the rule of one answer changed."""
    (known,) = [each for each in BINDINGS if isinstance(each, Eligibility) and each.field == "ny005"]
    return [*without("Standing", "ny005"), replace(known, **changed)]


def test_an_answer_without_a_rule_is_refused():
    """Each field of a standing is decided by a rule, or it is named."""
    with pytest.raises(CompositionError, match=r"Standing\.ny005 has no rule"):
        bound(without("Standing", "ny005"))


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (
            {"person": Rule((of_age(),), ())},
            r"Standing\.ny005 names the input Person\.deceased, which its rule does",
        ),
        (
            {"person": replace(KNOWN, alternatives=((clean(1),),))},
            r"Standing\.ny005 names the input CreditScore\.score",
        ),
        (
            {"person": replace(KNOWN, always=(*KNOWN.always, red_listed()))},
            r"Standing\.ny005 is derived from credit_office\.red_list\.listed_on, which is none of its inputs",
        ),
    ],
)
def test_a_rule_that_reads_other_than_its_field_declares_is_refused(rules: dict[str, Rule], named: str):
    """What a rule looks at is what its field declares to be derived from: no more and no less."""
    with pytest.raises(CompositionError, match=named):
        bound(standing(rules=rules))


def test_a_missing_column_is_refused():
    """A leaf whose column a bureau no longer shares is named with the dataset."""
    fewer = tuple(each for each in columns_of("tax", "tax_arrears") if each.name != "amount_fen")
    with pytest.raises(
        CompositionError, match=r"TaxArrears\.amountFen needs .* amount_fen, which tax\.tax_arrears"
    ):
        bound(BINDINGS, tax=changed("tax", "tax_arrears", columns=fewer))


@pytest.mark.parametrize("codes", [frozenset("ABMCDE"), frozenset("ABM"), None])
def test_other_codes_are_refused(codes: frozenset[str] | None):
    """An enum has exactly the codes of its column, or the two are named."""
    columns = tuple(
        replace(each, codes=codes) if each.name == "grade" else each
        for each in columns_of("tax", "taxpayer_grade")
    )
    with pytest.raises(
        CompositionError, match=r"TaxGrade\.grade and tax\.taxpayer_grade\.grade have other codes"
    ):
        bound(BINDINGS, tax=changed("tax", "taxpayer_grade", columns=columns))


@pytest.mark.parametrize(
    "column", [Column("year"), Column("year", Kind.FEN), Column("year", codes=frozenset("A"))]
)
def test_another_kind_is_refused(column: Column):
    """A leaf's scalar fits the kind of its column, or the two are named."""
    columns = tuple(column if each.name == "year" else each for each in columns_of("tax", "taxpayer_grade"))
    with pytest.raises(
        CompositionError, match=r"TaxGrade\.year is Int, but tax\.taxpayer_grade\.year is not"
    ):
        bound(BINDINGS, tax=changed("tax", "taxpayer_grade", columns=columns))


@pytest.mark.parametrize("order", [("-since", "fine_number"), ("-since", "subject"), ("-person_number",)])
def test_an_order_that_tells_of_what_no_field_shows_is_refused(order: tuple[str, ...]):
    """Who sees two records sees which comes first: a column that decides it is shown, or named and refused."""
    columns = (*columns_of("tax", "tax_arrears"), Column("fine_number"), Column("person_number"))
    with pytest.raises(
        CompositionError, match=rf"tax\.tax_arrears is ordered by {order[-1].strip('-')}, which no field"
    ):
        bound(BINDINGS, tax=changed("tax", "tax_arrears", columns=columns, order=order))


def test_a_reference_shows_no_order():
    """A field that leads to a person shows nothing of the number by which the person is known."""
    with pytest.raises(CompositionError, match=r"office_by_enterprise is ordered by person_number"):
        bound(
            BINDINGS, registry=changed("registry", "office_by_enterprise", order=("-since", "person_number"))
        )


def test_an_order_by_a_neutral_column_is_accepted():
    """A number that was drawn at random tells nothing of anybody."""
    columns = (*columns_of("tax", "tax_arrears"), Column("entry", neutral=True))
    graph = bound(BINDINGS, tax=changed("tax", "tax_arrears", columns=columns, order=("-since", "entry")))
    assert graph.sources["tax.tax_arrears"].dataset.order == ("-since", "entry")


@pytest.mark.parametrize("column", ["cleared_on", "amount_fen"])
def test_a_filter_that_its_column_contradicts_is_refused(column: str):
    """A filter asks whether a value is missing exactly where the column may lack it."""
    columns = tuple(
        replace(each, nullable=not each.nullable) if each.name == column else each
        for each in columns_of("tax", "tax_arrears")
    )
    with pytest.raises(
        CompositionError, match=rf"tax\.tax_arrears\.{column} differ in whether it may be absent"
    ):
        bound(BINDINGS, tax=changed("tax", "tax_arrears", columns=columns))


def test_a_catalogue_item_that_nobody_shares_is_refused():
    """A field of an item that no bureau declares is named with the item."""
    closed = Classification("XY-NONE-001", DataClass.GRADE)
    composed = replace(COMPOSED, classifications={**COMPOSED.classifications, "TaxGrade.year": closed})
    with pytest.raises(CompositionError, match=r"TaxGrade\.year is of XY-NONE-001, which no bureau shares"):
        bound(BINDINGS, composed)


def test_a_bureau_that_is_gone_is_refused():
    """Without the transport bureau its fields have no source."""
    fewer = [each for name, each in BUREAUS.items() if name != "transport"]
    with pytest.raises(CompositionError, match=r"XY-TRN-00., which no bureau shares"):
        bind(COMPOSED, fewer, BINDINGS)


@pytest.mark.parametrize(
    ("name", "column"),
    [("registeredCapitalFen", "registered_capital_fen"), ("year", "year"), ("y2Fen", "y2_fen")],
)
def test_a_columns_name_is_the_fields_in_snake_case(name: str, column: str):
    """A leaf needs no binding of its own."""
    assert snake_case(name) == column


def test_datasets_are_compared_by_what_they_declare():
    """Two datasets with other columns are other keys of a round trip."""
    dataset: Dataset = BUREAUS["tax"].datasets[0]
    assert replace(dataset, columns=dataset.columns[:1]) != dataset
    assert hash(replace(dataset)) == hash(dataset)
