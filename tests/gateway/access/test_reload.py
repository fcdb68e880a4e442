"""A reload takes its turn and rests: requests are answered between its steps, and the last files decide."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from gateway.access.reload import Reloader
from gateway.pipeline.cooperative import Steps
from gateway.pipeline.free_documents import NoFreeDocuments
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, RegisteredOperations, registered_operations
from gateway.pipeline.prepare import Preparer
from gateway.settings import LimitSettings
from observability.events import Fact, GrantMade, PlanCompiled
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.admissions import CLIENTS, REGISTER, admission
from tests.support.gateway_in_memory import graph, policy
from tests.support.hearing_observer import Hearing
from tests.support.small_city import small_city


def named(version: str) -> PolicySnapshot:
    """Return a snapshot without operations."""
    return PolicySnapshot(version, 0, RegisteredOperations({}, CLIENTS, admission()), NoFreeDocuments())


@dataclass
class Files:
    """What stands in files, and what became of it, step by step."""

    version: str = "first"
    log: list[str] = field(default_factory=list[str])
    prepared: asyncio.Event = field(default_factory=asyncio.Event)
    """Whether any of it is being prepared."""

    def read(self) -> str:
        """Read the version that stands there now."""
        self.log.append(f"read {self.version}")
        return self.version

    def prepare(self, version: str) -> Steps[PolicySnapshot]:
        """Prepare a snapshot in three steps."""
        self.prepared.set()
        for _ in range(3):
            self.log.append("step")
            yield
        return named(version)


@dataclass
class Requests:
    """Requests one after the other, until they are stopped, each with the version under which it is answered."""

    current: CurrentPolicy
    log: list[str]
    stopped: bool = False

    async def go_on(self) -> None:
        """Answer at every turn of the loop."""
        while not self.stopped:
            self.log.append(self.current.snapshot.version)
            await asyncio.sleep(0)


async def test_requests_are_answered_between_the_steps_of_a_reload():
    """After each step of a reload requests go on under the old snapshot, until the new one is there as a whole."""
    files, current = Files(), CurrentPolicy(named("old"))
    requests = Requests(current, files.log)
    going = asyncio.create_task(requests.go_on())
    assert await Reloader(current, files.read, files.prepare, Hooks()).reload()
    requests.stopped = True
    await going
    began, *steps = [at for at, each in enumerate(files.log) if each == "step"]
    for start, end in zip((began, *steps), (*steps, len(files.log)), strict=True):
        assert "old" in files.log[start + 1 : end]
    assert current.snapshot.version == "first"


async def test_signals_in_quick_succession_take_turns():
    """A reload begins when the one before it has ended, and the files as they are at the end decide."""
    files, current = Files(), CurrentPolicy(named("old"))
    reloader = Reloader(current, files.read, files.prepare, Hooks())
    reloads = [asyncio.create_task(reloader.reload()) for _ in range(3)]
    await files.prepared.wait()
    files.version = "last"
    assert await asyncio.gather(*reloads) == [True] * 3
    steps = ["step"] * 3
    assert files.log == ["read first", *steps, "read last", *steps, "read last", *steps]
    assert current.snapshot.version == "last"


async def test_a_step_is_one_operation_or_one_variant():
    """No two operations and no two variants of one are prepared without a rest between them."""
    heard = Hearing()
    hooks = Hooks([heard])
    preparer = Preparer(graph(), policy(), Loaders(small_city().sources(), hooks), hooks)
    met: Counter[type[Fact]] = Counter()
    for _ in registered_operations(preparer, REGISTER, CLIENTS, LimitSettings(), admission()):
        assert len({each.operation for each in heard.facts if isinstance(each, GrantMade)}) <= 1
        assert {type(each) for each in heard.facts} in ({GrantMade}, {PlanCompiled})
        met.update(type(each) for each in heard.facts)
        assert sum(isinstance(each, PlanCompiled) for each in heard.facts) <= 1
        heard.facts.clear()
    assert min(met[GrantMade], met[PlanCompiled]) >= len(REGISTER)
