"""An entry on a list and the marks of whoever is responsible for it are told together or not at all.

A mark tells the number of its entry. If it stood longer than the entry, it would show what nobody may see of the entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from gateway.pipeline.prepare import Operation, Preparer, Terms
from gateway.rights.authorisations import DATASET
from sandbox.expected.shown import sees_history
from tests.gateway.pipeline.test_states_by_purpose import CALLERS, ROOTS, STANDS, registered, selections
from tests.support.authorised import authorisation
from tests.support.begun_records import record
from tests.support.drawn_cities import FOREIGNERS, STRANGERS, City, Held
from tests.support.gateway_in_memory import document_of, policy
from tests.support.observed_request import Installation, Observed, Request, Town, honestly, observed
from tests.support.records_by_state import states_of

ENTRY, OF_FIRM, OF_PERSON = (
    "tax.serious_violation",
    "tax.responsibility_by_enterprise",
    "tax.responsibility_by_person",
)
PERSON, FIRM = STRANGERS[0], FOREIGNERS[0]
NUMBER = "信税稽罚〔2026〕企1号"
Days = Mapping[str, int | None]
"""The columns of a record that are not those of one that stands, with days from today."""
CASES: Mapping[str, tuple[Days, Days]] = {
    STANDS: ({}, {}),
    "EXPIRED": ({"delisted_on": -1}, {"entry_ended_on": -1}),
    "REPAIRED": ({"repaired_on": -1}, {"entry_ended_on": -1}),
    "WITHDRAWN": ({"withdrawn_on": -1}, {"entry_ended_on": -1}),
    "SEALED": ({"sealed_on": -1}, {"entry_ended_on": -1}),
    "DISPUTED": ({"disputed_on": -1}, {"disputed_on": -1}),
}
"""What makes an entry one of each state, and what the bureau then states in the mark."""
LISTED, MARKED = (" ".join(selections(name)) for name in ("SeriousTaxViolation", "Responsibility"))
ASKED = "seriousTaxViolations {{ {0} }} adverseRecords {{ __typename }} {2} {{ {1} }}"
DOCUMENT = f"""query Q($persons: [PersonNumber!]!, $enterprises: [CreditCode!]!) {{
  persons(ids: $persons) {{ {ASKED.format(LISTED, MARKED, "responsibleFor")} }}
  enterprises(ids: $enterprises) {{ {ASKED.format(LISTED, MARKED, "responsiblePersons")} }}
}}"""


def city_of(purpose: str, state: str | None) -> City:
    """Return a city with an entry in a state and the mark that the bureau has of it then; None for neither."""
    held = {("registry.person", PERSON): registered(PERSON), ("registry.enterprise", FIRM): registered(FIRM)}
    held |= {(DATASET, key): Held([authorisation(key, purpose=purpose)]) for key in (PERSON, FIRM)}
    if state is not None:
        of_entry, of_mark = CASES[state]
        named: dict[str, Any] = {"person_number": PERSON, "credit_code": FIRM, "record_number": NUMBER}
        held[ENTRY, FIRM] = Held([record(ENTRY, **of_entry, decision_number=NUMBER)])
        held[OF_FIRM, FIRM] = Held([record(OF_FIRM, **of_mark, **named)])
        held[OF_PERSON, PERSON] = Held([record(OF_PERSON, **of_mark, **named)])
    return City(lambda of, key: held.get((of, key), Held()))


def request_of(purpose: str, kind: str) -> Request:
    """Return the request of a kind of caller for a purpose about the enterprise and the person."""
    authorised = policy().purposes.leaves[purpose].authorisation

    def prepare(preparer: Preparer) -> Operation:
        terms = Terms(kind, purpose, 100, plays_subject=True, authorised=authorised)
        return preparer.prepare("test", document_of(DOCUMENT), terms)

    return Request(DOCUMENT, kind, purpose, prepare, {"persons": [PERSON], "enterprises": [FIRM]}, "bank")


async def answers(purpose: str, kind: str) -> Mapping[str | None, Observed]:
    """Answer a caller over a city for each state of the entry, and over one without entry and mark."""
    request, found = request_of(purpose, kind), dict[str | None, Observed]()
    town = Town(city_of(purpose, None), honestly)
    operation = Installation().prepared(town, request)
    for state in (None, *CASES):
        town.city, town.calls = city_of(purpose, state), []
        found[state] = await observed(town, operation, request)
    return found


def told(answer: Observed) -> set[tuple[str, str]]:
    """Return what an answer shows something of: the field and the kind of its subject."""
    data = orjson.loads(answer.body)["data"]
    shown = {kind: (data.get(root) or [None])[0] or {} for kind, (root, _) in ROOTS.items()}
    return {(kind, field) for kind, subject in shown.items() for field, found in subject.items() if found}


def test_every_state_of_an_entry_has_its_marks():
    """No state that an entry can have is left out."""
    assert CASES.keys() == states_of(ENTRY)


@pytest.mark.rule("R18", "R26", "HN-35", "HN-37", "HN-41", "HN-42", "HN-43", "C4")
async def test_an_entry_that_does_not_stand_is_not_told_by_its_mark():
    """An ended, repaired, disputed, withdrawn or sealed entry with its marks gives the bytes and the calls of none at all."""
    shown = Counter[tuple[str, str]]()
    for purpose, kind in CALLERS:
        if not sees_history(purpose):
            found = await answers(purpose, kind)
            for state in CASES.keys() - {STANDS}:
                assert found[state] == found[None], (purpose, kind, state)
            shown.update(told(found[STANDS]))
    assert {("enterprise", "responsiblePersons"), ("enterprise", "seriousTaxViolations")} <= shown.keys()
    assert ("person", "responsibleFor") in shown


async def test_whoever_sees_history_sees_why_a_mark_ended():
    """The subject, whoever settles its rights and a court are told apart every state of an entry and of its marks."""
    marked = 0
    for purpose, kind in CALLERS:
        if sees_history(purpose):
            found = await answers(purpose, kind)
            marks = {state for state, each in found.items() if ("person", "responsibleFor") in told(each)}
            assert marks in (set(), set(CASES))
            if marks:
                assert len({each.body for each in found.values()}) == len(found)
                ended = b'"entryEndedOn":"'
                assert [ended in found[state].body for state in ("REPAIRED", STANDS)] == [True, False]
            marked += bool(marks)
    assert marked
