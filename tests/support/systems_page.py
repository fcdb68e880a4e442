"""The tables of docs/systems.md, made from catalogue/systems.toml: a table for each group, a row for each system."""

from __future__ import annotations

from collections import Counter

from catalogue.city_systems import CitySystem, city_systems
from catalogue.incentives.city_files import city_called

HEAD = ("no.", "system", "where", "what it asks of the graph", "state", "operations", "missing, or why")
STATES = {"works": "可用 works", "partly": "部分可用 partly", "outside": "未纳入 outside"}


def systems_tables() -> str:
    """Return the tables, each under the title of its group."""
    found: list[str] = []
    for each in city_systems():
        if each.group:
            found.append(f"\n### {each.group}\n\n{_line(HEAD)}{_line(tuple('---' for _ in HEAD))}")
        found.append(_line(_row(each)))
    return "".join(found) + "\n"


def counted_states() -> str:
    """Return how many systems are in each state."""
    counts = Counter(each.state for each in city_systems())
    rows = (f"| {STATES[state]} | {counts[state]} |\n" for state in STATES)
    return f"\n| state | systems |\n| --- | --- |\n{''.join(rows)}\n"


def _row(system: CitySystem) -> tuple[str, ...]:
    return (
        f"`{system.id}`",
        f"{system.zh} · {system.en}",
        "; ".join(f"{_named(city)} {place}" for city, place in system.places.items()),
        system.asks,
        STATES[system.state],
        _operations(system),
        system.missing or "–",
    )


def _operations(system: CitySystem) -> str:
    """Return the operations once where they are the same in every city, else by city."""
    lists = {city: ", ".join(f"`{name}`" for name in names) for city, names in system.operations.items()}
    if len({*lists.values()}) == 1 and lists.keys() == system.places.keys():
        return next(iter(lists.values()))
    return "; ".join(f"{_named(city)}: {names}" for city, names in lists.items()) or "–"


def _named(city: str) -> str:
    of = city_called(city)
    return f"{of.zh.removesuffix('市')} {of.en}"


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |\n"


SYSTEM_TABLES = {"systems": systems_tables, "states": counted_states}
"""What makes each table of the page, by its name."""
