"""`python -m benchmarks.path`: the modules that one warm registered request leads a reader through, and its calls.

The city, the bureaus and the gateway are those of the demo: five bureaus are PostgreSQL databases, transport is a
service over HTTP, and uvicorn serves the application, here in this process. The library asks its registered
operation about one person who may borrow, first until every cache is warm, then once under `sys.setprofile`.

Counted are the "call" events of Python's profiler, from the request's first byte to its answer, in code of the
packages of `PACKAGES`. A coroutine that is resumed counts as one more call, and so does a comprehension or
generator: that is what the interpreter does. A module counts once it is entered. Libraries, the standard library
and code made at run time (`__init__` of a dataclass, the compiled projection) are not counted.

Which awaits suspend depends on when bureaus answer, so the calls of two requests may differ by a few; the median of
`REQUESTS` is printed. Measured at e821ef2 by the same definition: 51 modules and 805 calls.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median_low
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final

import uvloop

from gateway.access.app import make_app
from gateway.access.identity.demo_key import issue
from gateway.access.running_gateway import open_gateway
from gateway.access.server import Server, bound_socket
from gateway.installation import read_rules
from gateway.settings import ROOT, Settings, SourceSettings
from observability.logging import configure
from sandbox.city import RunningCity, prepare
from sandbox.people import person_number
from sandbox.transport_process import TransportProcess
from tests.support.tested_city import TESTED_CITY

PACKAGES: Final = ("adapters", "catalogue", "gateway", "observability", "resolvers", "schema", "store")
OPERATION: Final = "library"
PERSONS: Final = 2_000
WARM_UPS: Final = 20
REQUESTS: Final = 9
_FOLDER: Final = ROOT / ".demo" / "bench-path"
_PREFIXES: Final = tuple(f"{ROOT / name}/" for name in PACKAGES)


@dataclass(frozen=True, slots=True)
class Request:
    """The library's request about one person."""

    headers: Mapping[str, str]
    document_id: str

    def body(self, person: str) -> bytes:
        """Return the body that names a person."""
        variables = {"of": {"person": person}}
        return json.dumps({"documentId": self.document_id, "variables": variables}).encode()


class Client:
    """Asks over one connection that is kept open; in a thread, whose calls are not counted."""

    def __init__(self, port: int, request: Request) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self._request = request

    async def ask(self, person: str) -> bytes:
        """Return the body of an answer."""
        return await asyncio.to_thread(self._ask, person)

    def _ask(self, person: str) -> bytes:
        self._connection.request("POST", "/graphql", self._request.body(person), dict(self._request.headers))
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the gateway answers with {answer.status}")
        return body


class Calls:
    """Counts calls of the project's code by function, modules in the order in which they are entered."""

    def __init__(self) -> None:
        self.functions: Counter[tuple[str, str]] = Counter()

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """Take an event of the profiler."""
        if event == "call" and frame.f_code.co_filename.startswith(_PREFIXES):
            file = Path(frame.f_code.co_filename).relative_to(ROOT)
            self.functions[str(file), frame.f_code.co_qualname] += 1

    @property
    def modules(self) -> dict[str, int]:
        """The calls of each module that was entered, in order of entry."""
        found: dict[str, int] = {}
        for (module, _), calls in self.functions.items():
            found[module] = found.get(module, 0) + calls
        return found


async def measured(client: Client, person: str) -> Calls:
    """Return the calls that one request makes on the event loop."""
    calls = Calls()
    sys.setprofile(calls)
    try:
        await client.ask(person)
    finally:
        sys.setprofile(None)
    return calls


@contextmanager
def settings_of(city: RunningCity) -> Generator[Settings]:
    """Return the settings of the demo over a city, with a transport bureau of its own."""
    with TemporaryDirectory() as made:
        file, secret = Path(made) / "transport.secret", secrets.token_urlsafe(32)
        file.write_text(secret)
        with TransportProcess(city.dsns["transport"], file, log=Path(made) / "transport.log") as service:
            sources = {name: {"dsn": dsn} for name, dsn in city.dsns.items()}
            sources["transport"] = {"url": service.url, "secret": secret}
            checked = {name: SourceSettings.model_validate(source) for name, source in sources.items()}
            yield Settings(explorer=True, demo_key=True, sources=checked)


@asynccontextmanager
async def served(settings: Settings) -> AsyncGenerator[int]:
    """Serve the gateway on the running loop and return its port."""
    ready = asyncio.Event()
    async with open_gateway(settings) as gateway:
        server = Server(make_app(gateway), settings, ready.set)
        with bound_socket("127.0.0.1", 0) as listener:
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            await ready.wait()
            try:
                yield listener.getsockname()[1]
            finally:
                server.should_exit = True
                await serving


def request_of(settings: Settings) -> Request:
    """Return the library's request as it is registered."""
    rules = read_rules(settings)
    registration = rules.register[OPERATION]
    client = rules.clients[OPERATION]
    token = issue(
        client.name, client.department, client.region, [registration.purpose], settings.audience, 3600
    )
    headers = {
        "Accept": "application/graphql-response+json",
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
    }
    return Request(headers, registration.document_id)


async def borrower(client: Client, city: RunningCity) -> str:
    """Return the first person whom the library lends to without a deposit: all rules are looked at for such."""
    for number in range(PERSONS):
        person = person_number(city.city, number)
        if b'"TRUE"' in await client.ask(person):
            return person
    raise RuntimeError("nobody in this city may borrow")


async def path(city: RunningCity, settings: Settings) -> Calls:
    """Return the calls of a warm request: of several, those of the median."""
    async with served(settings) as port:
        client = Client(port, request_of(settings))
        person = await borrower(client, city)
        for _ in range(WARM_UPS):
            await client.ask(person)
        found = [await measured(client, person) for _ in range(REQUESTS)]
    middle = median_low(each.functions.total() for each in found)
    return next(each for each in found if each.functions.total() == middle)


def main() -> None:
    """Print a line a module, with `--functions` a line a function as well, and the two figures."""
    configure("WARNING")
    with prepare(_FOLDER, PERSONS, name=TESTED_CITY, quiet=True) as city, settings_of(city) as settings:
        calls = uvloop.run(path(city, settings))
    if "--functions" in sys.argv:
        for (module, function), count in calls.functions.items():
            print(f"{count:5}  {module}  {function}")
    for module, count in calls.modules.items():
        print(f"{count:5}  {module}")
    print(f"modules {len(calls.modules)} calls {calls.functions.total()}")


if __name__ == "__main__":
    main()
