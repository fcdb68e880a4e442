"""Where the labels of scores enter: the number decides, so a label is that of the score in the city's table of its day.

A label that contradicts its score, or that no table of the city gives, breaks the contract of its key.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.source import Batch, Key, Query, Row
from catalogue.score_programmes import Banding

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
        programme = self._banding.of
        if programme is None or None in self._places:
            return False
        of, score, label, day = (row[at] for at in self._places if at is not None)
        if of != programme.code:
            return False
        band = programme.band(score, day)
        return label != (band and band.zh)


class BandEntry:
    """Lets the scores of one query in whose labels are theirs; `columns` are those of the rows, behind the key."""

    __slots__ = ("_bureau", "_dataset", "_rule", "computed")

    def __init__(self, query: Query, banding: Banding, columns: Sequence[str]) -> None:
        self._bureau, self._dataset = query.bureau, query.dataset.name
        self._rule = BandRule(banding, columns)
        self.computed: tuple[str, ...] = ()
        """Nothing is appended to a row."""

    def let_in(self, batch: Batch) -> Batch:
        """Return the batch with the keys of which each label is that of its score."""
        others = dict(self._broken(batch))
        if not others:
            return batch
        rows: dict[Key, Any] = {key: found for key, found in batch.rows.items() if key not in others}
        broken: Mapping[Key, BureauError] = {**batch.broken, **others}
        return Batch(rows, broken, batch.refused)

    def _broken(self, batch: Batch) -> Iterator[tuple[Key, BureauError]]:
        for key, found in batch.rows.items():
            if any(map(self._rule.is_broken, found)):
                yield key, ContractBroken(self._bureau, self._dataset, OTHER_BAND, len(found))
