"""A real pgbouncer before a test's PostgreSQL."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PROGRAM = shutil.which("pgbouncer", path=":".join([*os.get_exec_path(), "/usr/sbin"]))
"""The program, or None where Debian's package `pgbouncer` is not installed."""
IGNORED = "statement_timeout, lock_timeout, default_transaction_read_only, max_parallel_workers_per_gather, jit, plan_cache_mode"


@contextmanager
def pooler(dsn: str, mode: str, ignored: str = IGNORED, user: str = "reader") -> Iterator[str]:
    """Run pgbouncer in a pool mode before the database of `dsn`; yield the DSN that leads through it."""
    sockets = parse_qs(urlsplit(dsn).query)["host"][0]
    account = Path(sockets).stat().st_uid  # pgbouncer refuses to run as root
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as name:
        folder, port = Path(name), _free_port()
        (folder / "users").write_text(f'"{user}" ""\n', "utf-8")
        (folder / "ini").write_text(_settings(folder, sockets, port, mode, ignored), "utf-8")
        _give(folder, account)
        command = [PROGRAM or "pgbouncer", "-q", str(folder / "ini")]
        own = account if os.getuid() == 0 else None
        with subprocess.Popen(command, user=own, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own arguments
            try:
                _wait(port)
                yield f"postgresql://{user}@127.0.0.1:{port}/postgres"
            finally:
                process.kill()


def _settings(folder: Path, sockets: str, port: int, mode: str, ignored: str) -> str:
    lines = (
        "[databases]",
        f"postgres = host={sockets} port=5432",
        "[pgbouncer]",
        "listen_addr = 127.0.0.1",
        f"listen_port = {port}",
        "unix_socket_dir =",
        "auth_type = trust",
        f"auth_file = {folder / 'users'}",
        f"logfile = {folder / 'log'}",
        f"pool_mode = {mode}",
        "server_round_robin = 1",
        "min_pool_size = 4",
        f"ignore_startup_parameters = {ignored}",
    )
    return "\n".join(lines) + "\n"


def _give(folder: Path, account: int) -> None:
    if os.getuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account, -1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def _wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("pgbouncer does not listen")
