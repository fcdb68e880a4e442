"""The own incentives through the whole gateway: to the subject alone, by few round trips, and whole where a bureau fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from adapters import bureaus
from adapters.bureau_errors import BureauError
from adapters.source import Batch, Read
from catalogue.incentives.requirement_kinds import KINDS
from catalogue.incentives.scene_threshold import answerable
from gateway.authorization.purposes import is_own
from tests.support.gateway_in_memory import InMemory, errors_of, policy
from tests.support.one_person import ELIGIBLE, ENTERPRISE, GOOD_FIRM, PERSON, calls, holding
from tests.support.reached_city import register_of
from tests.support.rows_source import RowsSource
from tests.support.standing_oracle import CITIES
from tests.support.tested_city import TESTED_CITY

KEYS = {"person": PERSON, "enterprise": ENTERPRISE}
OPERATIONS = {"person": "my-incentives", "enterprise": "my-enterprise-incentives"}
SHORT = "query Q($of: SubjectKey!) { standing(of: $of) { incentives { id outcome { state } } } }"
LEAVES = [*policy().purposes.leaves.values()]


@dataclass(slots=True, eq=False)
class JoiningRows(RowsSource):
    """Rows in memory of a bureau that joins, as PostgreSQL does: it counts its round trips."""

    trips: list[list[Read]] = field(default_factory=list)

    def round_trips(self) -> int:
        """Return how often the bureau was asked: a data set that travels alone is one round trip."""
        return len(self.trips) + len(self.asked) - sum(map(len, self.trips))

    async def fetch_joined(self, reads: Sequence[Read], deadline: float) -> list[Batch | BureauError]:
        """Answer all reads by one round trip."""
        self.trips.append(list(reads))
        return list(await asyncio.gather(*(self.fetch(each.query, each.keys, deadline) for each in reads)))


def joining() -> dict[str, JoiningRows]:
    """Return bureaus that hold nothing."""
    return {name: JoiningRows(name, {}) for name in bureaus.discover()}


async def own(gateway: InMemory, kind: str) -> dict[str, Any]:
    """Ask the registered operation of a kind of subject as the subject itself does."""
    registration = register_of(gateway.city)[OPERATIONS[kind]]
    prepared = gateway.prepared(registration.document, registration.purpose, 1, None, "person")
    return orjson.loads((await gateway.answer(prepared, {"id": KEYS[kind]})).body)


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("kind", KINDS)
async def test_each_bureau_is_asked_once(city: str, kind: str):
    """However many incentives a city has, one request asks each bureau by one round trip at the most, each data set once."""
    sources = joining()
    answer = await own(InMemory(sources, city=city), kind)
    trips = {each.round_trips() for each in sources.values() if each.asked}
    assert trips == ({1} if any(kind in each.beneficiaries for each in answerable(city).values()) else set())
    assert len(answer["data"]["standing"]["incentives"]) >= 12
    datasets = Counter(
        (name, query.dataset.name) for name, each in sources.items() for query, _ in each.asked
    )
    assert set(datasets.values()) <= {1}


async def test_the_incentives_read_what_the_reasons_read():
    """All members of all incentives are told by the same reads as one member: their number costs no read."""
    asked: list[Any] = []
    for members in ("id", "id outcome { state }", "zh outcome { always { kinds { until } } }"):
        gateway = holding(PERSON, ELIGIBLE)
        text = f"query Q($of: SubjectKey!) {{ standing(of: $of) {{ incentives {{ {members} }} }} }}"
        operation = gateway.prepared(text, "subject.access", kind="person")
        await gateway.answer(operation, {"of": {"person": PERSON}})
        asked.append(calls(gateway))
    gateway = holding(PERSON, ELIGIBLE)
    text = "query Q($of: SubjectKey!) { standing(of: $of) { why { incentive } } }"
    await gateway.answer(gateway.prepared(text, "subject.access", kind="person"), {"of": {"person": PERSON}})
    assert asked == [calls(gateway)] * 3


@pytest.mark.rule("R50")
@pytest.mark.parametrize("purpose", LEAVES, ids=lambda each: each.name)
async def test_no_purpose_but_the_subject_s_own_reaches_them(purpose: Any):
    """Under every other purpose, every kind of caller that may hold it gets null with FIELD_DENIED, and no bureau is asked."""
    for kind in sorted(purpose.holders):
        gateway = holding(PERSON, ELIGIBLE)
        operation = gateway.prepared(SHORT, purpose.name, kind=kind)
        answer = orjson.loads((await gateway.answer(operation, {"of": {"person": PERSON}})).body)
        if is_own(purpose.name):
            assert answer["data"]["standing"]["incentives"]
            assert "errors" not in answer
            continue
        shown: Mapping[str, Any] = answer["data"]["standing"] or {"incentives": None}
        assert shown == {"incentives": None}
        assert {code for _, code in errors_of(answer)} == {"FIELD_DENIED"}
        assert calls(gateway) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_the_scene_is_told_with_its_title(kind: str):
    """The titles are those of the purposes in force."""
    answer = await own(holding(KEYS[kind], ELIGIBLE if kind == "person" else GOOD_FIRM), kind)
    leaves = policy(TESTED_CITY).purposes.leaves
    for each in answer["data"]["standing"]["incentives"]:
        scene = leaves[each["scene"]]
        assert (each["sceneZh"], each["sceneEn"]) == (scene.zh, scene.en)


@pytest.mark.parametrize("bureau", ["registry", "credit_office", "courts", "tax", "transport"])
async def test_a_bureau_that_is_down_costs_the_outcomes_that_rest_on_it(bureau: str):
    """The other outcomes, and what is stated of every incentive, are told; an error names the bureau and no data set."""
    whole = await own(holding(PERSON, ELIGIBLE), "person")
    answer = await own(holding(PERSON, ELIGIBLE, frozenset({bureau})), "person")
    told = answer["data"]["standing"]["incentives"]
    missing = [number for number, each in enumerate(told) if each["outcome"] is None]
    assert missing
    assert errors_of(answer) == [
        (["standing", "incentives", number, "outcome"], "BUREAU_UNAVAILABLE") for number in missing
    ]
    assert {each["extensions"]["bureau"] for each in answer["errors"]} == {bureau}
    assert not any("dataset" in each["extensions"] for each in answer["errors"])
    for number, (each, other) in enumerate(zip(told, whole["data"]["standing"]["incentives"], strict=True)):
        expected = {**other, "outcome": None} if number in missing else other
        assert each == expected
