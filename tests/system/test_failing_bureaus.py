"""A bureau that is down, slow or sends garbage: a partial answer, and the others unharmed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest

from gateway.access.identity.demo_key import demo_jwks
from gateway.access.readiness import FRESH_SECONDS
from gateway.access.running_gateway import open_gateway
from gateway.errors import StartRefused
from gateway.settings import Settings
from sandbox.city import RunningCity
from sandbox.transport_process import TransportProcess
from tests.support.command_line import Caller, Process, command, demo_token, sources_of, transport_of
from tests.system.conftest import EVERYTHING, served

PURPOSE = "subject.report"
NOBODY = "11010519491231002X"
ACROSS = """query Across($ids: [PersonNumber!]!) {
  persons(ids: $ids) {
    name
    taxArrears { since }
    contribution { status monthsPaid }
    judgmentDefaults { caseNumber }
    transportLicences { licenceNumber }
    scores { score }
  }
}"""


@dataclass(frozen=True, slots=True)
class System:
    """A gateway with short patience, with a transport bureau that a test may stop."""

    process: Process
    caller: Caller
    transport: TransportProcess
    sources: dict[str, dict[str, Any]]

    def ask(self, ids: list[str]) -> dict[str, Any]:
        """Ask all bureaus and return the answer, which has status 200 whatever failed."""
        answer = self.caller.ask(ACROSS, {"ids": ids}, PURPOSE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def readiness(self) -> tuple[int, dict[str, str]]:
        """The status of /readyz in its strict form, and what it says of each bureau once the last result is old."""
        time.sleep(FRESH_SECONDS)
        headers = {"authorization": f"Bearer {self.caller.token}"}
        assert self.caller.http.get("/readyz").json() == {"ready": True}
        answer = self.caller.http.get("/readyz?strict=true", headers=headers)
        return answer.status_code, answer.json()["bureaus"]


@pytest.fixture(scope="module")
def system(city: RunningCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The gateway over the city, in the explorer's mode."""
    folder = tmp_path_factory.mktemp("failing")
    with transport_of(city, folder) as (transport, address):
        sources = sources_of(city, address)
        for source in sources.values():
            source["timeout"] = 0.7
        settings = {"explorer": "1", "demo_key": "1", "deadline": "2"}
        with (
            served(folder / "gateway", sources, **settings) as process,
            httpx2.Client(base_url=process.ready(), timeout=30, trust_env=False) as http,
        ):
            yield System(process, Caller(http, demo_token("developer", EVERYTHING)), transport, sources)


@asynccontextmanager
async def administrator(city: RunningCity, bureau: str) -> AsyncGenerator[asyncpg.Connection[Any]]:
    """The administrator of a bureau's database."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(city.server.dsn(bureau))
    try:
        yield connection
    finally:
        await connection.close()


def failures(answer: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Code, bureau and dataset of each error."""
    return {
        (each["extensions"]["code"], each["extensions"]["bureau"], each["extensions"]["dataset"])
        for each in answer.get("errors", ())
    }


async def test_a_slow_bureau(system: System, city: RunningCity, persons: list[str]):
    """A bureau that does not answer in time leaves a null and its name; the others' answers are whole."""
    whole = system.ask(persons[:3])
    assert "errors" not in whole
    async with administrator(city, "courts") as connection, connection.transaction():
        await connection.execute("LOCK TABLE own.judgment_defaulter IN ACCESS EXCLUSIVE MODE")
        answer = system.ask(persons[:3])
    assert failures(answer) == {("BUREAU_TIMED_OUT", "courts", "judgment_defaulter")}
    for got, wanted in zip(answer["data"]["persons"], whole["data"]["persons"], strict=True):
        assert got == {**wanted, "judgmentDefaults": None}
    assert system.ask(persons[:3]) == whole


async def test_a_bureau_that_sends_garbage(system: System, city: RunningCity, persons: list[str]):
    """A row that breaks the contract is an error for its subject and dataset; every other row is answered."""
    whole = system.ask(persons[:3])
    async with administrator(city, "social_security") as connection:
        insured = next(i for i, each in enumerate(whole["data"]["persons"]) if each["contribution"])
        number, held = persons[insured], whole["data"]["persons"][insured]["contribution"]["status"]
        change = "UPDATE own.contribution SET status = $2 WHERE subject = $1"
        await connection.execute(change, number, "偏差值")
        try:
            answer = system.ask(persons[:3])
        finally:
            await connection.execute(change, number, held)
    (error,) = answer["errors"]
    assert error["path"] == ["persons", insured, "contribution"]
    assert failures(answer) == {("BUREAU_CONTRACT_BROKEN", "social_security", "contribution")}
    assert "偏差值" not in str(answer)
    for place, (got, wanted) in enumerate(
        zip(answer["data"]["persons"], whole["data"]["persons"], strict=True)
    ):
        assert got == ({**wanted, "contribution": None} if place == insured else wanted)


@pytest.mark.parametrize("day", ["12000-01-01", "0044-03-15 BC", "infinity"])
@pytest.mark.parametrize(
    ("bureau", "table", "column"),
    [("courts", "judgment_defaulter", "expires_on"), ("transport", "transport_violation", "decided_on")],
)
async def test_a_date_that_python_has_not_is_silence(
    city: RunningCity,
    library: Caller,
    register: dict[str, str],
    bureau: str,
    table: str,
    column: str,
    day: str,
):
    """A date of an adverse record that nothing here can hold leaves a one-sided answer the bytes of anybody's silence."""
    silent = library.call(register["library"], of={"person": NOBODY})
    async with administrator(city, bureau) as connection:
        once = f"SELECT subject, min({column})::text FROM own.{table} WHERE subject ~ '^[1-8]'"  # noqa: S608
        person, held = await connection.fetchrow(f"{once} GROUP BY subject HAVING count(*) = 1 LIMIT 1")
        change = f"UPDATE own.{table} SET {column} = $2::text::date WHERE subject = $1"  # noqa: S608
        await connection.execute(change, person, day)
        try:
            answer = library.call(register["library"], of={"person": person})
        finally:
            await connection.execute(change, person, held)
    assert (answer.status_code, answer.content) == (200, silent.content)


async def test_a_bureau_that_refuses(system: System, city: RunningCity, persons: list[str]):
    """A bureau that takes back a permission is named; it is read again when it has given it back."""
    whole = system.ask(persons[:2])
    share = "SELECT ON share.contribution"
    async with administrator(city, "social_security") as connection:
        await connection.execute(f"REVOKE {share} FROM social_security_reader")
        try:
            answer = system.ask(persons[:2])
        finally:
            await connection.execute(f"GRANT {share} TO social_security_reader")
    assert failures(answer) == {("BUREAU_REFUSED", "social_security", "contribution")}
    assert answer["data"]["persons"][0]["name"] == whole["data"]["persons"][0]["name"]
    assert system.ask(persons[:2]) == whole


async def test_broken_connections_are_made_again(system: System, city: RunningCity, persons: list[str]):
    """When a bureau's server ends every connection, the next requests are answered again."""
    whole = system.ask(persons[:2])
    async with administrator(city, "credit_office") as connection:
        await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    answers = [system.ask(persons[:2]) for _ in range(4)]
    assert answers[-1] == whole
    assert all(answer["data"]["persons"][0]["name"] for answer in answers)


async def test_the_explorer_needs_marked_sources(system: System, city: RunningCity, tmp_path: Path):
    """Over a source that is not marked synthetic the explorer refuses to start and says which."""
    async with administrator(city, "courts") as connection:
        await connection.execute("UPDATE share.source_mark SET synthetic = false")
        try:
            done = serve_once(system.sources, explorer="1", demo_key="1")
        finally:
            await connection.execute("UPDATE share.source_mark SET synthetic = true")
    assert done.startswith("error: The explorer needs synthetic sources, and courts")


def test_a_bureau_that_is_down(system: System, persons: list[str]):
    """A bureau that cannot be reached leaves a null and its name, and readiness says which; health stays."""
    whole = system.ask(persons[:3])
    assert system.readiness() == (200, dict.fromkeys(system.sources, "ok"))
    system.transport.stop()
    answer = system.ask(persons[:3])
    assert failures(answer) == {("BUREAU_UNAVAILABLE", "transport", "licence")}
    for got, wanted in zip(answer["data"]["persons"], whole["data"]["persons"], strict=True):
        assert got == {**wanted, "transportLicences": None}
    status, bureaus = system.readiness()
    assert status == 503
    assert bureaus == {**dict.fromkeys(system.sources, "ok"), "transport": "BUREAU_UNAVAILABLE"}
    assert system.caller.http.get("/healthz").status_code == 200


def serve_once(sources: dict[str, dict[str, Any]], **settings: str) -> str:
    """Start a gateway that must refuse to start, and return what it says."""
    environment = {f"CREDITGRAPH_{name.upper()}": value for name, value in settings.items()}
    done = command("serve", "--port", "0", CREDITGRAPH_SOURCES=json.dumps(sources), **environment)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


async def test_what_refuses_to_start(system: System, tmp_path: Path):
    """A configuration that would be unsafe or cannot work is refused with a sentence that names it."""
    said = serve_once(system.sources, demo_key="1")
    assert said.startswith("error: CREDITGRAPH_DEMO_KEY is for the explorer only")
    published = tmp_path / "jwks.json"
    published.write_bytes(demo_jwks())
    for city in ("", "atlantis", "nanyang,xinyang"):
        said = serve_once(system.sources, city=city, explorer="1", demo_key="1")
        assert "CREDITGRAPH_CITY: " in said or "settings are wrong: city: " in said
        assert "atlantis" not in said
    fewer = {name: source for name, source in system.sources.items() if name != "courts"}
    refused: list[tuple[dict[str, Any], str]] = [
        ({"sources": system.sources, "jwks": str(published)}, "the public demo key"),
        ({"sources": system.sources}, "No token keys are set"),
        ({"sources": system.sources, "jwks": str(tmp_path / "none")}, "CREDITGRAPH_JWKS"),
        ({"sources": fewer, "explorer": True, "demo_key": True}, "missing: courts; unknown: none."),
        (
            {"sources": {**system.sources, "post": {}}, "explorer": True, "demo_key": True},
            "missing: none; unknown: post.",
        ),
        (
            {"sources": {**system.sources, "tax": {}}, "explorer": True, "demo_key": True},
            "CREDITGRAPH_SOURCES",
        ),
    ]
    for settings, word in refused:
        with pytest.raises(StartRefused, match=re.escape(word)):
            async with open_gateway(Settings(**settings)):
                pass
