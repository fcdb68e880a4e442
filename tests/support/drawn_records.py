"""Records with a life as they may be: the columns that decide are drawn, and what is computed of them follows.

A record is begun, and then what may happen to one happens to it, or nothing does. No record is drawn that cannot be.
Those that the law keeps out are drawn apart: a bureau gives them, and nobody is told of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from adapters.source import Key
from catalogue.ages import birthday_of
from catalogue.city_clock import city_today
from catalogue.dated_rules import dated_rules
from catalogue.declarations import Dataset
from catalogue.record_forms import CONFIRMED, STATE, RecordForm, RecordLife
from catalogue.record_life import ENDS, PUBLISHED
from catalogue.record_states import LifeReader

Record = dict[str, Any]
COMPUTED: Final = frozenset({STATE, PUBLISHED, ENDS})
AMOUNTS: Final = (100, 2**52)
AGO: Final = (400, 100, 100, 40)
"""Before how many days a record was begun that is no older than the law uses; few, so that records agree in them."""
TRIES: Final = 6
LATE: Final = date(2006, 1, 1)
"""Whoever was born later is a minor by the number in the tests that draw cities."""
OF_A_MINOR: Final = date(2025, 6, 30)
OF_AGE: Final = date(2023, 1, 1)
"""On this day everybody else is of age."""


@cache
def reader_of(life: RecordLife) -> LifeReader:
    """Return what reads a record's life by the rows of the installation."""
    return LifeReader(life, dated_rules())


def computed(dataset: Dataset, key: Key, record: Record) -> Record:
    """Return a record with what the gateway computes of it today."""
    if dataset.life is None:
        return record
    reader, today = reader_of(dataset.life), city_today()
    state = reader.state(record, key, today)
    known = {STATE: state, ENDS: reader.ends(record, today)}
    return record | known | ({PUBLISHED: reader.is_published(record, state)} if PUBLISHED in record else {})


def lived(rng: random.Random, dataset: Dataset, key: Key, record: Record, *, out: bool = False) -> Record:
    """Draw the life of a record: one that may be and that the law lets in, or with `out` one that it keeps out."""
    life = dataset.life
    assert life is not None
    reader, begun = reader_of(life), record[life.begins]
    while True:
        course = {**_plain(rng, life, begun), **_happened(rng, life, begun), **(_OUT if out else {})}
        made = record | {name: value for name, value in course.items() if name in dataset.by_name}
        if reader.fault(made, key, city_today()) is None and (reader.refusal(made, key) is None) is not out:
            return computed(dataset, key, made)


def lived_alike(
    rng: random.Random, dataset: Dataset, record: Record, kept: Mapping[str, Any], otherwise: Record
) -> Record:
    """Draw the life of a record anew, beside values that are `kept`, computed ones among them; or return another one."""
    life, key = dataset.life, record[dataset.key]
    assert life is not None
    reader = reader_of(life)
    for _ in range(TRIES):
        begun = drawn_begin(rng, whose(dataset, key, record), record[life.begins])
        drawn = lived(rng, dataset, key, record | {life.begins: begun} | kept) | kept
        made = computed(dataset, key, drawn)
        possible = reader.fault(made, key, city_today()) is None and reader.refusal(made, key) is None
        if possible and all(made[name] == value for name, value in kept.items()):
            return made
    return otherwise


def whose(dataset: Dataset, key: Key, record: Record) -> Key:
    """Return the identifier of the subject by whose age the state of a record is computed."""
    return record[dataset.life.person] if dataset.life and dataset.life.person else key


def drawn_begin(rng: random.Random, key: Key, drawn: date) -> date:
    """Draw the day on which a record begins: lately, or on a day that was `drawn`, long ago.

    Whatever number a person is given, the record is of one who is of age, or is not, as before.
    """
    born = birthday_of(key)
    if born is not None and born > LATE:
        return OF_A_MINOR
    lately = rng.random() < 0.8 or drawn > city_today() or (born is not None and drawn < OF_AGE)
    return city_today() - timedelta(rng.choice(AGO)) if lately else drawn


_OUT: Final = {"put_right": True}
_Course = dict[str, Any]


def _plain(rng: random.Random, life: RecordLife, begun: date) -> _Course:
    """Return the columns of a record to which nothing happened since it was begun."""
    days = ("conduct_ended_on", "disputed_on", "settled_on", "repaired_on", "withdrawn_on", "sealed_on")
    found: _Course = dict.fromkeys((*days, *filter(None, (life.done, life.leaves))))
    found |= {"notified_on": begun, "conduct_ended_on": rng.choice((None, None, begun))}
    found[CONFIRMED] = rng.choice((None, _lately(rng, begun)))
    if life.form is RecordForm.RESPONSIBILITY:
        found |= {"decision_number": "D1", "organ": "O1", "decided_on": begun, "record_number": "R1"}
    if life.through:
        found[life.through] = rng.choice((None, _later()))
    found |= {name: rng.choice(AMOUNTS) for name in (life.owed, life.claimed) if name}
    if life.owing:
        found[life.owing] = AMOUNTS[0]
    if life.determined:
        found |= {"determination_number": "D1", "determined_on": _lately(rng, begun)}
    if life.done_code:
        found[life.done_code[0]] = rng.choice(("NONE", "PARTIAL"))
    return found | (_penalty(rng, life, begun) if life.form is RecordForm.PENALTY else {})


def _penalty(rng: random.Random, life: RecordLife, begun: date) -> _Course:
    sanction = rng.choice(("OTHER", "FINE", "WARNING"))
    return {
        life.fine: 0 if sanction == "WARNING" else rng.choice(AMOUNTS),
        "procedure": rng.choice(("ORDINARY", "ORDINARY", "SIMPLIFIED", None)),
        "sanction": sanction,
        "severity": rng.choice(("GENERAL", "SERIOUS", "SERIOUS", "MINOR")),
        "put_right": False,
        "served_on": begun,
        "contested_on": None,
        "final_on": begun,
        "corrected_on": rng.choice((None, _lately(rng, begun))),
        "publicity_until": rng.choice((None, _later())),
    }


def _happened(rng: random.Random, life: RecordLife, begun: date) -> _Course:
    """Draw what happened to a record, seldom two things."""
    if rng.random() < 0.4:
        return {}
    found: _Course = {}
    for _ in range(1 if rng.random() < 0.8 else 2):
        found |= rng.choice(_courses(life))(rng, begun)
    return found


_Happens = Callable[[random.Random, date], _Course]


@cache
def _courses(life: RecordLife) -> Sequence[_Happens]:
    """Return what may happen to a record of a form."""
    return (*_OF_ALL, *_ends(life), *(_OF_PENALTIES if life.form is RecordForm.PENALTY else ()))


def _ends(life: RecordLife) -> Sequence[_Happens]:
    """Return how the columns of a data set end a record."""
    found: list[_Happens] = [
        lambda rng, begun, name=name: {name: _lately(rng, begun)}
        for name in filter(None, (life.done, life.leaves))
    ]
    if life.through:
        found.append(lambda rng, begun: {life.through: _lately(rng, begun)})
    if life.owing:
        found.append(lambda _rng, _begun: {life.owing: 0})
    if life.determined:
        found.append(lambda _rng, _begun: {"determination_number": None, "determined_on": None})
    if life.done_code:
        column, code = life.done_code
        found.append(lambda _rng, _begun: {column: code})
    return found


_OF_ALL: Final[tuple[_Happens, ...]] = (
    lambda rng, begun: {"withdrawn_on": _lately(rng, begun)},
    lambda rng, begun: {"repaired_on": _lately(rng, begun)},
    lambda rng, begun: {"sealed_on": _lately(rng, begun)},
    lambda rng, begun: {"disputed_on": _lately(rng, begun), "settled_on": None},
    lambda rng, begun: {"disputed_on": begun, "settled_on": _lately(rng, begun)},
)
_OF_PENALTIES: Final[tuple[_Happens, ...]] = (
    lambda rng, begun: {"publicity_until": _lately(rng, begun)},
    lambda rng, begun: {"contested_on": _lately(rng, begun), "final_on": None},
    lambda rng, begun: {"served_on": _lately(rng, begun), "final_on": None},
    lambda _rng, _begun: {"served_on": None, "final_on": None},
    lambda _rng, _begun: {"severity": None},
    lambda _rng, _begun: {"severity": "MINOR", "corrected_on": None},
)


def _lately(rng: random.Random, begun: date) -> date:
    """Draw a day that has come, no earlier than the begin."""
    return max(begun, city_today() - timedelta(rng.choice((1, 20))))


def _later() -> date:
    """Return a day to come."""
    return city_today() + timedelta(300)
