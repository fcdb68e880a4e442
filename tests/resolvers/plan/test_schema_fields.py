from resolvers.plan.budget import most_nodes
from resolvers.plan.compile import INTROSPECTION_NODES
from resolvers.plan.masked_plan import mask
from resolvers.plan.plan import Denied, Meta, Plan
from tests.support.gateway_in_memory import graph

CATALOGUE = Meta("c", "Query.catalogue", (1, 1), ("CatalogueEntry.field",), 100)


def test_a_denied_schema_field_is_masked_like_any_other():
    """A grant that takes away the catalogue, or a field of it, leaves an error in its place."""
    for denied in ("Query.catalogue", "CatalogueEntry.field"):
        executable = mask(graph(), Plan((CATALOGUE,), (), 0), {(denied, "asked")}, "p")
        assert executable.roots == (Denied("c", denied, (1, 1)),)


def test_schema_fields_count_in_the_budget():
    """What the schema answers takes part of the budget, so that aliases of it are bounded."""
    assert most_nodes([CATALOGUE, CATALOGUE], ()) == 202
    assert INTROSPECTION_NODES > 10_000
