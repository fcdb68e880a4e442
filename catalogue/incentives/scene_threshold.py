"""One bar a scene: all answers of a scene about a kind of subject ask the same of whatever several of them look at.

Where one answer asked a clean year and another none, TRUE beside null would tell of an adverse record; where two asked
different scores, it would tell a band (宛信用办〔2022〕4号: the score is for incentives only).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec

from catalogue.incentives.incentive_catalogue import (
    CATALOGUE,
    KINDS,
    Alternative,
    Beneficiary,
    Condition,
    Incentive,
    Line,
    incentives,
)

_Asked: TypeAlias = Mapping[Beneficiary, tuple[Alternative, ...]]


@dataclass(frozen=True, slots=True)
class _Language:
    """How a bar is said."""

    bar: str
    kinds: Mapping[Beneficiary, str]
    lines: Mapping[str, str]
    comma: str
    semicolon: str


_ZH: Final = _Language(
    "；按本场景统一门槛：",
    {"person": "自然人", "enterprise": "企业"},
    {
        "clean_years": "{}年内无不良记录",
        "least_score": "积分不低于{}",
        "honour_levels": "荣誉级别{}",
        "tax_grades": "纳税信用{}级",
        "transport_grades": "道路运输信用{}级",
        "payment_grades": "社会保险缴费信用{}级",
    },
    "、",
    "；",
)
_EN: Final = _Language(
    "; at the bar of this scene: ",
    {"person": "of a person ", "enterprise": "of an enterprise "},
    {
        "clean_years": "years without an adverse record {}",
        "least_score": "score at least {}",
        "honour_levels": "honour of level {}",
        "tax_grades": "tax grade {}",
        "transport_grades": "transport grade {}",
        "payment_grades": "payment grade {}",
    },
    ", ",
    "; ",
)


@cache
def answerable(folder: Path = CATALOGUE) -> Mapping[str, Incentive]:
    """Return the incentives that the graph can answer, by their id, each at the bar of its scene.

    What a basis asks by itself is in `incentives`.
    """
    found = {id_: each for id_, each in incentives(folder).items() if each.condition is not None}
    scenes: defaultdict[str, list[Incentive]] = defaultdict(list)
    for each in found.values():
        scenes[each.scene].append(each)
    return {id_: _at_bar(each, scenes[each.scene]) for id_, each in found.items()}


def _at_bar(incentive: Incentive, scene: Sequence[Incentive]) -> Incentive:
    assert incentive.condition is not None  # noqa: S101 only answerable ones stand in a scene
    basis = incentive.condition
    asked: _Asked = {kind: _raised(incentive, kind, scene) for kind in KINDS}
    zh, en = basis.zh + _said(asked, _ZH), basis.en + _said(asked, _EN)
    return replace(incentive, condition=Condition(basis.owner, zh, en, asked["person"], asked["enterprise"]))


def _raised(incentive: Incentive, kind: Beneficiary, scene: Sequence[Incentive]) -> tuple[Alternative, ...]:
    """Return the alternatives at the bar, without any that asks what another one does and more."""
    bar = _bar(incentive, kind, scene)
    found = [
        msgspec.structs.replace(
            each, **{name: bar[name] for name in bar.keys() & (each.stated | {"clean_years"})}
        )
        for each in incentive.alternatives(kind)
    ]
    return tuple(each for each in found if not any(other.lines < each.lines for other in found))


def _bar(incentive: Incentive, kind: Beneficiary, scene: Sequence[Incentive]) -> dict[str, Any]:
    """Return the strictest of each line that the scene asks; of scores, among those that may be the same score."""
    asked = [
        (other.city.programme, *line)
        for other in scene
        for alternative in other.alternatives(kind)
        for line in alternative.lines
    ]
    scored = {programme for programme, name, _ in asked if name == "least_score"}
    comparable = scored if None in scored else {incentive.city.programme}
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for programme, name, value in asked:
        if name != "least_score" or programme in comparable:
            found[name].append(value)
    return {name: _strictest(values) for name, values in found.items()}


def _strictest(values: Sequence[Any]) -> Any:
    # Every list of codes begins with the best one, so that what several share is the shortest and never empty.
    return min(values, key=len) if isinstance(values[0], frozenset) else max(values)


def _said(asked: _Asked, language: _Language) -> str:
    """Say what every alternative asks, kind by kind; nothing where they have no number and no code in common."""
    kinds = ((language.kinds[kind], [*_lines(asked[kind], language)]) for kind in asked)
    said = [kind + language.comma.join(lines) for kind, lines in kinds if lines]
    return language.bar + language.semicolon.join(said) if said else ""


def _lines(alternatives: Sequence[Alternative], language: _Language) -> Iterator[str]:
    shared = dict(
        frozenset[Line].intersection(*(each.lines for each in alternatives)) if alternatives else ()
    )
    for name in language.lines:
        if name in shared:
            codes = shared[name]
            yield language.lines[name].format(
                "/".join(sorted(codes)) if isinstance(codes, frozenset) else codes
            )
