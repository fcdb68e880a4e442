"""`python -m benchmarks.eligibility`: what the eligibility of 1,000 persons for one incentive costs beside the bare reads.

The incentive is `pds001` of Pingdingshan, priority for whoever has no adverse record. Of a person it asks four bureaus:
registry, courts, taxes, transport. Each is a PostgreSQL database, and each is read once for all persons.

| measured | what it is |
|---|---|
| bare | asyncpg alone: the columns that the gateway reads, a statement a data set, all at the same time |
| eligibility | one request that names all persons: from its variables to the encoded answer |
| requests | 1,000 requests about one person each that arrive together and share the round trips |

The figure is the ratio of eligibility to bare: wanted is below 3. Requests are shown beside it: each pays for its own
variables, plan and answer. The ways are measured in turns; connections, plans and statements are made anew at each start,
which begins with another way. Only figures of one run are comparable.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Annotated, Any, Final, TypeAlias

import asyncpg
import orjson
import typer
import uvloop

from adapters.bureaus import bureaus_of
from adapters.open_source import make_source
from adapters.postgres.sql import quote
from adapters.source import Key, Query, Source, SourceAddress
from gateway.pipeline.prepare import Operation, Preparer, Terms
from gateway.pipeline.request import Answerer
from observability.events import RoundTrip
from observability.hooks import Hooks
from observability.logging import configure
from resolvers.fetch.batching import Loaders
from resolvers.plan.nodes.standing_root import StandingRoot
from sandbox.city import RunningCity, prepare
from sandbox.people import person_number
from tests.support.gateway_in_memory import document_of, graph, policy, principal, schema_answers
from tests.support.hearing_observer import Hearing
from tests.support.tested_city import TESTED_CITY

MANY: Final = 1_000
WANTED: Final = 3.0
CLIENT: Final = "green-lane"
MANY_AT_ONCE: Final = "query Q($of: [SubjectKey!]!) { standings(of: $of) { priority: pds001 } }"
ONE: Final = "query Q($of: SubjectKey!) { standing(of: $of) { priority: pds001 } }"
PERSONS: Final = 100_000
PERSONS_QUICK: Final = 5_000
SETTINGS: Final = {"jit": "off", "plan_cache_mode": "force_generic_plan"}
"""Those with which the gateway reads."""
WARM_UPS: Final = 3
_DATA: Final = Path(__file__).resolve().parent.parent / ".demo"
Way: TypeAlias = Callable[[], Awaitable[Sequence[Any]]]


@asynccontextmanager
async def opened(city: RunningCity, persons: Sequence[Key]) -> AsyncGenerator[Mapping[str, Way]]:
    """Open all connections and yield each way by its name."""
    async with AsyncExitStack() as stack:
        sources = {name: await _source(stack, city, name) for name in bureaus_of(TESTED_CITY)}
        await check(sources, persons)
        at_once, one = (_operation(text, sources, Hooks()) for text in (MANY_AT_ONCE, ONE))
        reads = reads_of(at_once)
        pools = {name: await _pool(stack, city.dsns[name]) for name in {each.bureau for each in reads}}
        statements = [(pools[each.bureau], _statement(each)) for each in reads]
        yield {
            "bare": lambda: asyncio.gather(*(pool.fetch(text, persons) for pool, text in statements)),
            "eligibility": lambda: _at_once(at_once, persons),
            "requests": lambda: _requests(one, persons),
        }


async def _source(stack: AsyncExitStack, city: RunningCity, name: str) -> Source:
    address = SourceAddress(dsn=city.dsns[name])
    source = make_source(bureaus_of(TESTED_CITY)[name], address, require_synthetic=True)
    stack.push_async_callback(source.close)
    await source.open()
    return source


async def _pool(stack: AsyncExitStack, dsn: str) -> Any:
    """Return a pool with as many connections as the gateway has."""
    size = SourceAddress().connections
    made: Any = asyncpg.create_pool(dsn, min_size=size, max_size=size, server_settings=SETTINGS)
    return await stack.enter_async_context(made)


def _statement(query: Query) -> str:
    dataset = query.dataset
    columns = ", ".join(map(quote, (dataset.key, *query.read_columns)))
    relation = ".".join(map(quote, dataset.relation.split(".")))
    return f"SELECT {columns} FROM {relation} WHERE {quote(dataset.key)} = ANY($1)"  # noqa: S608 our own names


def _operation(text: str, sources: Mapping[str, Source], hooks: Hooks) -> Operation:
    preparer = Preparer(graph(), policy(), Loaders(sources, hooks), hooks)
    return preparer.prepare("eligibility", document_of(text), Terms("organ", "reward.approval", MANY, {}))


def reads_of(operation: Operation) -> list[Query]:
    """Return what is read of a person."""
    plan = operation.variant({}).plan
    (root,) = plan.roots
    if not isinstance(root, StandingRoot):
        raise TypeError("the question asks for a standing")
    fetches = [each for level in plan.reading.levels for each in level.fetches]
    return [each.query for each in fetches if root.positions["person"] in each.positions]


async def _at_once(operation: Operation, persons: Sequence[Key]) -> Sequence[bytes]:
    of = [{"person": key} for key in persons]
    return [await _answer(operation, of)]


async def _requests(operation: Operation, persons: Sequence[Key]) -> Sequence[bytes]:
    return await asyncio.gather(*(_answer(operation, {"person": key}) for key in persons))


async def _answer(operation: Operation, of: object) -> bytes:
    answerer = Answerer(schema_answers(), most_nodes=10 * MANY, most_subjects=MANY)
    deadline = asyncio.get_running_loop().time() + 60
    return (await answerer.answer(operation, {"of": of}, principal(client=CLIENT), deadline)).body


async def check(sources: Mapping[str, Source], persons: Sequence[Key]) -> None:
    """Raise RuntimeError where four bureaus are not asked once each, or the two ways answer differently."""
    heard = Hearing()
    (body,) = await _at_once(_operation(MANY_AT_ONCE, sources, Hooks([heard])), persons)
    found = orjson.loads(body)["data"]["standings"]
    trips = Counter(each.bureau for each in heard.facts if isinstance(each, RoundTrip) and not each.repeated)
    if len(trips) != 4 or set(trips.values()) != {1}:
        raise RuntimeError(f"four bureaus are to be asked once each: {dict(trips)}")
    one_by_one = await _requests(_operation(ONE, sources, Hooks()), persons)
    if [orjson.loads(each)["data"]["standing"] for each in one_by_one] != found:
        raise RuntimeError("one request and many answer differently")
    favoured = sum(each["priority"] == "TRUE" for each in found)
    typer.echo(
        f"each of {len(trips)} bureaus is asked once; {favoured} of {len(persons)} persons are favoured"
    )


async def measure(by_name: Mapping[str, Way], order: Sequence[str], rounds: int) -> dict[str, float]:
    """Return the median milliseconds of each way, measured in turns."""
    found: dict[str, list[float]] = {name: [] for name in order}
    for number in range(WARM_UPS + rounds):
        for name in order:
            started = time.perf_counter()
            await by_name[name]()
            if number >= WARM_UPS:
                found[name].append(1e3 * (time.perf_counter() - started))
    return {name: median(each) for name, each in found.items()}


async def _measure(city: RunningCity, starts: int, rounds: int) -> None:
    persons = [person_number(city.city, number) for number in range(MANY)]
    ratios: list[float] = []
    for start in range(starts):
        async with opened(city, persons) as by_name:
            gc.collect()
            gc.freeze()  # as the gateway does before it serves
            order = list(by_name) if start % 2 == 0 else list(by_name)[::-1]
            found = await measure(by_name, order, rounds)
        ratios.append(found["eligibility"] / found["bare"])
        times = "  ".join(f"{name} {found[name]:.1f} ms" for name in by_name)
        typer.echo(f"start {start + 1}: {times}  ratio {ratios[-1]:.2f}")
    reached = "reached" if median(ratios) < WANTED else "not reached"
    typer.echo(
        f"eligibility of {MANY:,} persons: {median(ratios):.2f} times the bare reads, from {min(ratios):.2f} to "
        f"{max(ratios):.2f} in {starts} starts (wanted: under {WANTED:.0f}) {reached}"
    )


def main(
    starts: Annotated[int, typer.Option(min=1, help="How often everything is opened anew.")] = 6,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each start.")] = 20,
    quick: Annotated[bool, typer.Option("--quick", help="A small city and few rounds.")] = False,
) -> None:
    """Measure the eligibility of 1,000 persons beside the bare reads, in one run."""
    configure("WARNING")
    folder, size = ("bench-quick", PERSONS_QUICK) if quick else ("bench", PERSONS)
    with prepare(_DATA / folder, size, name=TESTED_CITY) as city:
        uvloop.run(_measure(city, 2 if quick else starts, 5 if quick else rounds))


if __name__ == "__main__":
    typer.run(main)
