"""The whole system as processes: a gateway in the explorer's mode, one in production, and the demo."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from catalogue.ages import digits_of, is_born_by, youngest_adult
from catalogue.city_clock import city_today
from sandbox.city import RunningCity
from sandbox.truth import sample
from tests.support.approvers import approved_register
from tests.support.command_line import (
    DEMO_POPULATION,
    Caller,
    ForkedProcess,
    Process,
    demo_token,
    run,
    sources_of,
    transport_of,
)
from tests.support.issuer import Issuer
from tests.support.tested_city import TESTED_CITY

EVERYTHING = (
    "subject.report", "reward.reading", "reward.approval", "financing.credit",
    "supervision.inspection", "measure.enforcement", "oversight.audit", "recognition.suzhou",
    "personnel.appointment",
)  # fmt: skip


@pytest.fixture(scope="session")
def transport(city: RunningCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The transport bureau's process, and how it is reached."""
    with transport_of(city, tmp_path_factory.mktemp("transport")) as (_, address):
        yield address


@pytest.fixture(scope="session")
def explorer(
    city: RunningCity, transport: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Process]:
    """A gateway that answers free documents and takes tokens of the demo key."""
    sources = sources_of(city, transport)
    with served(tmp_path_factory.mktemp("explorer"), sources, explorer="1", demo_key="1") as process:
        yield process


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """An issuer of tokens whose public keys stand in a file."""
    return Issuer(tmp_path_factory.mktemp("issuer") / "jwks.json")


@pytest.fixture(scope="session")
def production(
    city: RunningCity, transport: dict[str, str], issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Process]:
    """A gateway as it is run for real: registered operations only, keys of an issuer."""
    sources, folder = sources_of(city, transport), tmp_path_factory.mktemp("production")
    approved = approved_register(folder / "register")
    with served(folder, sources, jwks=str(issuer.file), **approved) as process:
        yield process


@contextmanager
def served(folder: Path, sources: dict[str, dict[str, Any]], **settings: str) -> Generator[Process]:
    """A gateway over the sources, ready to be asked; settings are those of the environment."""
    environment = {f"CREDITGRAPH_{name.upper()}": value for name, value in settings.items()}
    environment["CREDITGRAPH_SOURCES"] = json.dumps(sources)
    environment.setdefault("CREDITGRAPH_DRAIN", "0")
    with ForkedProcess(folder, "serve", "--port", "0", **environment) as process:
        process.ready()
        yield process
        process.stop()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that the demo makes its city in."""
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="session")
def demo(demo_data: Path) -> Iterator[Process]:
    """The demo on a port that it picked."""
    arguments = (
        "--city",
        TESTED_CITY,
        "--population",
        str(DEMO_POPULATION),
        "--port",
        "0",
        "--data",
        str(demo_data),
    )
    with Process(demo_data.parent / "run", "demo", *arguments) as process:
        process.ready()
        yield process
        process.stop()


@pytest.fixture(scope="session")
def client_of() -> Iterator[Callable[[Process], httpx2.Client]]:
    """An HTTP client for each process, closed at the end."""
    made: dict[int, httpx2.Client] = {}

    def client(process: Process) -> httpx2.Client:
        if process.pid not in made:
            made[process.pid] = httpx2.Client(base_url=process.ready(), timeout=30, trust_env=False)
        return made[process.pid]

    yield client
    for each in made.values():
        each.close()


@pytest.fixture(scope="session")
def developer(explorer: Process, client_of: Callable[[Process], httpx2.Client]) -> Caller:
    """A developer at the explorer, granted several purposes."""
    return Caller(client_of(explorer), demo_token("developer", EVERYTHING))


@pytest.fixture(scope="session")
def library(production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client]) -> Caller:
    """The library's system at the gateway in production."""
    return Caller(client_of(production), issuer.token("library", ("reward.reading",)))


@pytest.fixture(scope="session")
def hall(production: Process, issuer: Issuer, client_of: Callable[[Process], httpx2.Client]) -> Caller:
    """The approval hall's system at the gateway in production."""
    return Caller(client_of(production), issuer.token("approval-hall", ("approval.admission",)))


@pytest.fixture(scope="session")
def subjects(city: RunningCity) -> list[dict[str, Any]]:
    """Subjects of the city with the truth about them."""
    return sample(city.city, 24)


@pytest.fixture(scope="session")
def persons(subjects: list[dict[str, Any]]) -> list[str]:
    """Identity numbers of persons of the city who are of age and alive: few purposes show others."""
    latest = digits_of(youngest_adult(city_today()))
    living = [each for each in subjects if each["kind"] == "person" and not has_died(each)]
    return [each["identifier"] for each in living if is_born_by(each["identifier"], latest)]


def has_died(truth: dict[str, Any]) -> bool:
    """Whether the registry calls a person dead."""
    return truth["records"]["registry.person"][0]["deceased"]


@pytest.fixture(scope="session")
def enterprises(subjects: list[dict[str, Any]]) -> list[str]:
    """Codes of enterprises of the city."""
    return [each["identifier"] for each in subjects if each["kind"] == "enterprise"]


@pytest.fixture(scope="session")
def other_issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """An issuer whose keys no gateway here knows."""
    return Issuer(tmp_path_factory.mktemp("other-issuer") / "jwks.json")


@pytest.fixture(scope="session")
def register() -> dict[str, str]:
    """The documentId of each registered operation by name, as the command line lists them."""
    return {each["name"]: each["documentId"] for each in json.loads(run("operations", "list", "--json"))}
