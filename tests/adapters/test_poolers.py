"""A bureau behind a real pgbouncer: what works, and what is refused with its reason."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from adapters.bureau_errors import BureauError, BureauRefused
from adapters.postgres.postgres_source import PostgresSource
from adapters.source import SourceAddress
from tests.support.bureau_samples import GRADE, ask, soon
from tests.support.pooler import PROGRAM, pooler

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed")

COLUMNS = {"year": 2024, "grade": "A", "points": 95, "fine_fen": 0}
ROLE = {
    "statement_timeout": "5s",
    "lock_timeout": "500ms",
    "default_transaction_read_only": "on",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""The session settings, given to the login as docs/settings.md says."""


@pytest.fixture
async def settled_login(owner: asyncpg.Connection) -> AsyncIterator[None]:
    """A login to which the bureau has given the session settings."""
    for name, value in ROLE.items():
        await owner.execute(f"ALTER ROLE reader SET {name} = '{value}'")
    yield
    await owner.execute("ALTER ROLE reader RESET ALL")


def source_at(dsn: str, connections: int = 4) -> PostgresSource:
    """A bureau behind the pooler."""
    return PostgresSource("tax", SourceAddress(dsn=dsn, connections=connections, timeout=5.0))


async def _answers(dsn: str) -> list[object]:
    """What two gateways read, many at once: the expected value, another one, or the reason of a refusal."""
    sources = [source_at(dsn), source_at(dsn)]

    async def read(number: int) -> object:
        name = list(COLUMNS)[number % len(COLUMNS)]
        try:
            batch = await sources[number % 2].fetch(ask(GRADE, name), ["two"], soon())
        except BureauError as error:
            return error.reason.removeprefix("connecting: ").removesuffix(" (SQLSTATE 26000)")
        return batch.rows["two"][0][1] == COLUMNS[name]

    answers = [await asyncio.gather(*(read(first + each) for each in range(12))) for first in range(7)]
    await asyncio.gather(*(source.close() for source in sources))
    return [answer for group in answers for answer in group]


@pytest.mark.usefixtures("settled_login")
async def test_a_pooler_in_session_mode_answers(reader: str) -> None:
    """Where the login has the session settings, a pooler in session mode answers like the bureau itself."""
    with pooler(reader, "session") as dsn:
        assert set(await _answers(dsn)) == {True}


@pytest.mark.usefixtures("settled_login")
async def test_a_pooler_in_transaction_mode_gives_no_other_statements_data(reader: str) -> None:
    """Statements of two connections never mix; what cannot be answered is refused with the pooler as the reason.

    The pooler shares a connection only where two statements meet, so it is asked until they do.
    """
    refused = set[object]()
    with pooler(reader, "transaction") as dsn:
        for _ in range(10):
            refused |= set(await _answers(dsn)) - {True}
            if refused:
                break
    assert refused == {"the connection is shared: a pooler has to run in session mode"}


@pytest.mark.parametrize("mode", ["session", "transaction"])
@pytest.mark.parametrize("lost", sorted(ROLE))
async def test_a_pooler_that_drops_a_setting_is_refused(
    reader: str, owner: asyncpg.Connection, settled_login: None, mode: str, lost: str
) -> None:
    """A session without one of its settings reads nothing, and the reason names the setting."""
    await owner.execute(f"ALTER ROLE reader RESET {lost}")
    with pooler(reader, mode) as dsn:
        source = source_at(dsn, 1)
        with pytest.raises(BureauRefused, match=f"the session setting {lost} "):
            await source.fetch(ask(GRADE, "year"), ["two"], soon())
        await source.close()


async def test_a_pooler_that_takes_no_settings_is_refused(reader: str) -> None:
    """A pooler that refuses the session settings themselves is told from a bureau that is down."""
    with pooler(reader, "session", ignored="") as dsn:
        source = source_at(dsn, 1)
        with pytest.raises(BureauRefused, match=r"session settings.*08P01"):
            await source.fetch(ask(GRADE, "year"), ["two"], soon())
        await source.close()


async def test_statement_names_are_nobody_elses(reader: str, source: PostgresSource) -> None:
    """Two connections never give one name to two statements."""
    other = source_at(reader, 1)
    names: list[str] = []
    for each in (source, other):
        await each.fetch(ask(), ["one"], soon())
        statement = next(iter(each._connections[0]._statements._queries.values()))
        names.append(statement.statement.get_name())
    await other.close()
    assert len(set(names)) == 2
