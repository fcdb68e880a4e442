"""Processes of the command line that are forked from one that has imported it and read the rules already.

A command takes three seconds to import what it needs and to read and prove the rules, and the tests run a hundred of
them. What is tested is as it is: `cli.main` in a process of its own, with an environment, a folder and files for output
of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.support.rules_read", __name__])


class Forked:
    """A command in a process of its own, with those methods of `subprocess.Popen` that tests use."""

    def __init__(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], out: Path, err: Path
    ) -> None:
        self._process = _FORKS.Process(
            target=_run_main, args=(arguments, folder, environment, out, err), daemon=True
        )
        self._process.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit status, or None while the command runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status once the command has ended; end it and raise TimeoutError after `timeout` seconds."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            self.kill()
            raise TimeoutError(f"the command has not ended after {timeout} s")
        return self._process.exitcode

    def send_signal(self, sign: int) -> None:
        """Send a signal to the process, while there is one."""
        if self.poll() is None:
            os.kill(self.pid, sign)

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()


def _run_main(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], out: Path, err: Path
) -> None:
    """Become the command: what `python -m cli` does, once everything is imported."""
    from cli import main  # noqa: PLC0415 a test process that only starts commands imports none

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for file, stream in ((os.devnull, 0), (out, 1), (err, 2)):
        opened = os.open(file, os.O_RDONLY if stream == 0 else os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, stream)
        os.close(opened)
    sys.argv = ["creditgraph", *arguments]
    main()
