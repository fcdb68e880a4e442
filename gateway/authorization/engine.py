"""Strict evaluation with Cedar: an Allow counts only if nothing went wrong.

Cedar ignores a policy whose evaluation fails, so a failing `forbid` becomes Allow. Unknown entities make policies fail
or not match. Both cases are denied here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Final

import cedarpy
import msgspec

from gateway.authorization.entities import Store, uid
from resolvers.plan.field_use import AccessPath

ERROR_RULE: Final = "error-denies"
UNKNOWN_RULE: Final = "unknown-entity"
_cedar: Any = cedarpy
"""Some of cedarpy's functions have annotations with bare dicts and lists; those here say their types."""


class Question(msgspec.Struct, frozen=True, gc=False):
    """May a kind of caller make a use of a field for a purpose?"""

    kind: str
    purpose: str
    use: str
    field: str
    reached: AccessPath = "asked"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer: allowed or not, and the ids of the rules that decided it."""

    allowed: bool
    rules: tuple[str, ...]


class Engine:
    """One set of rules, one schema and one store, parsed once."""

    def __init__(self, policies: str, schema: str, store: Store) -> None:
        """Parse all three; ValueError where one of them is not what Cedar reads."""
        self.schema = cedarpy.Schema.from_str(schema)
        self._policies = cedarpy.PolicySet.from_str(policies)
        self._entities = parse_entities(store.entities, self.schema)
        self._uids = store.uids

    def with_rules(self, policies: str) -> Engine:
        """Return an engine for other rules over the same schema and store; ValueError where they are no Cedar."""
        made = copy(self)
        made._policies = cedarpy.PolicySet.from_str(policies)  # noqa: SLF001 of the same class
        return made

    def ask(self, question: Question) -> Outcome:
        """Return the answer; whatever fails is a no."""
        try:
            named = {("CallerKind", question.kind), ("Purpose", question.purpose), ("Field", question.field)}
            if not named <= self._uids:
                return Outcome(False, (UNKNOWN_RULE,))
            return self._decide(_request(question))
        except Exception:
            return Outcome(False, (ERROR_RULE,))

    def _decide(self, request: dict[str, Any]) -> Outcome:
        """Decide on a request that is checked against the schema; TypeError without one.

        cedarpy takes None for a schema, decides all the same, and lets pass what the schema would have refused.
        """
        if type(self.schema) is not cedarpy.Schema:
            raise TypeError("no decision without a schema")
        result = _cedar.is_authorized(request, self._policies, self._entities, self.schema)
        decision: str = result.decision.value
        if result.diagnostics.errors or decision not in ("Allow", "Deny"):
            return Outcome(False, (ERROR_RULE,))
        ids: dict[str, str] = result.diagnostics.id_annotations_by_reason
        return Outcome(decision == "Allow" and bool(ids), tuple(sorted(ids.values())))


def parse_entities(entities: Sequence[dict[str, Any]], schema: cedarpy.Schema) -> cedarpy.Entities:
    """Parse entities; ValueError where they do not fit the schema."""
    return _cedar.Entities.from_json_str(json.dumps(entities), schema, release_gil=True)


def validate(policy: str, schema: cedarpy.Schema) -> list[str]:
    """Return what is wrong with a policy under a schema."""
    return [each.error for each in _cedar.validate_policies(policy, schema).errors]


def _request(question: Question) -> dict[str, Any]:
    return {
        "principal": uid("CallerKind", question.kind),
        "action": uid("Action", question.use),
        "resource": uid("Field", question.field),
        "context": {
            "purpose": {"__entity": uid("Purpose", question.purpose)},
            "reached": question.reached,
        },
    }
