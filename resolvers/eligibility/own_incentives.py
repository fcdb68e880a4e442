"""How every incentive of a city stands with a subject, and why, for the subject alone: told by the rules of the answers.

Each requirement is looked at once, whatever number of incentives makes it, and told once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final, TypeAlias

from msgspec.structs import astuple

from catalogue.incentives.incentive_catalogue import Incentive, incentives
from catalogue.incentives.requirement_words import BROKEN
from catalogue.incentives.scene_threshold import answerable
from catalogue.incentives.stated_incentives import stated_incentive
from catalogue.subject_rights import subject_rights
from catalogue.told_reasons import IncentiveOutcome, OwnAlternative, OwnIncentive, OwnRequirement, Remedy
from resolvers.eligibility.facts import Barring, Facts, Requirement
from resolvers.eligibility.reasons import Explainer, document_of

SceneTitles: TypeAlias = Mapping[str, tuple[str, str]]
"""The Chinese and the English title of each scene."""
_ANSWER: Final = "TRUE"
_WAITS: Final = IncentiveOutcome("WAITS")
_FOR_OTHERS: Final = IncentiveOutcome("FOR_OTHERS")
_UNTITLED: Final = (None, None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an incentive asks of the kind of subject: its rule, the data sets of that, and the document that makes it."""

    always: tuple[Requirement, ...]
    alternatives: tuple[tuple[Requirement, ...], ...]
    datasets: tuple[str, ...]
    document: str


_Line: TypeAlias = tuple[tuple[Any, ...], _Asked | IncentiveOutcome]
"""What is stated of an incentive, and what it asks; where it asks nothing, how it stands with every such subject."""


@dataclass(frozen=True, slots=True)
class IncentiveTeller:
    """Tells one kind of subject of every incentive of a city."""

    explainer: Explainer
    listed: Mapping[str, Incentive]
    """Every incentive of the city by its id, whomever it is for."""
    at_bar: Mapping[str, Incentive]
    """Those that can be answered, at the bar of their scene."""

    def prepared(self, titles: SceneTitles) -> Callable[[Facts], list[OwnIncentive]]:
        """Return what tells of a subject by its facts, once for all requests under the same titles of scenes."""
        return partial(self._told, [self._line(each, titles) for each in self.listed.values()])

    def _line(self, incentive: Incentive, titles: SceneTitles) -> _Line:
        stated = stated_incentive(incentive, self.at_bar.get(incentive.id, incentive))
        scene = (incentive.scene, *titles.get(incentive.scene, _UNTITLED))
        document = (incentive.city.document_title, incentive.city.document_number)
        static = (*astuple(stated), *scene, *document)
        return static, self._asked(incentive)

    def _asked(self, incentive: Incentive) -> _Asked | IncentiveOutcome:
        rule = self.explainer.rules.get(incentive.id)
        if rule is not None:
            document = document_of(self.at_bar[incentive.id])
            return _Asked(rule.always, rule.alternatives, tuple(sorted(rule.needs)), document)
        return _WAITS if incentive.id in self.explainer.incentives else _FOR_OTHERS

    def _told(self, lines: Sequence[_Line], facts: Facts) -> list[OwnIncentive]:
        telling = _Telling(self.explainer, facts)
        return [OwnIncentive(*static, outcome=telling.outcome(asked)) for static, asked in lines]


class _Telling:
    """What is told of one subject by its facts: each requirement is worked out once."""

    __slots__ = ("_explainer", "_facts", "_met", "_said", "_states")

    def __init__(self, explainer: Explainer, facts: Facts) -> None:
        self._explainer = explainer
        self._facts = facts
        self._met = explainer.group.met(facts)
        self._states: dict[Requirement, tuple[Any, ...]] = {}
        self._said: dict[tuple[Requirement, str], OwnRequirement] = {}

    def outcome(self, asked: _Asked | IncentiveOutcome) -> Any:
        """Return how an incentive stands, or the failure of a bureau on which that rests."""
        if isinstance(asked, IncentiveOutcome):
            return asked
        failed, broken = self._facts.failed, self._facts.broken
        if failure := next((failed[each] for each in asked.datasets if each in failed), None):
            return failure
        always = self._all(asked.always, asked.document)
        if broken and (at_fault := [each for each in asked.datasets if each in broken]):
            always = (self._broken(at_fault), *always)
        ways = [self._all(each, asked.document) for each in asked.alternatives]
        told = tuple([OwnAlternative(all(each.met for each in way), way) for way in ways])
        met = all(each.met for each in always) and any(each.met for each in told)
        return IncentiveOutcome("MET" if met else "NOT_MET", _ANSWER if met else None, always, told)

    def _all(self, requirements: Sequence[Requirement], document: str) -> tuple[OwnRequirement, ...]:
        return tuple([self._one(each, each.words.source or document) for each in requirements])

    def _one(self, requirement: Requirement, source: str) -> OwnRequirement:
        found = self._said.get((requirement, source))
        if found is None:
            state = self._states.get(requirement)
            if state is None:
                state = self._states[requirement] = self._worked_out(requirement)
            found = self._said[requirement, source] = OwnRequirement(requirement.words.title, source, *state)
        return found

    def _worked_out(self, requirement: Requirement) -> tuple[Any, ...]:
        """Return how a requirement stands: whether it is met, and else what is told of that."""
        if self._met[requirement] and self._facts.broken.isdisjoint(requirement.needs):
            return (True,)
        gap, remedies = requirement.explain(self._facts), remedies_of(requirement.words.rights)
        return False, gap.met_from, gap.unknown, tuple(self._explainer.kinds(gap.barring)), remedies

    def _broken(self, datasets: Sequence[str]) -> OwnRequirement:
        kinds = tuple(self._explainer.kinds([Barring(each, None) for each in datasets]))
        remedies = remedies_of(BROKEN.rights)
        return OwnRequirement(BROKEN.title, BROKEN.source, False, None, True, kinds, remedies)


@cache
def remedies_of(names: tuple[str, ...]) -> tuple[Remedy, ...]:
    """Return the rights of these names as the open index states them."""
    rights = {each.name: each for each in subject_rights().right}
    found = (rights[each] for each in names)
    return tuple(Remedy(each.name, each.zh, each.en, each.source, each.organ, each.how) for each in found)


def teller_of(explainer: Explainer, city: str) -> IncentiveTeller:
    """Return what tells of every incentive of a city, by what tells the reasons to a kind of subject."""
    return IncentiveTeller(explainer, incentives(city), answerable(city))


def told_bounds(bounds: Mapping[str, int], explainers: Iterable[Explainer]) -> Mapping[str, int]:
    """Return how long each list of an outcome can be, by the bounds of the reasons."""
    rights = [len(it.words.rights) for each in explainers for it in each.group.requirements]
    return {
        "IncentiveOutcome.always": bounds["IncentiveReason.unmet"],
        "IncentiveOutcome.alternatives": bounds["IncentiveReason.alternatives"],
        "OwnAlternative.requirements": bounds["UnmetAlternative.unmet"],
        "OwnRequirement.kinds": bounds["UnmetRequirement.kinds"],
        "OwnRequirement.remedies": max(rights, default=0),
    }
