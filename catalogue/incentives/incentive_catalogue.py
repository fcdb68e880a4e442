"""The incentives of a city and what each rests on: the data of `catalogue/cities/`, checked as it is read.

The source is the city's own document, which each incentive cites. A condition says what of it the document states, what
is configuration because no document states it, and what is a reading of ours.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec.structs import asdict

from catalogue.incentives.city_files import City, CityFile, city_called, require_own_folder
from catalogue.incentives.city_folders import CITIES, CITY_FILE, city_in
from catalogue.incentives.configured_numbers import problems_of_configured
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS, Beneficiary, RequirementKind
from catalogue.score_programmes import Reading, ScoreProgramme
from catalogue.toml_files import Text
from catalogue.toml_lines import TomlProblem

Alternative: TypeAlias = Mapping[str, bool | int | frozenset[str]]
"""One way to meet a condition: what is stated by the name of its kind must hold, everything of it."""
_Ways: TypeAlias = Annotated[tuple[Alternative, ...], msgspec.Meta(min_length=1)]
"""The alternatives of a kind of subject. An empty list would leave it to the reader what it means."""
Benefiting: TypeAlias = Literal["person", "individual_business", "enterprise"]
"""Whom an incentive is for. An individual business (个体工商户) has a credit code, and an owner who is a person."""
Benefit: TypeAlias = Literal[
    "CONVENIENCE",
    "DEPOSIT_FREE",
    "DISCOUNT",
    "FEE_WAIVER",
    "FINANCE",
    "GREEN_LANE",
    "LIGHT_SUPERVISION",
    "LOWER_THRESHOLD",
    "MULTI",
    "OTHER",
    "PRIORITY",
    "SIMPLIFIED_PROCEDURE",
]
"""The kind of a benefit: `MULTI` where the document grants several kinds or one of several, `OTHER` where it names none."""

_INCENTIVES: Final = "incentives.toml"
_CONDITIONS: Final = "conditions.toml"
_ID: Final = re.compile("[A-Z]+-[0-9]{3}")
_FORM: Final = "individual_business"
"""The kind of requirement that says whether an enterprise is an individual business."""


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a basis asks of those whom it is for: one of the alternatives.

    Where it asks nothing else of an individual business, it asks what it asks of an enterprise.
    """

    owner: Text
    """Who answers for what is configured. That it is this owner is configuration, for no document gives it to anybody."""
    zh: Text
    en: Text
    stated: Reading | None = None
    """What the document itself says of the measure, in its words and in English."""
    configured: Reading | None = None
    """The numbers and codes that no document states."""
    reading: Reading | None = None
    person: _Ways = ()
    enterprise: _Ways = ()
    individual_business: _Ways = ()

    def of(self, benefiting: Benefiting) -> tuple[Alternative, ...]:
        """Return what it asks of those; nothing where it is not for them."""
        if benefiting == "person":
            return self.person
        return self.enterprise if benefiting == "enterprise" else self.individual_business or self.enterprise

    @property
    def ways(self) -> Iterator[tuple[Beneficiary, tuple[Alternative, ...]]]:
        """The alternatives as the file states them, each list with the kind of subject that it asks."""
        yield "person", self.person
        yield "enterprise", self.enterprise
        yield "enterprise", self.individual_business

    def idle(self, benefiting: AbstractSet[Benefiting]) -> Iterator[Benefiting]:
        """Yield of whom it asks something, though those whom its incentives are for do not need it."""
        if self.person and "person" not in benefiting:
            yield "person"
        if self.individual_business and _FORM not in benefiting:
            yield _FORM
        firms = {"enterprise"} if self.individual_business else {"enterprise", _FORM}
        if self.enterprise and not firms & benefiting:
            yield "enterprise"

    def alternatives(self, kind: Beneficiary, benefiting: frozenset[Benefiting]) -> tuple[Alternative, ...]:
        """Return what it asks of a kind of subject, if it is for those who are named."""
        if kind == "person":
            return self.person if kind in benefiting else ()
        firms, businesses = self.of("enterprise"), self.of("individual_business")
        if {"enterprise", "individual_business"} <= benefiting:
            if firms == businesses:
                return firms
            return (
                *({**each, _FORM: False} for each in firms),
                *({**each, _FORM: True} for each in businesses),
            )
        if "enterprise" in benefiting:
            return tuple({**each, _FORM: False} for each in firms)
        return tuple({**each, _FORM: True} for each in businesses) if _FORM in benefiting else ()


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    place: Text
    zh: Text
    en: Text
    scene: Text
    benefit: Benefit
    basis: Text
    benefiting: Annotated[frozenset[Benefiting], msgspec.Meta(min_length=1)] = msgspec.field(name="for")
    bureaus: tuple[str, ...]
    """The responsible units in the document's words, the last one 等 where it leaves the list open; none where it names none."""
    reading: Reading | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unanswered: dict[str, Reading]
    incentive: Annotated[dict[str, object], msgspec.Meta(min_length=1)]


class Incentive(_Entry, frozen=True, kw_only=True):
    """One incentive of a city. `place` is its heading in the city's document; `scene` a leaf of the purposes.

    `condition` is None where the graph holds nothing to answer it by; then `unanswered` says why.
    """

    id: str
    city: City
    condition: Condition | None
    unanswered: str
    by_duty: bool = False
    """Whether an organ acts by duty in its scene, and nobody else does."""
    asked: Mapping[Beneficiary, tuple[Alternative, ...]] | None = None
    """What is asked at the bar of its scene, where it stands at one."""

    @property
    def field(self) -> str:
        """The name of its field in the graph: `ny005` for NY-005."""
        return self.id.replace("-", "").lower()

    @property
    def beneficiaries(self) -> frozenset[Beneficiary]:
        """The kinds of subject that the graph knows, of those whom it is for."""
        return frozenset("person" if each == "person" else "enterprise" for each in self.benefiting)

    def alternatives(self, kind: Beneficiary) -> tuple[Alternative, ...]:
        """Return what its condition asks of a kind of subject; nothing where it is not for that kind."""
        if self.asked is not None:
            return self.asked[kind]
        return () if self.condition is None else self.condition.alternatives(kind, self.benefiting)

    def asks_for_score(self, kind: Beneficiary) -> bool:
        """Whether it asks a kind of subject for a score, which people have who joined a programme."""
        return any("least_score" in each for each in self.alternatives(kind))

    def is_of_duty(self, kind: Beneficiary) -> bool:
        """Whether an organ answers it by duty on what it holds by duty, so that it needs no consent.

        A score is not held by duty (河南省社会信用条例 art. 22; 个人信息保护法 art. 13(3)).
        """
        return self.by_duty and not self.asks_for_score(kind)

    def needs_consent(self, kind: Beneficiary) -> bool:
        """Whether a person is asked first: the subject itself, or the owner of an individual business."""
        return not self.is_of_duty(kind) and (kind == "person" or _FORM in self.benefiting)


@cache
def incentives(city: str, folder: Path = CITIES) -> Mapping[str, Incentive]:
    """Return every incentive of a city by its id, in the order of the file, or raise TomlError.

    Its condition is what its basis asks by itself; what an answer asks in its scene is in `catalogue.incentives.scene_threshold`.
    """
    of, own = city_called(city, folder), folder / city
    require_own_folder(city, folder)
    listed, stated = CityFile(own, _INCENTIVES), CityFile(own, _CONDITIONS)
    file = listed.structure(_File)
    conditions = {name: stated.structure(Condition, name) for name in stated.tables}
    for name, condition in conditions.items():
        for reason in _problems_of_condition(condition, of):
            raise stated.refusal(TomlProblem(f"{name} {reason}", (name,)))
        for problem in _problems_of_marks(name, condition, city, folder):
            raise stated.refusal(problem)
    found = {id_: _incentive(id_, file, listed, of, conditions) for id_ in file.incentive}
    for problem in _unused_conditions(conditions, found.values(), city):
        raise stated.refusal(problem)
    for basis in file.unanswered:
        if all(each.basis != basis for each in found.values()):
            reason = f"{basis} is the basis of no incentive of {city}"
            raise listed.refusal(TomlProblem(reason, ("unanswered", basis)))
    for problem in _unused_of_city(of, found.values(), city):
        raise CityFile(own, CITY_FILE).refusal(problem)
    return found


def _incentive(
    id_: str, file: _File, listed: CityFile, city: City, conditions: Mapping[str, Condition]
) -> Incentive:
    entry = listed.structure(_Entry, "incentive", id_)
    condition, unanswered = conditions.get(entry.basis), file.unanswered.get(entry.basis, "")
    for reason in _problems_of_entry(id_, entry, city, condition, unanswered):
        raise listed.refusal(TomlProblem(f"{id_} {reason}", ("incentive", id_)))
    return Incentive(
        id=id_,
        city=city,
        condition=condition,
        unanswered=unanswered,
        by_duty=entry.scene in city.by_duty,
        **asdict(entry),
    )


def _unused_conditions(
    conditions: Mapping[str, Condition], found: Iterable[Incentive], city: str
) -> Iterator[TomlProblem]:
    """Yield the conditions on which nothing rests, and those that ask something of whom no incentive is for."""
    resting: defaultdict[str, set[Benefiting]] = defaultdict(set)
    for each in found:
        resting[each.basis] |= each.benefiting
    for name, condition in conditions.items():
        if name not in resting:
            yield TomlProblem(f"{name} is the basis of no incentive of {city}", (name,))
        for kind in condition.idle(resting[name]):
            reason = f"{name} states `{kind}`, and no incentive on it is for one"
            yield TomlProblem(reason, (name, kind))


def _unused_of_city(of: City, found: Iterable[Incentive], city: str) -> Iterator[TomlProblem]:
    """Yield the scenes and the units that no incentive of the city names."""
    known = tuple(found)
    scenes, units = {each.scene for each in known}, {unit for each in known for unit in each.bureaus}
    for scene in of.scenes:
        if scene not in scenes:
            yield TomlProblem(f"no incentive of {city} is asked in {scene}", ("scenes",), f'"{scene}"')
    for unit in of.bureaus:
        if unit not in units:
            yield TomlProblem(f"no incentive of {city} names {unit}", ("bureaus",), f'"{unit}"')


def _problems_of_entry(
    id_: str, entry: _Entry, city: City, condition: Condition | None, unanswered: str
) -> Iterator[str]:
    if not _ID.fullmatch(id_) or id_.partition("-")[0] != city.code:
        yield f"is of another city or no number: numbers are {city.code}- and three digits here"
    if entry.scene not in city.scenes:
        yield f"has the scene {entry.scene}, which is no scene of the city"
    for unknown in sorted(set(entry.bureaus) - set(city.bureaus)):
        yield f"names {unknown}, which is no unit that the city's document names"
    if len(set(entry.bureaus)) != len(entry.bureaus):
        yield "names a unit twice"
    if (condition is None) is not bool(unanswered):
        yield f"rests on {entry.basis}, which needs either a condition or a reason"
    for each in sorted(entry.benefiting):
        if condition is not None and not condition.of(each):
            yield f"is for a {each.replace('_', ' ')}, of whom {entry.basis} asks nothing"


def _problems_of_condition(condition: Condition, city: City) -> Iterator[str]:
    """Yield what everybody meets, what nobody answers for, what decides nothing, and what the kind or the city does not have."""
    if condition.stated is None and condition.configured is None:
        yield "says neither what the document states of it nor what is configuration"
    for kind, alternatives in condition.ways:
        for number, alternative in enumerate(alternatives):
            if not any(alternative.values()):
                yield "has an alternative that asks nothing"
            if any(other.items() <= alternative.items() for other in _others(alternatives, number)):
                yield f"has an alternative under `{kind}` that asks what another one asks, and decides nothing"
            for name, value in alternative.items():
                yield from _problems_of_line(name, value, kind, city)


def _problems_of_marks(name: str, condition: Condition, city: str, folder: Path) -> Iterator[TomlProblem]:
    """Yield an owner that is an organ of another city, and numbers said to be configuration that nothing asks for."""
    other = city_in(condition.owner, city, folder)
    if other is not None:
        yield TomlProblem(f"{name} has an owner who is an organ of {other}", (name, "owner"))
    asked = (value for _, ways in condition.ways for each in ways for value in each.values())
    for reason in problems_of_configured(condition.configured or "", asked):
        yield TomlProblem(f"{name} {reason}", (name, "configured"))


def _others(alternatives: Sequence[Alternative], number: int) -> Sequence[Alternative]:
    return (*alternatives[:number], *alternatives[number + 1 :])


def _problems_of_line(
    name: str, value: bool | int | frozenset[str], beneficiary: Beneficiary, city: City
) -> Iterator[str]:
    kind: RequirementKind | None = REQUIREMENT_KINDS.get(name)
    if kind is None:
        yield f"states {name}, which is no kind of requirement"
        return
    if name == _FORM:
        yield f"states {name}, which is told by whom a line asks and not in it"
    if beneficiary not in kind.beneficiaries:
        yield f"asks a {beneficiary} for {name}, which it cannot have"
    if kind.of_programme and city.programme is None:
        yield f"asks for {name}, and {city.en} has no score programme"
    elif kind.of_programme and isinstance(value, int) and _is_above(value, city.programme):
        yield f"asks for {name} {value}, which is above the highest score"
    yield from kind.problems(value)


def _is_above(score: int, programme: ScoreProgramme | None) -> bool:
    return programme is not None and programme.most is not None and score > programme.most
