"""The schema in GraphQL's definition language, each field under the directive that says what binds it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from graphql import (
    ConstArgumentNode,
    ConstDirectiveNode,
    FieldDefinitionNode,
    GraphQLInterfaceType,
    NameNode,
    parse,
    parse_const_value,
    print_ast,
    visit,
)
from graphql.language import Visitor

from resolvers.graph.fields import Field, fields_of, input_text, item_of, items_of
from resolvers.graph.graph import Graph

DEFINITION: Final = '''
"""数据分类 · What binds a field: its item of the catalogue, its class and sensitivity, how the item may be disclosed and on which basis, the uses that exist for it, and what it is derived from"""
directive @classified(
  item: String!
  class: String!
  sensitivity: String!
  disclosure: String!
  basis: String!
  uses: [String!]!
  inputs: [String!]
) on FIELD_DEFINITION
'''


_ON_ONE_LINE: Final = re.compile(r"^(  \w.*?) (@classified\()", re.MULTILINE)


def classified_sdl(graph: Graph) -> str:
    """Return the SDL with the directive on every field of every object and interface type."""
    parsed = parse(DEFINITION + graph.composed.sdl)
    printed = print_ast(visit(parsed, _Classifier(fields_of(graph) | _of_interfaces(graph))))
    return _ON_ONE_LINE.sub(r"\1\n    \2", printed) + "\n"


class _Classifier(Visitor):
    def __init__(self, fields: Mapping[str, Field]) -> None:
        super().__init__()
        self._fields = fields
        self._owner = ""

    def enter_object_type_definition(self, node: Any, *_: object) -> None:
        self._owner = node.name.value

    enter_interface_type_definition = enter_object_type_definition

    def enter_input_object_type_definition(self, *_: object) -> bool:
        """Pass over what is no field of an answer."""
        return False

    def leave_field_definition(self, node: FieldDefinitionNode, *_: object) -> FieldDefinitionNode:
        directive = _directive(self._fields[f"{self._owner}.{node.name.value}"])
        return replace(node, directives=(*(node.directives or ()), directive))


def _of_interfaces(graph: Graph) -> dict[str, Field]:
    """Return the fields of the interfaces; one is derived from whatever it is in a type that has it."""
    items, objects = items_of(graph), fields_of(graph)
    found: dict[str, Field] = {}
    for type_ in graph.schema.type_map.values():
        if isinstance(type_, GraphQLInterfaceType):
            owners = [each.name for each in graph.schema.get_possible_types(type_)]
            for name, field in type_.fields.items():
                coordinate = f"{type_.name}.{name}"
                described = graph.composed.classifications[coordinate]
                inputs = tuple(
                    dict.fromkeys(each for owner in owners for each in objects[f"{owner}.{name}"].inputs)
                )
                text = field.description or ""
                found[coordinate] = Field(coordinate, text, described, item_of(described, items), inputs)
    return found


def _directive(field: Field) -> ConstDirectiveNode:
    described = field.classification
    arguments: dict[str, str | list[str]] = {
        "item": field.item.code,
        "class": described.data_class.name,
        "sensitivity": described.sensitivity.name,
        "disclosure": field.item.disclosure.name,
        "basis": field.item.legal_basis,
        "uses": sorted(use.value for use in described.uses),
    }
    if field.inputs:
        arguments["inputs"] = [input_text(each) for each in field.inputs]
    nodes = [
        ConstArgumentNode(name=NameNode(value=name), value=parse_const_value(json.dumps(value)))
        for name, value in arguments.items()
    ]
    return ConstDirectiveNode(name=NameNode(value="classified"), arguments=tuple(nodes))
