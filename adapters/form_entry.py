"""Where records enter that subjects of some legal forms alone can have: an individual business has no legal representative."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.grade_entry import NO_KINDS
from adapters.source import Batch, Key, Query, Row
from catalogue.declarations import Dataset
from catalogue.legal_forms import LegalForm, legal_form_of

OTHER_FORM: Final = "a record that a subject of this legal form cannot have"


class FormRule:
    """Holds rows to the legal form of their subject; `names` are the columns behind the key of each row."""

    __slots__ = ("_allowed", "_code", "_column", "_forms")

    def __init__(self, dataset: Dataset, names: Sequence[str]) -> None:
        self._forms, by = dataset.forms, dataset.forms_by
        places = {dataset.key: 0} | {name: at for at, name in enumerate(names, start=1)}
        self._column = places.get(by.column) if by else None
        self._code = places.get(by.code) if by else None
        self._allowed: Mapping[Any, frozenset[LegalForm]] = (
            {each.code: each.forms for each in by.allowed} if by else {}
        )

    def is_broken(self, row: Row, kinds: Mapping[Key, str] = NO_KINDS) -> bool:
        """Whether a subject of the form of the row's key, or of the code in the row, cannot have the record."""
        if self._forms and legal_form_of(row[0], kinds.get(row[0])) not in self._forms:
            return True
        if self._column is None or self._code is None:
            return False
        allowed, code = self._allowed.get(row[self._column]), row[self._code]
        return allowed is not None and legal_form_of(code, kinds.get(code)) not in allowed


class FormEntry:
    """Lets the records of one query in that their subjects can have; others break the contract of their key.

    `columns` are those of the rows, behind the key.
    """

    __slots__ = ("_bureau", "_dataset", "_many", "_rule", "computed")

    def __init__(self, query: Query, columns: Sequence[str]) -> None:
        self._bureau, self._dataset, self._many = query.bureau, query.dataset.name, query.dataset.many
        self._rule = FormRule(query.dataset, columns)
        self.computed: tuple[str, ...] = ()
        """Nothing is appended to a row."""

    def let_in(self, batch: Batch, kinds: Mapping[Key, str] = NO_KINDS) -> Batch:
        """Return the batch with the records that are let in; `kinds` has the registry's kind of organisations, where known."""
        others = dict(self._broken(batch, kinds))
        if not others:
            return batch
        rows: dict[Key, Any] = {key: found for key, found in batch.rows.items() if key not in others}
        return Batch(rows, {**batch.broken, **others}, batch.refused)

    def _broken(self, batch: Batch, kinds: Mapping[Key, str]) -> Iterator[tuple[Key, BureauError]]:
        for key, found in batch.rows.items():
            rows: Sequence[Row] = found if self._many else (found,)
            if any(self._rule.is_broken(each, kinds) for each in rows):
                yield key, ContractBroken(self._bureau, self._dataset, OTHER_FORM, len(rows))
