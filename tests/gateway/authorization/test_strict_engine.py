"""Cedar is asked strictly: an Allow counts only where nothing at all went wrong."""

from __future__ import annotations

from pathlib import Path

import cedarpy
import pytest
from msgspec.structs import replace

from gateway.authorization.engine import Engine, Outcome, Question, parse_entities
from gateway.authorization.entities import Store
from gateway.settings import ROOT
from tests.support.folders import NOTES, bare, read, write

SCHEMA = (ROOT / "policies" / "schema.cedarschema").read_text("utf-8")
PERMIT_ALL = f'@id("all") {NOTES} permit(principal, action, resource);'
ASKED = Question("organ", "supervision.tax", "read", "Person.name")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The entities of this installation."""
    folder = bare(tmp_path)
    write(folder, "permit(principal, action, resource);")
    return read(folder).store


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "nobody"},
        {"purpose": "supervision.nothing"},
        {"field": "Person.nothing"},
        {"kind": ""},
        {"kind": 'organ"'},
    ],
)
def test_an_entity_that_is_not_in_the_store_is_denied(store: Store, changed: dict[str, str]):
    """A caller, a purpose or a field that nobody registered gets a no, though a rule permits everything."""
    engine = Engine(PERMIT_ALL, SCHEMA, store)
    assert engine.ask(ASKED).allowed
    assert engine.ask(replace(ASKED, **changed)) == Outcome(False, ("unknown-entity",))


def test_a_request_that_does_not_fit_the_schema_is_denied(store: Store):
    """A use that the schema does not know is a no, though a rule permits everything."""
    engine = Engine(PERMIT_ALL, SCHEMA, store)
    assert engine.ask(replace(ASKED, use="guess")) == Outcome(False, ("error-denies",))


def test_a_forbid_that_errs_denies(store: Store):
    """Cedar passes over a rule that errs and would allow; here the error itself denies."""
    erring = f'@id("lid") {NOTES} forbid(principal, action, resource) when {{ resource.scene == context.purpose }};'
    policies, schema = cedarpy.PolicySet.from_str(PERMIT_ALL + erring), cedarpy.Schema.from_str(SCHEMA)
    request = {
        "principal": {"type": "CallerKind", "id": ASKED.kind},
        "action": {"type": "Action", "id": ASKED.use},
        "resource": {"type": "Field", "id": ASKED.field},
        "context": {"purpose": {"__entity": {"type": "Purpose", "id": ASKED.purpose}}, "reached": "asked"},
    }
    response = cedarpy.is_authorized(request, policies, parse_entities(store.entities, schema), schema)
    assert (response.decision.value, bool(response.diagnostics.errors)) == ("Allow", True)
    assert Engine(PERMIT_ALL + erring, SCHEMA, store).ask(ASKED) == Outcome(False, ("error-denies",))


def test_an_allow_without_a_named_rule_is_a_no(store: Store):
    """A permit that has no id can be held to no source, so it allows nothing."""
    engine = Engine("permit(principal, action, resource);", SCHEMA, store)
    assert engine.ask(ASKED) == Outcome(False, ())


def test_without_rules_everything_is_denied(store: Store):
    """Denial is the default: an empty set of rules allows nothing."""
    assert Engine("", SCHEMA, store).ask(ASKED) == Outcome(False, ())
