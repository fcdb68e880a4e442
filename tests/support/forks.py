"""Processes of the command line that are forked from one that has imported it already.

A command takes a second and a half to import what it needs, and the tests run a hundred of them. What is tested is as
it is: `cli.main` in a process of its own, with an environment, a folder and files for output of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["cli", __name__])


def run_main(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], out: Path, err: Path
) -> None:
    """Become the command: what `python -m cli` does, once everything is imported."""
    from cli import main  # noqa: PLC0415 the tests that fork nothing import no command

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for file, stream in ((os.devnull, 0), (out, 1), (err, 2)):
        opened = os.open(file, os.O_RDONLY if stream == 0 else os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, stream)
        os.close(opened)
    sys.argv = ["creditgraph", *arguments]
    main()
