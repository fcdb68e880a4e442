"""The last result of `creditgraph bureaus check`, as readiness and the metrics tell it.

The check is a command of its own, run from a timer: it reads every row, which no gateway should do beside requests.
Its file is looked at again when it has changed.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from adapters.quality.check_result import BureauCheck, read_check
from gateway.operations.city_time import city_datetime
from observability.events import BureausChecked, DatasetChecked
from observability.hooks import Hooks

_log: Final = logging.getLogger(__name__)
_NO_RESULT: Final = BureausChecked(0.0, ())


class LastBureauCheck:
    """Reads the file of the last check; without a file there is none."""

    def __init__(self, file: Path | None, hooks: Hooks) -> None:
        self._file = file
        self._hooks = hooks
        self._edition: tuple[int, int, int] | None = None
        self._check: BureauCheck | None = None

    def refresh(self) -> None:
        """Read the file if it has changed, and tell the hooks the new result, or that there is none any more."""
        edition = self._present_edition()
        if edition == self._edition:
            return
        self._edition = edition
        self._check = read_check(self._file) if self._file and edition else None
        self._hooks.emit(_event_of(self._check) if self._check is not None else _NO_RESULT)
        if self._check is None and edition is not None:
            _log.warning("the result of the bureau check cannot be read")

    def summary(self) -> Mapping[str, Any] | None:
        """Return when the bureaus were checked, and the faults of each data set that has any; no value is in it."""
        self.refresh()
        if self._check is None:
            return None
        faulty = {
            each.name: {fault: count for fault, count in each.faults.items() if count}
            for each in self._check.datasets
            if each.faulty
        }
        unread = [each.name for each in self._check.datasets if each.failure]
        at = city_datetime(self._check.at).isoformat(timespec="seconds")
        return {"at": at, "faultyRows": faulty, "unread": unread}

    def _present_edition(self) -> tuple[int, int, int] | None:
        if self._file is None:
            return None
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def _event_of(check: BureauCheck) -> BureausChecked:
    datasets = [
        DatasetChecked(each.bureau, each.dataset, each.rows, each.faulty, tuple(each.faults.items()))
        for each in check.datasets
    ]
    return BureausChecked(check.at, tuple(datasets))
