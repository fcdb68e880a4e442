"""What one incentive asks of many persons is read once a bureau, however many they are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from adapters import bureaus
from adapters.bureau_errors import BureauError
from adapters.source import Batch, Key, Query, Read
from catalogue.identifiers import person_check_sign
from tests.support.gateway_in_memory import TODAY, InMemory
from tests.support.one_person import DEFAULT, somebody
from tests.support.rows_source import Record, RowsSource

MANY_AT_ONCE = "query Q($of: [SubjectKey!]!) { standings(of: $of) { priority: pds001 } }"
PRIORITY = "query Q($of: SubjectKey!) { standing(of: $of) { priority: pds001 } }"
"""It asks four bureaus of a person: the registry, the courts, taxes and transport."""
MANY = 1_000
ARREARS: Record = {"since": TODAY, "cleared_on": None, "amount_fen": 100}


@dataclass(slots=True, eq=False)
class JoiningRows(RowsSource):
    """A bureau that answers several data sets by one round trip, as PostgreSQL does; it counts the round trips."""

    trips: int = 0
    sets: set[str] = field(default_factory=set[str])

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Answer one data set by a round trip of its own."""
        self.trips += 1
        self.sets.add(query.dataset.name)
        return await RowsSource.fetch(self, query, keys, deadline)

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        """Answer several data sets by one round trip."""
        self.trips += 1
        self.sets |= {each.query.dataset.name for each in reads if each.keys}
        return [await RowsSource.fetch(self, each.query, each.keys, deadline) for each in reads]


def persons() -> list[Key]:
    """Return the numbers of adults."""
    bodies = (f"4104021980{1 + number // 250:02}01{number % 250:03}" for number in range(MANY))
    return [body + person_check_sign(body) for body in bodies]


def gateway_of(keys: list[Key]) -> InMemory:
    """Return a gateway in whose city every third person is on a list, and every fifth owes taxes."""
    tables: dict[str, dict[str, dict[Key, list[Record]]]] = {
        "registry": {"person": {key: [somebody()] for key in keys}},
        "courts": {"judgment_defaulter": {key: [DEFAULT] for key in keys[::3]}},
        "tax": {"tax_arrears": {key: [ARREARS] for key in keys[::5]}},
    }
    return InMemory({name: JoiningRows(name, tables.get(name, {})) for name in bureaus.discover()})


def asked(gateway: InMemory) -> dict[str, tuple[int, set[str]]]:
    """Return how many round trips each bureau made, and for which data sets; each was for all persons."""
    found: dict[str, tuple[int, set[str]]] = {}
    for name, source in gateway.sources.items():
        assert isinstance(source, JoiningRows)
        assert {len(keys) for _, keys in source.asked} <= {0, MANY}
        if source.trips:
            found[name] = source.trips, source.sets
    return found


ONCE = {
    "registry": (1, {"person"}),
    "courts": (1, {"judgment_defaulter"}),
    "tax": (1, {"serious_violation", "tax_arrears"}),
    "transport": (1, {"transport_violation"}),
}
"""One round trip of each of the four bureaus."""


def expected(keys: list[Key]) -> list[str | None]:
    """Return what each person is told."""
    against = {*keys[::3], *keys[::5]}
    return [None if key in against else "TRUE" for key in keys]


async def test_one_request_about_many_asks_each_bureau_once():
    """A thousand persons are read by one question to each of four bureaus, and each is answered by the own records."""
    keys = persons()
    gateway = gateway_of(keys)
    operation = gateway.prepared(MANY_AT_ONCE, "reward.approval", kind="organ")
    answer = await gateway.answer(operation, {"of": [{"person": key} for key in keys]})
    found = [each["priority"] for each in orjson.loads(answer.body)["data"]["standings"]]
    assert found == expected(keys)
    assert asked(gateway) == ONCE


async def test_requests_that_arrive_together_ask_each_bureau_once():
    """A thousand requests of one purpose share the round trips, and each is answered about its own subject."""
    keys = persons()
    gateway = gateway_of(keys)
    operation = gateway.prepared(PRIORITY, "reward.approval", kind="organ")
    answers = await asyncio.gather(*(gateway.answer(operation, {"of": {"person": key}}) for key in keys))
    found = [orjson.loads(each.body)["data"]["standing"]["priority"] for each in answers]
    assert found == expected(keys)
    assert asked(gateway) == ONCE
