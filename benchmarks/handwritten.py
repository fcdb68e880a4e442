"""Contender (a), first version: three endpoints written by hand with Starlette, asyncpg and orjson.

They are written to be fast: one statement for each data set, all data sets of a level at the same time, joins
inside a bureau by its database, no reset of connections, no authorization, no checks. Their answers have the
form of the GraphQL answers, so that the benchmark can compare them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks import statements as sql
from benchmarks.databases import Pools, open_pools

Row: TypeAlias = Any
"""A record of asyncpg; its column names are the field names of the answer."""
Answer: TypeAlias = dict[str, Any] | None
Named: TypeAlias = Sequence[tuple[str, str, str]]
"""Field, bureau and statement of data sets."""


def _json(field: str, value: object) -> Response:
    return Response(orjson.dumps({"data": {field: value}}), media_type="application/json")


def _dict(row: Row | None) -> Answer:
    return None if row is None else dict(row)


def _dicts(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return list(map(dict, rows))


async def point(pools: Pools, asked: dict[str, Any]) -> Answer:
    """Return name, region, contributions and what stands against one person."""
    number = asked["id"]
    found: list[Any] = await asyncio.gather(
        pools["registry"].fetchrow(sql.POINT_PERSON, number),
        *(pools[bureau].fetchrow(text, number) for _, bureau, text in sql.POINT_ONE),
        *(pools[bureau].fetch(text, number) for _, bureau, text in sql.POINT_MANY),
    )
    person, *rest = found
    return None if person is None else {**person, **_records(sql.POINT_ONE, sql.POINT_MANY, rest)}


def _records(ones: Named, manies: Named, found: Sequence[Any]) -> dict[str, Any]:
    """Return the records of a person by field: one row or none, then lists."""
    answer = {field: _dict(row) for (field, _, _), row in zip(ones, found, strict=False)}
    lists = zip(manies, found[len(ones) :], strict=True)
    return answer | {field: _dicts(rows) for (field, _, _), rows in lists}


async def profile(pools: Pools, asked: dict[str, Any]) -> Answer:
    """Return every bureau's records of one person, and the enterprises of the person's offices."""
    number = asked["id"]
    found: list[Any] = await asyncio.gather(
        pools["registry"].fetchrow(sql.PROFILE_PERSON, number),
        _offices(pools, number),
        *(pools[bureau].fetchrow(text, number) for _, bureau, text in sql.PROFILE_ONE),
        *(pools[bureau].fetch(text, number) for _, bureau, text in sql.PROFILE_MANY),
    )
    person, offices, *rest = found
    if person is None:
        return None
    return {**person, "offices": offices, **_records(sql.PROFILE_ONE, sql.PROFILE_MANY, rest)}


async def _offices(pools: Pools, number: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in await pools["registry"].fetch(sql.PROFILE_OFFICES, number):
        enterprise = dict(row)
        office = {name: enterprise.pop(name) for name in ("role", "since", "until")}
        found.append({**office, "enterprise": enterprise})
    return found


async def batch(pools: Pools, asked: dict[str, Any]) -> list[Answer]:
    """Return the risk of enterprises, in the order of the request."""
    codes = asked["ids"]
    registry, tax, arrears, labour, defaults, transport, licences = await asyncio.gather(
        *(pools[bureau].fetch(text, codes) for bureau, text in sql.BATCH)
    )
    taxes = {r[0]: {"year": r[1], "grade": r[2], "points": r[3]} for r in tax}
    owed = _two(arrears, lambda r: {"tax": r[1], "amountFen": r[2], "since": r[3], "clearedOn": r[4]})
    labours = {r[0]: {"year": r[1], "grade": r[2]} for r in labour}
    defaulted = _two(defaults, lambda r: {"caseNumber": r[1], "performance": r[2], "listedOn": r[3]})
    transports = {r[0]: {"year": r[1], "grade": r[2], "demerits": r[3]} for r in transport}
    licensed = _two(licences, lambda r: {"kind": r[1], "status": r[2], "validUntil": r[3]})
    found: dict[str, Answer] = {
        code: {
            "creditCode": code,
            "name": row[1],
            "kind": row[2],
            "industry": row[3],
            "region": row[4],
            "status": row[5],
            "establishedOn": row[6],
            "legalRepresentative": _head(row, "LEGAL_REPRESENTATIVE"),
            "operator": _head(row, "OPERATOR"),
            "latestTaxGrade": taxes.get(code),
            "taxArrears": owed.get(code, ()),
            "labourGrade": labours.get(code),
            "judgmentDefaults": defaulted.get(code, ()),
            "transportGrade": transports.get(code),
            "transportLicences": licensed.get(code, ()),
        }
        for row in registry
        for code in (row[0],)
    }
    return [found.get(code) for code in codes]


def _head(row: Row, role: str) -> Answer:
    if row[9] != role:
        return None
    person = None if row[8] is None else {"name": row[8]}
    return {"since": row[7], "person": person}


def _two(rows: Iterable[Row], made: Callable[[Row], dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Group records by the first column, and keep the first two of each group."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        group = found[row[0]]
        if len(group) < 2:
            group.append(made(row))
    return found


OPERATIONS: Final = {
    "point": ("person", point),
    "profile": ("person", profile),
    "batch": ("enterprises", batch),
}


def make_app() -> Starlette:
    """Return the application; it opens its pools when it starts."""
    return make_app_of(OPERATIONS)


def make_app_of(
    operations: Mapping[str, tuple[str, Callable[[Pools, dict[str, Any]], Awaitable[Any]]]],
) -> Starlette:
    """Return an application with one endpoint for each operation, named by the field of its answer."""
    held: list[Pools] = []

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncGenerator[None]:
        async with open_pools() as pools:
            held.append(pools)
            yield

    def endpoint(
        field: str, answer: Callable[[Pools, dict[str, Any]], Awaitable[Any]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            return _json(field, await answer(held[0], orjson.loads(await request.body())))

        return respond

    routes = [
        Route(f"/{name}", endpoint(field, answer), methods=["POST"])
        for name, (field, answer) in operations.items()
    ]
    return Starlette(routes=routes, lifespan=life)
