"""`creditgraph systems check` over every city: a gateway over real bureaus, and each system that is said to work asked for the truth."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import pytest

from catalogue.city_systems import city_systems
from sandbox.city import RunningCity, prepare
from tests.support.command_line import Process, command, sources_of, transport_of
from tests.support.standing_oracle import CITIES
from tests.support.tested_city import TESTED_CITY
from tests.system.conftest import served

POPULATION = 300
SUBJECTS = "16"


@dataclass(frozen=True, slots=True)
class Checked:
    """A gateway of a city, and the city whose databases it reads."""

    city: RunningCity
    url: str

    def check(self, *arguments: str) -> CompletedProcess[str]:
        """Run the command about this gateway."""
        of = self.city.city
        about = ("--city", of.name, "--population", str(of.population), "--url", self.url)
        return command("systems", "check", *about, "--subjects", SUBJECTS, *arguments)

    def rows(self) -> tuple[int, dict[str, dict[str, Any]]]:
        """Return the exit status and what the command tells a script, by the id of the system."""
        done = self.check("--json")
        assert done.stdout, done.stderr
        return done.returncode, {each["id"]: each for each in json.loads(done.stdout)}


Gateways = Callable[[str], Checked]


@pytest.fixture(scope="module")
def gateways(
    city: RunningCity, explorer: Process, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateways]:
    """A gateway of each city, started when it is first asked for."""
    with ExitStack() as stack:
        started = {TESTED_CITY: Checked(city, explorer.ready())}

        def gateway(name: str) -> Checked:
            if name not in started:
                started[name] = start(name, tmp_path_factory, stack)
            return started[name]

        yield gateway


def start(name: str, folders: pytest.TempPathFactory, stack: ExitStack) -> Checked:
    """Start the bureaus of a city and a gateway over them."""
    city = stack.enter_context(prepare(folders.mktemp(name), POPULATION, name=name, quiet=True))
    _, transport = stack.enter_context(transport_of(city, folders.mktemp("transport")))
    sources, settings = sources_of(city, transport), {"city": name, "explorer": "1", "demo_key": "1"}
    return Checked(city, stack.enter_context(served(folders.mktemp("gateway"), sources, **settings)).ready())


@pytest.mark.parametrize("name", CITIES)
def test_every_system_that_works_answers_the_truth(gateways: Gateways, name: str):
    """Of each system of the city that works, or works partly, answers are compared and none is wrong; no row is left out."""
    status, rows = gateways(name).rows()
    assert [(each["id"], each["differences"]) for each in rows.values() if each["mismatches"]] == []
    assert status == 0
    named = {each.id: each.state for each in city_systems() if name in each.places}
    assert {each["id"]: each["state"] for each in rows.values()} == named
    assert {id_ for id_, each in rows.items() if not each["answersCompared"]} == {
        id_ for id_, state in named.items() if state == "outside"
    }
    assert {each["result"] for each in rows.values() if each["state"] != "outside"} == {"right"}


@pytest.fixture(scope="module")
def changed(gateways: Gateways) -> tuple[CompletedProcess[str], CompletedProcess[str]]:
    """What the command prints, for a script and as a table, while a bureau holds other scores than the city's books."""
    checked = gateways("zhengzhou")
    negate(checked.city)
    try:
        return checked.check("--json"), checked.check()
    finally:
        negate(checked.city)


def negate(city: RunningCity) -> None:
    """Change the sign of every score."""

    async def run() -> None:
        connection = await asyncpg.connect(city.server.dsn("credit_office"))
        try:
            await connection.execute("UPDATE own.score SET score = -score")
        finally:
            await connection.close()

    asyncio.run(run())


def test_a_changed_row_is_found(changed: tuple[CompletedProcess[str], CompletedProcess[str]]):
    """Where scores are changed, the systems that show them or ask for them mismatch, and no other one does."""
    for_script, table = changed
    rows = {each["id"]: each for each in json.loads(for_script.stdout)}
    assert (for_script.returncode, table.returncode) == (1, 1)
    assert {id_ for id_, each in rows.items() if each["mismatches"]} == {"S03", "S04", "S06"}
    assert any(each.startswith("library: person ") for each in rows["S04"]["differences"])
    assert table.stderr == for_script.stderr == "3 systems fail: S03, S04, S06\n"


def test_no_number_is_printed(changed: tuple[CompletedProcess[str], CompletedProcess[str]]):
    """Neither form of the output holds an identity number or a credit code, also where answers are wrong."""
    printed = changed[0].stdout + changed[1].stdout
    assert "person " in printed
    assert not re.search(r"[0-9A-Z]{15}", printed)


def test_too_few_subjects_decide_nothing(gateways: Gateways):
    """About one subject no one-sided answer is right or wrong on both sides: the systems are undecided, in both forms, and the command fails."""
    checked = gateways(TESTED_CITY)
    for_script, table = checked.check("--subjects", "1", "--json"), checked.check("--subjects", "1")
    assert (for_script.returncode, table.returncode) == (1, 1)
    rows = {each["id"]: each for each in json.loads(for_script.stdout)}
    for id_ in ("S36", "S38", "S39", "S40", "S41", "S42"):
        assert (rows[id_]["result"], rows[id_]["mismatches"]) == ("undecided", 0)
    assert len(rows["S42"]["unseen"]) == 4
    assert all(each in table.stdout for each in rows["S42"]["unseen"])
    assert "undecided" in table.stdout
    assert "Ask about more subjects with --subjects" in table.stderr
    assert table.stderr == for_script.stderr


@pytest.mark.parametrize(
    ("more", "words"), [(1, "fewer persons"), (-1, "more persons"), (-200, "more persons")]
)
def test_a_city_of_another_size_is_not_checked(gateways: Gateways, more: int, words: str):
    """Where the gateway's city has not as many persons, the command says so, before anything is compared."""
    checked = gateways(TESTED_CITY)
    done = checked.check("--population", str(checked.city.city.population + more))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"the gateway's city has {words}" in done.stderr
    assert "--population" in done.stderr


def test_a_city_of_another_seed_is_not_checked(gateways: Gateways):
    """Where the gateway's city has other persons, the command says so, before anything is compared."""
    done = gateways(TESTED_CITY).check("--seed", "7")
    assert (done.returncode, done.stdout) == (1, "")
    assert "has other persons: its seed is another one" in done.stderr


def test_an_address_may_end_in_a_slash(gateways: Gateways):
    """A slash at the end of the address changes nothing."""
    checked = gateways(TESTED_CITY)
    assert checked.check("--url", f"{checked.url}/").returncode == 0


def test_the_gateway_of_another_city_is_not_checked(gateways: Gateways):
    """A gateway that serves another city than the one that is named is refused before anything is asked."""
    done = command("systems", "check", "--city", "nanyang", "--url", gateways(TESTED_CITY).url)
    assert done.returncode == 1
    assert done.stderr.startswith("error: The gateway serves Pingdingshan.")
    assert done.stdout == ""


def test_a_gateway_in_production_is_not_checked(production: Process, city: RunningCity):
    """A gateway that takes no tokens of the demo key says so, and the command with it."""
    done = Checked(city, production.ready()).check()
    assert done.returncode == 1
    assert done.stderr.startswith("error: The gateway refuses tokens of the demo key.")
