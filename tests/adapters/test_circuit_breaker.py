"""A circuit breaker by the clock: it opens by failures, admits one probe a second, and closes with the first success."""

from __future__ import annotations

import pytest

from adapters.bureau_errors import BureauError, BureauTimedOut, BureauUnavailable
from adapters.circuit_breaker import CircuitBreakers

FAILURE = BureauUnavailable("tax", None, "no connection")
LONGEST = 1.0


def admitted(breakers: CircuitBreakers, now: float, part: str | None = None) -> str:
    """Return what a read gets: "read", "probe", or the reason with which it fails at once."""
    try:
        return "probe" if breakers.admit(part, "grade", now, LONGEST) else "read"
    except BureauError as error:
        return f"{error.dataset}: {error.reason}"


def test_failures_beyond_the_tolerated_ones_open_a_breaker():
    """So many failures in a row as are tolerated stop no read; a success in between begins the count again."""
    breakers = CircuitBreakers()
    for _ in range(2):
        breakers.trip(None, FAILURE, 0.0, tolerated=2)
    breakers.reset(None)
    for _ in range(2):
        breakers.trip(None, FAILURE, 0.0, tolerated=2)
        assert admitted(breakers, 0.0) == "read"
    breakers.trip(None, FAILURE, 0.0, tolerated=2)
    assert admitted(breakers, 0.0) == "grade: no connection"
    assert breakers.is_open(None)


def test_one_probe_a_second_is_admitted():
    """Of reads that come every tenth of a second, one in a second is the probe; all others fail at once, with the reason."""
    breakers = CircuitBreakers()
    breakers.trip(None, FAILURE, 0.0)
    outcomes: list[str] = []
    for tenth in range(1, 31):
        outcomes.append(admitted(breakers, tenth / 10))
        if outcomes[-1] == "probe":
            breakers.trip(None, FAILURE, tenth / 10 + 0.05)
    assert outcomes.count("probe") == 3
    assert set(outcomes) == {"probe", "grade: no connection"}


def test_a_bureau_that_is_back_is_found_within_a_second():
    """The first read after a pause is the probe, and its success closes the breaker for all."""
    breakers = CircuitBreakers()
    breakers.trip(None, FAILURE, 0.0)
    first = next(tenth for tenth in range(100) if admitted(breakers, tenth / 10) == "probe")
    assert first < 10
    breakers.reset(None)
    assert admitted(breakers, first / 10) == "read"
    assert breakers.failing == {}


@pytest.mark.parametrize("ended", [True, False])
def test_a_probe_that_shows_nothing_gives_way(ended: bool):
    """A probe whose caller had no time is followed by the next one a second later, and by none while it is under way."""
    breakers = CircuitBreakers()
    breakers.trip(None, FAILURE, 0.0)
    assert breakers.admit(None, None, 1.0, longest=3.0)
    if ended:
        breakers.end_probe(None)
    assert admitted(breakers, 1.8 if ended else 3.9) == "grade: no connection"
    assert admitted(breakers, 2.0 if ended else 4.0) == "probe"


def test_a_data_set_has_its_own_breaker():
    """A data set that fails stops its own reads only, and its failure keeps its class."""
    breakers = CircuitBreakers()
    breakers.trip("grade", BureauTimedOut("tax", "grade", "the relation is locked"), 0.0)
    assert admitted(breakers, 0.1) == "read"
    assert admitted(breakers, 0.1, "arrears") == "read"
    with pytest.raises(BureauTimedOut, match="locked"):
        breakers.admit("grade", "grade", 0.1, LONGEST)
