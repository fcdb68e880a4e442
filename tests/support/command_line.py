"""The gateway as its operators run it: processes of the command line, and callers over HTTP."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import httpx2

from gateway.access.identity.demo_key import issue
from sandbox.city import RunningCity
from sandbox.transport_process import TransportProcess
from tests.support.forks import Forked
from tests.support.processes import MARK
from tests.support.tested_city import TESTED_CITY, VARIABLE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0  # seconds until a test gives up on a process; none asserts how long it took
DEMO_POPULATION = 400
_READY = re.compile(r"ready on (http://\S+)")


class Process:
    """A process of the command line whose output is kept in files."""

    def __init__(self, folder: Path, *arguments: str, root: Path = ROOT, **environment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.arguments = arguments
        self._out, self._err = folder / "stdout", folder / "stderr"
        self._process = self._started(root, {**clean_environment(), MARK: str(folder), **environment})

    def _started(self, root: Path, environment: dict[str, str]) -> subprocess.Popen[bytes] | Forked:
        with self._out.open("wb") as out, self._err.open("wb") as err:
            return subprocess.Popen(  # noqa: S603 the arguments are the tests' own
                [sys.executable, "-m", "cli", *self.arguments],
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def printed(self) -> str:
        """What was printed on standard output."""
        return self._out.read_text()

    @property
    def logged(self) -> str:
        """What was printed on standard error."""
        return self._err.read_text()

    def ready(self) -> str:
        """Wait for the line that says so and return the address in it."""
        self.wait_for(lambda: _READY.search(self.printed) is not None)
        found = _READY.search(self.printed)
        assert found is not None
        return found[1]

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Wait for something that the process brings about."""
        limit = time.monotonic() + PATIENCE
        while not happened():
            assert self._process.poll() is None, self.logged
            assert time.monotonic() < limit, f"nothing happened: {self.logged}"
            time.sleep(0.02)

    def tell(self, sign: signal.Signals) -> None:
        """Send a signal to the process alone."""
        self._process.send_signal(sign)

    def ended(self) -> int:
        """Wait for the end and return the exit status."""
        return self._process.wait(PATIENCE)

    def stop(self) -> int:
        """Stop as an operator does and return the exit status."""
        if self._process.poll() is None:
            self.tell(signal.SIGTERM)
        return self.ended()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class ForkedProcess(Process):
    """A process that was forked from one which had imported the command line: it starts in half the time."""

    def _started(self, root: Path, environment: dict[str, str]) -> Forked:
        for file in (self._out, self._err):
            file.touch()
        return Forked(self.arguments, root, environment, self._out, self._err)


def clean_environment(city: str | None = TESTED_CITY) -> dict[str, str]:
    """The environment without settings of whoever runs the tests, but for the city."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CREDITGRAPH_")}
    return {**own, VARIABLE: city} if city else own


@contextmanager
def transport_of(city: RunningCity, folder: Path) -> Generator[tuple[TransportProcess, dict[str, str]]]:
    """A transport bureau of its own over the city, and how the gateway reaches it."""
    secret_file = folder / "transport.secret"
    secret_file.write_text(secrets.token_urlsafe(32))
    with TransportProcess(city.dsns["transport"], secret_file, log=folder / "transport.log") as process:
        yield process, {"url": process.url, "secret": secret_file.read_text()}


def sources_of(city: RunningCity, transport: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The setting `sources` for a gateway over the city."""
    sources: dict[str, dict[str, Any]] = {name: {"dsn": dsn} for name, dsn in city.dsns.items()}
    return {**sources, "transport": dict(transport)}


def demo_token(client: str, purposes: Sequence[str], lifetime: float = 3600, **changed: Any) -> str:
    """A token of the demo key."""
    now = time.time() + changed.pop("shift", 0)
    audience = changed.pop("audience", "creditgraph")
    return issue(client, "city", "411500", purposes, audience, lifetime, now=now, **changed)


@dataclass(frozen=True, slots=True)
class Caller:
    """Asks one gateway with one token."""

    http: httpx2.Client
    token: str | None

    def post(self, content: bytes, **headers: str) -> httpx2.Response:
        """Send a body as it is."""
        sent = {"content-type": "application/json", "accept": "application/graphql-response+json"}
        if self.token is not None:
            sent["authorization"] = f"Bearer {self.token}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post("/graphql", content=content, headers=sent)

    def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, purpose: str | None = None
    ) -> httpx2.Response:
        """Ask a free document."""
        body = httpx2.Request("POST", "http://x", json={"query": query, "variables": variables or {}})
        return self.post(body.content, **({"data_purpose": purpose} if purpose else {}))

    def call(self, document_id: str, **variables: Any) -> httpx2.Response:
        """Ask a registered operation."""
        body = httpx2.Request("POST", "http://x", json={"documentId": document_id, "variables": variables})
        return self.post(body.content)


def codes(response: httpx2.Response) -> list[str]:
    """The codes of the errors of an answer."""
    return [error["extensions"]["code"] for error in response.json().get("errors", ())]


def refusal(response: httpx2.Response) -> tuple[int, str]:
    """The status and the one code of a refused request, of which nothing was executed."""
    body = response.json()
    assert "data" not in body
    (error,) = body["errors"]
    assert error["message"]
    assert error["extensions"]["remedy"]
    return response.status_code, error["extensions"]["code"]


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line to its end, in a process of its own."""
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "stdout"), Path(folder, "stderr")
        status = Forked(arguments, ROOT, {**clean_environment(), **environment}, out, err).wait(PATIENCE)
        return subprocess.CompletedProcess(arguments, status, out.read_text("utf-8"), err.read_text("utf-8"))


def run(*arguments: str, **environment: str) -> str:
    """Run a command that has to succeed and return what it printed."""
    done = command(*arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout
