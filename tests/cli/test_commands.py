"""The command line: help that teaches, output for scripts, errors that name what is wrong."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from typer.testing import CliRunner, Result

from cli import app
from cli.common import settings_given
from gateway.errors import StartRefused
from gateway.installation import read_graph
from gateway.settings import Settings
from resolvers.graph.classified_sdl import classified_sdl
from sandbox.model import City, CityError
from sandbox.representatives import representatives
from sandbox.truth import sample
from tests.support.command_line import command
from tests.support.gateway_in_memory import graph
from tests.support.tested_city import TESTED_CITY

COMMANDS = (
    "", "demo", "serve", "token", "operations", "operations list", "operations check", "operations id", "operations draft",
    "operations from-scenes",
    "operations approve", "operations approver", "operations register", "operations revoke",
    "policy", "policy explain", "policy matrix",
        "policy prove", "policy replay", "schema", "schema print", "store", "store migrate", "store status", "bureaus", "bureaus check", "systems", "systems check", "city", "city generate", "city sample",
)  # fmt: skip


def invoke(*arguments: str, **environment: str) -> Result:
    """Run a command within this process."""
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "120", **environment})


def refusal(*arguments: str, **environment: str) -> str:
    """The sentence with which a command refuses."""
    result = invoke(*arguments, **environment)
    assert isinstance(result.exception, StartRefused)
    return str(result.exception)


def leaves(group: click.Command | Any, prefix: str = "") -> list[str]:
    """The names of all commands."""
    names = [prefix]
    for name, each in getattr(group, "commands", {}).items():
        names += leaves(each, f"{prefix} {name}".strip())
    return names


def test_every_command_is_listed():
    """The commands are those that are documented, and no other."""
    assert set(leaves(typer.main.get_command(app))) == set(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS)
def test_help_teaches(words: str):
    """Each command says what it does; one that does something shows an example or its options."""
    result = invoke(*words.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output
    if words and words not in {"operations", "policy", "schema", "store", "city", "serve"}:
        _, _, example = result.output.partition("Example: ")
        assert "creditgraph " in example


def test_operations_for_scripts():
    """`operations list --json` gives each operation's name, state, id, purpose, clients and variables."""
    listed = json.loads(invoke("operations", "list", "--json").output)
    by_name = {each["name"]: each for each in listed}
    assert len(listed) >= 12
    clients = {client for each in listed for client in each["clients"]}
    assert clients >= {
        "library", "parking", "hospital", "bank", "approval-hall", "tax-bureau", "court", "green-lane",
        "citizen", "auditor", "statistics", "developer",
    }  # fmt: skip
    library = by_name["library"]
    assert library["purpose"] == "reward.reading"
    assert library["variables"] == {"of": "SubjectKey!"}
    assert library["documentId"] == invoke("operations", "id", "library").output.strip()
    assert by_name["citizen"]["variables"] == {}
    assert {each["state"] for each in listed} == {"live"}
    assert library["expires"] == "2035-12-31"
    assert all(each["documentId"].startswith("sha256:") for each in listed)


def test_operations_for_people():
    """Without --json the same stands in a table."""
    output = invoke("operations", "list").output
    assert "reward.reading" in output
    assert "$id: PersonNumber!" in output


def test_an_unknown_operation_is_answered_with_the_known_ones():
    """A name that is not there is met with those that are."""
    assert "library" in refusal("operations", "id", "libary")


def test_the_schema_is_printed_as_classified():
    """`schema print` prints the SDL with what binds each field, which a file can be made of."""
    assert invoke("schema", "print").output == classified_sdl(graph())


@pytest.mark.parametrize(
    ("city", "named"), [(None, "No city is set.* one of nanyang, pi"), ("atlantis", "CITY: .* one of")]
)
def test_a_gateway_serves_one_city(city: str | None, named: str):
    """Without a city, or with one that is not there, nothing is composed: an installation serves one."""
    with pytest.raises(StartRefused, match=named) as refused:
        read_graph(Settings(city=city))
    assert "atlantis" not in str(refused.value)


def test_a_command_takes_the_demos_city_where_none_is_set(monkeypatch: pytest.MonkeyPatch):
    """A command that serves nobody speaks of Xinyang, and of the city that is set where one is."""
    assert "suzhou" not in invoke("operations", "list").output
    monkeypatch.delenv("CREDITGRAPH_CITY")
    assert "suzhou" in invoke("operations", "list").output


def claims(token: str) -> dict[str, Any]:
    """What a token says."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_token_stands_alone_on_the_output():
    """`token` prints the token and nothing else, with all purposes of the client or those asked for."""
    result = invoke("token", "approval-hall")
    assert len(result.output.splitlines()) == 1
    assert claims(result.output)["scope"].split() == [
        "purpose:approval.admission", "purpose:subject.report", "purpose:supervision.inspection",
    ]  # fmt: skip
    one = invoke("token", "approval-hall", "--purpose", "subject.report").output
    assert claims(one)["scope"] == "purpose:subject.report"


def test_a_token_that_cannot_be_had():
    """An unknown client or purpose is met with the known ones; a bad number is not echoed."""
    assert "Clients: developer, bank" in refusal("token", "libary")
    assert "It may hold: reward.reading" in refusal("token", "library", "--purpose", "financing.credit")
    said = refusal("token", "citizen", "--person", "411502199902301234")
    assert "411502199902301234" not in said


def test_a_citizens_token_speaks_for_one_person(tmp_path: Path):
    """A token of citizen names a person of the city; other clients' tokens name nobody."""
    person = sample(City.of(20_000, name=TESTED_CITY), 1)[0]["identifier"]
    assert claims(invoke("token", "citizen", "--data", str(tmp_path)).output)["person"] == person
    assert "person" not in claims(invoke("token", "library").output)


def test_a_token_may_name_the_enterprise_for_which_its_person_acts(tmp_path: Path):
    """The person is the enterprise's representative, or the one that is named; no identifier is echoed in a refusal."""
    person, enterprise = next(representatives(City.of(20_000, name=TESTED_CITY)))
    found = claims(invoke("token", "citizen", "--enterprise", enterprise, "--data", str(tmp_path)).output)
    assert (found["person"], found["enterprise"]) == (person, enterprise)
    other = sample(City.of(20_000, name=TESTED_CITY), 3)[2]["identifier"]
    named = claims(invoke("token", "citizen", "--enterprise", enterprise, "--person", other).output)
    assert (named["person"], named["enterprise"]) == (other, enterprise)
    for wrong in ("91411502MA9K4X017Q", other):
        said = refusal("token", "citizen", "--enterprise", wrong, "--data", str(tmp_path))
        assert said.startswith("--enterprise: ")
        assert wrong not in said


def test_what_is_wrong_goes_to_standard_error():
    """A refusal is one line on standard error with exit status 1; standard output stays empty."""
    done = command("token", "nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: There is no client 'nobody'.")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "name",
    [
        "CREDITGRAPH_STOER__DSN",
        "CREDITGRAPH_PROT",
        "creditgraph_prot",
        "CREDITGRAPH_",
        "CREDITGRAPH_PORT__X",
        "CREDITGRAPH_CONFIG__X",
        "CREDITGRAPHPORT",
        "CREDIT_GRAPH_PORT",
        "Credit-Graph_Port",
        " CREDITGRAPH_PORT",
    ],
)
def test_a_variable_that_names_no_setting_is_refused(name: str):
    """A misspelt setting is not passed over: the gateway would start without what it was meant to set."""
    said = refusal("serve", **{name: "geheim"})
    assert f"No setting is named {name.upper()}." in said
    assert "docs/settings.md" in said
    assert "geheim" not in said


@pytest.mark.parametrize("name", ["audience", "issuer", "jwks", "otlp_endpoint", "config"])
def test_an_empty_setting_is_refused(name: str):
    """A variable that is set to nothing was meant to hold something, and is refused by its name."""
    assert name in refusal("serve", **{f"CREDITGRAPH_{name.upper()}": ""}).lower()


def test_what_cannot_be_read_is_told_by_its_place(tmp_path: Path):
    """Broken JSON of a setting is told by the setting, and a broken file by its line; neither text is repeated."""
    assert 'field "issuers"' in refusal("serve", CREDITGRAPH_ISSUERS__A__CLIENTS="geheim")
    file = tmp_path / "settings.toml"
    file.write_text("port = 1\naudience = geheim")
    told = refusal("serve", CREDITGRAPH_CONFIG=str(file))
    assert "line 2, column" in told
    assert "geheim" not in told


def test_a_setting_that_is_wrong_is_named_without_its_value():
    """A setting's value may be a secret, so only its name is said."""
    said = refusal("serve", CREDITGRAPH_PORT="geheim", CREDITGRAPH_SOURCES='{"tax": {"dns": "geheim"}}')
    assert "port" in said
    assert "sources.tax.dns" in said
    assert "geheim" not in said


def test_two_cities_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where environment and file name a city each, none has precedence; two in one place are no city."""
    file = tmp_path / "settings.toml"
    file.write_text('City = "nanyang"')
    assert "name two cities" in refusal("serve", CREDITGRAPH_CONFIG=str(file), CREDITGRAPH_CITY="xinyang")
    assert "name one of" in refusal("serve", CREDITGRAPH_CITY="nanyang,xinyang")
    monkeypatch.setenv("CREDITGRAPH_CONFIG", str(file))
    monkeypatch.setenv("CREDITGRAPH_CITY", "nanyang")
    assert settings_given().city == "nanyang", "twice the same city is one"


def test_another_spelling_of_the_name_hides_no_second_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Names of settings are folded, so two spellings in one place could name two cities unseen: they are refused."""
    monkeypatch.delenv("CREDITGRAPH_CITY")
    file = tmp_path / "settings.toml"
    file.write_text('city = "nanyang"\nCity = "xinyang"')
    assert "name two cities" in refusal("serve", CREDITGRAPH_CONFIG=str(file))
    assert "name two cities" in refusal("serve", CREDITGRAPH_CITY="nanyang", creditgraph_city="xinyang")


@pytest.mark.parametrize("words", ["demo", "city generate", "city sample"])
@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("--city=", "No city has this name. Cities: nanyang, "),
        ("--city=atlantis", "No city has this name. Cities: nanyang, "),
        ("--population=0", "between 10 and 5,000,000 persons"),
        ("--population=-5", "between 10 and 5,000,000 persons"),
    ],
)
def test_a_city_without_a_name_or_persons_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, argument: str, named: str
):
    """An empty name and no persons at all are no way to ask for what is usual: nothing is started or made."""
    monkeypatch.setattr(
        sys.modules["cli.demo"], "configure", lambda _level: None
    )  # the log of this process stays its own
    data = tmp_path / "data"
    port = ["--port", "0"] if words == "demo" else []
    result = invoke(*words.split(), argument, "--data", str(data), *port)
    assert isinstance(result.exception, CityError)
    assert named in str(result.exception)
    assert not data.exists()
