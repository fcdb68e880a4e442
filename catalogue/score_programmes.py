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
from catalogue.toml_lines import TomlProblem

Reading: TypeAlias = Annotated[str, msgspec.Meta(pattern=r".+ · .+")]
"""What is our understanding of a document, or what a document leaves open, in both languages."""


class ScoreBand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A band of scores, from `least` to below `below`, with its label (积分等级).

    `below` is None in the highest band of a programme whose highest score is not known.
    """

    least: int
    zh: Text
    en: Text
    below: int | None = None
    typical: Reading | None = None
    """What the document says is typical of the band; the score decides, and not this."""

    def holds(self, score: int) -> bool:
        """Whether a score lies in the band."""
        return self.least <= score and (self.below is None or score < self.below)


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

    def problems(self, most: int | None) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the table, each with the label at which it stands: a gap, an overlap, a label twice."""
        yield from self._problems_of_ends(most)
        for each in self.table:
            if each.below is not None and each.least >= each.below:
                yield f"the band {each.zh} begins at {each.least} and ends below {each.below}", each.zh
        for lower, upper in pairwise(self.table):
            if lower.below is None:
                yield f"the band {lower.zh} has no end, and is not the highest one", lower.zh
            elif lower.below != upper.least:
                between = "a gap" if lower.below < upper.least else "an overlap"
                yield f"the bands {lower.zh} and {upper.zh} leave {between} at {lower.below}", upper.zh
        for language in ("zh", "en"):
            labels = [getattr(each, language) for each in self.table]
            for twice in sorted({each for each in labels if labels.count(each) > 1}):
                yield f"two bands have one label, {twice}", twice

    def _problems_of_ends(self, most: int | None) -> Iterator[tuple[str, str]]:
        """Yield where the table leaves out a lowest or a highest score, or holds one that cannot be."""
        lowest, highest = self.table[0], self.table[-1]
        if lowest.least != 0:
            yield f"the lowest band begins at {lowest.least}, and a score is 0 at the least", lowest.zh
        if highest.below is None and most is not None:
            yield f"the highest band has no end, and the highest score is {most}", highest.zh
        elif highest.below is not None and most is None:
            yield (
                f"the highest band ends below {highest.below}, and no highest score is stated as `most`",
                highest.zh,
            )
        elif highest.below is not None and highest.below - 1 != most:
            yield f"the highest band ends below {highest.below}, and the highest score is {most}", highest.zh


class ScoreProgramme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A score programme that persons join of their own will (个人信用积分项目).

    `base` is what a score begins at and `most` the highest one, where they are known.
    """

    code: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]+$")]
    zh: Text
    en: Text
    source: Text
    opened: date
    base: Annotated[int, msgspec.Meta(ge=0)] | None = None
    most: Annotated[int, msgspec.Meta(ge=1)] | None = None
    bands: tuple[BandTable, ...] = ()
    indicators: tuple[ScoreIndicator, ...] = ()
    readings: tuple[Reading, ...] = ()
    """What here is not from the document, and what the document leaves open."""

    def problems(self) -> Iterator[TomlProblem]:
        """Yield what is wrong with the programme, each with where it stands in it."""
        if self.base is not None and self.most is not None and self.base > self.most:
            yield TomlProblem(f"a score begins at {self.base}, and the highest one is {self.most}", ("base",))
        if self.bands and self.bands[0].since > self.opened:
            reason = (
                f"the first table of bands begins on {self.bands[0].since}, and the programme opened on {self.opened}: "
                "between them a score has no band"
            )
            yield TomlProblem(reason, ("bands", 0, "from"))
        for number, (earlier, later) in enumerate(pairwise(self.bands), start=1):
            if earlier.since >= later.since:
                reason = f"the table of bands from {later.since} does not stand behind an earlier one"
                yield TomlProblem(reason, ("bands", number, "from"))
        for number, each in enumerate(self.bands):
            for reason, label in each.problems(self.most):
                yield TomlProblem(reason, ("bands", number, "table"), f'"{label}"')

    def band(self, score: int, day: date) -> ScoreBand | None:
        """Return the band of a score on a day; None where no table was set for that day, or it does not hold the score."""
        table = next((each.table for each in reversed(self.bands) if each.since <= day), ())
        return next((each for each in table if each.holds(score)), None)


class Banding(msgspec.Struct, frozen=True):
    """The columns of a data set of scores by which its labels are held to the table of the city's programme.

    `of` is the programme of the installation's city, which its files state; None where it has none, or none is known.
    """

    programme: str = "programme"
    score: str = "score"
    label: str = "band"
    day: str = "assessed_on"
    of: ScoreProgramme | None = None

    @property
    def read(self) -> tuple[str, str, str, str]:
        """The columns that decide whether a label is that of its score."""
        return self.programme, self.score, self.label, self.day
