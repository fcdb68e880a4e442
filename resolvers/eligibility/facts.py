"""What an answer about a subject is derived from: the records of each data set, the day, and who asks."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import msgspec

from adapters.bureau_errors import BureauError
from adapters.source import Key
from catalogue.incentives.requirement_words import RequirementWords

Record: TypeAlias = Mapping[str, Any]
"""One row by column."""
Needs: TypeAlias = Mapping[str, frozenset[str]]
"""The columns that are looked at of each data set, by its full name."""


class Circumstances(msgspec.Struct, frozen=True):
    """When and by whom it is asked.

    `day` is the calendar day in the city. `grantee` is the client that asks; None where the subject itself
    does, for whom every consent of its own counts.
    """

    day: date
    grantee: str | None = None


class Facts(msgspec.Struct):
    """What is known of one subject. A data set that holds nothing of it has no records."""

    records: Mapping[str, Sequence[Record]]
    asked: Circumstances
    broken: AbstractSet[str] = frozenset()
    """The data sets whose records of the subject break their contract: nothing is derived from these."""
    subject: Key = ""
    """The identifier of the subject."""
    failed: Mapping[str, BureauError] = {}
    """The data sets that could not be read, each with the failure: what rests on them is not known."""


class Barring(msgspec.Struct, frozen=True):
    """A record of a data set that bars a requirement, and the last day on which it does; None where that is not known."""

    dataset: str
    until: date | None


class Gap(msgspec.Struct, frozen=True):
    """Why a requirement is not met: from which day it is met if nothing else changes, whether what it asks for is not known,
    and the records that bar it.

    A bureau that lists or awards knows whom it did not list: there, no record is an answer, and nothing is unknown.
    """

    met_from: date | None = None
    unknown: bool = False
    barring: tuple[Barring, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """One thing that must hold of a subject, with what is looked at to tell. Rules share one that they all make.

    `gap` says why it does not hold, where `holds` says so: it looks at the same records, as if they kept their contract.
    """

    name: str
    needs: Needs
    holds: Callable[[Facts], bool]
    words: RequirementWords
    gap: Callable[[Facts], Gap]

    def explain(self, facts: Facts) -> Gap:
        """Return why it does not hold; where records that it looks at break their contract, that is not known in full."""
        gap = self.gap(facts)
        return gap if facts.broken.isdisjoint(self.needs) else Gap(unknown=True, barring=gap.barring)
