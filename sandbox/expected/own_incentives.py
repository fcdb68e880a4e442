"""What a subject must be told of every incentive of its city: what the city's files state, and how each stands with it.

Requirements are said in words of the gateway. What can be known apart from them is looked at: an incentive that is met has one
way of which everything is met, one that is not met lacks something of every way, and a kind of record that bars is one of which
the subject has a record that stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from catalogue.incentives.incentive_catalogue import Incentive, incentives
from catalogue.incentives.incentive_marks import configuration_of, reading_of
from sandbox.expected.comparing import Path, Rule
from sandbox.expected.reasons import held_kinds, is_for
from sandbox.expected.scene_bars import at_bars
from sandbox.expected.selections import Asked, Field, NotExpected
from sandbox.expected.standing import Standing, answer

_STATED: Final[Mapping[str, Callable[[Incentive], Any]]] = {
    "id": lambda each: each.id,
    "zh": lambda each: each.zh,
    "en": lambda each: each.en,
    "scene": lambda each: each.scene,
    "basis": lambda each: each.basis,
    "bureaus": lambda each: [*each.bureaus],
    "document": lambda each: each.city.document,
    "documentTitle": lambda each: each.city.document_title,
    "documentNumber": lambda each: each.city.document_number,
    "place": lambda each: each.place,
    "reading": reading_of,
    "configured": lambda each: configuration_of(each.condition),
    "answerable": lambda each: each.condition is not None,
    "waitsFor": lambda each: each.unanswered or None,
}
"""How what is stated of an incentive follows from the city's files."""
_OUTCOME: Final = "outcome"


def own_incentives_rule(city: str, of: Standing, field: Field, asked: Asked) -> Rule:
    """Return what `incentives` must be for a subject."""
    below = [] if field.below is None else [*asked.fields(field.below, "OwnIncentive")]
    if any(each.called != each.name for each in below):
        raise NotExpected("incentives")
    names = {each.name for each in below}
    return Rule(lambda found: _broken(city, of, names, found))


def _broken(city: str, of: Standing, names: set[str], found: Sequence[Mapping[str, Any]]) -> Iterator[Path]:
    listed = incentives(city)
    if len(listed) != len(found):
        yield f"[{len(listed)}]"
        return
    for at, (incentive, told) in enumerate(zip(listed.values(), found, strict=True)):
        for name in names & _STATED.keys():
            if told[name] != _STATED[name](incentive):
                yield f"[{at}].{name}"
        if _OUTCOME in names:
            yield from (f"[{at}].{_OUTCOME}{place}" for place in _of_outcome(city, incentive, of, told))


def _of_outcome(city: str, incentive: Incentive, of: Standing, told: Mapping[str, Any]) -> Iterator[Path]:
    """Yield what is wrong in the outcome of an incentive."""
    outcome = told[_OUTCOME]
    if outcome is None:
        yield ""
        return
    state = _state(city, incentive, of)
    if outcome.get("state", state) != state:
        yield ".state"
    if "answer" in outcome and outcome["answer"] != ("TRUE" if state == "MET" else None):
        yield ".answer"
    if {"always", "alternatives"} <= outcome.keys():
        yield from _of_requirements(state, of, outcome)


def _state(city: str, incentive: Incentive, of: Standing) -> str:
    if not is_for(incentive, of.kind):
        return "FOR_OTHERS"
    found = at_bars(city).get(incentive.id)
    if found is None:
        return "WAITS"
    return "MET" if answer(found, of) == "TRUE" else "NOT_MET"


def _of_requirements(state: str, of: Standing, outcome: Mapping[str, Any]) -> Iterator[Path]:
    always, ways = outcome["always"], [each["requirements"] for each in outcome["alternatives"]]
    if state in ("WAITS", "FOR_OTHERS"):
        if always or ways:
            yield ".always"
        return
    if (_all(always) and any(map(_all, ways))) is not (state == "MET"):
        yield ".alternatives"
    if any(each["met"] is not _all(each["requirements"]) for each in outcome["alternatives"]):
        yield ".alternatives"
    for each in (it for way in (always, *ways) for it in way):
        told = {(kind["kind"], kind["provider"]) for kind in each.get("kinds", ())}
        if told and (each["met"] or told - held_kinds(of)):
            yield ".kinds"


def _all(requirements: Sequence[Mapping[str, Any]]) -> bool:
    return all(each["met"] for each in requirements)
