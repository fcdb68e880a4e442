"""Who speaks for a person, and who asks for a subject's own purpose, asks about that person and nobody else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gateway.errors import StartRefused
from gateway.operations.document import read_document
from gateway.operations.register import Registration
from gateway.pipeline.lookup import prepare_registered
from gateway.pipeline.prepare import Terms
from gateway.settings import LimitSettings
from tests.gateway.operations.test_register import preparer
from tests.support.admissions import CLIENTS, REGISTER
from tests.support.gateway_in_memory import graph
from tests.support.small_city import ENTERPRISES, PERSONS

BOUND = {"id": "person"}
BOTH = "query Q($id: PersonNumber!, $o: PersonNumber!)"


def asked(document: str, bind: dict[str, str], client: str = "citizen") -> Registration:
    """Return an operation of the city's app with another document."""
    return replace(REGISTER["citizen"], document=document, bind=bind, clients=frozenset({client}))


@pytest.mark.parametrize(
    ("document", "bind"),
    [
        ("query Q($id: PersonNumber!) { person(id: $id) { name } }", {}),
        (f'{{ person(id: "{PERSONS[0]}") {{ name }} }}', {}),
        (BOTH + " { person(id: $id) { name } other: person(id: $o) { name } }", BOUND),
        (BOTH + " { persons(ids: [$id, $o]) { name } }", BOUND),
        (("query Q($id: PersonNumber!, $i: [PersonNumber!]!) { person(id: $id) { name } persons(ids: $i) "
         "{ name } }"), BOUND),
        (BOTH + " { person(id: $id) { name } person2: person(id: $o) @skip(if: true) { name } }", BOUND),
        (BOTH + " { standing(of: {person: $o}) { pds028 } person(id: $id) { name } }", BOUND),
        ("query Q($of: SubjectKey!) { standing(of: $of) { pds028 } }", {}),
        ("query Q($by: [SubjectKey!]!) { subjects(by: $by) { name } }", {}),
        ("query Q($id: PersonNumber!, $e: CreditCode!) { person(id: $id) { name } enterprise(id: $e) { name } }",
         BOUND),
        ((f'query Q($id: PersonNumber!) {{ subjects(by: [{{person: $id}}, {{enterprise: "{ENTERPRISES[0]}"}}]) '
         "{ name } }"), BOUND),
    ],
)  # fmt: skip
async def test_who_speaks_for_a_person_names_no_other_subject(document: str, bind: dict[str, str]):
    """A subject that the token does not give keeps an operation out, wherever in the document it is named."""
    with pytest.raises(StartRefused, match="speaks for one person"):
        prepare_registered(preparer(), asked(document, bind), CLIENTS, LimitSettings())


REPORT = "query Q($id: PersonNumber!) { person(id: $id) { scores { score } } }"


@pytest.mark.rule("HN-40")
async def test_a_subjects_own_purpose_is_for_nobody_else():
    """A window that prints a person's report registers for the person whom the token names, or not at all."""
    report = replace(REGISTER["credit-report"], document=REPORT)
    with pytest.raises(StartRefused, match=r"subject\.report is for the subject alone"):
        prepare_registered(preparer(), replace(report, bind={}), CLIENTS, LimitSettings())
    prepared = prepare_registered(preparer(), replace(report, bind=BOUND), CLIENTS, LimitSettings())
    assert {use.reached for use in prepared["organ"].grant.allowed} == {"own"}


async def test_who_is_asked_for_is_not_the_subject():
    """Prepared without a subject that the token names, nothing is granted for a subject's own purpose."""
    document = read_document(graph(), REPORT, None, LimitSettings(), introspection=False)
    prepared = preparer().prepare("report", document, Terms("organ", "subject.report", 1))
    assert not prepared.grant.allowed
    rules = {denial.verdict.rule for denial in prepared.grant.refusals()}
    assert "subject-asks-of-itself" in rules


@pytest.mark.parametrize(
    "document",
    [
        "query Q($id: PersonNumber!) { person(id: $id) { name } }",
        "query Q($id: PersonNumber!) { persons(ids: [$id]) { name } again: subjects(by: [{person: $id}]) { name } }",
        "query Q($id: PersonNumber!) { standing(of: {person: $id}) { pds028 } }",
    ],
)
async def test_who_speaks_for_a_person_asks_about_it_in_every_way(document: str):
    """The token's person may be asked for by every way into the graph."""
    assert prepare_registered(preparer(), asked(document, BOUND), CLIENTS, LimitSettings())
