"""Reads the processor time of a process and its children from Linux."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PROC: Final = Path("/proc")


def seconds(pid: int, *, children: bool = False) -> float:
    """Return user and system seconds of a process.

    `children` adds the child processes, both ended and running ones, such as the backends of a postmaster.
    The resolution is 1/100 s.
    """
    own = _stat(_PROC / str(pid) / "stat")
    if own is None:
        return 0.0
    if not children:
        return (own[11] + own[12]) / _TICKS
    total = sum(own[11:15])
    for path in _PROC.glob("[0-9]*/stat"):
        child = _stat(path)
        if child is not None and child[1] == pid:
            total += sum(child[11:15])
    return total / _TICKS


def _stat(path: Path) -> list[int] | None:
    """Return the fields of `stat` from the state on, with the state as 0; None if the process has ended.

    Item 1 is the parent, items 11 to 14 are utime, stime, cutime and cstime (proc(5)).
    """
    try:
        text = path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return [0, *(int(field) for field in fields[1:15])]
