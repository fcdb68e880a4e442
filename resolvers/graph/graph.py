"""The graph: the composed schema, and where each of its fields lives in the bureaus' datasets."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import GraphQLObjectType, GraphQLSchema

from catalogue.declarations import Dataset
from resolvers.graph.bindings import Entity, FieldBinding
from schema.compose import ComposedSchema
from schema.record_types import snake_case


@dataclass(frozen=True, slots=True)
class BureauDataset:
    """A dataset with the bureau that shares it."""

    bureau: str
    dataset: Dataset


@dataclass(frozen=True, slots=True)
class Graph:
    """What can be asked and where it lives."""

    composed: ComposedSchema
    sources: Mapping[str, BureauDataset]
    entities: Mapping[str, Entity]
    fields: Mapping[str, FieldBinding]
    """By coordinate "Type.field" of object types; leaves are not among them."""
    renamed: Mapping[str, Mapping[str, str]]
    """By type, the columns that fields of another name show."""

    @property
    def schema(self) -> GraphQLSchema:
        """The schema as graphql-core sees it."""
        return self.composed.graphql

    def object_type(self, name: str) -> GraphQLObjectType:
        """Return an object type of the schema."""
        type_ = self.schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 binding saw to it
        return type_

    def column(self, type_name: str, field: str) -> str:
        """Return the column that answers a leaf."""
        renamed = self.renamed.get(type_name)
        return (renamed.get(field) if renamed else None) or snake_case(field)
