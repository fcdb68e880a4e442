"""`creditgraph demo` as a developer runs it: ready line, requests to paste, stop, second start."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path

import httpx2

from sandbox.city import prepare
from tests.support.command_line import (
    DEMO_POPULATION,
    ROOT,
    Caller,
    Process,
    clean_environment,
    command,
    demo_token,
)
from tests.support.copied_project import copied_project
from tests.support.docs_page import Page
from tests.support.effort import FULL
from tests.support.processes import processes_of

POPULATION = ("--population", str(DEMO_POPULATION))


def pasted(text: str) -> list[str]:
    """The commands that the demo prints, as one copies them."""
    return re.findall(r"^curl (?:.*\\\n)*.*$", text, re.MULTILINE)


def test_the_five_requests_work_when_pasted(demo: Process):
    """Each printed request answers data when it is pasted into a shell in the project's folder."""
    commands = pasted(demo.printed)
    answers = [
        json.loads(
            subprocess.run(  # noqa: S603 what the demo prints
                ["/bin/bash", "-c", each],
                cwd=ROOT,
                env=clean_environment() | {"no_proxy": "*"},
                capture_output=True,
                check=True,
                timeout=60,
            ).stdout
        )
        for each in commands
    ]
    free, registered, own, loan, ready = answers
    assert free["data"]["enterprise"]["name"]
    assert "errors" not in free
    assert registered["data"]["standing"] == {"depositFree": "TRUE", "longerLoan": "TRUE"}
    assert "errors" not in registered
    assert "MET" in {each["outcome"]["state"] for each in own["data"]["standing"]["incentives"]}
    assert "errors" not in own
    assert loan["data"]["person"]["name"]
    assert "errors" not in loan
    assert ready["ready"] is True
    assert (set(ready["bureaus"].values()), len(ready["bureaus"]), ready["store"]) == ({"ok"}, 7, "ok")


def test_the_ready_line_names_addresses_that_answer(demo: Process):
    """The demo says where the gateway and the explorer are, and both answer there."""
    address = demo.ready()
    assert f"(explorer: {address}/explorer)" in demo.printed
    with httpx2.Client(base_url=address, trust_env=False) as http:
        assert http.get("/healthz").text == "ok\n"
        assert http.get("/explorer").status_code in {200, 503}
        session = http.get("/explorer/session.json").json()
    assert session["synthetic"] is True
    assert "library" in {client["name"] for client in session["clients"]}


def test_a_port_in_use_is_said_at_once(demo: Process, tmp_path: Path):
    """A port that somebody listens on is named in the error, before any city is made."""
    port = demo.ready().rpartition(":")[2]
    done = command("demo", *POPULATION, "--port", port, "--data", str(tmp_path / "city"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: Port {port} on 127.0.0.1 cannot be used")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "city").exists()


def test_a_directory_in_use_is_said(demo: Process, demo_data: Path):
    """A second demo over the same data is refused and harms the first one nothing."""
    done = command("demo", *POPULATION, "--port", "0", "--data", str(demo_data))
    assert done.returncode == 1
    assert "in use by another process" in done.stderr
    assert httpx2.get(f"{demo.ready()}/readyz", trust_env=False).status_code == 200


def test_data_of_another_version(tmp_path: Path):
    """A directory that another version of PostgreSQL wrote is refused and left as it is."""
    version = tmp_path / "cluster" / "PG_VERSION"
    version.parent.mkdir()
    version.write_text("17\n")
    done = command("demo", *POPULATION, "--port", "0", "--data", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "PostgreSQL 17" in done.stderr
    assert "Traceback" not in done.stderr
    assert version.read_text() == "17\n"


def test_another_city_than_asked_for(demo: Process, demo_data: Path):
    """A directory that holds another city is refused: nothing is loaded over it."""
    done = command("demo", "--population", "500", "--port", "0", "--data", str(demo_data))
    assert done.returncode == 1
    assert "400 persons" in done.stderr


def stop_while_loading(folder: Path, data: Path, sign: signal.Signals) -> str:
    """Start a demo of a large city, stop it while the city is being made, and return what it logged."""
    with Process(folder, "demo", "--population", "200000", "--port", "0", "--data", str(data)) as process:
        process.wait_for(lambda: len(processes_of(folder, "sandbox.load")) > 0)
        process.tell(sign)
        process.ended()
        assert "Traceback" not in process.logged
        return process.logged


def stop_when_ready(folder: Path, data: Path, sign: signal.Signals) -> None:
    """Start a demo, see that it is whole, and stop it."""
    with Process(folder, "demo", *POPULATION, "--port", "0", "--data", str(data)) as process:
        assert httpx2.get(f"{process.ready()}/readyz", trust_env=False).status_code == 200
        assert len(processes_of(folder)) >= 3, "gateway, PostgreSQL and transport were not seen"
        process.tell(sign)
        assert process.ended() == 0
        assert "Traceback" not in process.logged


def test_a_stop_ends_everything_and_the_next_start_uses_the_data(tmp_path: Path):
    """SIGTERM and Ctrl-C leave no process: a city in the making is made whole next time, a city that stands is kept."""
    data = tmp_path / "data"
    for sign in (signal.SIGTERM, signal.SIGINT) if FULL else (signal.SIGINT,):
        logged = stop_while_loading(tmp_path / f"loading-{sign.name}", data, sign)
        assert processes_of(tmp_path) == []
        assert not (data / "city.json").exists(), logged
    made: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT):
        stop_when_ready(tmp_path / f"ready-{sign.name}", data, sign)
        assert processes_of(tmp_path) == []
        made.append((data / "city.json").stat().st_mtime_ns)
    assert made[0] == made[1]


def with_the_bureau_of_the_docs(folder: Path) -> Path:
    """Copy the project, and add the file of docs/adding-a-bureau.md to its bureaus."""
    copied_project(folder)
    page = ROOT / "docs" / "adding-a-bureau.md"
    ((_, text),) = Page(page, page.read_text("utf-8")).blocks("python")
    (folder / "adapters" / "bureaus" / "housing_fund.py").write_text(text, "utf-8")
    return folder


def test_a_bureau_is_added_to_a_city_that_stands(tmp_path: Path):
    """The demo with one more bureau keeps the city that it has, and serves the new bureau without records."""
    data = tmp_path / "data"
    prepare(data, DEMO_POPULATION, quiet=True).stop()
    known = json.loads((data / "logins.json").read_text())
    root = with_the_bureau_of_the_docs(tmp_path / "project")
    arguments = ("demo", *POPULATION, "--port", "0", "--data", str(data))
    with Process(tmp_path / "run", *arguments, root=root) as process, httpx2.Client(trust_env=False) as http:
        address = process.ready()
        caller = Caller(http, demo_token("tax-bureau", ["supervision.inspection"]))
        ready = http.get(f"{address}/readyz", headers={"authorization": f"Bearer {caller.token}"})
        assert ready.json()["bureaus"]["housing_fund"] == "ok"
        http.base_url = address
        asked = (
            '{ person(id: "411502197703180028") { name fundAccount { status } overdueFundLoans { since } } }'
        )
        answer = caller.ask(asked, purpose="supervision.inspection").json()
        process.stop()
    assert "errors" not in answer
    assert answer["data"]["person"] == {"name": "蒋萍", "fundAccount": None, "overdueFundLoans": []}
    assert known.items() < json.loads((data / "logins.json").read_text()).items()


def test_nothing_secret_is_readable_by_others(demo: Process, demo_data: Path):
    """Files with passwords and keys are for their owner only."""
    for name in ("transport.secret", "admin.secret", "logins.json"):
        assert (demo_data / name).stat().st_mode & 0o077 == 0
    assert (demo_data / "cluster").stat().st_mode & 0o077 == 0
