"""Where the labels of scores enter: the number decides, so a label is that of the score in the city's table of its day.

A label that contradicts its score breaks the contract of its key. Where the city has no table that could give one, no label
is passed on, and the score stays.
"""

from collections.abc import Sequence
from typing import Any, Final

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.source import Batch, Key, Query, Row
from catalogue.score_programmes import Banding, ScoreBand

_LABEL: Final = 2
"""The place of the label among the columns that decide."""
OTHER_BAND: Final = "a label that the city's table does not give to the score"


class BandRule:
    """Holds the labels of scores to the city's table; `names` are the columns behind the key of each row."""

    __slots__ = ("_banding", "_places")

    def __init__(self, banding: Banding, names: Sequence[str]) -> None:
        places = {name: at for at, name in enumerate(names, start=1)}
        self._banding = banding
        self._places = [places.get(each) for each in banding.read]

    def is_broken(self, row: Row) -> bool:
        """Whether the label of a row is another one; where a column is not among those of the row, nobody can tell."""
        found = self._label_and_band(row)
        if found is None:
            return False
        label, band = found
        return band is not None and label not in (None, band.zh)

    def labelled(self, row: Row) -> Row:
        """Return a row without its label where the city has no table that could give one: the number stays."""
        found = self._label_and_band(row)
        if found is None or found[0] is None or found[1] is not None:
            return row
        at = self._places[_LABEL]
        return [None if place == at else value for place, value in enumerate(row)]

    def _label_and_band(self, row: Row) -> tuple[str | None, ScoreBand | None] | None:
        """Return the label of a row and the band of its score; None where the row is not of the city's own programme."""
        programme = self._banding.of
        if programme is None or None in self._places:
            return None
        of, score, label, day = (row[at] for at in self._places if at is not None)
        return (label, programme.band(score, day)) if of == programme.code else None


class BandEntry:
    """Lets the scores of one query in whose labels are theirs; `columns` are those of the rows, behind the key."""

    __slots__ = ("_bureau", "_dataset", "_many", "_rule", "computed")

    def __init__(self, query: Query, banding: Banding, columns: Sequence[str]) -> None:
        self._bureau, self._dataset, self._many = query.bureau, query.dataset.name, query.dataset.many
        self._rule = BandRule(banding, columns)
        self.computed: tuple[str, ...] = ()
        """Nothing is appended to a row."""

    def let_in(self, batch: Batch) -> Batch:
        """Return the batch with the keys of which each label is that of its score, and no label where there is no table."""
        rows: dict[Key, Any] = {}
        broken: dict[Key, BureauError] = dict(batch.broken)
        for key, found in batch.rows.items():
            of_key = found if self._many else (found,)
            if any(map(self._rule.is_broken, of_key)):
                broken[key] = ContractBroken(self._bureau, self._dataset, OTHER_BAND, len(of_key))
                continue
            labelled = [self._rule.labelled(row) for row in of_key]
            rows[key] = labelled if self._many else labelled[0]
        return Batch(rows, broken, batch.refused)
