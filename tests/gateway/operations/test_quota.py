"""A quota lets through what it states, at once or spread, and never more than that in its time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.operations.operation_gate import QuotaMemory
from gateway.operations.register import Quota

SECOND = 1_000_000_000


class Clock:
    """Nanoseconds to turn."""

    def __init__(self) -> None:
        self.now = 5 * SECOND

    def __call__(self) -> int:
        return self.now


def memory(most: int = 100) -> tuple[QuotaMemory, Clock]:
    """A memory and its clock."""
    clock = Clock()
    return QuotaMemory(clock, most), clock


quotas = st.builds(
    lambda own, more, seconds: Quota(own, own + more, seconds),
    st.integers(1, 20),
    st.integers(0, 20),
    st.integers(1, 100),
)


@given(quotas)
def test_a_whole_quota_may_be_used_at_once(quota: Quota):
    """A caller that has rested gets its quota in one moment, and not one request more."""
    store, _ = memory()
    assert [store.take("a", "x", quota) for _ in range(quota.per_caller)] == [0.0] * quota.per_caller
    assert store.take("a", "x", quota) > 0


@pytest.mark.rule("R42")
@given(quotas, st.lists(st.integers(0, 30 * SECOND), min_size=1, max_size=80))
def test_no_span_of_time_lets_more_through(quota: Quota, pauses: list[int]):
    """In any span that begins with an answer, at most a quota and what its pace adds are answered."""
    store, clock = memory()
    answered: list[int] = []
    for pause in pauses:
        clock.now += pause
        if store.take("a", "x", quota) == 0:
            answered.append(clock.now)
    step = quota.seconds * SECOND // quota.per_caller
    for first, start in enumerate(answered):
        for last, end in enumerate(answered[first:], first):
            assert last - first + 1 <= quota.per_caller + (end - start) // step


@given(quotas, st.lists(st.tuples(st.integers(0, 30 * SECOND), st.sampled_from("xyz")), max_size=60))
def test_it_counts_as_a_leaking_bucket_does(quota: Quota, arrivals: list[tuple[int, str]]):
    """Each request meets the decision of I.371's other form of the algorithm, the leaky bucket."""
    store, clock = memory()
    span = quota.seconds * SECOND
    own_step, whole_step = span // quota.per_caller, span // quota.total
    buckets: dict[str, tuple[int, int]] = {}

    def level(key: str) -> int:
        content, since = buckets.get(key, (0, clock.now))
        return max(0, content - (clock.now - since))

    for pause, client in arrivals:
        clock.now += pause
        own, whole = level(client), level("")
        fits = own + own_step <= span and whole + whole_step <= span
        assert (store.take("a", client, quota) == 0) is fits
        if fits:
            buckets[client], buckets[""] = (own + own_step, clock.now), (whole + whole_step, clock.now)


@given(quotas, st.integers(0, 60))
def test_the_wait_is_exact(quota: Quota, more: int):
    """Who waits as long as it was told is answered; a nanosecond earlier it is not."""
    store, clock = memory()
    for _ in range(quota.per_caller + more):
        wait = store.take("a", "x", quota)
        if wait:
            due = clock.now + round(wait * SECOND)
            clock.now = due - 1
            assert store.take("a", "x", quota) > 0
            clock.now = due
            assert store.take("a", "x", quota) == 0


def test_callers_and_operations_are_counted_apart():
    """One caller's quota is its own, all callers share the operation's, and other operations have theirs."""
    store, _ = memory()
    quota = Quota(per_caller=2, total=3, seconds=60)
    assert [store.take("a", "x", quota) > 0 for _ in range(3)] == [False, False, True]
    assert [store.take("a", "y", quota) > 0 for _ in range(2)] == [False, True]
    assert store.take("b", "x", quota) == 0


def test_a_refused_request_is_not_counted():
    """Asking in vain takes nothing from what is left, neither the caller's nor the others'."""
    store, clock = memory()
    quota = Quota(per_caller=1, total=2, seconds=60)
    assert store.take("a", "x", quota) == 0
    assert all(store.take("a", "x", quota) == 60 for _ in range(50))
    assert store.take("a", "y", quota) == 0
    clock.now += 60 * SECOND
    assert store.take("a", "x", quota) == 0


def test_memory_is_bounded():
    """Callers whose time has passed are forgotten; where all are busy a further one is denied, not let in."""
    store, clock = memory(most=10)
    quota = Quota(per_caller=1, total=1_000_000, seconds=60)
    for number in range(9):
        assert store.take("a", f"c{number}", quota) == 0
    with pytest.raises(MemoryError):
        store.take("a", "late", quota)
    clock.now += 61 * SECOND
    assert store.take("a", "late", quota) == 0
    assert len(store) == 2


def test_many_persons_keep_no_other_caller_out():
    """The persons of one client fill no memory of others: the ones that asked least recently are forgotten."""
    store, _ = memory(most=10)
    quota = Quota(per_caller=100, total=1_000, seconds=60, per_person=1)
    assert [store.take("a", "app", quota, f"p{number}") for number in range(50)] == [0] * 50
    assert store.take("a", "app", quota, "p49") > 0
    assert store.take("b", "x", quota) == 0


def test_a_person_spends_its_own_share_of_its_client():
    """Where a client speaks for persons, one of them gets its share, and the others get theirs afterwards."""
    store, clock = memory()
    quota = Quota(per_caller=6, total=6, seconds=60, per_person=2)
    assert [store.take("a", "app", quota, "p") > 0 for _ in range(9)] == [False] * 2 + [True] * 7
    assert [store.take("a", "app", quota, "q") > 0 for _ in range(3)] == [False, False, True]
    clock.now += 30 * SECOND
    assert [store.take("a", "app", quota, "p") > 0 for _ in range(2)] == [False, True]


@given(st.sampled_from([None, "p"]), st.integers(1, 200))
def test_a_refused_request_costs_its_sender_alone(person: str | None, refused: int):
    """What was refused after it was counted leaves the shared counts as they were, and the sender's as it is."""
    store, _ = memory()
    quota = Quota(per_caller=4, total=4, seconds=60, per_person=2)
    taken = 0
    for _ in range(refused):
        if store.take("a", "x", quota, person) == 0:
            store.give_back("a", "x", quota, person)
            taken += 1
    assert taken == min(refused, 4 if person is None else 2)
    other = ("x", "q") if person else ("y", None)
    assert [store.take("a", other[0], quota, other[1]) for _ in range(2)] == [0.0, 0.0]


def test_the_share_of_a_person_is_a_hundredth_where_none_is_stated():
    """A file without a share of persons gives each a hundredth of its client's quota, and at least one request."""
    assert Quota(6_000, 24_000, 60).person_share == 60
    assert Quota(5, 5, 60).person_share == 1
    assert Quota(6_000, 24_000, 60, per_person=7).person_share == 7
    with pytest.raises(ValueError, match="one person more than the client"):
        Quota(5, 5, 60, per_person=6)
