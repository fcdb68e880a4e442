"""`creditgraph systems check`: what fails, and what is refused before anything is asked."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from catalogue.city_systems import city_systems
from cli import app
from cli.systems_check import Compared, ReadRules, SystemCheck
from cli.systems_city import city_to_check
from cli.systems_questions import AUTHORISATION, REFUSED, Question, Questions
from cli.undecided_answers import unseen_sides
from gateway.errors import StartRefused
from gateway.settings import Settings
from sandbox.books import subjects_of
from sandbox.expected.documents import ExpectedAnswers
from sandbox.expected.holdings import Holdings
from sandbox.model import City, CityError
from tests.support.tested_city import TESTED_CITY

DAY = date(2026, 11, 30)
POPULATION = 400
SYSTEMS = {each.state: each for each in city_systems()}


WRONG = ("person 1: .",)
UNSEEN = ("pds028 TRUE",)


@pytest.mark.parametrize(
    ("state", "compared", "result", "failed"),
    [
        ("works", Compared(3, ()), "right", False),
        ("works", Compared(0, ()), "nothing compared", True),
        ("works", Compared(3, WRONG), "wrong", True),
        ("works", Compared(3, (), UNSEEN), "undecided", True),
        ("works", Compared(3, WRONG, UNSEEN), "wrong", True),
        ("partly", Compared(3, ()), "right", False),
        ("partly", Compared(0, ()), "nothing compared", True),
        ("partly", Compared(3, WRONG), "wrong", True),
        ("partly", Compared(3, (), UNSEEN), "undecided", True),
        ("outside", Compared(0, ()), "not asked", False),
    ],
)
def test_what_fails(state: str, compared: Compared, result: str, failed: bool):
    """A system fails by a wrong answer, by no answer, and by a one-sided answer of which one side was not seen."""
    checked = SystemCheck(SYSTEMS[state], "xinyang", {"library": compared})
    assert (checked.result, checked.failed) == (result, failed)
    assert (checked.answers, checked.mismatches) == (compared.answers, len(compared.wrong))
    assert checked.unseen == [f"library: {each}" for each in compared.unseen]


def test_some_wrong_answers_are_named():
    """Of each operation five wrong answers are named at the most, and all are counted."""
    wrong = tuple(f"person {number}: ." for number in range(7))
    checked = SystemCheck(SYSTEMS["works"], "xinyang", {"one": Compared(9, wrong), "two": Compared(9, wrong)})
    assert checked.mismatches == 14
    assert checked.shown == [f"{name}: {each}" for name in ("one", "two") for each in wrong[:5]]


@cache
def rules() -> ReadRules:
    """Who may ask what in the tested city."""
    return ReadRules.of(Settings(city=TESTED_CITY))


@cache
def answers() -> ExpectedAnswers:
    """What must be answered about the tested city."""
    city = City.of(POPULATION, name=TESTED_CITY)
    return ExpectedAnswers(city, Holdings(subjects_of(city), DAY), rules().operators)


def questions(name: str, most: int) -> list[Question]:
    """Return the questions of an operation."""
    operation, pool = rules().register[name], list(subjects_of(answers().city))
    makes = Questions(answers(), pool, most, iter(range(1, 9_999)).__next__)
    form = rules().case_form(operation.purpose, DAY.year)
    return makes.of(operation, rules().client_of(operation), case=form)


def subject_of(question: Question) -> str:
    """Return the number of the subject whose standing is asked."""
    (number,) = question.variables["of"].values()
    return number


def test_a_sample_has_who_is_rewarded_and_who_is_not():
    """Persons, individual businesses and enterprises who get TRUE and who get null, who consented and who did not."""
    seen = set[Any]()
    for each in questions("library", 40):
        number, standing = subject_of(each), dict(each.expected)["standing"]
        consents = answers().holdings.rows_of(number).get("credit_office.consent", ())
        consented = any(row["scene"] == "reward.reading" for row in consents)
        kind = "business" if number.startswith("92") else each.of.split()[0]
        seen |= {(kind, consented, standing["depositFree"])}
    owned = {
        (kind, *rest)
        for kind in ("person", "business")
        for rest in ((True, "TRUE"), (True, None), (False, None))
    }
    assert seen >= owned | {("enterprise", False, "TRUE"), ("enterprise", False, None)}


@pytest.mark.parametrize("name", ["library", "parking", "tourism", "finance", "rental"])
def test_a_small_sample_shows_both_sides(name: str):
    """Of four subjects, each incentive of an operation has one who gets TRUE and one who gets null; one subject never shows both."""
    assert not [*unseen_sides(rules().register[name], questions(name, 4))]
    one = [*unseen_sides(rules().register[name], questions(name, 1))]
    fields = {each.partition(" ")[0] for each in one}
    assert len(one) == len(fields) == len(dict(questions(name, 1)[0].expected)["standing"])


def test_what_nobody_was_asked_about_is_seen_on_no_side():
    """Without a question both sides of every incentive are unseen; what only the subject is told has no sides."""
    assert [*unseen_sides(rules().register["library"], [])] == [
        f"{field} {side}" for field in ("pds028", "pds030") for side in ("TRUE", "null")
    ]
    assert not [*unseen_sides(rules().register["my-incentives"], [])]


@pytest.mark.parametrize("name", ["library", "court", "bank", "citizen", "enterprise-file", "my-children"])
def test_no_operation_is_asked_about_more_than_is_allowed(name: str):
    """So many different subjects as the command is told, and no number stands in how a question is shown."""
    found = questions(name, 12)
    assert len({each.of for each in found}) == len(found) == 12
    assert not any(re.search(r"\d{15}", repr(each)) for each in found)


def test_a_borrower_is_asked_about_with_and_without_an_authorisation():
    """Under an authorisation that stands there is an answer, and under none or another one a refusal."""
    found = questions("bank", 30)
    held = {
        each.of: answers().holdings.rows_of(str(each.variables["id"])).get(AUTHORISATION, ())
        for each in found
    }
    refused = {each.of for each in found if each.expected == REFUSED}
    assert {of for of, rows in held.items() if not rows} < refused < held.keys()
    assert all(each.case for each in found)


def test_each_case_has_a_number_of_its_own():
    """The form is that of the purpose's cases: a court's, or an organ's; where none is needed there is none."""
    court, organ = questions("court", 5), questions("objection", 5)
    assert all(str(each.case).startswith("（2026）豫15执") for each in court)
    assert all(str(each.case).startswith("信市信〔2026〕") for each in organ)
    assert len({each.case for each in (*court, *organ)}) == 10
    assert all(each.case is None for each in questions("library", 5))


def test_where_nobody_listens_the_remedy_is_named():
    """An address at which no gateway answers is refused with what to do."""
    nobody = "http://127.0.0.1:9"  # the port of `discard`, which needs root to listen on
    arguments = ("systems", "check", "--city", "nanyang", "--url", nobody)
    refused = CliRunner().invoke(app, arguments).exception
    assert isinstance(refused, StartRefused)
    assert str(refused).startswith(
        "No gateway answers at the address (ConnectError). Start one with `creditgraph demo`"
    )


def check(url: str, *arguments: str) -> Result:
    """Run the command about a small Nanyang at an address."""
    about = ("--city", "nanyang", "--population", "50", "--subjects", "1", "--url", url)
    return CliRunner().invoke(app, ("systems", "check", *about, *arguments))


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "", "127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "http://127.0.0.1/?a=1"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str):
    """A text that is no address of HTTP is refused with how to write one."""
    refused = check(url).exception
    assert isinstance(refused, StartRefused)
    assert str(refused) == "--url is no address of a gateway. Write it as http://127.0.0.1:8000."


NANYANG = b'{"en": "Nanyang"}'
NUMBER = "411502198803159749"


@contextmanager
def answering(index: bytes, answer: bytes = b"", status: int = 200) -> Generator[str]:
    """A server that answers the open index and every request with these bytes, at this address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(index)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self._answer(answer)

        def _answer(self, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("index", [b"[]", b"{}", b"null", b'"x"', b"", b"<html>", b'{"en": 1}'])
def test_a_server_without_an_open_index_is_no_gateway(index: bytes):
    """Whatever else answers, the command says that it is no gateway, and what to do."""
    with answering(index) as url:
        refused = check(url).exception
    assert isinstance(refused, StartRefused)
    assert str(refused).startswith(
        "What answers at the address (HTTP 200) has no open index of a city: it is no gateway"
    )
    assert "--url" in str(refused)


def test_an_error_is_no_open_index():
    """An answer with another status is refused with it, whatever its text says."""
    with answering(NANYANG, status=503) as url:
        refused = check(url).exception
    assert isinstance(refused, StartRefused)
    assert str(refused).startswith("What answers at the address (HTTP 503)")


def test_the_name_of_a_foreign_city_is_not_repeated():
    """A text of another server is not printed: it could be an identity number."""
    with answering(f'{{"en": "{NUMBER}"}}'.encode()) as url:
        refused = check(url).exception
    assert isinstance(refused, StartRefused)
    assert str(refused).startswith("The gateway serves a city that is not known here.")


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"[]", "(no answer of GraphQL)"),
        (b"null", "(no answer of GraphQL)"),
        (b'{"errors": ["x"]}', "(no answer of GraphQL)"),
        (b'{"errors": [{"message": "x"}]}', "(an error without a code of the gateway)"),
        (b'{"errors": [{"extensions": null}], "data": null}', "(an error without a code of the gateway)"),
        (f'{{"errors": [{{"extensions": {{"code": "{NUMBER}"}}}}]}}'.encode(), "(an error without a code of the gateway)"),
        (b'{"errors": [{"extensions": {"code": "FIELD_DENIED"}}]}', "(FIELD_DENIED)"),
        (b'{"errors": null, "data": "x"}', "."),
        (b'{"data": {"standing": {"incentives": [' + b",".join([b"{}"] * 17) + b"]}}}", "(not of the form that was asked for)"),
    ],
)  # fmt: skip
def test_no_answer_ends_the_check(answer: bytes, found: str):
    """Whatever is answered is a difference of the operations that asked: the check goes on, fails, and repeats no text of it."""
    with answering(NANYANG, answer) as url:
        done = check(url, "--json")
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    rows = {each["id"]: each for each in json.loads(done.stdout)}
    assert rows["S02"]["result"] == "wrong"
    assert any(each.endswith(f" {found}") for each in rows["S02"]["differences"])
    assert NUMBER not in done.output


@pytest.mark.parametrize("population", [0, -1, 9, 5_000_001])
def test_no_city_has_such_a_size(monkeypatch: pytest.MonkeyPatch, population: int):
    """A size out of bounds is refused, and 0 is a size that was asked for."""
    monkeypatch.setattr(
        sys.modules["cli.demo"], "configure", lambda _level: None
    )  # the log of this process stays its own
    for command in (("systems", "check"), ("city", "generate"), ("city", "sample"), ("demo", "--port", "0")):
        refused = CliRunner().invoke(app, (*command, "--population", str(population))).exception
        assert isinstance(refused, CityError), command
        assert str(refused).startswith("A city has between 10 and 5,000,000 persons.")


def test_the_directory_that_is_named_decides(tmp_path: Path):
    """A directory without a city, or with another one than is asked for beside it, is refused with what it holds."""
    known = City.of(60, name="nanyang")
    with pytest.raises(CityError, match="holds no city"):
        city_to_check("nanyang", tmp_path, None, None)
    (tmp_path / "city.json").write_text(json.dumps(asdict(known)))
    assert city_to_check(None, tmp_path, None, None) == known
    assert city_to_check("nanyang", tmp_path, 60, known.seed) == known
    for other in (("xinyang", None, None), (None, 61, None), (None, None, 7)):
        with pytest.raises(CityError, match="holds nanyang, a city of 60 persons, seed 4113"):
            city_to_check(other[0], tmp_path, *other[1:])
