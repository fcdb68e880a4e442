"""The public description of an incentive. The open index shows it, and so does the list that a subject reads of its own."""

from collections.abc import Iterator, Mapping
from typing import Final

from catalogue.declared_codes import bilingual
from catalogue.incentives.city_files import City
from catalogue.incentives.incentive_catalogue import Alternative, Incentive
from catalogue.incentives.incentive_marks import configuration_of, reading_of
from catalogue.incentives.requirement_kinds import KINDS, REQUIREMENT_KINDS, Beneficiary
from catalogue.incentives.requirement_words import words_of
from catalogue.index_words import BENEFICIARIES, BENEFITS
from catalogue.open_index import IndexIncentive

OF_KIND: Final[Mapping[Beneficiary, tuple[str, str]]] = {
    "person": ("自然人", "Person"),
    "enterprise": ("企业", "Enterprise"),
}
"""The words of each kind of subject."""


def stated_incentive(incentive: Incentive, at_bar: Incentive) -> IndexIncentive:
    """Return an incentive with its condition by itself, and with what is asked at the bar of its scene."""
    kinds: list[Beneficiary] = [each for each in KINDS if each in incentive.beneficiaries]
    condition = incentive.condition
    asked = [line for kind in kinds for line in asked_of(kind, at_bar.alternatives(kind), incentive.city)]
    return IndexIncentive(
        id=incentive.id,
        zh=incentive.zh,
        en=incentive.en,
        kind=BENEFITS[incentive.benefit],
        beneficiaries=tuple(text for name, text in BENEFICIARIES.items() if name in incentive.benefiting),
        basis=incentive.basis,
        condition=None if condition is None else bilingual(condition.zh, condition.en),
        asked=tuple(asked),
        raised=any(at_bar.alternatives(each) != incentive.alternatives(each) for each in kinds),
        consent=any(map(at_bar.needs_consent, kinds)),
        answerable=condition is not None,
        waits_for=incentive.unanswered or None,
        bureaus=incentive.bureaus,
        document=incentive.city.document,
        place=incentive.place,
        reading=reading_of(incentive),
        configured=configuration_of(condition),
    )


def asked_of(kind: Beneficiary, alternatives: tuple[Alternative, ...], city: City) -> Iterator[str]:
    """Yield each alternative of a condition in words, in the order in which the kinds of requirement stand."""
    zh, en = OF_KIND[kind]
    for each in alternatives:
        lines = [words_of(name, each[name], city.zh, city.en) for name in REQUIREMENT_KINDS if name in each]
        yield bilingual(
            f"{zh}：{'、'.join(line.zh for line in lines)}", f"{en}: {'; '.join(line.en for line in lines)}"
        )
