"""Why a subject may not enjoy an incentive, for the subject alone: told by the rules and the facts of the answers themselves.

So a reason and an answer cannot part: an incentive has reasons exactly where its one-sided answer is null.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Bureau, Dataset, adverse_datasets, datasets_by_name
from catalogue.declared_codes import bilingual
from catalogue.incentives.incentive_catalogue import Incentive, incentives
from catalogue.incentives.incentive_marks import configuration_of, reading_of, units_text
from catalogue.incentives.requirement_kinds import Beneficiary
from catalogue.incentives.requirement_words import BROKEN
from catalogue.incentives.scene_threshold import answerable
from catalogue.record_life import ENDS
from catalogue.told_reasons import BarringKind, IncentiveReason, UnmetAlternative, UnmetRequirement
from resolvers.eligibility.facts import Barring, Facts, Needs, Requirement
from resolvers.eligibility.incentive_rules import EligibilityRule, RuleGroup, Unmet, rules_of


@dataclass(frozen=True, slots=True)
class Explainer:
    """Tells the reasons to one kind of subject."""

    incentives: Mapping[str, Incentive]
    """Every incentive for that kind, by its id."""
    rules: Mapping[str, EligibilityRule]
    """The rule of each that can be answered, by its id."""
    group: RuleGroup
    """These rules, to be evaluated together."""
    needs: Needs
    """What is looked at: what the rules look at, and when the records that bar end."""
    datasets: Mapping[str, Dataset]

    def reasons(self, facts: Facts) -> list[IncentiveReason]:
        """Return the reasons for each incentive that is not granted."""
        unmet = self.group.unmet(facts)
        return [
            self._reason(each, unmet.get(each.id), facts)
            for each in self.incentives.values()
            if each.id in unmet or each.condition is None
        ]

    def _reason(self, incentive: Incentive, unmet: Unmet | None, facts: Facts) -> IncentiveReason:
        title, document = bilingual(incentive.zh, incentive.en), incentive.city.document
        place = (
            incentive.id,
            title,
            incentive.scene,
            document,
            units_text(incentive.bureaus),
            reading_of(incentive),
        )
        if unmet is None:
            return IncentiveReason(*place, incentive.unanswered)
        broken = [self._broken(unmet.broken)] if unmet.broken else []
        always = [*broken, *self._said(unmet.always, incentive, facts)]
        ways = [UnmetAlternative(tuple(self._said(each, incentive, facts))) for each in unmet.alternatives]
        return IncentiveReason(*place, None, tuple(always), tuple(ways))

    def _said(
        self, requirements: Iterable[Requirement], incentive: Incentive, facts: Facts
    ) -> Iterator[UnmetRequirement]:
        for each in requirements:
            gap = each.explain(facts)
            source = each.words.source or document_of(incentive)
            kinds = tuple(self.kinds(gap.barring))
            yield UnmetRequirement(each.words.title, source, gap.met_from, gap.unknown, kinds)

    def kinds(self, barring: Sequence[Barring]) -> Iterator[BarringKind]:
        """Yield each kind of record that bars, with the last day of all of them where it is known of all."""
        for name in dict.fromkeys(each.dataset for each in barring):
            until = [each.until for each in barring if each.dataset == name]
            known = [each for each in until if each is not None]
            last = max(known) if len(known) == len(until) else None
            yield BarringKind(self.datasets[name].description, self.datasets[name].item.provider, last)

    def _broken(self, datasets: Iterable[str]) -> UnmetRequirement:
        kinds = tuple(self.kinds([Barring(each, None) for each in sorted(datasets)]))
        return UnmetRequirement(BROKEN.title, BROKEN.source, None, unknown=True, kinds=kinds)


def document_of(incentive: Incentive) -> str:
    """Return what makes the conditions of an answerable incentive: its document, and who sets the thresholds."""
    assert incentive.condition is not None  # noqa: S101 only answerable ones have rules
    configured = configuration_of(incentive.condition)
    if configured is None:
        return incentive.city.document
    zh, _, en = configured.partition(" · ")
    return bilingual(f"{incentive.city.document}；配置：{zh}", f"configuration: {en}")


def bounds_of(explainers: Iterable[Explainer]) -> Mapping[str, int]:
    """Return how long each list of a reason can be, by the coordinate of its field."""
    rules = [rule for each in explainers for rule in each.rules.values()]
    adverse = [name for each in explainers for name in each.needs if each.datasets[name].adverse]
    return {
        "IncentiveReason.unmet": 1 + max((len(each.always) for each in rules), default=0),
        "IncentiveReason.alternatives": max((len(each.alternatives) for each in rules), default=0),
        "UnmetAlternative.unmet": max((len(way) for each in rules for way in each.alternatives), default=0),
        "UnmetRequirement.kinds": max((len({*adverse}), *(len(each.needs) for each in rules))),
    }


def explainer_of(kind: Beneficiary, bureaus: Sequence[Bureau], city: str) -> Explainer:
    """Return what tells the reasons to a kind of subject in a city."""
    asked = {id_: each for id_, each in incentives(city).items() if kind in each.beneficiaries}
    at_bar = {id_: each for id_, each in answerable(city).items() if id_ in asked}
    rules = {id_: rules_of(each, bureaus)[kind] for id_, each in at_bar.items()}
    group = RuleGroup(rules)
    needs = dict(group.needs)
    for name, columns in ending_columns(kind, bureaus).items():
        if name in needs:
            needs[name] |= columns
    return Explainer({**asked, **at_bar}, rules, group, needs, datasets_by_name(bureaus))


def ending_columns(kind: Beneficiary, bureaus: Iterable[Bureau]) -> Needs:
    """Return of each data set of adverse records about a kind of subject the column that tells when a record ends."""
    return {name: frozenset({ENDS}) for name in adverse_datasets(bureaus, SubjectKind(kind))}
