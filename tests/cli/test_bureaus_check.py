"""`creditgraph bureaus check`: every row of every bureau, counted by fault, and no value shown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from adapters.bureaus import discover
from adapters.quality.check_result import ROW_FAULTS
from cli import app
from gateway.errors import StartRefused
from sandbox.city import RunningCity
from sandbox.people import person_number
from tests.support.command_line import sources_of, transport_of

COURTS = "INSERT INTO own.judgment_defaulter (subject, case_number, court, conduct, performance, listed_on, expires_on) "
CASE = "'（2026）豫15执1号', '新县人民法院', 'EVADES', 'NONE', '2025-01-01', '2027-01-01'"
VIOLATION = (
    "INSERT INTO own.transport_violation"
    " (subject, decision_number, violation, fine_fen, decided_on, organ, sanction, put_right, procedure)"
    " VALUES ($1, 'D-1', 'OVERLOADING', 1, '2025-01-01', '市交通运输局', 'FINE', false, 'ORDINARY')"
)
NOTIFIED = (
    "ALTER TABLE own.judgment_defaulter ALTER notice_number SET DEFAULT '1',"
    " ALTER notified_on SET DEFAULT '2024-12-01'"
)
"""The notice before a listing, of rows that say nothing of it."""
COURSE = "notice_number, notified_on, conduct_ended_on, disputed_on, settled_on, repaired_on, withdrawn_on, sealed_on, confirmed_on"
VIEW = "CREATE OR REPLACE VIEW share.judgment_defaulter AS"
DEFAULTS = "courts.judgment_defaulter"


@pytest.fixture(scope="module")
def sources(city: RunningCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The setting `sources`: five bureaus in PostgreSQL, and one over HTTP."""
    with transport_of(city, tmp_path_factory.mktemp("transport")) as (_, reached):
        yield sources_of(city, reached)


def check(sources: dict[str, Any], *arguments: str, **environment: str) -> Result:
    """Run the command within this process."""
    env = {"CREDITGRAPH_SOURCES": json.dumps(sources), **environment}
    return CliRunner().invoke(app, ("bureaus", "check", *arguments), env=env)


def found(result: Result) -> dict[str, dict[str, Any]]:
    """The counts of each data set by its full name."""
    return {f"{each['bureau']}.{each['dataset']}": each for each in json.loads(result.stdout)["datasets"]}


def faults(counted: dict[str, Any]) -> dict[str, int]:
    """The faults that a data set has."""
    return {name: count for name, count in counted["faults"].items() if count}


def administer(city: RunningCity, bureau: str, text: str, *arguments: Any) -> Any:
    """Run a statement as the administrator of a bureau's database, and return its first value."""

    async def run() -> Any:
        connection: Any = await asyncpg.connect(city.server.dsn(bureau))
        try:
            if text.startswith("SELECT"):
                return await connection.fetchval(text)
            return await connection.execute(text, *arguments)
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.fixture
def courts(city: RunningCity) -> Iterator[Callable[[str], Any]]:
    """Runs statements in the courts' database; what they do to the list of defaulters is undone."""
    run = partial(administer, city, "courts")
    view = run("SELECT pg_get_viewdef('share.judgment_defaulter')")
    run("CREATE TABLE own.kept AS TABLE own.judgment_defaulter")
    run(NOTIFIED)
    yield run
    run(f"{VIEW} {view}")
    run("TRUNCATE own.judgment_defaulter")
    run("INSERT INTO own.judgment_defaulter TABLE own.kept")
    run("DROP TABLE own.kept")


def test_a_city_as_declared_has_no_faults(sources: dict[str, Any]):
    """Every data set and table of every bureau is read, and one as declared is passed with status 0."""
    result = check(sources, "--json")
    assert result.exit_code == 0, result.output
    counted = found(result)
    assert {each["coverage"] for name, each in counted.items() if name.startswith("transport.")} == {
        "known_keys"
    }
    assert {each["coverage"] for name, each in counted.items() if not name.startswith("transport.")} == {
        "all"
    }
    assert all(not each["faulty"] and not each["failure"] for each in counted.values())
    empty = [name for name, each in counted.items() if not each["rows"]]
    assert empty == ["credit_office.score"], "the city has no score programme"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("('{number} ', {case})", {"key_form": 1}),
        ("('{small}', {case}), (' {number}', {case})", {"key_form": 2}),
        ("('{number}9', {case})", {"key_form": 1}),
        ("('{doubtful}', {case})", {"check_sign": 1}),
        ("('91411502MA9K4X0170', {case})", {"check_sign": 1}),
        ("('{number}', {case}), ('{number}', {case})", {"order_tie": 2}),
        ("('{number}', {case}), ('{number}', {case}), ('{number}', {case})", {"order_tie": 3}),
        ("('{number}', '1', '新县人民法院', 'EVADES', 'NONE', '2999-01-01', '2999-01-01')", {"future": 1}),
        ("('{number}', '1', '新县人民法院', 'EVADES', 'NONE', '2019-12-31', '2027-01-01')", {"course": 1}),
        ("('{number}', '1', '新县人民法院', 'EVADES', 'NONE', '2025-01-01', '2024-12-31')", {"course": 1}),
        ("('{number}', '1', '新县人民法院', 'EVADES', 'NONE', 'infinity', '2027-01-01')", {"type": 1}),
        ("('{number}', '1', '新县人民法院', 'EVADES', 'NONE', '2025-01-01', '-infinity')", {"type": 1}),
    ],
)
def test_each_fault_is_counted(
    sources: dict[str, Any],
    courts: Callable[[str], Any],
    city: RunningCity,
    rows: str,
    expected: dict[str, int],
):
    """A row is counted under its fault, whatever other rows there are, and nothing of it is shown."""
    number = next(each for each in map(city_number(city), range(600)) if each.endswith("X"))
    doubtful = number[:-1] + "1"
    values = rows.format(number=number, small=number.lower(), doubtful=doubtful, case=CASE)
    before = found(check(sources, "courts", "--json"))[DEFAULTS]
    courts(f"{COURTS} VALUES {values}")
    result = check(sources, "courts", "--json")
    counted = found(result)[DEFAULTS]
    assert faults(counted) == expected
    assert counted["rows"] == before["rows"] + rows.count("(")
    assert counted["faulty"] == sum(expected.values())
    assert result.exit_code == 1
    for shown in (number[:17], "9K4X017", "豫15执"):
        assert shown not in result.output
    assert check(sources, "courts", "--threshold", str(counted["faulty"])).exit_code == 0


def city_number(city: RunningCity):
    """Return what gives the identity number of a person of the city."""
    return lambda index: person_number(city.city, index)


def test_codes_and_missing_values_are_counted(sources: dict[str, Any], courts: Callable[[str], Any]):
    """A code that is not declared and a value that is missing are faults of their own; a row with both is one."""
    rows = courts("SELECT count(*) FROM own.judgment_defaulter")
    columns = "subject, case_number, NULL::text AS court, conduct, 'HALF'::text AS performance, listed_on, expires_on"
    courts(f"{VIEW} SELECT {columns}, {COURSE} FROM own.judgment_defaulter")  # noqa: S608 a text of this test
    counted = found(check(sources, "courts", "--json"))[DEFAULTS]
    assert faults(counted) == {"code": rows, "null": rows}
    assert counted["faulty"] == rows


def test_an_http_bureau_is_asked_for_known_keys_and_their_misspellings(
    sources: dict[str, Any], city: RunningCity
):
    """Where a bureau lists no keys, usual misspellings are found, others are not, and the output says so."""
    number = person_number(city.city, 3)
    run = partial(administer, city, "transport")
    try:
        for key in (f"{number} ", f"{number}??"):
            run(VIOLATION, key)
        result = check(sources, "transport", "--json")
        table = check(sources, "transport")
    finally:
        run("DELETE FROM own.transport_violation WHERE length(subject) > 18")
    counted = found(result)["transport.transport_violation"]
    assert (faults(counted), counted["coverage"]) == ({"key_form": 1}, "known_keys")
    assert "rows under other keys cannot be seen" in table.stdout
    assert number not in result.output + table.output


def test_a_bureau_that_cannot_be_read_fails_the_check(sources: dict[str, Any]):
    """A bureau that is down, one without a source, and an HTTP bureau without the registry are told with their reason."""
    down = {**sources, "tax": {"dsn": "postgresql:///x?host=/nonexistent"}}
    result = check(down, "tax", "--json", "--threshold", "1000")
    assert result.exit_code == 1
    assert {each["failure"] for each in found(result).values()} == {
        "BUREAU_UNAVAILABLE: connecting: no connection"
    }
    unset = check({name: each for name, each in sources.items() if name != "tax"}, "tax", "--json")
    assert {each["failure"] for each in found(unset).values()} == {"no source is set for the bureau"}
    alone = check({"transport": sources["transport"]}, "transport", "--json")
    assert {each["coverage"] for each in found(alone).values()} == {"none"}


def test_an_unknown_bureau_is_refused(sources: dict[str, Any]):
    """A name of no bureau is refused with the names that there are."""
    refused = check(sources, "taxes").exception
    assert isinstance(refused, StartRefused)
    assert "courts" in str(refused)


def test_no_whole_data_set_is_read_over_an_unprotected_way(sources: dict[str, Any]):
    """What the gateway does not read over a way that nothing protects, a check does not read either."""
    plain = {**sources, "transport": {"url": "http://192.0.2.1", "secret": "hidden"}}
    refused = check(plain, "transport").exception
    assert isinstance(refused, StartRefused)
    assert "the way to transport is not protected" in str(refused)


def test_the_table_says_what_is_counted(sources: dict[str, Any], tmp_path: Path):
    """For people, the command prints a row for each data set and a column for each fault; a full check is kept."""
    file = tmp_path / "check.json"
    result = check(sources, CREDITGRAPH_BUREAU_CHECK=str(file))
    assert result.exit_code == 0, result.output
    head = " ".join(result.stdout.splitlines()[1:3])
    assert all(name in head for name in ROW_FAULTS)
    assert DEFAULTS in result.stdout
    declared = sum(len(each.datasets) + len(each.tables) for each in discover().values())
    assert len(json.loads(file.read_bytes())["datasets"]) == declared
    file.unlink()
    check(sources, "courts", CREDITGRAPH_BUREAU_CHECK=str(file))
    assert not file.exists()
    nowhere = check(sources, CREDITGRAPH_BUREAU_CHECK=str(tmp_path / "no" / "check.json")).exception
    assert "CREDITGRAPH_BUREAU_CHECK" in str(nowhere)


@pytest.mark.rule("R13")
def test_the_share_of_correct_rows_is_told_of_each_bureau(
    sources: dict[str, Any], courts: Callable[[str], Any]
):
    """The check tells the share of rows without a fault for each bureau (合规率); where it read nothing, it says so."""
    before = json.loads(check(sources, "courts", "tax", "--json").stdout)
    assert before["correct"] == {"courts": 1.0, "tax": 1.0}
    courts(f"{COURTS} VALUES ('no number', {CASE})")
    after = json.loads(check(sources, "courts", "--json").stdout)
    rows = sum(each["rows"] for each in after["datasets"])
    assert after["correct"] == {"courts": (rows - 1) / rows}
    told = check(sources, "courts").stdout
    assert "courts: as declared (合规率) are " in told
    assert "100 %" not in told, "what is not all is not rounded up to all"
    assert "tax: as declared (合规率) are 100 % of the rows that were seen" in check(sources, "tax").stdout
    unread = check({name: each for name, each in sources.items() if name != "tax"}, "tax", "--json")
    assert json.loads(unread.stdout)["correct"] == {"tax": None}
