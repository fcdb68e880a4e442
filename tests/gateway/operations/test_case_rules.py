"""A case number has a form of its purpose, and one case opens few subjects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalogue.identifiers import person_check_sign
from gateway.access.identity.demo_key import issue
from gateway.errors import CASE_NUMBER_INVALID, CASE_NUMBER_KIND, RequestError, StartRefused
from gateway.operations.case_number import CaseRefused
from gateway.operations.case_rules import CaseBound, load_case_rules
from gateway.operations.case_subjects import CaseAsked, CaseSubjects
from gateway.settings import ROOT
from observability.events import CaseSubjectsCounted
from observability.hooks import Hooks
from tests.support.admissions import NOON, REGISTER
from tests.support.authorised import authorising
from tests.support.breakable_gateway import Parts, build
from tests.support.folders import copy_of_policies
from tests.support.gateway_in_memory import policy
from tests.support.hearing_observer import Hearing
from tests.support.small_city import PERSONS

RULES = load_case_rules(ROOT / "policies", policy().purposes)
COURT = "（2026）豫15执123号"
EXCEEDED = "CASE_SUBJECTS_EXCEEDED"
ORGAN = "信市监处罚〔2026〕12号"
BOUND = CaseBound("test", "office", ("*",), subjects=3, alarm=2, unstated="drawn for a test")


COURTS = (
    COURT,
    "(2026)豫1502民初7号",
    "（2026）最高法知民终9号之一",
    "（２０２６）豫１５执１２３号",
    "（2009）豫15执123号",
)
ORGANS = (ORGAN, "信市监处罚〔２０２６〕１２号", "市信用办〔2019〕7号")
PLATFORMS = ("XY-2026-7", "2026-000123", "XYD-2019-12", "ＸＹ－２０２６－７")
SERVED: dict[str, tuple[tuple[str, ...], ...]] = {
    "measure.enforcement": (COURTS,),
    "measure.licensing": (ORGANS,),
    "measure.supervision": (ORGANS,),
    "personnel.appointment": (ORGANS,),
    "financing.credit": (PLATFORMS,),
    "rights.repair": (ORGANS, PLATFORMS),
    "reward.reading": (COURTS, ORGANS, PLATFORMS),
}
"""The kinds of case that a purpose serves; one that needs no case number is asked with any."""


@pytest.mark.parametrize(
    ("purpose", "number"),
    [(purpose, each) for purpose, kinds in SERVED.items() for kind in kinds for each in kind],
)
def test_a_number_of_a_kind_that_the_purpose_serves_is_accepted(purpose: str, number: str):
    """A case number as its court, organ or platform writes it is accepted under the purposes that serve the kind."""
    RULES.terms_of(purpose, needed=True).check(number, NOON)


@pytest.mark.parametrize(
    ("purpose", "number"),
    [
        (purpose, each)
        for purpose, kinds in SERVED.items()
        for kind in (COURTS, ORGANS, PLATFORMS)
        for each in kind
        if kind not in kinds
    ],
)
def test_a_number_of_another_kind_is_refused(purpose: str, number: str):
    """A case number of a kind that the purpose does not serve has a code of its own, which repeats no number."""
    with pytest.raises(RequestError) as refused:
        RULES.terms_of(purpose, needed=True).check(number, NOON)
    assert refused.value.code is CASE_NUMBER_KIND
    assert number not in str(refused.value.formatted())
    assert "Accepted: " in refused.value.formatted()["message"]


@pytest.mark.parametrize(
    ("purpose", "number"), [("measure.enforcement", "XY-2027-7"), ("financing.credit", "（2027）豫15执1号")]
)
def test_a_number_of_another_kind_and_of_a_year_to_come_is_no_number(purpose: str, number: str):
    """A year to come is refused as such, whatever the kind."""
    with pytest.raises(RequestError) as refused:
        RULES.terms_of(purpose, needed=True).check(number, NOON)
    assert refused.value.code is CASE_NUMBER_INVALID


@pytest.mark.parametrize(
    "purpose", ["measure.enforcement", "measure.licensing", "financing.credit", "reward.reading"]
)
@pytest.mark.parametrize(
    "number",
    [
        "2026 1",
        "1 2026",
        "2026年1",
        "案件 2026 年第 9 号",
        "（2026）号",
        "（2026）豫15执0号",
        "(2026)abc1号",
        "〔2026〕12号",
        f"{COURT} 2",
        f"x{ORGAN}",
        "信市监〔2026〕012号",
        "信市监(2026)12号",
        "信市监[2026]12号",
        "〔2026〕豫15执123号",
        "（2026）豫15执0123号",
        "信市监〔2026〕第12号",
        "（2026）豫15执字第123号",
        "(20٢6)豫15执12٣号",
        "信市监〔2026〕١٢号",
        "2026-٧",
        "（2027）豫15执123号",
        "信市监〔2099〕12号",
        "XY-2027-7",
    ],
)
def test_what_no_case_is_numbered_by_is_refused(purpose: str, number: str):
    """A text that nobody writes, with digits of another script or of a year to come, is refused."""
    with pytest.raises(RequestError) as refused:
        RULES.terms_of(purpose, needed=True).check(number, NOON)
    assert refused.value.code is CASE_NUMBER_INVALID


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        (None, "no case number"),
        ("2026", "no year and number, or an identifier in it"),
        (f"2026-1 {PERSONS[0]}", "no year and number, or an identifier in it"),
        ("2026 1", "in no form of the purpose"),
        ("（2027）豫15执123号", "of a year that lies ahead"),
        ("XY-2026-7", "of another kind of case"),
    ],
)
def test_a_refusal_says_to_the_operators_by_which_rule(number: str | None, rule: str):
    """Whoever watches a client learns purpose and rule of each refused number, and never the number."""
    with pytest.raises(CaseRefused) as refused:
        RULES.terms_of("measure.enforcement", needed=True).check(number, NOON)
    assert (refused.value.purpose, refused.value.rule) == ("measure.enforcement", rule)
    assert number is None or number not in str(vars(refused.value))


def test_every_form_and_bound_has_an_owner_and_its_basis_or_its_mark():
    """Each entry names who answers for it, and the document that states it or what no document states."""
    for each in (*RULES.forms, *RULES.bounds):
        assert each.owner
        assert each.basis or each.unstated


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('purposes = ["rights.*"]', 'purposes = ["nothing.*"]', "one bound must name the purpose rights"),
        ('purposes = ["rights.*"]', 'purposes = ["rights.*", "measure.*"]', "one bound must name the purpose measure"),
        ("alarm = 200", "alarm = 501", "its alarm is above its bound"),
        (r"pattern = '\(20", r"pattern = '\((20", "its pattern is no regular expression"),
        ('basis = "GB/T 9704-2012 7.2.5"\n', "", "it states neither"),
        ('owner = "市金融工作局"\nbasis', "basis", "it does not state"),
        ('purposes = ["measure.enforcement"]', "purposes = []", "purposes"),
        ('"measure.licensing", ', "", "no form of case numbers names the purpose measure.licensing"),
        ('serves = "A court', 'sorves = "A court', "sorves"),
        ("subjects = 500", "subjects = 0", "subjects"),
    ],
)  # fmt: skip
def test_wrong_case_rules_are_refused(tmp_path: Path, old: str, new: str, why: str):
    """A file with a fault, a purpose without a form, or without exactly one bound is refused with its name."""
    folder = copy_of_policies(tmp_path)
    file = folder / "case_numbers.toml"
    text = file.read_text("utf-8")
    changed = text.replace(old, new) if old in text else text.replace('owner = "市信用办"\nbasis', "basis")
    file.write_text(changed, "utf-8")
    with pytest.raises(StartRefused, match=why) as refused:
        load_case_rules(folder, policy().purposes)
    assert "case_numbers.toml" in str(refused.value)


@pytest.mark.rule("R42")
def test_the_subjects_of_a_case_are_bounded_by_client_and_case():
    """Above the bound further subjects are refused, known ones are not, and other cases and clients count apart."""
    heard = Hearing()
    cases = CaseSubjects(Hooks([heard]))

    def ask(client: str, number: str, *keys: str) -> str:
        try:
            cases.admit(CaseAsked(client, "p", number), BOUND, keys)
        except RequestError as refused:
            return refused.code.name
        return "admitted"

    assert [ask("bank", COURT, key) for key in "abcda"] == ["admitted"] * 3 + [EXCEEDED, "admitted"]
    assert ask("bank", COURT, "a", "e") == EXCEEDED
    assert ask("bank", "(２０２６)豫15执123号之一", "f") == EXCEEDED
    assert ask("bank", "（2026）豫15执124号", "d") == "admitted"
    assert ask("court", COURT, "d") == "admitted"
    events = [each for each in heard.facts if isinstance(each, CaseSubjectsCounted)]
    assert [(each.subjects, each.outcome) for each in events] == [(2, "alarm")] + [(3, "refused")] * 3


def test_a_client_that_names_many_cases_removes_only_its_own_counts():
    """The memory of cases is bounded for each client, so no client resets the count of another."""
    cases = CaseSubjects(Hooks(), most_cases=2)
    for key in "abc":
        cases.admit(CaseAsked("court", "p", COURT), BOUND, key)
    for number in range(1, 9):
        cases.admit(CaseAsked("bank", "p", f"（2026）豫15执{number}号"), BOUND, "a")
    with pytest.raises(RequestError):
        cases.admit(CaseAsked("court", "p", COURT), BOUND, "d")


async def test_one_authorisation_does_not_open_a_city():
    """A bank that walks through persons under one number is refused after few, and no bureau is asked about more."""
    heard, bank = Hearing(), REGISTER["bank"]
    numbers = (f"41150219900307{each:03}" for each in range(1, 31))
    persons = [each + person_check_sign(each) for each in numbers]
    city = authorising(persons, number="XY-2026-7")
    built = await build(Parts(register=(bank,), cases=RULES, observers=(heard,), city=city))
    built.token = issue("bank", "d", "411500", ["financing.credit"], "creditgraph", 600)

    async def ask(person: str, number: str) -> str:
        body: dict[str, Any] = {"variables": {"id": person}, "extensions": {"caseNumber": number}}
        answer = (await built.ask(documentId=bank.document_id, **body)).json()
        assert person not in str(answer.get("errors"))
        return answer["errors"][0]["extensions"]["code"] if "errors" in answer else "ok"

    assert {await ask(each, "2026 1") for each in persons} == {"CASE_NUMBER_INVALID"}
    codes = [await ask(each, "XY-2026-7") for each in persons]
    assert codes == ["ok"] * 10 + ["CASE_SUBJECTS_EXCEEDED"] * 20
    assert {key for each in built.fetched for key in each.keys} == set(persons[:10])
    events = [each for each in heard.facts if isinstance(each, CaseSubjectsCounted)]
    assert [each.outcome for each in events] == ["alarm"] + ["refused"] * 20
