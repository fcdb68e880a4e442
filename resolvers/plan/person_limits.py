"""What a plan reads to tell by age who is shown: the birth dates of persons, and the terms of guardianships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resolvers.fetch.reading import AgeLimit, WardTerm

if TYPE_CHECKING:
    from resolvers.fetch.reading import View
    from resolvers.plan.field_use import ShownAges
    from resolvers.plan.masked_plan import Fetches, Places, Slot


@dataclass(frozen=True, slots=True)
class PersonLimits:
    """For each slot of persons who is shown at each position; for each slot of guardianships the columns of ward and term."""

    ages: dict[Slot, dict[int, ShownAges]] = field(default_factory=dict["Slot", dict[int, "ShownAges"]])
    terms: dict[Slot, tuple[str, str, str]] = field(default_factory=dict["Slot", tuple[str, str, str]])

    def age_limits(
        self, fetches: Fetches, places: Sequence[Places], views: Sequence[View]
    ) -> Iterator[AgeLimit]:
        """Yield the limit of each slot of persons; `places` has those of the columns of each slot."""
        for slot, shown in self.ages.items():
            fetch = fetches[slot]
            beside = {each.slot for (level, _), each in fetches.items() if level == slot[0]} - {fetch.slot}
            yield AgeLimit(
                fetch.slot,
                places[fetch.slot][fetch.query.dataset.born],
                _at(shown, "adults"),
                _at(shown, "wards"),
                (*sorted(beside), *(each.slot for each in views if each.of in beside)),
            )

    def ward_terms(self, fetches: Fetches, places: Sequence[Places]) -> Iterator[WardTerm]:
        """Yield the term of each slot of guardianships."""
        for slot, names in self.terms.items():
            number = fetches[slot].slot
            ward, since, until = (places[number][name] for name in names)
            yield WardTerm(number, ward, since, until)


def _at(shown: Mapping[int, ShownAges], ages: ShownAges) -> tuple[int, ...]:
    return tuple(position for position, each in shown.items() if each == ages)
