"""cedarpy's functions under the types that they have; its own annotations hold bare dicts and lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import cedarpy

Schema: TypeAlias = cedarpy.Schema
PolicySet: TypeAlias = cedarpy.PolicySet
Entities: TypeAlias = cedarpy.Entities

_cedar = cast("Any", cedarpy)


@dataclass(frozen=True, slots=True)
class Response:
    """What Cedar says: its decision, what erred, and the @id of each rule that decided."""

    decision: str
    errors: tuple[str, ...]
    rules: tuple[str, ...]


def parse_schema(text: str) -> Schema:
    """Parse a schema; ValueError where it is none."""
    return cedarpy.Schema.from_str(text)


def parse_policies(text: str) -> PolicySet:
    """Parse policies; ValueError where they are none."""
    return cedarpy.PolicySet.from_str(text)


def parse_entities(entities: Sequence[dict[str, Any]], schema: Schema) -> Entities:
    """Parse entities; ValueError where they do not fit the schema."""
    return _cedar.Entities.from_json_str(json.dumps(entities), schema, release_gil=True)


def validate(policy: str, schema: Schema) -> list[str]:
    """Return what is wrong with a policy under a schema."""
    return [each.error for each in _cedar.validate_policies(policy, schema).errors]


def decide(request: dict[str, Any], policies: PolicySet, entities: Entities, schema: Schema) -> Response:
    """Decide on a request that is checked against the schema; TypeError without one.

    cedarpy takes None for a schema, decides all the same, and lets pass what the schema would have refused.
    """
    if type(schema) is not Schema:
        raise TypeError("no decision without a schema")
    result = _cedar.is_authorized(request, policies, entities, schema)
    diagnostics = result.diagnostics
    rules: dict[str, str] = diagnostics.id_annotations_by_reason
    return Response(result.decision.value, tuple(diagnostics.errors), tuple(sorted(rules.values())))
