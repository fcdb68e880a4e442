"""Fills the bureaus' databases by COPY, a few thousand subjects at a time.

One transaction loads a bureau, so a bureau is loaded completely or not at all. Worker processes load some
bureaus each and generate the rows themselves, so the memory does not grow with the city. A worker runs this
module as a program: standard input gives its jobs, standard output takes its progress.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.bureaus import discover
from catalogue.declarations import Bureau
from sandbox import ddl
from sandbox.books import BOOKS, Row, Subject, rows_of, subjects_of
from sandbox.model import City, CityError
from sandbox.signals import HeldSignal, held_signals

T = TypeVar("T")
ROOT: Final = Path(__file__).resolve().parent.parent
_CHUNK: Final = 2_000
_LOADED_WITH: Final = {
    "office": "credit_code",
    "guardianship": "child_number",
    "responsible_person": "credit_code",
}
"""The key with whose subject the rows of a table with two keys are loaded."""
_HEAVIEST_FIRST: Final = ("registry", "tax", "credit_office", "social_security", "transport", "courts")
_ATTENTION: Final = 0.1
"""The seconds between two looks for a signal."""
_DUPLICATES: Final = ("42P06", "42P07")
"""The SQLSTATEs of a schema and a table that exist already."""


def reader_role(bureau: str) -> str:
    """Return the name of the bureau's reader login."""
    return f"{bureau}_reader"


async def load_bureau(
    dsn: str, city: City, bureau: Bureau, password: str | None, done: Callable[[int], None]
) -> None:
    """Load one bureau into the empty database at `dsn`; with `password`, also make its reader login."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(ddl.create_tables(bureau))
            left = subjects_of(city)
            while subjects := list(islice(left, _CHUNK)):
                await _copy(connection, bureau, subjects)
                done(len(subjects))
            await connection.execute(ddl.create_indexes(bureau))
            await connection.execute(ddl.create_shares(bureau, city))
            if password is not None:
                await make_login(connection, reader_role(bureau.name), password)
                database = await connection.fetchval("SELECT current_database()")
                await connection.execute(ddl.grant_reader(database, reader_role(bureau.name)))
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection[Any], bureau: Bureau, subjects: list[Subject]) -> None:
    if bureau.name not in BOOKS:
        return
    for table, columns in ddl.tables(bureau).items():
        if table not in BOOKS[bureau.name]:
            raise CityError(f"The city has no book for {bureau.name}.{table}. Write one in sandbox/books.")
        names = list(columns)
        if table in _LOADED_WITH:
            names.sort(key=lambda name: name != _LOADED_WITH[table])
        records = _records(bureau.name, table, subjects)
        await connection.copy_records_to_table(table, schema_name="own", records=records, columns=names)


def _records(bureau: str, table: str, subjects: list[Subject]) -> Iterator[Row]:
    for subject in subjects:
        if rows := rows_of(subject, bureau, table):
            key = subject.number
            yield from ((key, *row) for row in rows)


async def make_login(connection: asyncpg.Connection[Any], role: str, password: str) -> None:
    """Make a login, or give the one that is there a new password."""
    known = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if known else "CREATE"
    # A role's password cannot be a parameter of the statement; the server quotes it.
    quoted = await connection.fetchval("SELECT quote_literal($1::text)", password)
    await connection.execute(f'{verb} ROLE "{role}" LOGIN PASSWORD {quoted}')


def load_into(
    admin_dsns: Mapping[str, str],
    city: City,
    readers: Mapping[str, str] | None = None,
    *,
    quiet: bool = False,
) -> None:
    """Fill databases on any server: `admin_dsns` maps each bureau to the DSN of an empty database.

    `readers` maps a bureau to the password of its new login `<bureau>_reader`; a bureau without password
    gets no login. Raises CityError if a database is not empty or cannot be written.
    """
    unknown = set(admin_dsns) - set(discover())
    if unknown:
        raise CityError(
            f"No bureau is called {', '.join(sorted(unknown))}. Name bureaus of adapters/bureaus."
        )
    total = (city.population + city.enterprises) * len(admin_dsns)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with held_signals() as held, Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task("loading the city", total=total)
        hands = _distribute(admin_dsns, readers or {})
        run_apart(lambda: _run_workers(hands, city, lambda n: progress.advance(task, n), held))


def run_apart(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on a new loop in a new thread, because the caller's thread may run a loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(make())).result()


def _distribute(admin_dsns: Mapping[str, str], readers: Mapping[str, str]) -> list[list[dict[str, Any]]]:
    """Deal the bureaus to the workers forwards and backwards, so that each gets a similar amount of work."""
    ordered = sorted(admin_dsns, key=lambda n: _HEAVIEST_FIRST.index(n) if n in _HEAVIEST_FIRST else 0)
    count = max(min(os.cpu_count() or 1, len(ordered)), 1)
    hands: list[list[dict[str, Any]]] = [[] for _ in range(count)]
    for position, name in enumerate(ordered):
        turn, seat = divmod(position, count)
        hand = hands[count - 1 - seat if turn % 2 else seat]
        hand.append({"bureau": name, "dsn": admin_dsns[name], "password": readers.get(name)})
    return [hand for hand in hands if hand]


async def _run_workers(
    hands: list[list[dict[str, Any]]], city: City, done: Callable[[int], None], held: HeldSignal
) -> None:
    """Run one worker for each hand; end all of them if one fails or a signal comes."""
    try:
        async with asyncio.TaskGroup() as group:
            left = {group.create_task(_work(hand, city, done)) for hand in hands}
            while left:
                if held.number is not None:
                    raise CityError("The load of the city was stopped.")
                _, left = await asyncio.wait(left, timeout=_ATTENTION)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _work(hand: list[dict[str, Any]], city: City, done: Callable[[int], None]) -> None:
    """Run one worker to its end; it gets passwords on standard input, because arguments are public."""
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox.load"),
        stdin=PIPE,
        stdout=PIPE,
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C reaches only this process, which ends the worker
    )
    assert worker.stdin is not None and worker.stdout is not None  # noqa: S101, PT018 pipes were asked for
    failure = ""
    try:
        worker.stdin.write(
            json.dumps({"city": [city.population, city.seed, city.name], "jobs": hand}).encode()
        )
        worker.stdin.close()
        async for line in worker.stdout:
            word, _, rest = line.decode().rstrip("\n").partition(" ")
            if word == "done":
                done(int(rest))
            elif word == "failed":
                failure = rest
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        raise
    finally:
        await worker.wait()
        await (
            worker.stdout.read()
        )  # to the end: a pipe that is open when the loop closes is complained of later
    if failure or worker.returncode:
        raise CityError(failure or "A worker that loads the city ended early. Try again.")


def failure_text(bureau: str, error: Exception) -> str:
    """Describe a failure without the server's message, which may contain identity numbers."""
    if isinstance(error, CityError):
        return str(error)
    state = getattr(error, "sqlstate", None)
    if state in _DUPLICATES:
        return f"The database of {bureau} is not empty. Give an empty database, or drop its schemas own and share."
    return (
        f"The database of {bureau} could not be filled ({state or type(error).__name__}). Look into its log."
    )


def main() -> int:
    """Load the bureaus of standard input; return the exit status."""
    order = json.load(sys.stdin)
    population, seed, name = order["city"]
    return 0 if asyncio.run(_load_jobs(City.of(population, seed, name), order["jobs"])) else 1


async def _load_jobs(city: City, jobs: list[dict[str, Any]]) -> bool:
    bureaus = discover()
    for job in jobs:
        try:
            bureau, done = bureaus[job["bureau"]], partial(_report, "done")
            await load_bureau(job["dsn"], city, bureau, job["password"], done)
        except Exception as error:
            _report("failed", failure_text(job["bureau"], error))
            return False
    return True


def _report(word: str, rest: object) -> None:
    sys.stdout.write(f"{word} {rest}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
