"""The contenders: each is its own process, started as its user would start it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self, TypeAlias

from joserfc import jwt
from joserfc.jwk import ECKey

from benchmarks.databases import DSNS_VARIABLE, RESET_VARIABLE
from benchmarks.questions import Operation
from gateway.authorization.clients import Client
from gateway.installation import Rules, read_rules
from gateway.settings import Settings
from tests.support.approvers import approved_register

UNLIMITED: Final = "quota = { per_caller = 1_000_000, total = 4_000_000, seconds = 60 }"
MOST_CASES: Final = 10**8
ContenderName: TypeAlias = Literal[
    "handwritten",
    "handwritten-tuned",
    "handwritten-datasets",
    "stock",
    "gateway",
    "gateway-universal",
    "gateway-stateless",
    "gateway-again",
    "gateway-before",
]
ABOUT: Final[dict[ContenderName, str]] = {
    "handwritten": "Starlette + asyncpg pool + orjson, one query a bureau, by hand, no authorization",
    "handwritten-tuned": "the same, with connections that the pool does not reset",
    "handwritten-datasets": "the same once more, with one query a data set instead of one a bureau",
    "stock": "Strawberry with a loader per edge, no authorization",
    "gateway": "creditgraph serve: tokens, registered operations, grants, metrics and log",
    "gateway-universal": "the same with a universal grant: everything permitted, everybody admitted",
    "gateway-stateless": "creditgraph serve that computes no state of a record; over subjects whose answers are equal",
    "gateway-again": "the gateway once more: what lies between the two is the machine's unevenness",
    "gateway-before": "creditgraph serve of another checkout, which --before names",
}
_ROOT: Final = Path(__file__).resolve().parent.parent
_PATIENCE: Final = 60.0
_AUDIENCE: Final = "creditgraph"
_MODULES: Final = {"stock": "benchmarks.stock", "handwritten-datasets": "benchmarks.handwritten"}
_CHANGED: Final = {"gateway-universal": "benchmarks.universal", "gateway-stateless": "benchmarks.stateless"}
"""The gateways of which a program of the benchmarks takes something out."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request without its address: path, headers and body."""

    path: str
    headers: Mapping[str, str]
    body: str


class Issuer:
    """Signs tokens with a key that is made for one run."""

    def __init__(self, jwks: Path) -> None:
        self._key = ECKey.generate_key("P-256", {"kid": "benchmark", "alg": "ES256", "use": "sig"})
        jwks.write_text(json.dumps({"keys": [self._key.as_dict(private=False)]}))

        self._tokens: dict[tuple[str, str, str | None], str] = {}

    def token(self, client: Client, purpose: str, person: str | None = None) -> str:
        """Return a token of the client for one hour and one purpose; with `person`, it names that subject."""
        key = (client.name, purpose, person)
        if key not in self._tokens:
            self._tokens[key] = self._sign(client, purpose, person)
        return self._tokens[key]

    def _sign(self, client: Client, purpose: str, person: str | None) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "aud": _AUDIENCE,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "client_id": client.name,
            "department": client.department,
            "region": client.region,
            "scope": f"purpose:{purpose}",
        }
        if person is not None:
            claims["person"] = person
        return jwt.encode({"alg": "ES256", "kid": "benchmark"}, claims, self._key)


class Contender:
    """One contender's process: its address, and the form of its requests."""

    def __init__(
        self, name: ContenderName, dsns: Mapping[str, str], folder: Path, root: Path = _ROOT
    ) -> None:
        """Prepare the contender of the checkout `root`; its log and its keys are in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.name: ContenderName = name
        self.authorisations: Mapping[str, str] = {}
        """The number under which the lender may ask about each borrower."""
        self._rules: Rules = read_rules(Settings())
        self._issuer = Issuer(folder / "jwks.json")
        self.port = _free_port()
        environment = {**os.environ, **_environment(name, dsns, folder / "jwks.json")}
        with (folder / f"{name}.log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 our own program
                [sys.executable, *_command(name, self.port, root)],
                cwd=root,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self._log = folder / f"{name}.log"

    @property
    def is_gateway(self) -> bool:
        """Whether its requests have the form of the gateway: a token and a document id."""
        return self.name.startswith("gateway")

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._process.pid

    def __enter__(self) -> Self:
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the server by SIGTERM, and kill it if it does not end."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self) -> None:
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < limit and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start; {self._log} says why")

    def headers(self, operation: Operation, variables: Mapping[str, object]) -> dict[str, str]:
        """Return the headers of a request; the token names the subject of a bound operation."""
        if not self.is_gateway:
            return {}
        client = self._rules.clients[operation.client]
        registration = self._rules.register[operation.registered]
        person = next((str(variables[name]) for name in registration.bind), None)
        return {"Authorization": f"Bearer {self._issuer.token(client, registration.purpose, person)}"}

    def path(self, operation: Operation) -> str:
        """Return the path of the operation."""
        return f"/{operation.name}" if self.name.startswith("handwritten") else "/graphql"

    def body(self, operation: Operation, variables: Mapping[str, object]) -> str:
        """Return the body of a request."""
        if self.name.startswith("handwritten"):
            return json.dumps(variables)
        registration = self._rules.register[operation.registered]
        if self.is_gateway:
            sent = {name: value for name, value in variables.items() if name not in registration.bind}
            asked = {"documentId": registration.document_id, "variables": sent}
            leaf = self._rules.policy.purposes.leaves[registration.purpose]
            if leaf.case_number:
                number = self.authorisations[str(sent["id"])] if leaf.authorisation else _case_number(sent)
                asked["extensions"] = {"caseNumber": number}
            return json.dumps(asked)
        return json.dumps({"query": registration.document, "variables": variables})

    def ask(self, operation: Operation, variables: Mapping[str, object]) -> Any:
        """Send one request and return the decoded answer."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{self.path(operation)}",
            self.body(operation, variables).encode(),
            {"Content-Type": "application/json", **self.headers(operation, variables)},
        )
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 the address is ours
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{self.name} answers {operation.name} with {error.code}") from None


def _case_number(variables: Mapping[str, object]) -> str:
    """Return a case number for the subjects of a request: a case has few subjects."""
    drawn = zlib.crc32(json.dumps(variables, sort_keys=True).encode()) % MOST_CASES or 1
    return f"信用〔2026〕{drawn}号"


@contextmanager
def start_contenders(
    names: list[ContenderName],
    dsns: Mapping[str, str],
    folder: Path,
    before: Path | None = None,
    authorisations: Mapping[str, str] | None = None,
) -> Generator[dict[ContenderName, Contender]]:
    """Start contenders one after the other, and stop all of them at the end; idle contenders cost nothing.

    `before` is the checkout of "gateway-before"; `authorisations` are the numbers by borrower.
    """
    running: dict[ContenderName, Contender] = {}
    try:
        for name in names:
            root = before if name == "gateway-before" and before else _ROOT
            running[name] = Contender(name, dsns, folder / name, root).__enter__()
            running[name].authorisations = authorisations or {}
        yield running
    finally:
        for contender in running.values():
            contender.stop()


def _command(name: ContenderName, port: int, root: Path) -> list[str]:
    if name in {"gateway", "gateway-again", "gateway-before"}:
        # Up to version 0.1.0 the command line was a part of the gateway.
        module = "cli" if (root / "cli").is_dir() else "gateway"
        return ["-m", module, "serve", "--port", str(port)]
    if name in _CHANGED:
        return ["-m", _CHANGED[name], str(port)]
    module = _MODULES.get(name, "benchmarks.joined")
    return [
        *("-m", "uvicorn", "--factory", f"{module}:make_app", "--port", str(port)),
        *("--loop", "uvloop", "--http", "httptools", "--log-level", "warning"),
        *("--no-access-log", "--no-server-header", "--no-date-header"),
    ]


def _environment(name: ContenderName, dsns: Mapping[str, str], jwks: Path) -> dict[str, str]:
    if name.startswith("gateway"):
        sources = {f"CREDITGRAPH_SOURCES__{bureau.upper()}__DSN": dsn for bureau, dsn in dsns.items()}
        register = approved_register(jwks.parent / "register", UNLIMITED, city=str(Settings().city))
        approved = {f"CREDITGRAPH_{setting.upper()}": path for setting, path in register.items()}
        return {"CREDITGRAPH_JWKS": str(jwks), **sources, **approved}
    reset = {RESET_VARIABLE: "1"} if name == "handwritten" else {}
    return {DSNS_VARIABLE: json.dumps(dict(dsns)), **reset}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
