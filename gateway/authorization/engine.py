"""Cedar, asked strictly: an Allow counts only where nothing at all went wrong.

Cedar skips a rule that errors, so a forbid that errors would mean Allow; and an entity that is not in the store
has no attributes and no parents, so it makes rules err or pass over it. Both are closed here.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any, Final

from gateway.authorization import cedar
from gateway.authorization.entities import Store, Uid, uid
from resolvers.plan.field_use import AccessPath

ERROR_RULE: Final = "error-denies"
UNKNOWN_RULE: Final = "unknown-entity"


@dataclass(frozen=True, slots=True)
class Question:
    """May a kind of caller make a use of a field for a purpose?"""

    kind: str
    purpose: str
    use: str
    field: str
    reached: AccessPath = "asked"

    @property
    def uids(self) -> tuple[Uid, ...]:
        """The entities that must be in the store for any answer but no."""
        return (("CallerKind", self.kind), ("Purpose", self.purpose), ("Field", self.field))


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer: allowed or not, and the ids of the rules that decided it."""

    allowed: bool
    rules: tuple[str, ...]


class Engine:
    """One set of rules, one schema and one store, parsed once."""

    def __init__(self, policies: str, schema: str, store: Store) -> None:
        """Parse all three; ValueError where one of them is not what Cedar reads."""
        self.schema = cedar.parse_schema(schema)
        self._policies = cedar.parse_policies(policies)
        self._entities = cedar.parse_entities(store.entities, self.schema)
        self._uids = store.uids

    def with_rules(self, policies: str) -> Engine:
        """Return an engine for other rules over the same schema and store; ValueError where they are no Cedar."""
        made = copy(self)
        made._policies = cedar.parse_policies(policies)  # noqa: SLF001 of the same class
        return made

    def ask(self, question: Question) -> Outcome:
        """Return the answer; whatever fails is a no."""
        try:
            if not self._uids.issuperset(question.uids):
                return Outcome(False, (UNKNOWN_RULE,))
            return _outcome(cedar.decide(_request(question), self._policies, self._entities, self.schema))
        except Exception:
            return Outcome(False, (ERROR_RULE,))


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


def _outcome(response: cedar.Response) -> Outcome:
    if response.errors or response.decision not in ("Allow", "Deny"):
        return Outcome(False, (ERROR_RULE,))
    return Outcome(response.decision == "Allow" and bool(response.rules), response.rules)
