"""Starts and stops the transport bureau's process."""

import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from multiprocessing.connection import wait
from pathlib import Path
from typing import Final, Self

from sandbox.load import ROOT
from sandbox.model import CityError
from sandbox.signals import end_process, held_signals
from sandbox.transport_service import DSN_VARIABLE, LISTENING

START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 10.0


class TransportFailed(CityError):
    """The transport bureau's process did not start; its log has the reason."""


class TransportProcess:
    """The bureau's process: `start` returns its address, `stop` ends it; also a context manager.

    The process gets the DSN in its environment, because every user of the machine can read command lines. It
    appends its log to the file `log`, or else writes it to our standard error.
    """

    def __init__(self, dsn: str, secret_file: Path, *, port: int = 0, log: Path | None = None) -> None:
        self._dsn = dsn
        self._secret_file = secret_file
        self._port = port
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def pid(self) -> int | None:
        """The id of the running process, or None."""
        return None if self._process is None else self._process.pid

    def start(self) -> str:
        """Start the process, wait until it listens, and return its address; signals are held meanwhile."""
        try:
            with held_signals():
                self.url = self._wait_until_listening()
        except BaseException:
            self.stop()
            raise
        return self.url

    def _wait_until_listening(self) -> str:
        self._process = self._spawn()
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101 - it was asked for as a pipe
        line = stdout.readline() if wait([stdout.fileno()], START_SECONDS) else ""
        if not line.startswith(LISTENING):
            raise TransportFailed("the transport bureau did not start: see its log")
        return line.removeprefix(LISTENING).strip()

    def stop(self) -> int | None:
        """End the process by SIGTERM, by SIGKILL if it does not end, and return its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        end_process(process, (signal.SIGTERM, signal.SIGKILL), STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()
        return process.returncode

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _spawn(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "sandbox.transport_service"]
        command += ["--secret-file", str(self._secret_file), "--port", str(self._port)]
        with nullcontext() if self._log is None else self._log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(  # noqa: S603 - our own module and our own arguments
                command,
                cwd=ROOT,
                env={**os.environ, DSN_VARIABLE: self._dsn},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # a Ctrl-C reaches only this process, which stops the others in its own order
            )
