"""What each incentive of a city asks at the bar of its scene: worked out from the conditions, apart from the gateway's own bar.

docs/incentives.md has the rules in words. Which kinds of requirement are awards, and which the public register tells, stands here a
second time. An alternative that asks for more than another one is kept: it changes no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from msgspec.structs import replace

from catalogue.incentives.incentive_catalogue import Alternative, Incentive, incentives
from catalogue.incentives.requirement_kinds import KINDS, Beneficiary

_CLEAN: Final = "clean_years"
_AWARDS: Final = frozenset({"red_list", "honour_levels"})
_REGISTER: Final = frozenset({"founded_within", "industries", "legal_forms", "local", "individual_business"})


@cache
def at_bars(city: str) -> Mapping[str, Incentive]:
    """Return the incentives of a city that have a condition, by their id, each with what it asks at the bar of its scene."""
    known = {id_: each for id_, each in incentives(city).items() if each.condition is not None}
    return {id_: _at_bar(each, [*known.values()]) for id_, each in known.items()}


def _at_bar(incentive: Incentive, known: Sequence[Incentive]) -> Incentive:
    scene = [each for each in known if each.scene == incentive.scene]
    return replace(incentive, asked={kind: tuple(_raised(incentive, kind, scene)) for kind in KINDS})


def _raised(incentive: Incentive, kind: Beneficiary, scene: Sequence[Incentive]) -> Iterator[Alternative]:
    stated: list[Alternative] = [way for each in scene for way in each.alternatives(kind)]
    years = [way[_CLEAN] for way in stated if _CLEAN in way]
    for way in incentive.alternatives(kind):
        raised = {
            name: value if name in _REGISTER else _strictest([each[name] for each in stated if name in each])
            for name, value in way.items()
        }
        clean = {_CLEAN: max(years)} if years and not _suffices(way, kind, scene) else {}
        yield {**raised, **clean}


def _strictest(values: Sequence[Any]) -> Any:
    """Return the codes that all name, or the highest number."""
    strictest, *others = values
    for each in others:
        strictest = strictest & each if isinstance(each, frozenset) else max(strictest, each)
    return strictest


def _suffices(way: Alternative, kind: Beneficiary, scene: Sequence[Incentive]) -> bool:
    """Whether a way is an award by which every incentive of the scene is met that looks at more than awards."""
    if not _is_award(way):
        return False
    others = [each.alternatives(kind) for each in scene]
    return all(
        all(map(_is_award, ways)) or any(_is_award(other) and _has_all(way, other) for other in ways)
        for ways in others
    )


def _is_award(way: Alternative) -> bool:
    return way.keys() <= _AWARDS | _REGISTER and not way.keys().isdisjoint(_AWARDS)


def _has_all(way: Alternative, other: Alternative) -> bool:
    """Whether each subject that meets the first way also meets the second."""
    return all(name in way and _within(way[name], value) for name, value in other.items())


def _within(one: Any, other: Any) -> bool:
    return one <= other if isinstance(one, frozenset) else one == other
