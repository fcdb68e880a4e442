"""One threshold a scene of a city: its answers about a kind of subject ask the same score and the same clean years.

An award stays without clean years where it meets every other answer that looks at more than awards: then null beside its
TRUE tells of no record.

If one answer asked for a clean year and another did not, TRUE beside null would reveal an adverse record. If two answers
asked for different scores, TRUE beside null would reveal a band (our rule: a score is the subject's alone).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from catalogue.incentives.city_files import CITIES
from catalogue.incentives.incentive_catalogue import Alternative, Incentive, incentives
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
def answerable(city: str, folder: Path = CITIES) -> Mapping[str, Incentive]:
    """Return the incentives of a city that the graph can answer, by their id, each at the bar of its scene.

    What a basis asks by itself is in `incentives`.
    """
    found = {id_: each for id_, each in incentives(city, folder).items() if each.condition is not None}
    scenes: defaultdict[str, list[Incentive]] = defaultdict(list)
    for each in found.values():
        scenes[each.scene].append(each)
    return {id_: _at_bar(each, scenes[each.scene]) for id_, each in found.items()}


def _at_bar(incentive: Incentive, scene: Sequence[Incentive]) -> Incentive:
    assert incentive.condition is not None  # noqa: S101 only answerable ones stand in a scene
    basis = incentive.condition
    asked: _Asked = {kind: _raised(incentive, kind, scene) for kind in KINDS}
    zh, en = basis.zh + _describe(asked, _ZH), basis.en + _describe(asked, _EN)
    return replace(incentive, condition=replace(basis, zh=zh, en=en), asked=asked)


def _raised(incentive: Incentive, kind: Beneficiary, scene: Sequence[Incentive]) -> tuple[Alternative, ...]:
    """Return the alternatives at the bar, without any that asks what another one does and more."""
    bar, found = _bar(kind, scene), list[Alternative]()
    for each in incentive.alternatives(kind):
        suffices = _is_award(each) and _tells_no_more(each, kind, scene)
        found.append(
            {**each, **{name: bar[name] for name in bar if name in each or _is_of_all(name, suffices)}}
        )
    return tuple(each for each in found if not any(other.items() < each.items() for other in found))


def _is_of_all(name: str, suffices: bool) -> bool:
    return REQUIREMENT_KINDS[name].of_all and not suffices


def _is_award(alternative: Alternative) -> bool:
    """Whether an alternative asks for awards alone, apart from what the public register says."""
    kinds = [REQUIREMENT_KINDS[name] for name in alternative]
    return all(each.awarded or each.public for each in kinds) and any(each.awarded for each in kinds)


def _tells_no_more(award: Alternative, kind: Beneficiary, scene: Sequence[Incentive]) -> bool:
    """Whether an award meets every answer of the scene that looks at more than awards.

    Then null beside its TRUE never tells of an adverse record.
    """
    several = (each.alternatives(kind) for each in scene)
    return all(
        any(_implies(award, each) for each in ways if _is_award(each))
        for ways in several
        if not all(map(_is_award, ways))
    )


def _implies(award: Alternative, other: Alternative) -> bool:
    """Whether every subject that meets the first alternative meets the second one too."""
    return all(
        name in award and (award[name] == value or _is_part(award[name], value))
        for name, value in other.items()
    )


def _is_part(one: object, other: object) -> bool:
    return isinstance(one, frozenset) and isinstance(other, frozenset) and one <= other


def _bar(kind: Beneficiary, scene: Sequence[Incentive]) -> dict[str, Any]:
    """Return the strictest of each kind that the scene asks; what the public register says has no bar."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for other in scene:
        for alternative in other.alternatives(kind):
            for name, value in alternative.items():
                if not REQUIREMENT_KINDS[name].public:
                    found[name].append(value)
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
