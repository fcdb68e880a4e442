"""The synthetic city draws every state that a record can have: of each data set with a life, in each of the cities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain, zip_longest

import pytest

from catalogue.dated_rules import dated_rules
from catalogue.incentives.city_files import city_names
from catalogue.record_life import RECORD_STATE
from catalogue.record_states import LifeReader
from sandbox.books import Subject
from sandbox.enterprises import enterprise
from sandbox.model import REFERENCE, City
from sandbox.people import person
from sandbox.truth import datasets, records_of
from tests.support.life_states import impossible_states, possible_states

SIZE = 20_000
"""The persons of the demo's city: whoever starts it can see each of these states."""
LIVES = {name: dataset for name, (_, dataset) in datasets().items() if dataset.life}
POSSIBLE = {(name, state) for name, dataset in LIVES.items() for state in possible_states(dataset)}


def subjects_of(city: City) -> Iterator[Subject]:
    """Yield the subjects of a city, enterprises among the persons, so that few are looked at in vain."""
    people = (person(city, index) for index in range(city.population))
    firms = (enterprise(city, index) for index in range(city.enterprises))
    pairs = zip_longest(people, firms)
    return (each for each in chain.from_iterable(pairs) if each is not None)


@pytest.mark.parametrize("name", city_names())
def test_a_city_draws_every_state_of_every_record_and_none_that_cannot_be(name: str):
    """A city has records of each state that a data set can have; none of those on the way is a fault or of another state."""
    # Marks are the same from both sides, so the side of the enterprises is looked at.
    readers = {
        each: LifeReader(dataset.life, dated_rules(), grounds=dataset.grounds)
        for each, dataset in LIVES.items()
        if dataset.life and each != "tax.responsibility_by_person"
    }
    wanted, met = {each for each in POSSIBLE if each[0] in readers}, Counter[tuple[str, str]]()
    for subject in subjects_of(City.of(SIZE, name=name)):
        for of, rows in records_of(subject, readers).items():
            for row in rows:
                assert readers[of].fault(row, subject.number, REFERENCE) is None
                if readers[of].refusal(row, subject.number) is None:
                    met[of, readers[of].state(row, subject.number, REFERENCE)] += 1
        if met.keys() >= wanted:
            break
    assert wanted - met.keys() == set()
    assert met.keys() == wanted


@pytest.mark.parametrize("name", sorted(LIVES))
def test_each_state_that_cannot_be_has_its_reason(name: str):
    """A state is possible for a data set, or somebody said why it is not."""
    impossible = impossible_states(LIVES[name])
    assert possible_states(LIVES[name]) | impossible.keys() == set(RECORD_STATE)
    assert all(len(why.split()) > 5 for why in impossible.values())
