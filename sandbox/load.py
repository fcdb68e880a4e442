"""Fills the bureaus' databases by COPY, a few thousand subjects at a time.

One transaction loads a bureau, so a bureau is loaded completely or not at all. Worker processes load some
bureaus each and generate the rows themselves, so the memory does not grow with the city.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock
from typing import Any, Final

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.bureaus import discover
from catalogue.declarations import Bureau
from sandbox import ddl
from sandbox.books import BOOKS, Subject, rows_of
from sandbox.enterprises import enterprise
from sandbox.model import City, CityError
from sandbox.people import person
from sandbox.signals import HeldSignal, held_signals

ROOT: Final = Path(__file__).resolve().parent.parent
CHUNK: Final = 2_000
_HEAVIEST_FIRST: Final = ("registry", "tax", "credit_office", "social_security", "transport", "courts")
_STOPPED: Final = "The load of the city was stopped."
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
            for subjects in _chunks(city):
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


def _chunks(city: City) -> Iterator[list[Subject]]:
    for start in range(0, city.population, CHUNK):
        yield [person(city, index) for index in range(start, min(start + CHUNK, city.population))]
    for start in range(0, city.enterprises, CHUNK):
        yield [enterprise(city, index) for index in range(start, min(start + CHUNK, city.enterprises))]


async def _copy(connection: asyncpg.Connection[Any], bureau: Bureau, subjects: list[Subject]) -> None:
    for table in ddl.tables(bureau):
        if table.name not in BOOKS.get(bureau.name, {}):
            raise CityError(
                f"The city has no book for {bureau.name}.{table.name}. Write one in sandbox/books."
            )
        records = _records(bureau.name, table.name, subjects)
        if records:
            await connection.copy_records_to_table(
                table.name, schema_name="own", records=records, columns=_loading_columns(table)
            )


def _loading_columns(table: ddl.Table) -> tuple[str, ...]:
    """Return the columns in the order of the records; offices are loaded with their enterprise."""
    columns = table.column_names
    return ("credit_code", *(c for c in columns if c != "credit_code")) if table.name == "office" else columns


def _records(bureau: str, table: str, subjects: list[Subject]) -> list[tuple[Any, ...]]:
    records: list[tuple[Any, ...]] = []
    for subject in subjects:
        rows = rows_of(subject, bureau, table)
        if rows:
            key = subject.number
            records.extend((key, *row) for row in rows)
    return records


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
    with _progress(quiet) as progress:
        task = progress.add_task("loading the city", total=total)
        jobs = _distribute(admin_dsns, readers or {})
        _run_workers(jobs, city, lambda n: progress.advance(task, n))


def _progress(quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), disable=quiet)


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


class _WorkerGroup:
    """The running worker processes; several threads start them, and any thread may end all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._workers: list[subprocess.Popen[str]] = []
        self._ended = False

    def start(self) -> subprocess.Popen[str]:
        """Start a worker in its own session, so that Ctrl-C reaches only this process, which ends the worker."""
        with self._lock:
            if self._ended:
                raise CityError(_STOPPED)
            worker = subprocess.Popen(
                [sys.executable, "-m", "sandbox.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                start_new_session=True,
            )
            self._workers.append(worker)
            return worker

    def end_all(self) -> None:
        """End every worker, and refuse to start further ones."""
        with self._lock:
            self._ended = True
            for worker in self._workers:
                worker.kill()


def _run_workers(jobs: list[list[dict[str, Any]]], city: City, done: Callable[[int], None]) -> None:
    """Run one worker for each job; end all of them if one fails or a signal comes."""
    group = _WorkerGroup()
    with held_signals() as held, ThreadPoolExecutor(len(jobs) or 1) as threads:
        try:
            _finish([threads.submit(_work, group, job, city, done) for job in jobs], held)
        except BaseException:
            # The end of the block waits for the threads, and the threads wait for their workers.
            group.end_all()
            raise


def _finish(works: list[Future[None]], held: HeldSignal) -> None:
    """Wait for all workers; raise the error of the first failing one, or CityError after a signal."""
    under_way = set(works)
    while under_way:
        if held.number is not None:
            raise CityError(_STOPPED)
        finished, under_way = wait(under_way, _ATTENTION, FIRST_EXCEPTION)
        for work in finished:
            work.result()


def _work(group: _WorkerGroup, jobs: list[dict[str, Any]], city: City, done: Callable[[int], None]) -> None:
    """Run one worker to its end; it gets passwords on standard input, because arguments are public."""
    with group.start() as worker:
        assert worker.stdin is not None and worker.stdout is not None  # noqa: S101, PT018 pipes were asked for
        try:
            worker.stdin.write(json.dumps({"city": [city.population, city.seed], "jobs": jobs}))
            worker.stdin.close()
            failure = _listen(worker.stdout, done)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                worker.kill()
            raise
    if failure or worker.returncode:
        raise CityError(failure or "A worker that loads the city ended early. Try again.")


def _listen(lines: Iterator[str] | Any, done: Callable[[int], None]) -> str:
    failure = ""
    for line in lines:
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "done":
            done(int(rest))
        elif word == "failed":
            failure = rest
    return failure


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
