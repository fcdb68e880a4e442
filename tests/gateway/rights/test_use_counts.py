"""No authorisation is used more often than its count says, and the memory of the counts is bounded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import AUTHORIZATION_UNAVAILABLE, RequestError
from gateway.rights.authorisations import COLUMNS, Authorisations, LenderRequest
from gateway.rights.use_counts import UseCounts
from observability.events import AuthorisationRefused
from observability.hooks import Hooks
from resolvers.fetch.reading import Table
from tests.support.authorised import authorisation
from tests.support.hearing_observer import Hearing
from tests.support.small_city import ADULTS

START, DAY = date(2026, 6, 1), timedelta(1)
BORROWERS = ADULTS[:3]
NUMBERS = ("XYD-2026-1", "XYD-2026-2")
MOST = 4


def held(subject: str, number: str = NUMBERS[0], **changes: Any) -> dict[str, Any]:
    """Return an authorisation of three uses that ends in three days."""
    return authorisation(
        subject,
        number=number,
        begins_on=START - DAY,
        **{"until": START + 3 * DAY, "uses": 3, **changes},
    )


def table(*rows: dict[str, Any]) -> Table:
    """Return what the credit office answers, by borrower."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["subject"], []).append((row["subject"], *(row[name] for name in COLUMNS)))
    return Table(found)


def admitted(
    authorisations: Authorisations, day: date, *rows: dict[str, Any], number: str = NUMBERS[0]
) -> bool:
    """Whether the bank is admitted to the subjects of some rows under a number."""
    asked = LenderRequest("bank", "financing.credit", number, day)
    subjects = list(dict.fromkeys(row["subject"] for row in rows))
    try:
        authorisations.admit(asked, subjects, table(*rows))
    except RequestError:
        return False
    return True


@dataclass(slots=True)
class Bank:
    """A bank that asks while days pass and the credit office counts, withdraws and ends authorisations.

    A request is begun and admitted apart, so it may see an older record and bring an older day; it lasts no full day.
    """

    counts: UseCounts = field(default_factory=lambda: UseCounts(MOST))
    today: date = START
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict[Any, Any])
    used: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    begun: list[tuple[date, str, list[dict[str, Any]]]] = field(default_factory=list[Any])
    gate: Authorisations = field(init=False)

    def __post_init__(self):
        self.gate = Authorisations(counts=self.counts)
        for at, name in enumerate((each, number) for each in BORROWERS for number in NUMBERS):
            self.rows[name] = held(*name, uses=at % 4, until=START + (at % 3) * DAY)

    def step(self, what: str, at: int) -> None:
        names = list(self.rows)
        name = names[at % len(names)]
        row = self.rows[name]
        match what:
            case "begin":
                asked = [self.rows[each, name[1]] for each in BORROWERS[: 1 + at % 2]]
                self.begun.append((self.today, name[1], [dict(each) for each in asked]))
            case "admit" if self.begun:
                self.admit(*self.begun.pop(at % len(self.begun)))
            case "count":
                row["uses_counted"] = self.used[name]
            case "withdraw":
                row["withdrawn_on"] = row["withdrawn_on"] or self.today + (at % 3 - 1) * DAY
            case "shorten":
                row["until"] -= DAY
            case "pass":
                self.today += DAY
                self.begun = [each for each in self.begun if self.today - each[0] <= DAY]
            case _:
                pass

    def admit(self, day: date, number: str, rows: list[dict[str, Any]]) -> None:
        if admitted(self.gate, day, *rows, number=number):
            self.used.update((each["subject"], number) for each in rows)


STEPS = st.tuples(
    st.sampled_from(["begin", "admit", "begin", "admit", "count", "withdraw", "shorten", "pass"]),
    st.integers(0, 11),
)


@given(st.lists(STEPS, max_size=60))
def test_no_authorisation_is_used_more_often_than_its_count(steps: list[tuple[str, int]]):
    """Whatever the order of requests, counts, withdrawals and days: no more answers than uses, no more counts than room."""
    bank = Bank()
    for what, at in steps:
        bank.step(what, at)
        assert len(bank.counts) <= MOST
        for name, row in bank.rows.items():
            assert bank.used[name] <= row["uses"]


def test_a_count_is_forgotten_when_its_term_has_ended():
    """A count stays through the last day of the term and goes with the next one."""
    counts = UseCounts()
    gate = Authorisations(counts=counts)
    assert admitted(gate, START, held(BORROWERS[0]))
    counts.begin(START + 3 * DAY)
    assert len(counts) == 1
    counts.begin(START + 4 * DAY)
    assert len(counts) == 0


def test_a_count_is_forgotten_when_its_authorisation_is_withdrawn():
    """A withdrawal that a request saw ends the count, one day later than itself: a request may still have the old record."""
    counts = UseCounts()
    gate = Authorisations(counts=counts)
    row = held(BORROWERS[0], uses=1, until=START + 300 * DAY)
    assert admitted(gate, START, row)
    assert not admitted(gate, START, row | {"withdrawn_on": START})
    assert not admitted(gate, START, row)
    assert not admitted(gate, START, row | {"withdrawn_on": START})
    counts.begin(START + DAY)
    assert len(counts) == 1
    counts.begin(START + 2 * DAY)
    assert len(counts) == 0


@pytest.mark.parametrize("end", [{"until": START}, {"withdrawn_on": START + DAY}])
def test_an_end_never_comes_later_again(end: dict[str, Any]):
    """Where the clock goes back, an authorisation whose count was forgotten stays ended."""
    counts = UseCounts()
    gate = Authorisations(counts=counts)
    row = held(BORROWERS[0], **{"uses": 1, "until": START + 9 * DAY, **end})
    assert admitted(gate, START, row)
    assert not admitted(gate, START + 5 * DAY, row)
    counts.begin(START + 7 * DAY)
    assert len(counts) == 0
    assert not admitted(gate, START, row)


def test_without_room_nobody_is_admitted_and_no_count_is_lost():
    """A full memory refuses an authorisation that it does not know by a code of its own, and goes on with those it knows."""
    heard = Hearing()
    counts = UseCounts(1)
    gate = Authorisations(Hooks((heard,)), counts)
    first, second = held(BORROWERS[0]), held(BORROWERS[1], until=START + 9 * DAY)
    assert admitted(gate, START, first)
    asked = LenderRequest("bank", "financing.credit", NUMBERS[0], START)
    with pytest.raises(RequestError) as refused:
        gate.admit(asked, [BORROWERS[1]], table(second))
    assert refused.value.code is AUTHORIZATION_UNAVAILABLE
    assert [each.rule for each in heard.facts if isinstance(each, AuthorisationRefused)] == [
        "no room for another count"
    ]
    assert not admitted(gate, START, first, second)
    assert [admitted(gate, START, first) for _ in range(3)] == [True, True, False]
    assert admitted(gate, START + 4 * DAY, second)


def test_an_authorisation_without_a_count_needs_no_room():
    """Where the term alone bounds the uses, nothing is kept, and nothing is refused for want of room."""
    counts = UseCounts(0)
    gate = Authorisations(counts=counts)
    assert all(admitted(gate, START, held(BORROWERS[0], uses=None)) for _ in range(5))
    assert len(counts) == 0
