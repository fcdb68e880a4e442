"""Prepares, starts and stops the city, and gives its addresses."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final, Self

import asyncpg

from adapters.bureaus import discover
from catalogue.incentives.city_files import DEMO_CITY
from sandbox.load import load_into, make_login, reader_role, run_apart
from sandbox.model import City, CityError
from sandbox.postgres import EmbeddedPostgres, write_new
from sandbox.signals import held_signals

_PROJECT: Final = Path(__file__).resolve().parent.parent
_ABOVE: Final = _PROJECT if (_PROJECT / "pyproject.toml").is_file() else Path.cwd()
DEFAULT_DATA: Final = _ABOVE / ".demo" / "city"
SHOWN_DATA: Final = ".demo/city"
"""The folder as the command line shows it: below the project's folder, or where a wheel is installed, the current one."""
_ABOUT: Final = "city.json"
_LOGINS: Final = "logins.json"
_OURS: Final = frozenset({_ABOUT, _LOGINS, "cluster", "postgres.log", "admin.secret", ".lock"})


class RunningCity:
    """A city with running databases. `dsns` maps each bureau to the address of its read-only login."""

    def __init__(self, city: City, server: EmbeddedPostgres, passwords: Mapping[str, str]) -> None:
        self.city = city
        self.server = server
        self.dsns: Mapping[str, str] = {
            name: server.dsn(name, reader_role(name), password) for name, password in passwords.items()
        }

    def own_database(self, name: str) -> str:
        """Return the address of a database that belongs to no bureau; it is made where it is not there yet.

        Its login has the same name, owns it, and gets a new password at each call.
        """
        password = secrets.token_urlsafe(24)
        with held_signals():
            run_apart(lambda: _make_own_database(self.server.dsn(), name, password))
        return self.server.dsn(name, name, password)

    def stop(self) -> None:
        """Stop the databases; their data stays for the next start."""
        self.server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def prepare(
    data_dir: Path, population: int, seed: int | None = None, *, name: str = DEMO_CITY, quiet: bool = False
) -> RunningCity:
    """Start the city under `data_dir`; load it first if it is not there yet.

    Raises CityError, and changes nothing, if the directory contains another city, another edition, another
    version of PostgreSQL, or something else. SIGINT and SIGTERM take effect after the running step; they stop
    the started processes.
    """
    city, folder = City.of(population, seed, name), data_dir.expanduser().resolve()
    logins = _logins(folder) if _check(folder, city) else {}
    server = EmbeddedPostgres(folder)
    try:
        with held_signals():
            server.start()
            if fresh := {name: secrets.token_urlsafe(24) for name in discover() if name not in logins}:
                _load(folder, server, city, logins, fresh, quiet)
    except BaseException:
        server.stop()
        raise
    return RunningCity(city, server, {name: (logins | fresh)[name] for name in discover()})


def known_city(data_dir: Path) -> City | None:
    """Return the city in the directory, or None if there is none yet."""
    try:
        return City(**json.loads((data_dir.expanduser() / _ABOUT).read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        raise CityError(f"{data_dir / _ABOUT} is damaged. Choose another directory with --data.") from None


def _check(folder: Path, city: City) -> bool:
    """Whether the city is loaded already; raises CityError if the folder contains something else."""
    known = known_city(folder)
    if known == city:
        return True
    if known is not None:
        raise CityError(
            f"{folder} holds {known.name}, a city of {known.population:,} persons, seed {known.seed}, edition "
            f"{known.edition}; asked for were {city.name}, {city.population:,} persons, seed {city.seed}, edition "
            f"{city.edition}. Nothing was "
            "changed. Choose another directory with --data, ask for the city it holds, or delete the directory."
        )
    names = {path.name.removesuffix(".new") for path in folder.iterdir()} if folder.exists() else set[str]()
    if names - _OURS and not (folder / "PG_VERSION").exists():
        raise CityError(f"{folder} holds other files. Choose an empty or a new directory with --data.")
    return False


def _logins(folder: Path) -> dict[str, str]:
    """Return the reader password of each bureau that the city already holds."""
    file = folder / _LOGINS
    return json.loads(file.read_text()) if file.exists() else {}


def _load(
    folder: Path,
    server: EmbeddedPostgres,
    city: City,
    logins: Mapping[str, str],
    fresh: Mapping[str, str],
    quiet: bool,
) -> None:
    """Load the bureaus that are not there yet; `fresh` holds the password of each new reader."""
    run_apart(lambda: _make_databases(server.dsn(), fresh))
    load_into({name: server.dsn(name) for name in fresh}, city, fresh, quiet=quiet)
    write_new(folder / _LOGINS, json.dumps({**logins, **fresh}), 0o600)
    write_new(folder / _ABOUT, json.dumps(asdict(city)), 0o644)


async def _make_databases(dsn: str, bureaus: Iterable[str]) -> None:
    """Make an empty database for each bureau; drop a database that an interrupted load left."""
    connection = await asyncpg.connect(dsn)
    try:
        for database in ("postgres", "template1"):
            await connection.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
        for name in bureaus:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await connection.execute(f'CREATE DATABASE "{name}"')
            await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    finally:
        await connection.close()


async def _make_own_database(dsn: str, name: str, password: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await make_login(connection, name, password)
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
        await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    finally:
        await connection.close()
