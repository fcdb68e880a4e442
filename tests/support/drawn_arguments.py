"""Arguments of lists as Hypothesis draws them: bounds, filters, orders and cursors, true ones among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from graphql import GraphQLEnumType, get_named_type, is_list_type
from hypothesis import strategies as st

from gateway.release.cursors import REACHED, List
from tests.support.gateway_in_memory import CURSORS, EVERYTHING
from tests.support.hand_map import LISTS
from tests.support.reference_executor import MANY, Choice, known_by
from tests.support.small_city import ENTERPRISES, PERSONS, small_city

CITY = small_city(12)
"""Whose records the cursors are of."""


class Name(str):
    """The value of an enum, which GraphQL writes without quotes."""

    __slots__ = ()


LEAVES: Mapping[str, st.SearchStrategy[Any]] = {
    "Boolean": st.booleans(),
    "Date": st.dates().map(lambda day: day.replace(year=1988 + day.year % 40).isoformat()),
    "Fen": st.integers(-(2**52), 2**52),
    "Int": st.integers(0, 3_000),
}


@st.composite
def choosing(draw: st.DrawFn, field: str, offered: Mapping[str, Any], asked: Sequence[str]) -> str:
    """Draw the arguments of a field, as far as it takes any; `asked` are the subjects of the document."""
    found: dict[str, Any] = {}
    for name in ("first", "where", "orderBy", "after"):
        if name in offered and draw(st.integers(0, 2)) == 0:
            found[name] = draw(_value(name, field, offered, asked, found))
    return ", ".join(f"{name}: {written(value)}" for name, value in found.items())


def _value(
    name: str, field: str, offered: Mapping[str, Any], asked: Sequence[str], beside: Mapping[str, Any]
) -> st.SearchStrategy[Any]:
    if name == "first":
        return st.integers(1, 5)
    if name == "where":
        return where(offered["where"].type)
    return order(offered["orderBy"].type) if name == "orderBy" else cursor(field, asked, beside)


@st.composite
def where(draw: st.DrawFn, type_: Any) -> dict[str, Any]:
    """Draw a filter, an empty one now and then."""
    names = draw(st.lists(st.sampled_from(sorted(type_.fields)), max_size=2, unique=True))
    found: dict[str, Any] = {}
    for name in names:
        members = type_.fields[name].type.fields
        operators = draw(st.lists(st.sampled_from(sorted(members)), min_size=1, max_size=2, unique=True))
        found[name] = {each: draw(_member(members[each].type)) for each in operators}
    return found


def _member(type_: Any) -> st.SearchStrategy[Any]:
    named = get_named_type(type_)
    leaf = (
        st.sampled_from([Name(each) for each in named.values])
        if isinstance(named, GraphQLEnumType)
        else LEAVES[named.name]
    )
    return st.lists(leaf, max_size=3) if is_list_type(type_) else leaf


@st.composite
def order(draw: st.DrawFn, type_: Any) -> dict[str, Any]:
    """Draw an order, its direction left out now and then."""
    fields = get_named_type(type_.fields["field"].type).values
    found = {"field": Name(draw(st.sampled_from(sorted(fields))))}
    if draw(st.booleans()):
        found["direction"] = Name(draw(st.sampled_from(("ASC", "DESC"))))
    return found


@st.composite
def cursor(draw: st.DrawFn, field: str, asked: Sequence[str], beside: Mapping[str, Any]) -> str:
    """Draw a cursor: mostly a true one of a subject that is asked for, else one of another list or none."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(("", "abc", "A" * 32)))
    subject = draw(st.sampled_from([*asked, *asked, *PERSONS[:2], *ENTERPRISES[:2]]))
    of = subject if draw(st.integers(0, 2)) else REACHED
    ordered = beside.get("orderBy")
    chosen_by = [beside.get("where"), ordered and {"direction": "ASC", **ordered}]
    owner = "Person" if subject in PERSONS else "Enterprise"
    listed = List(EVERYTHING, f"{owner}.{field}", orjson.dumps(chosen_by, option=orjson.OPT_SORT_KEYS), of)
    rows = CITY.tables[MANY[field]].get(subject, ())
    home = next(lists[field] for lists in LISTS.values() if field in lists)
    numbers = Choice({}, ordered, None, 0, known_by(home, named=of != REACHED)).numbers(rows)
    return CURSORS.seal(listed, draw(st.sampled_from([*numbers, *numbers, 0])))


def written(value: Any) -> str:
    """Write a value as GraphQL does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value) if isinstance(value, Name) else orjson.dumps(value).decode()
