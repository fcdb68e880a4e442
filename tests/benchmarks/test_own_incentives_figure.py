"""The figure of a person's own incentives is of whole answers: nothing else is timed as one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.own_incentives import check
from catalogue.incentives.incentive_catalogue import incentives


def answer(**changed: Any) -> bytes:
    """Return an answer that tells of every incentive of Nanyang, the first of them as TRUE, changed."""
    told = [
        {"id": each, "outcome": {"answer": None if number else "TRUE"}}
        for number, each in enumerate(incentives("nanyang"))
    ]
    return json.dumps({"data": {"standing": {"incentives": told}}, **changed}).encode()


def test_whole_answers_are_counted():
    """Of each answer the outcomes that are TRUE are counted."""
    assert check("nanyang", [answer(), answer()]) == 2


@pytest.mark.parametrize("changed", [{"errors": []}, {"data": {"standing": {"incentives": []}}}])
def test_no_other_answer_is_timed(changed: dict[str, Any]):
    """An answer with errors, or without an incentive of the city, ends the run."""
    with pytest.raises(RuntimeError, match="does not tell of every incentive"):
        check("nanyang", [answer(), answer(**changed)])
