"""Which persons may be shown: living adults alone where a duty asks, and wards alone where their guardian does.

The age is that of the identity number and that of the registry, and both must allow it: for a duty the younger one
decides, for a guardian the older one. The number decides before anything is read. The registry's date comes with the row
that is read of every person, and whether the person has died comes with the same row. So a person who may not be shown is asked
for by the same calls as one whom the registry does not know, and looks the same afterwards.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from adapters.source import Key
from catalogue.ages import digits_of, is_born_by, youngest_adult
from resolvers.fetch.reading import AgeLimit, Table, WardTerm


def allowed_by_number(limit: AgeLimit, position: int, keys: Sequence[Key], day: date) -> Sequence[Key]:
    """Return those keys of a position whose own birth date lets them be shown on a day."""
    latest = digits_of(youngest_adult(day))
    if position in limit.adults:
        return [key for key in keys if is_born_by(key, latest)]
    return [key for key in keys if not is_born_by(key, latest)] if position in limit.wards else keys


def failed_for(table: Table, asked: Iterator[Key]) -> Table:
    """Return a table whose failure is that of the keys that were asked for: one that was taken out looks unknown."""
    return table if table.failure is None else Table({}, dict.fromkeys(asked, table.failure))


def allowed_by_registry(limit: AgeLimit, table: Table, keys: Sequence[Sequence[Key]], day: date) -> Table:
    """Return the persons of a table without those whose registration does not let them be shown.

    Their birth date does not, or they have died. A key that stands at several positions must be allowed at each.
    """
    latest, hidden = youngest_adult(day), set[Key]()
    for positions, of_age in ((limit.adults, True), (limit.wards, False)):
        for key in _keys_at(positions, keys):
            row = table.rows.get(key)
            if row is not None and (row[limit.born] <= latest) is not of_age:
                hidden.add(key)
    hidden.update(
        key for key in _keys_at(limit.living, keys) if key in table.rows and table.rows[key][limit.died]
    )
    return without(table, hidden) if hidden else table


def unknown_keys(limit: AgeLimit, table: Table, keys: Sequence[Sequence[Key]]) -> frozenset[Key]:
    """Return the keys of a limit's positions that its table does not show: unknown, or not to be shown."""
    return frozenset(key for key in _keys_at(limit.positions, keys) if key not in table.rows)


def without(table: Table, keys: Collection[Key]) -> Table:
    """Return a table that knows nothing of some keys."""
    return msgspec.structs.replace(table, rows=_rest(table.rows, keys), broken=_rest(table.broken, keys))


def _rest(found: Mapping[Key, Any], keys: Collection[Key]) -> Mapping[Key, Any]:
    return {key: each for key, each in found.items() if key not in keys}


def _keys_at(positions: Sequence[int], keys: Sequence[Sequence[Key]]) -> Iterator[Key]:
    return (key for position in positions for key in keys[position])


def in_office(term: WardTerm, table: Table, day: date) -> Table:
    """Return guardianships that lead to no ward but while their term runs and the ward is a minor by its number.

    Elsewhere the same answer may show who came of age: as the present guardian of a parent, for instance.
    """
    latest = digits_of(youngest_adult(day))
    rows = {
        key: [row if _leads(term, row, day, latest) else _without_ward(term, row) for row in found]
        for key, found in table.rows.items()
    }
    return msgspec.structs.replace(table, rows=rows)


def _leads(term: WardTerm, row: Sequence[Any], day: date, latest: str) -> bool:
    since, until = row[term.since], row[term.until]
    runs = since <= day and (until is None or until >= day)
    return runs and not is_born_by(row[term.ward], latest)


def _without_ward(term: WardTerm, row: Sequence[Any]) -> tuple[Any, ...]:
    return (*row[: term.ward], None, *row[term.ward + 1 :])
