"""A gateway in small for tests of the page alone: the explorer's routes, and graphql-core over a few fields."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn
from graphql import GraphQLError, build_schema, graphql_sync, parse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.access.explorer.explorer_page import (
    Sample,
    Session,
    SessionClient,
    SessionOperation,
    SessionPurpose,
    encode,
    routes,
)

SDL = """
scalar PersonNumber
type Query { person(id: String!): Person  persons(ids: [PersonNumber!]!): [Person] }
type Person { name: String  region: String  income: Int  arrears: Int  %s }
"""
WITHHELD = tuple(f"withheld{number}" for number in range(1, 15))
"""Fields that no purpose allows: as many as fill a panel several times."""
QUERY = "query Ask($id: String!) { person(id: $id) { name income arrears } }"
SUBJECT = "synthetic-subject"
BORROW = SessionPurpose("library.borrow", "图书借阅免押金", "Borrowing without deposit")
LOAN = SessionPurpose("bank.loan", "信用贷款", "Credit loan")
LOANS = SessionOperation(
    "loans",
    "贷款审批",
    "Loans",
    LOAN.name,
    "query Loans($ids: [PersonNumber!]!) { persons(ids: $ids) { income } }",
)
CLIENTS = (
    SessionClient("developer", "开发者", "Developer", "token-developer", (BORROW, LOAN), (LOANS,)),
    SessionClient("library", "市图书馆", "City library", "token-library", (BORROW,)),
    SessionClient("clinic", "医院", "Clinic", "token-clinic", (BORROW,)),
    SessionClient("garage", "停车场", "Garage", "token-garage", (BORROW,)),
)
"""The tokens of the clinic and the garage expire in the tests."""
SESSION = Session("信阳", CLIENTS, (Sample("person", SUBJECT), Sample("enterprise", "synthetic-code")))
JSON_HEADERS = ("authorization", "data-purpose", "accept", "content-type")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that reached /graphql."""

    headers: Mapping[str, str]
    operation: str | None


@dataclass(slots=True)
class StandIn:
    """The address of the running stand-in and what it was asked."""

    address: str = ""
    expired: set[str] = field(default_factory=set[str])
    asked: list[Asked] = field(default_factory=list[Asked])
    explained: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What it was asked to explain."""

    def session(self) -> bytes:
        """A session with tokens that are not expired."""
        fresh = tuple(replace(one, token=self._fresh(one.token)) for one in CLIENTS)
        return encode(Session(SESSION.city, fresh, SESSION.samples))

    def _fresh(self, token: str) -> str:
        return f"{token}-renewed" if token in self.expired else token

    async def answer(self, request: Request) -> Response:
        """Answer as the gateway would, with a field denied and a bureau that is down."""
        body = await request.json()
        headers = {name: value for name, value in request.headers.items() if name in JSON_HEADERS}
        self.asked.append(Asked(headers, body.get("operationName")))
        if headers["authorization"].removeprefix("Bearer ") in self.expired:
            return JSONResponse({"errors": [{"message": "The token has expired."}]}, status_code=401)
        hidden = body.get("operationName") == "IntrospectionQuery" and "library" in headers["authorization"]
        result = graphql_sync(
            NARROW if hidden else SCHEMA,
            body["query"],
            root_value=ROOT,
            context_value=headers.get("data-purpose"),
            variable_values=body.get("variables"),
            operation_name=body.get("operationName"),
        )
        return JSONResponse(result.formatted, media_type="application/graphql-response+json")

    async def explain(self, request: Request) -> Response:
        """Explain as the gateway would: income is denied but for a loan, and what is beside it is allowed."""
        asked = await request.json()
        self.explained.append(asked)
        if request.headers["authorization"].removeprefix("Bearer ") in self.expired:
            return JSONResponse({"errors": [{"message": "The token has expired."}]}, status_code=401)
        try:
            parse(asked["query"])
        except GraphQLError:
            return JSONResponse({"errors": [{"message": "The document cannot be parsed."}]})
        named = set(re.findall(r"\w+", asked["query"]))
        lines = [_line(name, asked["purpose"]) for name in EXPLAINED if name in named]
        explanation = {"purpose": asked["purpose"], "lines": lines, "covering": []}
        return JSONResponse({"explanation": explanation, "mixesPurposes": False})


EXPLAINED = ("name", "region", "income", *WITHHELD)
"""The fields whose uses it explains."""


def _line(name: str, purpose: str) -> dict[str, Any]:
    denied = name in WITHHELD or (name == "income" and purpose != LOAN.name)
    return {
        "field": f"Person.{name}",
        "use": "read",
        "reached": "asked",
        "at": f"Person.{name}",
        "state": "denied" if denied else "masked" if name == "region" else "allowed",
        "rule": "permit-income-01" if denied else "permit-name-01",
        "reason": "Income is read for credit decisions only." if denied else "Everybody has a name.",
        "source": "test",
        "input": "",
        "under": "Query.person" if name == "region" else "",
        "uses": ["read"],
        "purposes": [LOAN.name, "tax.audit"] if denied else [],
    }


def _income(info: Any) -> int:
    if info.context == LOAN.name:
        return 800_000
    return _denied(info)


def _denied(info: Any) -> int:
    facts = {
        "code": "FIELD_DENIED",
        "field": f"Person.{info.field_name}",
        "purpose": info.context or "",
        "rule": "permit-income-01",
        "reason": "Income is read for credit decisions only.",
        "purposes": [LOAN.name, "tax.audit"],
        "remedy": "Remove the field, or ask under a purpose that covers it.",
    }
    raise GraphQLError("The purpose does not cover this field.", extensions=facts)


def _arrears(_: Any) -> int:
    facts = {
        "code": "BUREAU_UNAVAILABLE",
        "bureau": "tax",
        "dataset": "tax_arrears",
        "remedy": "Ask again later.",
    }
    raise GraphQLError("The bureau cannot be reached.", extensions=facts)


def _person() -> dict[str, Any]:
    shown = {"name": "李小雨", "region": "411502", "income": _income, "arrears": _arrears}
    return shown | dict.fromkeys(WITHHELD, _denied)


NARROW = build_schema(SDL.replace("income: Int", "") % "")
"""What the library's introspection shows: nothing that no purpose of it allows."""
SCHEMA = build_schema(SDL % " ".join(f"{name}: Int" for name in WITHHELD))
ROOT = {
    "person": lambda _info, **_asked: _person(),
    "persons": lambda _info, ids: [_person() for _ in ids],
}


@contextmanager
def running(bundle: Path) -> Generator[StandIn, None, None]:
    """Serve the stand-in under uvicorn in a thread, on a port of its own."""
    stand_in = StandIn()
    app = Starlette(
        routes=[
            *routes(bundle, stand_in.session),
            Route("/graphql", stand_in.answer, methods=["POST"]),
            Route("/explorer/graphql", stand_in.answer, methods=["POST"]),
            Route("/explorer/explain", stand_in.explain, methods=["POST"]),
        ]
    )
    listener = socket.create_server(("127.0.0.1", 0))
    stand_in.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield stand_in
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
