"""Contender (a): one statement for each bureau; PostgreSQL writes the JSON of the records.

The endpoints of the module `handwritten` run one statement for each data set. Here one statement reads all data
sets of a bureau. Its columns are JSON texts, which the answer contains unchanged.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson
from starlette.applications import Starlette

from benchmarks import joined_statements as sql
from benchmarks.databases import Pools
from benchmarks.handwritten import Answer, Row, make_app_of
from benchmarks.statements import POINT_PERSON


async def point(pools: Pools, asked: dict[str, Any]) -> Answer:
    """Return name, region, contributions and what stands against one person."""
    number = asked["id"]
    found: list[Any] = await asyncio.gather(
        pools["registry"].fetchrow(POINT_PERSON, number),
        *(pools[bureau].fetchrow(text, number) for bureau, text in sql.POINT.items()),
    )
    person, *rest = found
    answer: Answer = None if person is None else dict(person)
    if answer is not None:
        for row in rest:
            _embed(answer, row)
    return answer


async def profile(pools: Pools, asked: dict[str, Any]) -> Answer:
    """Return every bureau's records of one person, and the enterprises of the person's offices."""
    number = asked["id"]
    found: list[Any] = await asyncio.gather(
        _registered(pools, number),
        *(pools[bureau].fetchrow(text, number) for bureau, text in sql.PROFILE.items()),
    )
    answer, *rest = found
    if answer is not None:
        for row in rest:
            _embed(answer, row)
    return answer


async def _registered(pools: Pools, number: str) -> Answer:
    """Return the person with offices."""
    rows = await pools["registry"].fetch(sql.PROFILE_REGISTRY, number)
    if not rows:
        return None
    offices: list[dict[str, Any]] = []
    for row in rows:
        if row["code"] is not None:
            enterprise = {"name": row["enterpriseName"], **{name: row[name] for name in sql.ENTERPRISE}}
            offices.append({**{name: row[name] for name in sql.OFFICE}, "enterprise": enterprise})
    return {**{name: rows[0][name] for name in sql.PERSON}, "offices": offices}


async def batch(pools: Pools, asked: dict[str, Any]) -> list[Answer]:
    """Return the risk of enterprises, in the order of the request."""
    codes = asked["ids"]
    registry, *rest = await asyncio.gather(
        *(pools[bureau].fetch(text, codes) for bureau, text in sql.BATCH.items())
    )
    known = {row[0] for row in registry}
    found = _by_subject([registry, *rest])
    return [found[code] if code in known else None for code in codes]


def _by_subject(answers: list[list[Row]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for rows in answers:
        for row in rows:
            _embed(found.setdefault(row[0], {}), row)
    return found


def _embed(answer: dict[str, Any], row: Row) -> None:
    """Return the record's columns for the answer; columns marked as JSON stay unchanged."""
    for name, value in row.items():
        if name[0] == sql.JSON:
            answer[name[1:]] = None if value is None else orjson.Fragment(value)
        elif name != "subject":
            answer[name] = value


OPERATIONS: Final = {
    "point": ("person", point),
    "profile": ("person", profile),
    "batch": ("enterprises", batch),
}


def make_app() -> Starlette:
    """Return the application; it opens its pools when it starts."""
    return make_app_of(OPERATIONS)
