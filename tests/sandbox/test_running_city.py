"""The city in its databases: truth, logins, re-use, and what is refused."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import pytest

from adapters.bureaus import bureaus_of
from catalogue.declarations import Bureau, Dataset
from sandbox.city import RunningCity, prepare
from sandbox.counted import counts_of
from sandbox.enterprises import enterprise
from sandbox.load import load_into
from sandbox.model import CityError
from sandbox.people import person
from sandbox.truth import records_of
from tests.support.tested_city import TESTED_CITY

BUREAUS = list(bureaus_of(TESTED_CITY).values())


def statement(dataset: Dataset) -> str:
    """The read of one key, as the declaration has it."""
    columns = ", ".join(f'"{c.name}"' for c in dataset.stored)
    order = ", ".join(f'"{t[1:]}" DESC' if t[0] == "-" else f'"{t}"' for t in dataset.order) or "1"
    limit = " LIMIT 1" if dataset.latest else ""
    return f'SELECT {columns} FROM {dataset.relation} WHERE "{dataset.key}" = $1 ORDER BY {order}{limit}'  # noqa: S608


@pytest.mark.parametrize("bureau", BUREAUS, ids=lambda b: b.name)
async def test_the_truth_is_what_the_database_holds(city: RunningCity, bureau: Bureau):
    """What is computed of a subject is what its bureau's reader reads, row for row, in order."""
    drawn = random.Random(7)
    subjects = [person(city.city, i) for i in drawn.sample(range(600), 80)]
    subjects += [enterprise(city.city, i) for i in drawn.sample(range(120), 60)]
    connection = await asyncpg.connect(city.dsns[bureau.name])
    try:
        for dataset in (each for each in bureau.datasets if not each.resolves):
            for subject in subjects:
                rows = await connection.fetch(statement(dataset), subject.number)
                assert [dict(r) for r in rows] == records_of(subject)[f"{bureau.name}.{dataset.name}"]
    finally:
        await connection.close()


@pytest.mark.parametrize("bureau", [each for each in BUREAUS if each.tables], ids=lambda b: b.name)
async def test_a_table_counts_what_the_books_come_to(city: RunningCity, bureau: Bureau):
    """Every cell of every closed year that the bureau's reader reads is counted anew from the books."""
    connection = await asyncpg.connect(city.dsns[bureau.name])
    try:
        for table in bureau.tables:
            counting = table.counting
            assert counting is not None
            columns = f'year, "{counting.row}", "{counting.column}", "count"'
            rows = await connection.fetch(f"SELECT {columns} FROM {table.relation}")  # noqa: S608
            held = {(int(year), row, column): count for year, row, column, count in rows}
            assert held == counts_of(city.city, f"{bureau.name}.{table.name}")
            assert {row for _, row, _ in held} <= table.by_name[counting.row].codes
            assert max(year for year, _, _ in held) < 2026
    finally:
        await connection.close()


@pytest.mark.parametrize("bureau", BUREAUS, ids=lambda b: b.name)
async def test_every_source_says_that_it_is_synthetic(city: RunningCity, bureau: Bureau):
    """Each database carries one mark that names a synthetic city and its edition."""
    connection = await asyncpg.connect(city.dsns[bureau.name])
    try:
        marks = await connection.fetch("SELECT synthetic, city, edition FROM share.source_mark")
    finally:
        await connection.close()
    assert [(m["synthetic"], m["city"]) for m in marks] == [(True, "平顶山(合成)")]
    assert marks[0]["edition"].startswith(city.city.edition)


def exchange(dsn: str, *, path: str | None = None, password: str | None = None) -> str:
    """The same address with another database or password."""
    parts = urlsplit(dsn)
    netloc = parts.netloc if password is None else f"{parts.username}:{password}@"
    return parts._replace(netloc=netloc, path=path or parts.path).geturl()


@pytest.mark.parametrize("other", ["courts", "registry", "postgres", "template1"])
async def test_a_login_reads_its_own_database_only(city: RunningCity, other: str):
    """The tax bureau's login cannot connect to another database."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(exchange(city.dsns["tax"], path=f"/{other}"))


@pytest.mark.parametrize(
    "command",
    [
        "DELETE FROM share.tax_arrears",
        "INSERT INTO share.source_mark VALUES (false, '', '')",
        "CREATE TABLE public.mine (x int)",
        "CREATE TEMP TABLE mine (x int)",
        "SELECT * FROM own.tax_arrears",
    ],
)
@pytest.mark.parametrize("mode", ["on", "off"])
async def test_a_login_cannot_write(city: RunningCity, command: str, mode: str):
    """A reader neither writes nor looks behind what is shared, even where it lifts its read-only mode."""
    connection = await asyncpg.connect(city.dsns["tax"])
    try:
        assert await connection.fetchval("SHOW default_transaction_read_only") == "on"
        await connection.execute(f"SET default_transaction_read_only = {mode}")
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
            await connection.execute(command)
    finally:
        await connection.close()


@pytest.mark.parametrize("user", ["tax_reader", "postgres"])
@pytest.mark.parametrize("password", ["", "wrong"])
async def test_a_login_needs_its_password(city: RunningCity, user: str, password: str):
    """Over the unix socket too nobody gets in without the right password."""
    dsn = exchange(city.dsns["tax"], password=password).replace("tax_reader", user)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn)


def test_passwords_differ_and_are_kept_private(city: RunningCity):
    """Each bureau has its own password, in a file that only its owner reads."""
    assert len({urlsplit(dsn).password for dsn in city.dsns.values()}) == len(BUREAUS)
    folder = city.server.data_dir
    for name in ("logins.json", "admin.secret"):
        assert (folder / name).stat().st_mode & 0o077 == 0


async def made_on(running: RunningCity) -> object:
    """Something that changes when the databases are made anew."""
    connection = await asyncpg.connect(running.dsns["tax"])
    try:
        return await connection.fetchval("SELECT oid FROM pg_database WHERE datname = 'tax'")
    finally:
        await connection.close()


async def test_a_second_start_uses_what_is_there(tmp_path: Path):
    """The same city is not loaded again, another one is refused and harms nothing."""
    with prepare(tmp_path / "d", 20, quiet=True) as first:
        before = await made_on(first)
        with pytest.raises(CityError, match="in use"):
            prepare(tmp_path / "d", 20, quiet=True)
    for population, seed, name in ((30, 4115, "xinyang"), (20, 1, "xinyang"), (20, 4115, "nanyang")):
        with pytest.raises(CityError, match=f"holds xinyang.*asked for were {name}.*--data"):
            prepare(tmp_path / "d", population, seed, name=name, quiet=True)
    with prepare(tmp_path / "d", 20, quiet=True) as again:
        assert await made_on(again) == before


async def test_an_interrupted_load_is_done_again(tmp_path: Path):
    """A city whose load never came to its end is loaded anew."""
    with prepare(tmp_path / "d", 20, quiet=True) as first:
        before = await made_on(first)
    (tmp_path / "d" / "city.json").unlink()
    with prepare(tmp_path / "d", 30, quiet=True) as again:
        assert await made_on(again) != before
        assert again.city.population == 30


async def test_a_killed_server_is_started_anew(tmp_path: Path):
    """What a killed process leaves behind does not keep the city from starting, and loses nothing."""
    first = prepare(tmp_path / "d", 20, quiet=True)
    assert first.server.pid is not None
    os.kill(first.server.pid, signal.SIGKILL)
    first.stop()
    with prepare(tmp_path / "d", 20, quiet=True) as again:
        connection = await asyncpg.connect(again.dsns["registry"])
        assert await connection.fetchval("SELECT count(*) FROM share.person") == 20
        await connection.close()


@pytest.mark.parametrize("place", [".", "cluster"])
def test_another_version_is_refused(tmp_path: Path, place: str):
    """A data directory of another PostgreSQL is refused with advice and left as it is."""
    file = tmp_path / place / "PG_VERSION"
    file.parent.mkdir(exist_ok=True)
    file.write_text("16\n")
    with pytest.raises(CityError, match=r"PostgreSQL 16 .* --data"):
        prepare(tmp_path, 20, quiet=True)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [file]


def test_another_edition_is_refused(tmp_path: Path):
    """A city of another edition of the rules is refused with advice."""
    about = {"seed": 4115, "population": 20, "enterprises": 4, "edition": "1999-12-31/1"}
    (tmp_path / "city.json").write_text(json.dumps(about))
    with pytest.raises(CityError, match=r"1999-12-31/1.*--data"):
        prepare(tmp_path, 20, quiet=True)


@pytest.mark.parametrize("text", ["{}", "[]", "no json"])
def test_a_damaged_description_is_refused(tmp_path: Path, text: str):
    """A description of the city that cannot be read is refused with advice."""
    (tmp_path / "city.json").write_text(text)
    with pytest.raises(CityError, match="damaged"):
        prepare(tmp_path, 20, quiet=True)


def test_a_directory_with_other_files_is_refused(tmp_path: Path):
    """A directory that holds somebody's files is refused and nothing is added to it."""
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(CityError, match="other files"):
        prepare(tmp_path, 20, quiet=True)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


async def test_outside_databases_are_filled_alike(city: RunningCity):
    """Any empty database can be filled for one reader alone; one that holds something is left as it is."""
    admin = await asyncpg.connect(city.server.dsn())
    await admin.execute("CREATE DATABASE elsewhere")
    try:
        target = {"tax": city.server.dsn("elsewhere")}
        password = urlsplit(city.dsns["tax"]).password or ""
        load_into(target, city.city, {"tax": unquote(password)}, quiet=True)
        counts = []
        for dsn in (target["tax"], city.server.dsn("tax")):
            connection = await asyncpg.connect(dsn)
            counts.append(await connection.fetchval("SELECT count(*) FROM share.taxpayer_grade"))
            await connection.close()
        assert counts[0] == counts[1] > 0
        await (await asyncpg.connect(exchange(city.dsns["tax"], path="/elsewhere"))).close()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(exchange(city.dsns["courts"], path="/elsewhere"))
        with pytest.raises(CityError, match="not empty"):
            load_into(target, city.city, quiet=True)
    finally:
        await admin.execute("DROP DATABASE elsewhere WITH (FORCE)")
        await admin.close()


def test_an_unknown_bureau_is_refused(city: RunningCity):
    """A database for a bureau that nobody declares is refused by name."""
    with pytest.raises(CityError, match="weather"):
        load_into({"weather": "postgresql:///x"}, city.city, quiet=True)


def test_the_log_holds_no_identity_number(city: RunningCity):
    """The server's log never repeats a statement or a row."""
    log = city.server.log.read_text(errors="replace")
    assert "share." not in log
    assert not any(person(city.city, i).number in log for i in range(600))


async def test_a_database_of_its_own_is_kept(city: RunningCity):
    """A database beside the bureaus' is made once and kept; its login has a new password, and enters no other."""
    first = city.own_database("apart")
    connection = await asyncpg.connect(first)
    await connection.execute("CREATE TABLE mine (x int)")
    await connection.close()
    second = city.own_database("apart")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(first)
    connection = await asyncpg.connect(second)
    assert await connection.fetchval("SELECT count(*) FROM mine") == 0
    await connection.close()
    for dsn, other in ((second, "tax"), (city.dsns["tax"], "apart")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(exchange(dsn, path=f"/{other}"))
