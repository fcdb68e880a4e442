"""A representative who is no living adult by the registry, over the real server: the enterprise stays closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import islice
from typing import Any

import asyncpg
import httpx2
import pytest

from sandbox.city import RunningCity
from sandbox.representatives import representatives
from tests.support.command_line import Caller, Process, refusal
from tests.support.issuer import Issuer
from tests.system.test_ways_in import same

ROW = "SELECT birth_date, deceased FROM own.person WHERE person_number = $1"
CHANGED = "UPDATE own.person SET birth_date = $2, deceased = $3 WHERE person_number = $1"


@pytest.mark.rule("R49")
@pytest.mark.parametrize("case", ["a minor", "dead"])
async def test_a_representative_who_is_no_living_adult_is_like_somebody_else(
    case: str,
    production: Process,
    issuer: Issuer,
    client_of: Callable[[Process], httpx2.Client],
    register: dict[str, str],
    city: RunningCity,
):
    """While the registry has the representative as a minor or dead, the answer is that for who holds no office."""

    def ask(person: str) -> Any:
        token = issuer.token("citizen", ("subject.access",), person=person, enterprise=first.enterprise)
        return Caller(client_of(production), token).call(register["enterprise-file"])

    first, *others = islice(representatives(city.city), 40)
    stranger = ask(next(each.person for each in others if each.person != first.person))
    registry: asyncpg.Connection[Any] = await asyncpg.connect(city.server.dsn("registry"))
    born, deceased = await registry.fetchrow(ROW, first.person)
    changed = (date(2020, 1, 1), deceased) if case == "a minor" else (born, True)
    assert ask(first.person).json()["data"]["enterprise"]
    await registry.execute(CHANGED, first.person, *changed)
    try:
        refused = ask(first.person)
    finally:
        await registry.execute(CHANGED, first.person, born, deceased)
        await registry.close()
    assert refusal(refused) == (403, "REPRESENTATIVE_NOT_IN_OFFICE")
    assert same(refused, stranger)
    assert ask(first.person).json()["data"]["enterprise"]
