"""Ways through the graph to what a purpose does not cover, each tried over HTTP and each ending in nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.support.command_line import Caller, Process, codes, demo_token, refusal

NOBODY = "11010519491231002X"


@dataclass(frozen=True, slots=True)
class Explorer:
    """The explorer as clients of several kinds reach it."""

    http: httpx2.Client

    def ask(
        self, client: str, purpose: str, query: str, token: tuple[str, ...] = (), **variables: Any
    ) -> httpx2.Response:
        """Ask as a client under a purpose; `token` are the purposes that its token carries."""
        return Caller(self.http, demo_token(client, token or (purpose,))).ask(query, variables, purpose)

    def data(self, client: str, purpose: str, query: str, **variables: Any) -> dict[str, Any]:
        """Ask and return the data."""
        return self.ask(client, purpose, query, **variables).json()["data"]


@pytest.fixture(scope="session")
def reached(explorer: Process, client_of: Callable[[Process], httpx2.Client]) -> Explorer:
    """The explorer over HTTP."""
    return Explorer(client_of(explorer))


INSPECTION = ("tax-bureau", "supervision.inspection")
WAYS = {
    "one": "query Q($id: PersonNumber!) { x: person(id: $id) { %s } }",
    "many": "query Q($id: PersonNumber!) { x: persons(ids: [$id]) { %s } }",
    "interface": "query Q($id: PersonNumber!) { x: subjects(by: [{person: $id}]) { ... on Person { %s } } }",
    "interface twice": (
        "query Q($id: PersonNumber!) { x: subjects(by: [{person: $id}]) "
        "{ ... on CreditSubject { ... on Person { ...F } } } } fragment F on Person { %s }"
    ),
}
HIDDEN = (
    "scores { band }",
    "identityNumber",
    "redLists { list }",
    "consents { scene }",
    "donations { recipient }",
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("field", HIDDEN)
def test_no_way_by_identifier_opens_more_than_another(
    reached: Explorer, persons: list[str], way: str, field: str
):
    """What a purpose hides of a person is hidden by every lookup, list, interface and fragment."""
    answer = reached.ask(*INSPECTION, WAYS[way] % f"name {field}", id=persons[0])
    found = answer.json()["data"]["x"]
    person = found[0] if isinstance(found, list) else found
    assert person["name"]
    assert person[field.partition(" ")[0]] is None
    assert codes(answer) == ["FIELD_DENIED"]


def test_an_interface_field_is_judged_for_each_type(
    reached: Explorer, persons: list[str], enterprises: list[str]
):
    """A field of the interface is the field of the type that stands there, with that type's own rule."""
    query = (
        "query Q($p: PersonNumber!, $e: CreditCode!) "
        "{ subjects(by: [{person: $p}, {enterprise: $e}]) { ... on CreditSubject { contribution { status } } } }"
    )
    measured = reached.ask("court", "measure.enforcement", query, p=persons[0], e=enterprises[0])
    assert [each["contribution"] for each in measured.json()["data"]["subjects"]] == [None, None]
    assert codes(measured) == ["FIELD_DENIED"] * 2


ONE_KEY = (
    "query Q($p: PersonNumber!, $e: CreditCode!) {{ subjects(by: [{{person: $p}}, {{enterprise: $e}}]) "
    "{{ {0} {1} }} }}"
)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_response_key_for_two_fields_hides_neither(
    reached: Explorer, persons: list[str], enterprises: list[str], order: tuple[int, int]
):
    """Two fields that share a key by type conditions are judged each for itself, in whichever order they stand."""
    parts = ("... on Person { x: birthDate }", "... on Enterprise { x: establishedOn }")
    query = ONE_KEY.format(*(parts[each] for each in order))
    answer = reached.ask("green-lane", "reward.approval", query, p=persons[0], e=enterprises[0])
    person, enterprise = answer.json()["data"]["subjects"]
    assert person["x"] is None
    assert enterprise["x"]
    (error,) = answer.json()["errors"]
    assert error["path"] == ["subjects", 0, "x"]
    assert error["extensions"]["field"] == "Person.birthDate"


def test_an_alias_is_no_other_field(reached: Explorer, persons: list[str]):
    """A hidden field under the name of an open one stays hidden, beside the open one as well."""
    query = "query Q($id: PersonNumber!) { person(id: $id) { region: identityNumber name: sex } }"
    answer = reached.ask("green-lane", "reward.approval", query, id=persons[0])
    assert answer.json()["data"]["person"] == {"region": None, "name": None}


@pytest.mark.parametrize("sent", [{"yes": True, "no": False}, {"yes": False, "no": True}, {}])
def test_conditions_by_variables_uncover_nothing(
    reached: Explorer, persons: list[str], sent: dict[str, bool]
):
    """A field that is hidden is hidden whichever way variables include or skip it and what stands around it."""
    query = (
        "query Q($id: PersonNumber!, $yes: Boolean! = true, $no: Boolean! = false) { person(id: $id) { name "
        "a: birthDate @include(if: $yes) b: birthDate @skip(if: $no) ... @include(if: $yes) { c: birthDate } "
        "...F @skip(if: $no) d: birthDate @include(if: $no) e: birthDate @skip(if: $yes) } } "
        "fragment F on Person { f: birthDate g: deceased @include(if: $yes) }"
    )
    answer = reached.ask("green-lane", "reward.approval", query, id=persons[0], **sent)
    person = answer.json()["data"]["person"]
    assert person.pop("name")
    assert len(person) >= 2
    assert set(person.values()) == {None}


def test_what_is_derived_is_hidden_with_what_it_is_derived_from(reached: Explorer, enterprises: list[str]):
    """A list of all adverse records, its type names and its length are hidden from whoever may not see one of them."""
    query = (
        "query Q($e: CreditCode!) { enterprise(id: $e) { name adverseRecords { __typename } "
        "more: adverseRecords(first: 1) { ... on JudgmentDefault { court } } } }"
    )
    for client, purpose in (("auditor", "oversight.audit"), ("green-lane", "reward.approval")):
        found = reached.data(client, purpose, query, e=enterprises[0])["enterprise"]
        assert found["name"]
        assert (found["adverseRecords"], found["more"]) == (None, None)


THROUGH = (
    "query Q($e: CreditCode!) { enterprise(id: $e) { officers(first: 3) { person { name %s "
    "offices(first: 3) { enterprise { name officers(first: 3) { person { name %s } } } } } } legalRepresentative { person { %s } } operator { person { %s } } } }"
)
PRIVATE = (
    "identityNumber", "birthDate", "sex", "region", "scores { band }", "judgmentDefaults { court }", "taxArrears { tax }",
    "contribution { status }", "transportGrade { grade }", "redLists { list }", "adverseRecords { __typename }",
    "transportLicences { kind }", "responsibleFor { asOf }",
)  # fmt: skip


def private(found: Any, names: set[str]) -> list[Any]:
    """Return the values of some fields wherever they stand."""
    if isinstance(found, list):
        return [each for item in found for each in private(item, names)]
    if not isinstance(found, dict):
        return []
    here = [value for name, value in found.items() if name in names]
    return here + [each for value in found.values() for each in private(value, names)]


@pytest.mark.parametrize("purpose", ["supervision.inspection", "subject.report", "approval.admission"])
def test_nobodys_record_is_reached_through_an_enterprise(
    reached: Explorer, enterprises: list[str], purpose: str
):
    """From an enterprise to its officers and on to their other offices no person shows more than name and office."""
    fields = " ".join(PRIVATE)
    answer = reached.ask(
        "approval-hall", purpose, THROUGH % (fields, fields, fields, fields), e=enterprises[0]
    )
    found = private(answer.json()["data"], {each.partition(" ")[0] for each in PRIVATE})
    assert len(found) >= len(PRIVATE)
    assert set(map(str, found)) == {"None"}
    assert private(answer.json()["data"], {"name"})


@pytest.mark.parametrize(
    ("duty", "own", "others"),
    [
        ("supervision.social_insurance", "socialSecurityGrade", ("latestTaxGrade", "transportGrade")),
        ("supervision.transport", "transportGrade", ("latestTaxGrade", "labourGrade")),
    ],
)
def test_a_duty_reads_no_record_of_another(
    reached: Explorer, enterprises: list[str], duty: str, own: str, others: tuple[str, ...]
):
    """Each bureau reads the grade of its own trade; grades and arrears of others are null with one rule."""
    fields = " ".join(f"{each} {{ grade }}" for each in (own, *others))
    query = (
        f"query Q($ids: [CreditCode!]!) {{ enterprises(ids: $ids) {{ name {fields} taxArrears {{ tax }} }} }}"
    )
    answer = reached.ask("developer", duty, query, ids=enterprises[:20]).json()
    found = answer["data"]["enterprises"]
    assert any(each[own] for each in found)
    assert all(each[other] is None for each in found for other in (*others, "taxArrears"))
    assert {each["extensions"]["rule"] for each in answer["errors"]} == {"unnamed-items-serve-no-duty"}
    assert all(duty not in each["extensions"]["purposes"] for each in answer["errors"])


@pytest.mark.parametrize(
    "purpose", ["approval.admission", "procurement.supplier", "supervision.inspection", "supervision.tax"]
)
def test_the_payment_grade_is_for_social_insurance_alone(
    reached: Explorer, enterprises: list[str], purpose: str
):
    """Whoever approves, buys, inspects or taxes gets null for the payment grade, and its ceiling as the reason."""
    query = "query Q($e: CreditCode!) { enterprise(id: $e) { name socialSecurityGrade { grade } } }"
    answer = reached.ask("developer", purpose, query, e=enterprises[0]).json()
    assert answer["data"]["enterprise"]["name"]
    assert answer["data"]["enterprise"]["socialSecurityGrade"] is None
    (error,) = answer["errors"]
    assert error["extensions"]["rule"] == "payment-grade-for-social-insurance-alone"


def test_red_lists_are_published_of_enterprises_alone(reached: Explorer, enterprises: list[str]):
    """A publisher reads the red lists of enterprises that stand; those of their managers are null, and so are honours."""
    query = (
        "query Q($ids: [CreditCode!]!) { enterprises(ids: $ids) { name redLists { list organ listedOn until state } "
        "honours { title } legalRepresentative { person { name redLists { list } } } } }"
    )
    answer = reached.ask("developer", "disclosure.lists", query, ids=enterprises[:20]).json()
    found = answer["data"]["enterprises"]
    assert any(each["redLists"] for each in found)
    assert {entry["state"] for each in found for entry in each["redLists"]} == {"EFFECTIVE"}
    assert set(map(str, private(found, {"honours"}))) == {"None"}
    managers = [each["legalRepresentative"]["person"] for each in found if each["legalRepresentative"]]
    assert any(each["name"] for each in managers)
    assert all(each["redLists"] is None for each in managers)


def test_nobodys_record_is_reached_through_oneself(reached: Explorer, persons: list[str]):
    """A person who may see everything about themselves sees of a colleague the name and no record."""
    query = (
        "query Q($id: PersonNumber!) { person(id: $id) { identityNumber offices { enterprise { officers "
        "{ person { name identityNumber scores { band } judgmentDefaults { court } } } } } } }"
    )
    for person in persons:
        found = reached.data("citizen", "subject.access", query, id=person)["person"]
        assert found["identityNumber"] == person
        others = private(found["offices"], {"identityNumber", "scores", "judgmentDefaults"})
        assert set(map(str, others)) <= {"None"}
    assert any(
        private(reached.data("citizen", "subject.access", query, id=person), {"name"}) for person in persons
    )


def test_nobodys_enterprise_is_looked_into_through_oneself(reached: Explorer, persons: list[str]):
    """Of an enterprise in which one holds or held office, its registration is seen and nothing that bureaus hold of it."""
    private_fields = (
        "taxGrades { grade }",
        "taxArrears { tax }",
        "judgmentDefaults { court }",
        *("contribution { status }", "transportLicences { kind }"),
    )
    query = (
        "query Q($id: PersonNumber!) { person(id: $id) { offices { enterprise { status %s officers "
        "{ person { offices { enterprise { status %s } } } } } } } }"
    )
    fields, seen = " ".join(private_fields), list[Any]()
    for person in persons:
        for client, purpose in (("citizen", "subject.access"), ("approval-hall", "subject.report")):
            found = reached.data(client, purpose, query % (fields, fields), id=person)["person"]
            names = {each.partition(" ")[0] for each in private_fields}
            assert set(map(str, private(found["offices"], names))) <= {"None"}
            seen += private(found["offices"], {"status"})
    assert seen


SCENE = ("library", "reward.reading")


@pytest.mark.parametrize(
    "query",
    [
        "query Q($id: PersonNumber!) { x: person(id: $id) { __typename } }",
        "query Q($id: PersonNumber!) { x: persons(ids: [$id]) { name } }",
        "query Q($id: PersonNumber!) { x: subjects(by: [{person: $id}]) { redLists(first: 1) { list } } }",
        "query Q($id: PersonNumber!) { x: person(id: $id) { offices { enterprise { name } } } }",
        "query Q($id: PersonNumber!) { x: person(id: $id) { taxArrears(where: {amountFen: {from: 1}}) { tax } } }",
        "query Q($id: PersonNumber!) { x: standing(of: {person: $id}) { pds039 } }",
        "query Q($id: PersonNumber!) { x: standing(of: {person: $id}) { a: pds039 b: pds035 } }",
    ],
)
def test_a_scene_asks_nobody_out(reached: Explorer, persons: list[str], query: str):
    """A scene's operator gets the same bytes for everybody, known or not, where it asks for more than its answers."""
    answers = [reached.ask(*SCENE, query, id=person) for person in (persons[0], persons[1], NOBODY)]
    assert len({answer.content for answer in answers}) == 1
    found = answers[0].json()["data"]["x"]
    assert found is None or set(found.values()) == {None}
    assert set(codes(answers[0])) == {"FIELD_DENIED"}


def test_a_hidden_field_chooses_among_no_records(reached: Explorer, enterprises: list[str]):
    """A filter or an order by what a purpose hides takes the list away, also where a variable carries it."""
    query = (
        "query Q($e: CreditCode!, $w: ClosedEnforcementWhere!, $o: ClosedEnforcementOrder!) { enterprise(id: $e) "
        "{ name a: closedEnforcements(where: {claimedFen: {from: 1}}) { court } "
        "b: closedEnforcements(where: $w) { court } c: closedEnforcements(orderBy: $o) { court } "
        "d: closedEnforcements { cursor } } }"
    )
    variables = {"w": {"claimedFen": {"from": 1}}, "o": {"field": "CLAIMED_FEN"}}
    found = reached.data("auditor", "oversight.audit", query, e=enterprises[0], **variables)["enterprise"]
    assert found.pop("name")
    assert set(found.values()) == {None}


def test_a_cursor_is_of_one_subject_and_one_purpose(reached: Explorer, enterprises: list[str]):
    """A place in one list continues no other subject's, no other purpose's and no other order's."""
    first = "query Q($e: CreditCode!) { enterprise(id: $e) { officers { cursor } } }"
    found = reached.data("approval-hall", "approval.admission", first, e=enterprises[0])["enterprise"]
    cursor = found["officers"][0]["cursor"]
    after = "query Q($e: CreditCode!, $c: Cursor!) { enterprise(id: $e) { officers(after: $c%s) { role } } }"
    good = reached.ask("approval-hall", "approval.admission", after % "", e=enterprises[0], c=cursor)
    assert codes(good) == []
    tried = (
        ("approval.admission", "", enterprises[1]),
        ("supervision.inspection", "", enterprises[0]),
        ("approval.admission", ", orderBy: {field: UNTIL}", enterprises[0]),
    )
    for purpose, order, enterprise in tried:
        answer = reached.ask("approval-hall", purpose, after % order, e=enterprise, c=cursor)
        assert answer.json()["data"]["enterprise"]["officers"] is None
        assert len(codes(answer)) == 1


@pytest.mark.parametrize(
    "query",
    [
        "{ _service { sdl } }",
        '{ _entities(representations: [{__typename: "Person", identityNumber: "x"}]) { __typename } }',
        '{ node(id: "UGVyc29uOjE=") { id } }',
        "{ persom { nam } }",
        "{ person(idd: 1) { name } }",
        "query Q($id: PersonNumbr!) { person(id: $id) { nane } }",
        "{ enterprise(id: 7) { stauts } }",
        "{ __schema { typs { name } } }",
    ],
)
def test_doors_of_other_gateways_are_not_there(reached: Explorer, query: str):
    """What federation and Relay add is unknown, and a wrong name is told without suggesting a right one."""
    answer = reached.ask("developer", "subject.report", query)
    status, code = refusal(answer)
    assert (status, code in {"DOCUMENT_INVALID", "IDENTIFIER_INVALID"}) == (400, True)
    assert "mean" not in answer.text.lower()
    for name in ("enterprises", "persons", "subjects", "PersonNumber", "status", "types"):
        assert name not in answer.json()["errors"][0]["message"]
