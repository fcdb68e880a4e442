"""What is published: lists that a law orders to publish, each with its end, and red lists of enterprises."""

from __future__ import annotations

from itertools import product

import pytest

from catalogue.catalogue_item import Disclosure
from catalogue.classification import DataClass, Sensitivity, Use
from gateway.authorization.engine import Question
from gateway.authorization.grant import judge
from gateway.authorization.policy import Verdict
from tests.support.declared_otherwise import DATASETS
from tests.support.folders import FIELDS
from tests.support.gateway_in_memory import policy

PUBLISHING = tuple(name for name in policy().purposes.leaves if name.startswith("disclosure."))
LISTS = {DataClass.ADVERSE, DataClass.JUDICIAL, DataClass.INCENTIVE}


def verdict(purpose: str, field: str, use: str = "read") -> Verdict:
    """Return what a publisher hears of a use."""
    return judge(policy(), Question("publisher", purpose, use, field))


@pytest.mark.rule("HN-36")
@pytest.mark.parametrize("purpose", PUBLISHING)
def test_a_red_list_of_an_enterprise_is_published(purpose: str):
    """The entries of an enterprise and all that a record shows are read by a publisher, and no history of them."""
    assert verdict(purpose, "Enterprise.redLists").allowed
    for name, field in FIELDS.items():
        if name.startswith("RedListEntry.") and field.classification.sensitivity < Sensitivity.SENSITIVE:
            assert verdict(purpose, name).allowed
            assert not verdict(purpose, name, Use.HISTORY.value).allowed


@pytest.mark.parametrize("purpose", PUBLISHING)
def test_a_red_list_of_a_person_is_not_published(purpose: str):
    """Nobody publishes that a person stands on a red list: the law asks for the person's separate consent."""
    assert FIELDS["Person.redLists"].item.disclosure is Disclosure.GOV_SHARED
    assert verdict(purpose, "Person.redLists").rule == "incentive-only-rewards"


@pytest.mark.parametrize("purpose", PUBLISHING)
def test_no_other_incentive_data_is_published(purpose: str):
    """Of incentive data a publisher reads red lists alone: honours stay what they are, though their item is public."""
    for name, field in FIELDS.items():
        if field.classification.data_class is DataClass.INCENTIVE and field.item.code != "XY-CRO-002":
            assert not verdict(purpose, name).allowed


@pytest.mark.rule("R32", "R44", "HN-18", "HN-36", "C3")
@pytest.mark.parametrize("purpose", PUBLISHING)
def test_a_list_is_published_if_a_law_orders_it_and_it_ends(purpose: str):
    """Records that a publisher reads are of public items and have a life that ends, and no identity number stands by."""
    ending = {each.item.code for each in DATASETS.values() if each.life}
    for use, (name, field) in product((Use.READ, Use.FILTER, Use.SORT), FIELDS.items()):
        if verdict(purpose, name, use.value).allowed and field.classification.data_class in LISTS:
            assert field.item.disclosure is Disclosure.PUBLIC
            assert field.item.code in ending
    assert not verdict(purpose, "Person.identityNumber").allowed
    assert not verdict(purpose, "Person.identityNumber", "argument").allowed
