"""Where records enter that subjects of some legal forms alone can have: an individual business has no legal representative."""

from typing import Any, Final

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.source import Batch, Key, Query
from catalogue.legal_forms import legal_form_of

OTHER_FORM: Final = "a record that a subject of this legal form cannot have"


class FormEntry:
    """Lets the records of one query in that their subjects can have; others break the contract of their key."""

    __slots__ = ("_bureau", "_dataset", "_forms", "_many", "computed")

    def __init__(self, query: Query) -> None:
        self._bureau, self._dataset, self._many = query.bureau, query.dataset.name, query.dataset.many
        self._forms = query.dataset.forms
        self.computed: tuple[str, ...] = ()
        """Nothing is appended to a row."""

    def let_in(self, batch: Batch) -> Batch:
        """Return the batch with the records that are let in."""
        others = [key for key in batch.rows if legal_form_of(key) not in self._forms]
        if not others:
            return batch
        broken: dict[Key, BureauError] = dict(batch.broken)
        rows: dict[Key, Any] = dict(batch.rows)
        for key in others:
            found = rows.pop(key)
            count = len(found) if self._many else 1
            broken[key] = ContractBroken(self._bureau, self._dataset, OTHER_FORM, count)
        return Batch(rows, broken, batch.refused)
