from resolvers.plan.arguments import Arguments
from resolvers.plan.masked_plan import mask
from resolvers.plan.nodes.denied_field import DeniedField
from resolvers.plan.nodes.schema_field import INTROSPECTION_NODES, SchemaField
from resolvers.plan.plan_node import Plan
from tests.support.gateway_in_memory import graph

CATALOGUE = SchemaField("c", "Query.catalogue", (1, 1), ("CatalogueEntry.field",), 100)


def test_a_denied_schema_field_is_masked_like_any_other():
    """A grant that takes away the catalogue, or a field of it, leaves an error in its place."""
    for denied in ("Query.catalogue", "CatalogueEntry.field"):
        masked = mask(graph(), Plan((CATALOGUE,), (), 0), {(denied, "asked")}, "p")
        assert masked.roots == (DeniedField("c", denied, (1, 1)),)


def test_schema_fields_count_in_the_budget():
    """What the schema answers takes part of the budget, so that aliases of it are bounded."""
    plan = mask(graph(), Plan((CATALOGUE, CATALOGUE), (), 0), (), "p")
    assert plan.size(Arguments([], {}))[1] == 202
    assert INTROSPECTION_NODES > 10_000
