"""What may stand in the seams of a request: gates and evidence that answer, refuse, change or hang; a city behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.errors import (
    SUBJECT_NOT_SELF,
    RequestError,
)
from gateway.evidence.disclosure import AnswerDisclosure, DisclosureHook
from gateway.pipeline.prepare import Operation
from gateway.pipeline.request import Answer, Answerer, SubjectRules
from gateway.principal import RequestFacts
from gateway.rights.subject_gate import SubjectGate
from observability.hooks import Hooks
from tests.support.gateway_in_memory import (
    TODAY,
    InMemory,
    principal,
    schema_answers,
    start_of,
)
from tests.support.small_city import small_city
from tests.support.spies import Fetched, Spy

CASE = "（2026）豫15执123号"


@dataclass(slots=True)
class Gate:
    """A subject gate that keeps what it was asked, leaves out some persons, or refuses once it sees one of them."""

    log: list[Any]
    closed: frozenset[str] = frozenset()
    refuses: bool = False

    async def admit(
        self, facts: RequestFacts, subjects: Mapping[str, Sequence[str]]
    ) -> Mapping[str, Sequence[str]]:
        self.log.append((facts, {name: list(keys) for name, keys in subjects.items()}))
        if not self.closed.intersection([key for keys in subjects.values() for key in keys]):
            return subjects
        if self.refuses:
            raise RequestError(SUBJECT_NOT_SELF)
        return {name: [key for key in keys if key not in self.closed] for name, keys in subjects.items()}


@dataclass(slots=True)
class Evidence:
    """A hook that keeps disclosures, or cannot."""

    log: list[Any]
    fault: Exception | None = None

    async def record(self, disclosure: AnswerDisclosure) -> None:
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        self.log.append(disclosure)


class HangingGate:
    """A gate that never answers."""

    async def admit(
        self, facts: RequestFacts, subjects: Mapping[str, Sequence[str]]
    ) -> Mapping[str, Sequence[str]]:
        del facts
        await asyncio.Event().wait()
        return subjects


class ChangingGate:
    """A gate that takes subjects out of what it was asked, instead of returning those whom it admits."""

    async def admit(self, facts: RequestFacts, subjects: Any) -> Mapping[str, Sequence[str]]:
        del facts
        subjects["Enterprise"] = ()
        return subjects


class HangingEvidence:
    """A hook that never comes to an end."""

    async def record(self, disclosure: AnswerDisclosure) -> None:
        del disclosure
        await asyncio.Event().wait()


@dataclass(slots=True)
class City:
    """A gateway over spies; gate, bureaus and evidence write into one log."""

    closed: frozenset[str] = frozenset()
    refuses: bool = False
    fault: Exception | None = None
    log: list[Any] = field(default_factory=list)
    gate: SubjectGate | None = None
    evidence: DisclosureHook | None = None
    seconds: float = 60

    def answerer(self, hooks: Hooks | None = None) -> Answerer:
        return Answerer(
            schema_answers(),
            10_000,
            100,
            clock=lambda: start_of(TODAY),
            hooks=hooks or Hooks(),
            subjects=SubjectRules(
                self.gate or Gate(self.log, self.closed, self.refuses),
                self.evidence or Evidence(self.log, self.fault),
            ),
        )

    def prepared(self, text: str, purpose: str | None = None) -> Operation:
        spies = {name: Spy(rows, self.log) for name, rows in small_city().sources().items()}
        return InMemory(spies).prepared(text, purpose)  # pyright: ignore[reportArgumentType] a spy answers as rows do

    async def ask(self, text: str, purpose: str | None = None, **variables: Any) -> Answer:
        deadline = asyncio.get_running_loop().time() + self.seconds
        operation = self.prepared(text, purpose)
        return await self.answerer().answer(operation, variables, principal(), deadline, None, CASE)

    @property
    def fetched(self) -> list[Fetched]:
        return [each for each in self.log if isinstance(each, Fetched)]

    @property
    def disclosed(self) -> list[AnswerDisclosure]:
        return [each for each in self.log if isinstance(each, AnswerDisclosure)]
