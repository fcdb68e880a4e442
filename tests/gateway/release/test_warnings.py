from gateway.pipeline.identifier_warnings import identifier_warnings
from resolvers.plan.arguments import Arguments
from resolvers.plan.nodes.entity import EntityNode
from resolvers.plan.nodes.lookup_root import LookupRoot

PERSON = EntityNode("found", "Query.found", (1, 1), "Person", "registry.person", 0, 0)
ENTERPRISE = EntityNode("found", "Query.found", (1, 1), "Enterprise", "registry.enterprise", 1, 0)
ODD_PERSON = "990101198001010010"
ODD_CODE = "9199000060003734XX"
PLAIN_CODE = "91110000600037341L"


def root(form, argument, *entities, members=None):
    """A root of a plan that is found by one argument."""
    return LookupRoot("found", "Query.found", (1, 1), form, argument, members or {}, fields=entities)


def test_an_odd_region_is_told_with_its_place_and_never_with_the_identifier():
    """A subject of an unknown region is warned of by its path in the answer."""
    found = identifier_warnings([root("many", 0, ENTERPRISE)], Arguments([[PLAIN_CODE, ODD_CODE]], {}))
    assert [each["path"] for each in found] == [["found", 1]] * len(found)
    assert found
    assert ODD_CODE not in str(found)


def test_each_member_of_a_mixed_lookup_is_judged_by_its_own_rules():
    """A person in a mixed list is judged as a person, an enterprise as an enterprise."""
    mixed = root("keyed", 0, PERSON, ENTERPRISE, members={"person": 0, "enterprise": 1})
    found = identifier_warnings(
        [mixed], Arguments([[{"person": ODD_PERSON}, {"enterprise": PLAIN_CODE}]], {})
    )
    assert found == []


def test_an_ordinary_identifier_is_not_warned_of():
    """Nothing is said of a code whose region, kind and organisation code fit."""
    assert identifier_warnings([root("one", 0, ENTERPRISE)], Arguments([PLAIN_CODE], {})) == []
