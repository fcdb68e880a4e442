"""Whatever can be met is documented, in the words of the code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from adapters import bureaus
from catalogue.city_systems import city_systems
from catalogue.classification import DataClass, Sensitivity, Use
from catalogue.declared_codes import bilingual
from catalogue.incentives.city_files import city_names
from catalogue.incentives.incentive_catalogue import Incentive, incentives
from catalogue.incentives.incentive_marks import configuration_of, reading_of, units_text
from cli import app
from gateway.access.identity.claims import Claims
from gateway.authorization.clients import load_clients
from gateway.errors import CODES, Code
from gateway.operations.register import Registration, load_register
from gateway.settings import (
    ROOT,
    ClaimSettings,
    IssuerSettings,
    LimitSettings,
    Settings,
    SourceSettings,
    StoreSettings,
)
from observability.gauges import GAUGES
from observability.metric_tables import COUNTERS, DISTRIBUTIONS
from tests.support.docs_page import Page
from tests.support.docs_tables import PAGES, operations, written
from tests.support.gateway_in_memory import policy
from tests.support.tested_city import TESTED_CITY

Pages = dict[str, Page]
POLICY = policy()
CLIENTS = load_clients(ROOT / "policies", POLICY.purposes, POLICY.kinds, TESTED_CITY)
REGISTER = load_register(ROOT / "operations", POLICY.purposes, CLIENTS, TESTED_CITY)
OPERATIONS = dict(operations())
"""Those of every city, as the page lists them."""
PREFIXES = {
    Settings: "CREDITGRAPH_",
    SourceSettings: "CREDITGRAPH_SOURCES__<BUREAU>__",
    StoreSettings: "CREDITGRAPH_STORE__",
    LimitSettings: "CREDITGRAPH_LIMITS__",
    ClaimSettings: "CREDITGRAPH_CLAIMS__",
    IssuerSettings: "CREDITGRAPH_ISSUERS__<NAME>__",
}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command that does something, with its options and arguments."""
    waiting = [("creditgraph", typer.main.get_command(app))]
    while waiting:
        path, command = waiting.pop()
        below = getattr(command, "commands", None)
        if below is None:
            yield path, [name for each in command.params for name in each.opts]
        else:
            waiting += [(f"{path} {name}", each) for name, each in below.items()]


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_every_error_code_has_its_section(pages: Pages, code: Code) -> None:
    """A code's section gives its meaning, status, cause, remedy and an example."""
    section = pages["docs/errors.md"].section(code.name)
    assert code.meaning in section
    assert f"**Status**: {code.status}" in section
    assert f"**Remedy**: {code.remedy}" in section
    for part in ("Cause", "Example"):
        assert len(section.partition(f"**{part}**: ")[2].splitlines()[0]) > 10


def test_no_section_is_about_a_code_that_is_not_there(pages: Pages) -> None:
    """The sections of the errors' page are the codes, in the order in which they are declared."""
    assert pages["docs/errors.md"].headings(2) == list(CODES)


@pytest.mark.parametrize("model", PREFIXES, ids=lambda model: model.__name__)
def test_every_setting_is_documented(pages: Pages, model: type) -> None:
    """A setting stands with its variable, its default and its description."""
    page = pages["docs/settings.md"].text
    for name, field in model.model_fields.items():
        row = next(line for line in page.splitlines() if f"`{PREFIXES[model]}{name.upper()}`" in line)
        assert f"| `{name}` |" in row
        assert row.endswith(f"| {field.description} |")
        if isinstance(field.default, bool | int | float | str):
            assert (
                f"| `{str(field.default).lower() if field.default in (True, False) else field.default}` |"
                in row
            )


def test_no_setting_is_documented_that_is_not_there(pages: Pages) -> None:
    """The page has as many rows as there are settings."""
    rows = [line for line in pages["docs/settings.md"].text.splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(model.model_fields) for model in PREFIXES)


def test_the_example_of_settings_is_one(pages: Pages) -> None:
    """The TOML on the settings' page is accepted as it stands."""
    ((_, text),) = pages["docs/settings.md"].blocks("toml")
    settings = Settings(**tomllib.loads(text))
    assert set(settings.sources) == {"registry", "transport"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_are_those_of_the_files(page: Path) -> None:
    """Purposes, kinds, classes, uses, rules, clients and incentives stand as the files have them: see tables.py."""
    text = page.read_text("utf-8")
    assert written(text) == text


@pytest.mark.parametrize(
    "incentive",
    [each for city in city_names() for each in incentives(city).values()],
    ids=lambda each: each.id,
)
def test_every_incentive_is_documented(pages: Pages, incentive: Incentive) -> None:
    """An incentive stands with its scene, its basis, its units and what is ours of it, and its field or why it has none."""
    row = pages["docs/incentives.md"].rows()[incentive.id]
    assert row[5:7] == [f"`{incentive.scene}`", f"`{incentive.basis}`"]
    assert row[7] in (f"`{incentive.field}`", incentive.unanswered)
    assert row[8:10] == [units_text(incentive.bureaus) or "none named", reading_of(incentive) or "–"]
    assert row[10] == (configuration_of(incentive.condition) or "–")


def test_every_rule_purpose_and_client_is_documented(pages: Pages) -> None:
    """Whatever a decision may name has its row on the policies' page."""
    rows = pages["docs/policies.md"].rows()
    named = {*POLICY.rules, *POLICY.purposes.leaves, *POLICY.kinds, *CLIENTS}
    assert named <= set(rows)
    assert {each.name for each in DataClass} | {each.value for each in Use} <= set(rows)
    assert all(f"`{each.name}`" in pages["docs/policies.md"].text for each in Sensitivity)


@pytest.mark.parametrize("bureau", bureaus.discover().values(), ids=lambda each: each.name)
def test_every_bureau_and_data_set_is_documented(pages: Pages, bureau: bureaus.Bureau) -> None:
    """A bureau has its section, in which each data set stands with its item, its columns and its legal basis."""
    page = pages["docs/bureaus.md"]
    section = page.section(f"{bureau.name}: {bilingual(*bureau.title)}")
    for dataset in bureau.shared:
        row = next(line for line in section.splitlines() if line.startswith(f"| `{dataset.name}` |"))
        assert dataset.item.code in row
        assert all(f"`{column.name}`" in row for column in dataset.stored)
        assert dataset.item.legal_basis in section


@pytest.mark.parametrize(("command", "options"), sorted(commands()), ids=str)
def test_every_command_is_documented(pages: Pages, command: str, options: list[str]) -> None:
    """A command has its section, which names each of its options and arguments."""
    section = pages["docs/commands.md"].section(command)
    assert [name for name in options if f"`{name}" not in section] == []


def test_no_command_is_documented_that_is_not_there(pages: Pages) -> None:
    """The sections of the commands' page are the commands."""
    assert set(pages["docs/commands.md"].headings(2)) == {name for name, _ in commands()}


def test_every_registered_operation_is_documented(pages: Pages) -> None:
    """An operation stands with what it is for, its purpose, clients and subjects; and so does each member of its file."""
    page = pages["docs/operations.md"]
    rows = page.rows()
    for listed, each in OPERATIONS.items():
        clients = ", ".join(f"`{name}`" for name in sorted(each.clients))
        said = [f"{each.zh} · {each.en}", f"`{each.purpose}`", clients, str(each.subjects)]
        assert rows[listed][1:5] == said
    assert all(f"`{member}`" in page.text for member in Registration.__struct_fields__[1:])


def test_the_example_of_an_operation_is_one(pages: Pages, tmp_path: Path) -> None:
    """The TOML on the operations' page is accepted as it stands."""
    ((_, text),) = pages["docs/operations.md"].blocks("toml")
    (tmp_path / "example.toml").write_text(text, "utf-8")
    assert list(load_register(tmp_path, POLICY.purposes, CLIENTS, TESTED_CITY)) == ["example"]


def test_make_targets_are_documented(pages: Pages) -> None:
    """CONTRIBUTING names every target that a contributor needs."""
    text = pages["CONTRIBUTING.md"].text
    assert [
        name
        for name in ("demo", "test", "check", "format", "bench", "lock", "tools", "help")
        if f"`make {name}`" not in text
    ] == []


def test_every_claim_is_documented(pages: Pages) -> None:
    """The page on tokens has a row for each claim that is read, under its usual name."""
    rows = pages["docs/tokens.md"].rows()
    renamed = {name: field.default for name, field in ClaimSettings.model_fields.items()}
    assert {renamed.get(name, name) for name in Claims.__struct_fields__} <= set(rows)


def test_the_examples_of_issuers_are_settings(pages: Pages) -> None:
    """Each TOML on the page on tokens is accepted as it stands."""
    blocks = pages["docs/tokens.md"].blocks("toml")
    assert [Settings(**tomllib.loads(text)).issuer for _, text in blocks] == [
        "https://login.city.example/realms/city"
    ] * 2


_LABEL = re.compile(r"`((?:creditgraph|graphql|error|service)\.[a-z._]+)`")


def test_every_metric_is_documented(pages: Pages) -> None:
    """The page on metrics has a row for each metric with its labels and its meaning, and no other."""
    rows = pages["docs/metrics.md"].rows()
    declared = {each[0]: (list(each[3]), each[2]) for each in (*DISTRIBUTIONS, *COUNTERS, *GAUGES)}
    stated = {name: (_LABEL.findall(row[1]), row[2]) for name, row in rows.items() if "creditgraph." in name}
    assert stated == declared


def test_every_system_has_a_row(pages: Pages) -> None:
    """Each system of the documents stands on its page with its state, and monitoring is served by what reads tables."""
    rows = pages["docs/systems.md"].rows()
    assert {id_: rows[id_][4].split()[-1] for id_ in rows if re.fullmatch(r"S\d\d", id_)} == {
        each.id: each.state for each in city_systems()
    }
    named = {name for each in city_systems() for names in each.operations.values() for name in names}
    assert {each.name for each in REGISTER.values() if each.purpose.startswith("statistics.")} <= named
