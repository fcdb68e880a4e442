"""Writing a file of the register so that a reader sees the old one or the new one, and never half of it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

_READABLE: Final = 0o644


def write_atomically(file: Path, text: str) -> None:
    """Put a text into a file, by a temporary one beside it that takes its place once it is on the disk.

    The mode of a file that is there stays; a new one can be read by all, as the gateway may run as another
    account than its operator's.
    """
    mode = file.stat().st_mode & 0o777 if file.exists() else _READABLE
    with NamedTemporaryFile("wb", dir=file.parent, prefix=".", suffix=".tmp", delete=False) as temporary:
        written = Path(temporary.name)
        try:
            temporary.write(text.encode())
            os.fchmod(temporary.fileno(), mode)
            temporary.flush()
            os.fsync(temporary.fileno())
            written.replace(file)
        except BaseException:
            written.unlink(missing_ok=True)
            raise
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
