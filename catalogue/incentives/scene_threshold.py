"""One threshold a scene: all answers of a scene about a kind of subject ask the same score and the same clean years.

If one answer asked for a clean year and another did not, TRUE beside null would reveal an adverse record. If two answers
asked for different scores, TRUE beside null would reveal a band (宛信用办〔2022〕4号: the score is for incentives only).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from catalogue.incentives.incentive_catalogue import CATALOGUE, Alternative, Condition, Incentive, incentives
from catalogue.incentives.requirement_kinds import KINDS, REQUIREMENT_KINDS, Beneficiary

_Asked: TypeAlias = Mapping[Beneficiary, tuple[Alternative, ...]]


@dataclass(frozen=True, slots=True)
class _Language:
    """The words in which a bar is described."""

    at: int
    """The index of its text in a pair of texts."""
    bar: str
    kinds: Mapping[Beneficiary, str]
    comma: str
    semicolon: str


_ZH: Final = _Language(0, "；按本场景统一门槛：", {"person": "自然人", "enterprise": "企业"}, "、", "；")
_EN: Final = _Language(
    1,
    "; at the bar of this scene: ",
    {"person": "of a person ", "enterprise": "of an enterprise "},
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
    zh, en = basis.zh + _describe(asked, _ZH), basis.en + _describe(asked, _EN)
    return replace(incentive, condition=Condition(basis.owner, zh, en, asked["person"], asked["enterprise"]))


def _raised(incentive: Incentive, kind: Beneficiary, scene: Sequence[Incentive]) -> tuple[Alternative, ...]:
    """Return the alternatives at the bar, without any that asks what another one does and more."""
    bar = _bar(incentive, kind, scene)
    found = [
        {
            **each,
            **{name: value for name, value in bar.items() if name in each or REQUIREMENT_KINDS[name].of_all},
        }
        for each in incentive.alternatives(kind)
    ]
    return tuple(each for each in found if not any(other.items() < each.items() for other in found))


def _bar(incentive: Incentive, kind: Beneficiary, scene: Sequence[Incentive]) -> dict[str, Any]:
    """Return the strictest of each kind that the scene asks; of scores, among those that may be the same score."""
    asked = [
        (other.city.programme, REQUIREMENT_KINDS[name], value)
        for other in scene
        for alternative in other.alternatives(kind)
        for name, value in alternative.items()
    ]
    scored = {programme for programme, each, _ in asked if each.of_programme}
    comparable = scored if None in scored else {incentive.city.programme}
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for programme, each, value in asked:
        if not each.of_programme or programme in comparable:
            found[each.name].append(value)
    return {name: REQUIREMENT_KINDS[name].strictest(values) for name, values in found.items()}


def _describe(asked: _Asked, language: _Language) -> str:
    """Describe what every alternative asks, kind by kind; nothing where they have no number and no code in common."""
    kinds = ((language.kinds[kind], [*_lines(asked[kind], language)]) for kind in asked)
    parts = [kind + language.comma.join(lines) for kind, lines in kinds if lines]
    return language.bar + language.semicolon.join(parts) if parts else ""


def _lines(alternatives: Sequence[Alternative], language: _Language) -> Iterator[str]:
    """Describe what all alternatives ask alike, kind by kind."""
    for kind in REQUIREMENT_KINDS.values():
        text, asked = kind.text[language.at], {each.get(kind.name) for each in alternatives}
        if text and len(asked) == 1 and None not in asked:
            (value,) = asked
            codes = "/".join(sorted(value)) if isinstance(value, frozenset) else value
            yield text.format(codes)
