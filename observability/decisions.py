"""Records each new grant as a JSON line, so that officers can try a change of the rules on real use.

A line contains names of the schema and of the rules, but no text of a document, no value and no caller. The file
has each grant once, also after restarts. The event loop only puts the grant into a queue; a separate thread
writes. It keeps a line that the disk refuses, and tries again with the next line.
"""

import hashlib
import os
import queue
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import orjson
import structlog
from structlog.typing import FilteringBoundLogger

from observability.events import GrantMade
from observability.hooks import Handlers
from observability.redaction import Written, name

MOST_WAITING: Final = 10_000
"""The number of lines that can wait for the disk; further lines are dropped, and the log reports that."""
MOST_KNOWN: Final = 200_000
"""The number of written lines in memory, with 16 bytes each."""
_OWNER_ONLY: Final = 0o600
_NOT_RECORDED: Final = Written("decisions are not recorded")
_LEFT_OUT: Final = Written("decisions are left out of the record")


def line_of(event: GrantMade) -> bytes:
    """Return the line of a grant, with texts redacted that are no names of our own."""
    recorded = {
        "operation": name(event.operation),
        "kind": name(event.kind),
        "purpose": name(event.purpose),
        "policy": name(event.policy),
        "uses": [[name(part) for part in use] for use in sorted(event.uses)],
    }
    return orjson.dumps(recorded, option=orjson.OPT_APPEND_NEWLINE)


class DecisionFile:
    """An Observer (see `observability.hooks`) that appends a line for each new grant to its file."""

    def __init__(self, file: Path, logger: FilteringBoundLogger | None = None) -> None:
        self._file = file
        self._logger: FilteringBoundLogger = structlog.get_logger().bind() if logger is None else logger
        self._waiting_events: queue.Queue[GrantMade | None] = queue.Queue(MOST_WAITING)
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._known: set[bytes] = set()
        self._reported: set[str] = set()
        self.handlers: Handlers = ((GrantMade, self._enqueue),)
        self._thread = threading.Thread(target=self._run, name="decisions", daemon=True)
        self._thread.start()

    def _enqueue(self, event: GrantMade) -> None:
        try:
            self._waiting_events.put_nowait(event)
        except queue.Full:
            self._report_once(_LEFT_OUT, count=MOST_WAITING)

    def close(self, seconds: float = 5.0) -> None:
        """Write the waiting lines, for at most `seconds`."""
        try:
            self._waiting_events.put(None, timeout=seconds)
        except queue.Full:
            return
        self._thread.join(seconds)

    def _run(self) -> None:
        self._remember(self._lines_there())
        while (event := self._waiting_events.get()) is not None:
            line = line_of(event)
            digest = _digest(line)
            if digest not in self._known:
                self._remember([line])
                self._waiting.append(line)
            self._write()
        self._write()

    def _lines_there(self) -> Iterable[bytes]:
        try:
            return self._file.read_bytes().splitlines(keepends=True)
        except OSError:
            return ()

    def _remember(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known.add(_digest(line))

    def _write(self) -> None:
        while self._waiting:
            try:
                _append(self._file, self._waiting[0])
            except OSError as error:
                self._report_once(_NOT_RECORDED, error_type=type(error).__name__)
                return
            self._waiting.popleft()
            self._reported.discard(_NOT_RECORDED)

    def _report_once(self, problem: Written, **facts: object) -> None:
        if problem not in self._reported:
            self._reported.add(problem)
            self._logger.error(problem, **facts)


def _digest(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=16).digest()


def _append(file: Path, line: bytes) -> None:
    """Append a complete line; on a full disk, remove the incomplete line again."""
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
    try:
        before = os.fstat(descriptor).st_size
        if os.write(descriptor, line) < len(line):
            os.ftruncate(descriptor, before)
            raise OSError("the line was not written as a whole")
    finally:
        os.close(descriptor)
