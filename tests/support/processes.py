"""Which processes a test has left: each carries the test's folder in its environment or its arguments."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

MARK = "SYSTEM_TEST_FOLDER"


def processes_of(folder: Path, word: str = "") -> list[str]:
    """The command lines of live processes that belong to `folder` and hold `word`, zombies left out."""
    return [line for line in _lines(str(folder).encode()) if word in line]


def _lines(folder: bytes) -> Iterator[str]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes()
            environment = (entry / "environ").read_bytes()
        except OSError:  # it ended, or it is another account's
            continue
        if line and (folder in line or b"%s=%s" % (MARK.encode(), folder) in environment):
            yield line.replace(b"\x00", b" ").decode(errors="replace")
