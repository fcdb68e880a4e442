"""How many distinct subjects each client asked about under each case number, and the bound on it.

Without a bound, one case number would open every subject, one request after the other.
"""

from collections.abc import Iterable
from typing import Final

import msgspec
from cachetools import LRUCache

from gateway.errors import CASE_SUBJECTS_EXCEEDED, RequestError
from gateway.operations.case_number import case_of
from gateway.operations.case_rules import CaseBound
from observability.events import CaseSubjectsCounted
from observability.hooks import Hooks

MOST_CASES: Final = 4_096
"""Cases of one client in memory. A further case replaces the one that was asked about least recently."""


class CaseAsked(msgspec.Struct, frozen=True):
    """A request that names its case."""

    client: str
    purpose: str
    case_number: str


class CaseSubjects:
    """Counts in the memory of this process. It keeps hashes of the subjects' keys, and no key.

    Each client has its own memory, so no client removes the counts of another. A client that names many cases
    removes its own counts, and gets no more than new case numbers would give it.
    """

    def __init__(self, hooks: Hooks, most_cases: int = MOST_CASES) -> None:
        self._hooks = hooks
        self._most = most_cases
        self._clients: dict[str, LRUCache[str, set[int]]] = {}

    def admit(self, asked: CaseAsked, bound: CaseBound, keys: Iterable[str]) -> None:
        """Count the subjects of a request. Above the bound, count none of them and raise CASE_SUBJECTS_EXCEEDED.

        Subjects that were counted before stay admitted.
        """
        cases = self._clients.setdefault(asked.client, LRUCache(self._most))
        seen = cases.setdefault(case_of(asked.case_number), set())
        before = len(seen)
        new = {hash(key) for key in keys} - seen
        if before + len(new) > bound.subjects:
            self._emit(asked, before, "refused")
            raise RequestError(CASE_SUBJECTS_EXCEEDED, f"At most {bound.subjects} are allowed.")
        seen |= new
        if before < bound.alarm <= len(seen):
            self._emit(asked, len(seen), "alarm")

    def _emit(self, asked: CaseAsked, subjects: int, outcome: str) -> None:
        self._hooks.emit(
            CaseSubjectsCounted(asked.client, asked.purpose, asked.case_number, subjects, outcome)
        )
