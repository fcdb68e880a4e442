"""What the reasons of a subject must be: one for each incentive that is not TRUE, as its city's files state it.

Which requirement is not met is said in words of the gateway. What can be known apart from them is looked at: there is something
unmet, and a kind of record that bars is one of which the subject has a record that stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from catalogue.declared_codes import bilingual
from catalogue.incentives.incentive_catalogue import Incentive, incentives
from catalogue.incentives.incentive_marks import reading_of, units_text
from sandbox.expected.comparing import Path, Rule
from sandbox.expected.scene_bars import at_bars
from sandbox.expected.selections import Asked, Field, NotExpected
from sandbox.expected.shown import stands
from sandbox.expected.standing import Standing, answer
from sandbox.truth import datasets

_STATED: Final[Mapping[str, Callable[[Incentive], str | None]]] = {
    "incentive": lambda each: each.id,
    "title": lambda each: bilingual(each.zh, each.en),
    "scene": lambda each: each.scene,
    "document": lambda each: each.city.document,
    "responsible": lambda each: units_text(each.bureaus),
    "reading": reading_of,
    "unanswerable": lambda each: each.unanswered or None,
}
_UNMET: Final = ("unmet", "alternatives")


def reasons_rule(city: str, of: Standing, field: Field, asked: Asked) -> Rule:
    """Return what `why` must be for a subject."""
    below = [] if field.below is None else [*asked.fields(field.below, "IncentiveReason")]
    names = [each.name for each in below if each.called == each.name]
    if len(names) < len(below) or {*names} - {*_STATED, *_UNMET}:
        raise NotExpected("why")
    return Rule(lambda found: _broken(city, of, names, found))


def _broken(
    city: str, of: Standing, names: Sequence[str], found: Sequence[Mapping[str, Any]]
) -> Iterator[Path]:
    missing = [each for each in _for(city, of.kind) if not _is_granted(city, each, of)]
    if len(missing) != len(found):
        yield f"[{len(missing)}]"
        return
    for at, (incentive, reason) in enumerate(zip(missing, found, strict=True)):
        stated = (name for name in names if name in _STATED)
        yield from (f"[{at}].{name}" for name in stated if reason[name] != _STATED[name](incentive))
        if {*_UNMET} <= {*names}:
            yield from (f"[{at}].{each}" for each in _unmet(incentive, of, reason))


def _for(city: str, kind: str) -> Iterator[Incentive]:
    """Yield the incentives for a kind of subject."""
    yield from (each for each in incentives(city).values() if is_for(each, kind))


def is_for(incentive: Incentive, kind: str) -> bool:
    """Whether an incentive is for a kind of subject; an individual business is told of those for enterprises too."""
    return bool({"person"} & incentive.benefiting if kind == "person" else incentive.benefiting - {"person"})


def _is_granted(city: str, incentive: Incentive, of: Standing) -> bool:
    found = at_bars(city).get(incentive.id)
    return found is not None and answer(found, of) == "TRUE"


def _unmet(incentive: Incentive, of: Standing, reason: Mapping[str, Any]) -> Iterator[Path]:
    something = any(reason[each] for each in _UNMET)
    if something is bool(incentive.unanswered):
        yield "unmet"
    ways = [reason["unmet"], *(each["unmet"] for each in reason["alternatives"])]
    for requirement in (each for way in ways for each in way):
        if any((each["kind"], each["provider"]) not in held_kinds(of) for each in requirement["kinds"]):
            yield "kinds"


def held_kinds(of: Standing) -> set[tuple[str, str]]:
    """Return title and provider of each kind of record of which the subject has one that stands."""
    return {
        (dataset.description, dataset.item.provider)
        for name, (_, dataset) in datasets().items()
        if any(map(stands, of.rows.get(name, ())))
    }
