"""Applies the arguments of a list to the rows of a key: filter, order, cursor, bound."""

from collections.abc import Sequence

import orjson

from adapters.source import Key, Row
from gateway.release.cursors import REACHED, Cursors, List
from resolvers.fetch.list_views import RowFilter, conditions_of, ordered, with_numbers
from resolvers.fetch.reading import CursorRefused
from resolvers.plan.arguments import Arguments
from resolvers.plan.masked_plan import ListedView, MaskedPlan
from schema.list_arguments import CHOOSING


def choosers_of(plan: MaskedPlan, arguments: Arguments, purpose: str, cursors: Cursors) -> list[RowFilter]:
    """Return one function for each view of a plan's reading."""
    return [_chooser(each, arguments, purpose, cursors) for each in plan.listed.values()]


def _chooser(listed: ListedView, arguments: Arguments, purpose: str, cursors: Cursors) -> RowFilter:
    choice = listed.choice
    numbers = (*map(choice.arguments.get, CHOOSING), listed.first)
    if not arguments.invalid.keys().isdisjoint(numbers):
        return _choose_nothing
    where, order, after, most = [None if each is None else arguments.values[each] for each in numbers]
    chosen_by = orjson.dumps([where, order], option=orjson.OPT_SORT_KEYS)
    conditions = conditions_of(where or {}, listed.filters)
    known_by = listed.known_by if order is None else (listed.orders[order["field"]], *listed.known_by)

    def choose(key: Key, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of a key that are in the list, or raise CursorRefused."""
        cursor_list = List(purpose, listed.coordinate, chosen_by, key if listed.named else REACHED)
        number = None if after is None else cursors.open(cursor_list, after)
        # All rows are numbered, those that the filter leaves out as well: a number reveals nothing about the filter.
        found = with_numbers(rows, known_by) if listed.choice.continued else rows
        found = [row for row in found if all(meets(row) for meets in conditions)]
        if order is not None:
            found = ordered(found, listed.orders[order["field"]], descending=order["direction"] == "DESC")
        start = 0 if number is None else _place_behind(number, found)
        found = found[start : None if most is None else start + most]
        if not listed.shows_cursor:
            return found
        return [(*values, cursors.seal(cursor_list, own)) for *values, own in found]

    return choose


def _place_behind(number: int, rows: Sequence[Row]) -> int:
    """Return the place behind the row with a number; CursorRefused where the list does not have it any more."""
    for place, row in enumerate(rows, start=1):
        if row[-1] == number:
            return place
    raise CursorRefused


def _choose_nothing(_key: Key, _rows: Sequence[Row]) -> Sequence[Row]:
    """Stand for a list of which an argument could not be had: its field fails."""
    return ()
