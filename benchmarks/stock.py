"""Contender (b): Strawberry as its documentation shows it, with a loader per edge and its caches on.

Subjects, loaders and resolvers are written here, record types in `benchmarks.stock_records`. No authorization.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeAlias

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from benchmarks.databases import Pools, open_pools
from benchmarks.stock_loaders import STANDING, Loaders
from benchmarks.stock_records import (
    ClosedEnforcement,
    Contribution,
    CreditScore,
    Honour,
    JudgmentDefault,
    LabourGrade,
    RedListEntry,
    SeriousTaxViolation,
    TaxArrears,
    TaxGrade,
    TransportGrade,
    TransportLicence,
    Volunteering,
)
from schema.scalars import CONFIG, DEFAULT_RECORDS, Count, CreditCode, Fen, PersonNumber


@dataclass(frozen=True, slots=True)
class Context:
    """The context of resolvers: the loaders of the request."""

    loaders: Loaders


Info: TypeAlias = "strawberry.Info[Context, None]"


async def _one(info: Info, dataset: str, key: str, record: type[Any]) -> Any:
    row = await info.context.loaders[dataset].load(key)
    return None if row is None else record(**row)


async def _many(info: Info, dataset: str, key: str, record: type[Any], first: int) -> Any:
    rows = await info.context.loaders[dataset].load(key)
    return [record(**row) for row in rows[:first]]


@strawberry.interface
class CreditSubject:
    """信用主体."""

    key: strawberry.Private[str]
    name: str | None
    region: str | None

    def shown(self, info: Info, dataset: str) -> str:
        """Return the loader of what is shown: for a duty what stands, and in the person's own report everything."""
        name = info.operation.name
        return dataset if name and name.value == "ReportSummary" else f"{dataset}{STANDING}yes"

    @strawberry.field
    async def tax_arrears(self, info: Info, first: Count = DEFAULT_RECORDS) -> list[TaxArrears] | None:
        """Tax arrears, latest first."""
        return await _many(info, self.shown(info, "tax.tax_arrears"), self.key, TaxArrears, first)

    @strawberry.field
    async def contribution(self, info: Info) -> Contribution | None:
        """The summary of contributions."""
        return await _one(info, "social_security.contribution", self.key, Contribution)

    @strawberry.field
    async def judgment_defaults(
        self, info: Info, first: Count = DEFAULT_RECORDS
    ) -> list[JudgmentDefault] | None:
        """Judgment defaults, latest first."""
        return await _many(
            info, self.shown(info, "courts.judgment_defaulter"), self.key, JudgmentDefault, first
        )

    @strawberry.field
    async def closed_enforcements(
        self, info: Info, first: Count = DEFAULT_RECORDS
    ) -> list[ClosedEnforcement] | None:
        """Enforcement closed without result, latest first."""
        return await _many(
            info, self.shown(info, "courts.closed_enforcement"), self.key, ClosedEnforcement, first
        )

    @strawberry.field
    async def serious_tax_violations(
        self, info: Info, first: Count = DEFAULT_RECORDS
    ) -> list[SeriousTaxViolation] | None:
        """Entries in the list of serious violations, latest first."""
        return await _many(
            info, self.shown(info, "tax.serious_violation"), self.key, SeriousTaxViolation, first
        )

    @strawberry.field
    async def transport_grade(self, info: Info) -> TransportGrade | None:
        """The transport credit grade."""
        return await _one(info, "transport.transport_grade", self.key, TransportGrade)

    @strawberry.field
    async def transport_licences(
        self, info: Info, first: Count = DEFAULT_RECORDS
    ) -> list[TransportLicence] | None:
        """Road transport licences, latest first."""
        return await _many(info, "transport.licence", self.key, TransportLicence, first)

    @strawberry.field
    async def red_lists(self, info: Info, first: Count = DEFAULT_RECORDS) -> list[RedListEntry] | None:
        """Entries in red lists, latest first."""
        return await _many(info, "credit_office.red_list", self.key, RedListEntry, first)

    @strawberry.field
    async def honours(self, info: Info, first: Count = DEFAULT_RECORDS) -> list[Honour] | None:
        """Honours, latest first."""
        return await _many(info, "credit_office.honour", self.key, Honour, first)


@strawberry.type
class Person(CreditSubject):
    """自然人."""

    sex: str | None
    birth_date: date | None

    @strawberry.field
    async def offices(
        self, info: Info, first: Count = DEFAULT_RECORDS
    ) -> list[Annotated[Office, strawberry.lazy("benchmarks.stock")]] | None:
        """Offices, latest first."""
        rows = await info.context.loaders["registry.office_by_person"].load(self.key)
        return [_office(row) for row in rows[:first]]

    @strawberry.field
    async def scores(self, info: Info, first: Count = DEFAULT_RECORDS) -> list[CreditScore] | None:
        """Score programmes."""
        return await _many(info, "credit_office.score", self.key, CreditScore, first)

    @strawberry.field
    async def volunteering(self, info: Info, first: Count = DEFAULT_RECORDS) -> list[Volunteering] | None:
        """Volunteering, latest year first."""
        return await _many(info, "credit_office.volunteering", self.key, Volunteering, first)


@strawberry.type
class Enterprise(CreditSubject):
    """法人和非法人组织."""

    kind: str | None
    industry: str | None
    status: str | None
    established_on: date | None
    registered_capital_fen: Fen | None

    @strawberry.field
    def credit_code(self) -> CreditCode | None:
        """Unified social credit code."""
        return CreditCode(self.key)

    @strawberry.field
    async def latest_tax_grade(self, info: Info) -> TaxGrade | None:
        """The latest taxpayer grade."""
        return await _one(info, "tax.latest_taxpayer_grade", self.key, TaxGrade)

    @strawberry.field
    async def labour_grade(self, info: Info) -> LabourGrade | None:
        """The latest labour integrity grade."""
        return await _one(info, "social_security.labour_grade", self.key, LabourGrade)

    @strawberry.field
    async def operator(self, info: Info) -> Annotated[Office, strawberry.lazy("benchmarks.stock")] | None:
        """The office of the current operator of an individual business."""
        row = await info.context.loaders["registry.operator"].load(self.key)
        return None if row is None else _office(row)

    @strawberry.field
    async def legal_representative(
        self, info: Info
    ) -> Annotated[Office, strawberry.lazy("benchmarks.stock")] | None:
        """The office of the current legal representative."""
        row = await info.context.loaders["registry.legal_representative"].load(self.key)
        return None if row is None else _office(row)


@strawberry.type
class Office:
    """任职."""

    person_number: strawberry.Private[str]
    credit_code: strawberry.Private[str]
    office_number: strawberry.Private[str]
    role: str | None
    since: date | None
    until: date | None

    @strawberry.field
    async def person(self, info: Info) -> Person | None:
        """The holder of the office."""
        return await _person(info, self.person_number)

    @strawberry.field
    async def enterprise(self, info: Info) -> Enterprise | None:
        """The enterprise of the office."""
        return await _enterprise(info, self.credit_code)


def _office(row: dict[str, Any]) -> Office:
    return Office(**row)


async def _person(info: Info, number: str) -> Person | None:
    row = await info.context.loaders["registry.person"].load(number)
    if row is None:
        return None
    return Person(
        key=number, name=row["name"], region=row["region"], sex=row["sex"], birth_date=row["birth_date"]
    )


async def _enterprise(info: Info, code: str) -> Enterprise | None:
    row = await info.context.loaders["registry.enterprise"].load(code)
    return None if row is None else _enterprise_of(row)


def _enterprise_of(row: dict[str, Any]) -> Enterprise:
    fields = {name: value for name, value in row.items() if name != "credit_code"}
    return Enterprise(key=row["credit_code"], **fields)


@strawberry.type
class Query:
    """The root fields of the three operations."""

    @strawberry.field
    async def person(self, info: Info, id: PersonNumber) -> Person | None:
        """The person with this identity number."""
        return await _person(info, id)

    @strawberry.field
    async def enterprises(self, info: Info, ids: list[CreditCode]) -> list[Enterprise | None] | None:
        """Enterprises in the order of the request."""
        rows = await info.context.loaders["registry.enterprise"].load_many(list(ids))
        return [None if row is None else _enterprise_of(row) for row in rows]


class View(GraphQL[Context, None]):
    """Strawberry's own view, with orjson as its documentation advises."""

    def __init__(self, schema: strawberry.Schema, pools: list[Pools]) -> None:
        super().__init__(schema, graphql_ide=None)
        self._pools = pools

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Make the loaders of a request."""
        del request, response
        return Context(Loaders(self._pools[0]))

    def encode_json(self, data: object) -> bytes:
        """Encode an answer."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        """Decode a request."""
        return orjson.loads(data)


def make_app() -> Starlette:
    """Return the application; it opens its pools when it starts."""
    held: list[Pools] = []
    schema = strawberry.Schema(Query, config=CONFIG, extensions=[ParserCache, ValidationCache])

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncGenerator[None]:
        async with open_pools() as pools:
            held.append(pools)
            yield

    return Starlette(routes=[Route("/graphql", View(schema, held))], lifespan=life)
