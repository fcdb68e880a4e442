"""Which grades and offices an organisation has, where the registry says that it is an individual business and its code does not.

A record of a bureau has the code alone, so it entered as one of an enterprise. The registry's kind comes with the row that is
read of every organisation beside it, and by the kind the record is let in anew, or not. Where kind and code cannot be of one
organisation, the registry's row is broken, nobody knows what the organisation is, and none of these records is shown.
"""

from collections.abc import Mapping
from typing import Any

from adapters.bureau_errors import BureauError
from adapters.form_entry import OTHER_FORM
from adapters.source import Batch, Key
from catalogue.legal_forms import legal_form_of
from resolvers.fetch.reading import FormLimit, Table


def held_to_forms(limit: FormLimit, table: Table, registered: Table) -> tuple[Table, Mapping[str, int]]:
    """Return a table without the records that the registered kinds of their subjects do not let in.

    The counts are of the rows that are left out, by the rule that says why.
    """
    table = _without_contradicted(table, registered)
    kinds = {key: kind for key, kind in _kinds(limit, registered) if key in table.rows}
    if not kinds:
        return table, {}
    batch = limit.entry.let_in(Batch({key: table.rows[key] for key in kinds}), kinds)
    others: dict[Key, Any] = {key: rows for key, rows in table.rows.items() if key not in kinds}
    counts = dict(batch.refused)
    for each in batch.broken.values():
        counts[each.reason] = counts.get(each.reason, 0) + getattr(each, "rows", 1)
    found = Table({**others, **batch.rows}, {**table.broken, **batch.broken}, table.failure)
    return found, counts


def _without_contradicted(table: Table, registered: Table) -> Table:
    """Return a table without the records of organisations whose registered kind their code contradicts."""
    doubted = {
        key: error
        for key, error in registered.broken.items()
        if isinstance(error, BureauError) and error.reason == OTHER_FORM and key in table.rows
    }
    if not doubted:
        return table
    rows = {key: found for key, found in table.rows.items() if key not in doubted}
    return Table(rows, {**table.broken, **doubted}, table.failure)


def _kinds(limit: FormLimit, registered: Table) -> list[tuple[Key, str]]:
    """Return the organisations whose registered kind tells another legal form than their code."""
    kinds = ((key, row[limit.kind]) for key, row in registered.rows.items())
    return [(key, kind) for key, kind in kinds if legal_form_of(key, kind) is not legal_form_of(key)]
