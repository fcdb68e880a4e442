"""The score programme of a city, as dated configuration: what it is called, and the bands of its scores with their labels.

The gateway computes no score. A programme without a table of bands shows none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, TypeAlias

import msgspec

from catalogue.toml_files import Text

Reading: TypeAlias = Annotated[str, msgspec.Meta(pattern=r".+ · .+")]
"""What is our understanding of a document, or what a document leaves open, in both languages."""


class ScoreBand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A band of scores, from `least` to below `below`, with its label (积分等级)."""

    least: int
    below: int
    zh: Text
    en: Text
    typical: Reading | None = None
    """What the document says is typical of the band; the score decides, and not this."""


class ScoreIndicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of information (评价指标) that the programme counts, and where its document says so."""

    zh: Text
    en: Text
    place: Text
    reading: Reading | None = None


class BandTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """The bands from the lowest to the highest, in force from a day on until a later table."""

    since: date
    table: Annotated[tuple[ScoreBand, ...], msgspec.Meta(min_length=1)]
    source: Text | None = None
    """The document that states it; None where it is that of the programme."""

    def problems(self, most: int | None) -> Iterator[str]:
        """Yield what is wrong with the table: a gap, an overlap, a label twice, a score above it."""
        for each in self.table:
            if each.least >= each.below:
                yield f"the band {each.zh} begins at {each.least} and ends below {each.below}"
        for lower, upper in pairwise(self.table):
            if lower.below != upper.least:
                between = "a gap" if lower.below < upper.least else "an overlap"
                yield f"the bands {lower.zh} and {upper.zh} leave {between} at {lower.below}"
        if len({each.zh for each in self.table}) != len(self.table):
            yield "two bands have one label"
        if most is not None and self.table[-1].below != most + 1:
            yield f"the highest band ends below {self.table[-1].below}, and the highest score is {most}"


class ScoreProgramme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A score programme that persons join of their own will (个人信用积分项目).

    `base` is what a score begins at and `most` the highest one, where they are known.
    """

    code: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]+$")]
    zh: Text
    en: Text
    source: Text
    opened: date
    base: int | None = None
    most: int | None = None
    bands: tuple[BandTable, ...] = ()
    indicators: tuple[ScoreIndicator, ...] = ()
    readings: tuple[Reading, ...] = ()
    """What here is not from the document, and what the document leaves open."""

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with the programme."""
        for earlier, later in pairwise(self.bands):
            if earlier.since >= later.since:
                yield f"the table of bands from {later.since} stands behind a later one"
        for each in self.bands:
            yield from each.problems(self.most)

    def band(self, score: int, day: date) -> ScoreBand | None:
        """Return the band of a score on a day; None where no table was set for that day, or it does not hold the score."""
        table = next((each.table for each in reversed(self.bands) if each.since <= day), ())
        return next((each for each in table if each.least <= score < each.below), None)
