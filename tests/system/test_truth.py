"""What the gateway answers is what the bureaus hold, by the ground truth of `city sample`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gateway.operations.city_time import city_date
from sandbox.expected.entered import entered
from sandbox.expected.shown import stands
from sandbox.truth import datasets
from tests.support import standing_oracle
from tests.support.command_line import Caller, Process, run

FIELDS = {
    "tax.taxpayer_grade": "taxGrades",
    "tax.latest_taxpayer_grade": "latestTaxGrade",
    "tax.tax_arrears": "taxArrears",
    "tax.serious_violation": "seriousTaxViolations",
    "tax.responsibility_by_person": "responsibleFor",
    "tax.responsibility_by_enterprise": "responsiblePersons",
    "social_security.contribution": "contribution",
    "social_security.payment_grade": "socialSecurityGrade",
    "social_security.labour_grade": "labourGrade",
    "customs.credit_level": "customsLevel",
    "social_security.insurance_arrears": "insuranceArrears",
    "courts.judgment_defaulter": "judgmentDefaults",
    "courts.closed_enforcement": "closedEnforcements",
    "transport.licence": "transportLicences",
    "transport.transport_grade": "transportGrade",
    "transport.transport_violation": "transportViolations",
    "credit_office.score": "scores",
    "credit_office.red_list": "redLists",
    "credit_office.honour": "honours",
    "credit_office.volunteering": "volunteering",
    "credit_office.donation": "donations",
    "credit_office.consent": "consents",
    "credit_office.authorisation": "authorisations",
    "registry.office_by_person": "offices",
    "registry.office_by_enterprise": "officers",
    "registry.legal_representative": "legalRepresentative",
    "registry.operator": "operator",
    "registry.guardianship_by_guardian": "guardianOf",
    "registry.guardianship_by_child": "guardians",
}
OFFICES = {
    "registry.office_by_person",
    "registry.office_by_enterprise",
    "registry.legal_representative",
    "registry.operator",
}
GUARDIANSHIPS = {
    "registry.guardianship_by_guardian": "since until child { identityNumber }",
    "registry.guardianship_by_child": "since until",
}
HIDDEN = {
    "tax.responsibility_by_person": {"person_number", "credit_code", "mark_number"},
    "tax.responsibility_by_enterprise": {"person_number", "credit_code", "mark_number"},
}
"""The columns of a data set that no field shows."""
OWN = {"person": "registry.person", "enterprise": "registry.enterprise"}
ONE = {
    "latestTaxGrade",
    "contribution",
    "socialSecurityGrade",
    "labourGrade",
    "customsLevel",
    "transportGrade",
    "legalRepresentative",
    "operator",
}
OF_PERSONS = {"scores", "volunteering", "offices", "guardianOf", "guardians", "responsibleFor"}
OF_ENTERPRISES = {
    *("officers", "legalRepresentative", "operator", "taxGrades", "latestTaxGrade", "socialSecurityGrade"),
    *("labourGrade", "customsLevel", "insuranceArrears", "responsiblePersons"),
}
KINDS = {"person": "PersonNumber", "enterprise": "CreditCode"}


def field(column: str) -> str:
    """The field's name of a column."""
    if column in ("person_number", "confirmed_on"):
        return "identityNumber" if column == "person_number" else "asOf"
    head, *rest = column.split("_")
    return head + "".join(each.title() for each in rest)


def selection(dataset: str, columns: list[str]) -> str:
    """The selection that reads all columns of a dataset."""
    name = FIELDS[dataset]
    inner = " ".join(field(column) for column in columns if column not in HIDDEN.get(dataset, ()))
    if dataset in OFFICES:
        inner = "role since until enterprise { creditCode }"  # a person is not shown through another
    inner = GUARDIANSHIPS.get(dataset, inner)
    return f"{name}{'' if name in ONE else '(first: 100)'} {{ {inner} }}"


def applies(kind: str, dataset: str) -> bool:
    """Whether subjects of this kind have the field of the dataset."""
    return dataset in FIELDS and FIELDS[dataset] not in (OF_ENTERPRISES if kind == "person" else OF_PERSONS)


def asked(kind: str, columns: dict[str, list[str]]) -> str:
    """The document that reads everything of a subject of this kind."""
    own = " ".join(field(column) for column in columns[OWN[kind]])
    rest = " ".join(selection(name, columns[name]) for name in columns if applies(kind, name))
    return f"query Whole($id: {KINDS[kind]}!) {{ {kind}(id: $id) {{ {own} {rest} }} }}"


def row(dataset: str, record: dict[str, Any]) -> dict[str, Any]:
    """A record of the truth as the graph answers it."""
    if dataset in OFFICES:
        return {
            "role": record["role"],
            "since": record["since"],
            "until": record["until"],
            "enterprise": {"creditCode": record["credit_code"]},
        }
    if dataset in GUARDIANSHIPS:
        days = {"since": record["since"], "until": record["until"]}
        return days if dataset.endswith("child") else days | {"child": ward(record)}
    hidden = HIDDEN.get(dataset, ())
    return {field(column): value for column, value in record.items() if column not in hidden}


def ward(record: dict[str, Any]) -> dict[str, Any] | None:
    """The child of a guardianship as the guardian is shown it: while the term runs, and until the child is of age."""
    child, today = record["child_number"], city_date(time.time()).isoformat()
    grown = f"{int(child[6:10]) + 18}-{child[10:12]}-{child[12:14]}" <= today
    runs = record["since"] <= today and (record["until"] is None or record["until"] >= today)
    return {"identityNumber": child} if runs and not grown else None


def expected(subject: dict[str, Any]) -> dict[str, Any]:
    """The whole answer for a subject, from the truth alone."""
    records = subject["records"]
    answer = row(OWN[subject["kind"]], records[OWN[subject["kind"]]][0])
    for dataset in filter(lambda name: applies(subject["kind"], name), records):
        found = entered(dataset, subject["identifier"], records[dataset], city_date(time.time()))
        rows = [row(dataset, record) for record in found]
        answer[FIELDS[dataset]] = (rows[0] if rows else None) if FIELDS[dataset] in ONE else rows
    return answer


@pytest.fixture(scope="module")
def truths(demo: Process, demo_data: Path) -> list[dict[str, Any]]:
    """What `city sample --json` says of the demo's city."""
    return json.loads(run("city", "sample", "--json", "-n", "60", "--data", str(demo_data)))


def test_every_record_is_answered(demo: Process, truths: list[dict[str, Any]]):
    """For each sampled subject every dataset's rows are answered, all columns, in the dataset's order."""
    columns: dict[str, list[str]] = {}
    for subject in truths:
        for name, records in subject["records"].items():
            columns.setdefault(name, list(records[0]) if records else [])
            columns[name] = columns[name] or (list(records[0]) if records else [])
    for name, found in columns.items():
        if datasets()[name][1].life:
            found.append("state")
    empty = {name for name, found in columns.items() if not found}
    assert empty == {"credit_office.score"}, (
        "the city has no score programme, and every other dataset has rows"
    )
    columns["credit_office.score"] = ["programme", "band"]
    token = run("token", "developer", "--purpose", "subject.report").strip()
    with httpx2.Client(base_url=demo.ready(), timeout=30, trust_env=False) as http:
        for subject in truths:
            answer = Caller(http, token).ask(asked(subject["kind"], columns), {"id": subject["identifier"]})
            assert answer.json() == {"data": {subject["kind"]: expected(subject)}}


def days(before: float) -> set[date]:
    """The city's days that it was since a moment: two where midnight lay between."""
    return {city_date(before), city_date(time.time())}


def standing(subject: dict[str, Any], day: date, fields: Iterable[str], client: str | None) -> dict[str, Any]:
    """The one-sided answers about a subject, from the truth alone."""
    records = {
        name: [each for each in entered(name, subject["identifier"], rows, day) if stands(each)]
        for name, rows in subject["records"].items()
    }
    return {name: standing_oracle.expected(name, subject["kind"], records, day, client) for name in fields}


def test_every_one_sided_answer_is_the_truth(demo: Process, truths: list[dict[str, Any]]):
    """Whether an incentive may be enjoyed is answered as the records and the catalogue have it, for each of them."""
    fields = [*standing_oracle.FIELDS]
    document = f"query Standing($of: SubjectKey!) {{ standing(of: $of) {{ {' '.join(fields)} }} }}"
    token, met = run("token", "developer", "--purpose", "subject.report").strip(), 0
    with httpx2.Client(base_url=demo.ready(), timeout=30, trust_env=False) as http:
        for subject in truths:
            before = time.time()
            answer = (
                Caller(http, token).ask(document, {"of": {subject["kind"]: subject["identifier"]}}).json()
            )
            wanted = [standing(subject, day, fields, None) for day in days(before)]
            assert answer["data"]["standing"] in wanted
            assert "errors" not in answer
            met += list(wanted[0].values()).count("TRUE")
    assert met > 50


def test_the_library_learns_what_is_true_and_nothing_else(demo: Process, truths: list[dict[str, Any]]):
    """The library's registered operation is answered by two one-sided answers, for its own consents."""
    token, document_id = run("token", "library").strip(), run("operations", "id", "library").strip()
    with httpx2.Client(base_url=demo.ready(), timeout=30, trust_env=False) as http:
        for subject in truths:
            before = time.time()
            answer = Caller(http, token).call(document_id, of={subject["kind"]: subject["identifier"]})
            wanted = [standing(subject, day, ("pds028", "pds030"), "library") for day in days(before)]
            found = [{"depositFree": each["pds028"], "longerLoan": each["pds030"]} for each in wanted]
            assert answer.json() in [{"data": {"standing": each}} for each in found]


def test_a_script_reads_a_sample_of_its_size(truths: list[dict[str, Any]], demo_data: Path):
    """`-n` says how many; the first subjects of a sample are the same for any size that is as varied."""
    four = json.loads(run("city", "sample", "--json", "-n", "4", "--data", str(demo_data)))
    assert len(four) == 4
    assert {each["kind"] for each in four} == {"person", "enterprise"}
    by_number = {each["identifier"]: each for each in truths}
    assert all(by_number[each["identifier"]] == each for each in four)
