"""Records of every data set with a life, each in a state that is asked for."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import chain, islice

from adapters.source import Key
from catalogue.ages import birthday_of, coming_of_age
from catalogue.declarations import Dataset
from tests.support.drawn_cities import Held, drawn_row, marks_nobody
from tests.support.drawn_records import Record, lived, whose
from tests.support.gateway_in_memory import graph
from tests.support.life_states import possible_states

LIVES: Mapping[str, Dataset] = {
    name: each.dataset for name, each in graph().sources.items() if each.dataset.life
}
"""The data sets whose records have a life, by their full names."""
OUT = "kept out by law"
DRAWS = 150
LONG_AGO = date(2010, 1, 1)


def states_of(name: str) -> set[str]:
    """Return the states that a record of a data set can have."""
    return possible_states(LIVES[name])


@cache
def one_record(name: str, key: Key, state: str) -> Held:
    """Draw a record of a subject in a state, or nothing where records of its age are in another one, or where none enters."""
    if marks_nobody(LIVES[name], key):
        return Held()
    rng = random.Random(f"{name} {key} {state}")
    if state == OUT:
        return Held(out=[drawn_row(rng, LIVES[name], key, out=True)])
    drawn = chain(
        (drawn_row(rng, LIVES[name], key) for _ in range(DRAWS)),
        (_of_long_ago(rng, LIVES[name], key) for _ in range(DRAWS)),
    )
    return Held(list(islice((each for each in drawn if each["state"] == state), 1)))


def _of_long_ago(rng: random.Random, dataset: Dataset, key: Key) -> Record:
    """Draw a record that began so long ago that its term may be over, unless its person was a minor then, or not born."""
    assert dataset.life is not None
    row = drawn_row(rng, dataset, key)
    born = birthday_of(whose(dataset, key, row))
    of_age = born is None or coming_of_age(born) < LONG_AGO
    return lived(rng, dataset, key, row | {dataset.life.begins: LONG_AGO}) if of_age else row
