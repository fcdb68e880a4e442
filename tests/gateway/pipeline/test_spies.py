"""No bureau is asked before an allow, and no denied column is in any request to a bureau.

Ten thousand combinations of document, kind of caller and purpose at full strength: Hypothesis draws a document and a
seed, and under each document many callers are tried, since drawing and validating one costs more than answering it.
"""

from __future__ import annotations

import asyncio
import gc
import random
from collections import Counter

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observability.events import PlanCompiled
from tests.support.documents import Asked, asked
from tests.support.effort import FULL, drawn, examples
from tests.support.gateway_in_memory import graph, policy
from tests.support.justified_reads import THERE, Justified, justified
from tests.support.small_city import ENTERPRISES, PERSONS, small_city
from tests.support.spies import LEAVES, Fetched, Watched

CITY = small_city()
KINDS = tuple(policy().kinds)
HELD = {kind: [name for name in LEAVES if kind in policy().purposes.leaves[name].holders] for kind in KINDS}
DOCUMENTS, CALLERS = 125, 80 if FULL else 30


def callers(seed: int) -> set[tuple[str, str]]:
    """Return kinds of caller with purposes, four in five of them held."""
    rng, found = random.Random(seed), set[tuple[str, str]]()
    while len(found) < CALLERS:
        kind = rng.choice(KINDS)
        found.add((kind, rng.choice(HELD[kind] if rng.random() < 0.8 else LEAVES)))
    return found


def unjustified(fetched: Fetched, allowed: Justified) -> set[tuple[str, str]]:
    """Return the columns that a bureau is asked for of somebody for whom nothing allows it."""
    return {
        (fetched.dataset, column)
        for key in fetched.keys
        for column in (THERE, *fetched.columns)
        if not allowed.covers(fetched.dataset, column, key)
    }


def check(watched: Watched, document: Asked, kind: str, purpose: str, body: bytes) -> Counter[str]:
    """Hold what the bureaus were asked against what is justified, and count what was met."""
    allowed, fetched = justified(document, kind, purpose), watched.fetched
    named = allowed.named["asked"] | allowed.named["derived"]
    for each in fetched:
        assert unjustified(each, allowed) == set(), (kind, purpose)
        assert each.purpose == purpose
    if fetched:
        first = next(index for index, each in enumerate(watched.log) if isinstance(each, Fetched))
        assert any(isinstance(each, PlanCompiled) for each in watched.log[:first])
    if purpose not in HELD[kind]:
        assert fetched == []
    return Counter(
        {
            "combinations": 1,
            "read": bool(fetched),
            "all denied": not allowed.reads,
            "partly denied": bool(fetched) and b"FIELD_DENIED" in body,
            "through another": any(set(each.keys) - named for each in fetched),
            "derived": any("derived" in each for each in allowed.reads),
        }
    )


@pytest.mark.rule("R15", "HN-25", "HN-46")
def test_no_denied_column_is_asked_of_a_bureau():
    """Whatever is asked by whom for what, bureaus are asked only for what the rules allow, and after they did."""
    met: Counter[str] = Counter()

    async def ask(document: Asked, seed: int) -> None:
        watched = Watched(CITY.sources())
        gc.disable()  # a third of the time went into looking through documents that stay
        try:
            for kind, purpose in sorted(callers(seed)):
                answer = await watched.answer(document, kind, purpose)
                met.update(check(watched, document, kind, purpose, answer.body))
        finally:
            gc.enable()

    with asyncio.Runner() as runner:

        @examples(DOCUMENTS)
        @given(document=asked(graph().schema), seed=st.integers(0, 2**32))
        def look(document: Asked, seed: int) -> None:
            runner.run(ask(document, seed))

        look()
    assert met["combinations"] >= drawn(DOCUMENTS) * CALLERS
    assert met["read"], met
    assert met["all denied"], met
    rare = {name: count for name, count in met.items() if count < met["combinations"] // 100}
    assert not (FULL and rare), met  # a dozen documents may lack a kind by chance


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_is_read_where_all_is_denied(kind: str):
    """Under a purpose that a kind of caller may not hold no bureau hears of the request, whatever it names."""
    names = f'person(id: "{PERSONS[0]}") {{ __typename name identityNumber }}'
    keys = (
        f'subjects(by: [{{enterprise: "{ENTERPRISES[0]}"}}]) {{ __typename adverseRecords {{ __typename }} }}'
    )
    for purpose in (
        *(each for each in LEAVES if each not in HELD[kind]),
        "statistics.city",
        "open.catalogue",
    ):
        watched = Watched(CITY.sources())
        answer = await watched.answer(Asked(f"{{ {names} {keys} }}", {}), kind, purpose)
        assert watched.fetched == []
        assert orjson.loads(answer.body)["data"] == {"person": None, "subjects": None}


async def test_what_an_answer_is_derived_from_is_asked_of_its_subject_alone():
    """Beside a person's own record the columns behind another person's one-sided answer are read of the other alone."""
    watched = Watched(CITY.sources())
    names = f'person(id: "{PERSONS[0]}") {{ name honours {{ title }} }}'
    answers = f'standing(of: {{person: "{PERSONS[1]}"}}) {{ pds001 }}'
    await watched.answer(Asked(f"{{ {names} {answers} }}", {}), "organ", "reward.approval")
    of_one = {column for each in watched.fetched if PERSONS[0] in each.keys for column in each.columns}
    shown = {"birth_date", "deceased"}  # they tell whether the person is a minor, or has died
    assert of_one == {"name", *shown, "title"}
    of_other = {column for each in watched.fetched if PERSONS[1] in each.keys for column in each.columns}
    assert of_other - of_one
