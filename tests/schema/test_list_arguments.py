"""Lists are filtered and ordered by what fields declare, and by nothing else."""

from __future__ import annotations

import pytest
from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, parse, validate

from catalogue.classification import READ_ONLY, Use
from schema.graphql_types import named_type_of
from schema.list_arguments import CHOOSING, records_of
from schema.record_types import constant_case
from tests.support.declared_otherwise import composed_here

COMPOSED = composed_here()
SCHEMA = COMPOSED.graphql
LISTS = {
    f"{owner.name}.{name}": each
    for owner in SCHEMA.type_map.values()
    if isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)
    for name, each in owner.fields.items()
    if records_of(each)
}


@pytest.mark.parametrize("coordinate", sorted(LISTS))
def test_a_list_is_chosen_by_the_declared_fields_alone(coordinate: str):
    """A filter has a member, and an order a value, for each field with the use and for no other."""
    listed = LISTS[coordinate]
    record = records_of(listed)
    assert record is not None
    uses = {name: COMPOSED.classifications[f"{record.name}.{name}"].uses for name in record.fields}
    filters = {name for name, use in uses.items() if Use.FILTER in use}
    sorts = {constant_case(name) for name, use in uses.items() if Use.SORT in use}
    members = {name: set(named_type_of(each).fields) for name, each in listed.args.items() if name == "where"}
    assert members.get("where", set()) == filters
    ordered = (
        set(named_type_of(SCHEMA.type_map[f"{record.name}Order"].fields["field"]).values) if sorts else set()
    )
    assert ordered == sorts
    assert ("after" in listed.args) is ("cursor" in record.fields) is bool(filters or sorts)


@pytest.mark.parametrize(
    "coordinate", ["Person.redLists", "Person.scores", "Enterprise.honours", "Person.adverseRecords"]
)
def test_incentive_data_and_what_is_gathered_take_first_alone(coordinate: str):
    """No argument chooses among records of incentive data, nor among those of several types."""
    owner, name = coordinate.split(".")
    assert set(SCHEMA.type_map[owner].fields[name].args) == {"first"}


def test_lists_of_the_other_classes_are_chosen_by_all_three():
    """Adverse, judicial and public records and grades have filters, orders and cursors."""
    for name in ("taxArrears", "judgmentDefaults", "transportLicences", "offices"):
        assert set(SCHEMA.type_map["Person"].fields[name].args) == {"first", *CHOOSING}


def test_only_a_value_that_may_be_absent_is_asked_for_absence():
    """A condition has `isNull` where the field is declared so, and ranges where its kind has an order."""
    conditions = {
        name: set(named_type_of(each).fields)
        for name, each in SCHEMA.type_map["TaxArrearsWhere"].fields.items()
    }
    assert conditions == {
        "tax": {"eq", "in"},
        "amountFen": {"eq", "in", "from", "until"},
        "since": {"eq", "in", "from", "until"},
        "clearedOn": {"eq", "in", "from", "until", "isNull"},
    }


def test_a_cursor_is_of_its_records_class_and_only_read():
    """A cursor is classified like what its list is chosen by, so that no purpose sees it that sees no list."""
    cursors = [name for name in COMPOSED.classifications if name.endswith(".cursor")]
    assert len(cursors) > 5
    for name in cursors:
        record = name.split(".")[0]
        beside = [each for field, each in COMPOSED.classifications.items() if field.startswith(f"{record}.")]
        assert COMPOSED.classifications[name].uses == READ_ONLY
        assert COMPOSED.classifications[name].data_class in {
            each.data_class for each in beside if each.uses != READ_ONLY
        }


def test_every_input_of_a_list_is_in_the_schema():
    """What the arguments of lists are made of can be named by a variable."""
    for name in ("TaxArrearsWhere", "OptionalDateCondition", "TaxArrearsOrder", "TaxKindCondition"):
        assert isinstance(SCHEMA.type_map[name], GraphQLInputObjectType)
        assert validate(SCHEMA, parse(f"query Q($v: {name}!) {{ __typename }}"))[0].message.endswith(
            "never used in operation 'Q'."
        )
