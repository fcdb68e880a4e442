"""What a plan reads to tell which persons are shown: birth dates, who has died, and the terms of guardianships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resolvers.fetch.reading import AgeLimit, WardTerm

if TYPE_CHECKING:
    from catalogue.declarations import Dataset
    from resolvers.fetch.reading import View
    from resolvers.plan.field_use import ShownAges
    from resolvers.plan.masked_plan import Fetches, Places, Slot


@dataclass(frozen=True, slots=True)
class ShownPersons:
    """Who is shown at a place where persons stand: of which ages, and whether the dead are."""

    ages: ShownAges
    dead: bool

    def columns(self, dataset: Dataset) -> set[str]:
        """Return the columns of a data set of persons that tell it; none where everybody is shown."""
        needed = (dataset.born, self.ages != "all"), (dataset.died, not self.dead)
        return {name for name, limits in needed if name and limits}


@dataclass(frozen=True, slots=True)
class PersonLimits:
    """For each slot of persons who is shown at each position; for each slot of guardianships the columns of ward and term."""

    shown: dict[Slot, dict[int, ShownPersons]] = field(
        default_factory=dict["Slot", dict[int, "ShownPersons"]]
    )
    terms: dict[Slot, tuple[str, str, str]] = field(default_factory=dict["Slot", tuple[str, str, str]])

    def age_limits(
        self, fetches: Fetches, places: Sequence[Places], views: Sequence[View]
    ) -> Iterator[AgeLimit]:
        """Yield the limit of each slot of persons; `places` has those of the columns of each slot."""
        for slot, shown in self.shown.items():
            fetch = fetches[slot]
            beside = {each.slot for (level, _), each in fetches.items() if level == slot[0]} - {fetch.slot}
            of_columns, dataset = places[fetch.slot], fetch.query.dataset
            yield AgeLimit(
                fetch.slot,
                of_columns.get(dataset.born, NO_PLACE),
                of_columns.get(dataset.died, NO_PLACE),
                _at(shown, "adults"),
                _at(shown, "wards"),
                tuple(position for position, each in shown.items() if not each.dead),
                tuple(shown),
                (*sorted(beside), *(each.slot for each in views if each.of in beside)),
            )

    def ward_terms(self, fetches: Fetches, places: Sequence[Places]) -> Iterator[WardTerm]:
        """Yield the term of each slot of guardianships."""
        for slot, names in self.terms.items():
            number = fetches[slot].slot
            ward, since, until = (places[number][name] for name in names)
            yield WardTerm(number, ward, since, until)


NO_PLACE = -1
"""The place of a column that no limit of a slot looks at, and that is not read."""


def _at(shown: Mapping[int, ShownPersons], ages: ShownAges) -> tuple[int, ...]:
    return tuple(position for position, each in shown.items() if each.ages == ages)
