"""The tables of docs/incentives.md: the incentives, what they ask, and the bar of each scene."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from catalogue.incentives.city_files import city_called, city_names
from catalogue.incentives.incentive_catalogue import Alternative, Benefiting, Incentive, incentives
from catalogue.incentives.incentive_marks import configuration_of, reading_of, units_text
from catalogue.incentives.requirement_kinds import KINDS
from catalogue.incentives.scene_threshold import answerable

BENEFITING: Final[tuple[Benefiting, ...]] = ("person", "individual_business", "enterprise")
_INCENTIVE: Final = ("no.", "place", "激励", "benefit", "for", "scene", "basis", "field", "责任单位")


def table_of(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table of Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n" + "".join(f"| {' | '.join(each)} |\n" for each in lines) + "\n"


def conditions_table() -> str:
    """Return what each basis asks, by itself, and what of it is whose."""
    rows: list[tuple[str, ...]] = []
    for city in city_names():
        found = {each.basis: each.condition for each in incentives(city).values() if each.condition}
        for basis, each in found.items():
            asked = tuple(_asked(each.of(benefiting)) for benefiting in BENEFITING)
            what = (f"`{basis}`", city_called(city).en, f"{each.zh} · {each.en}", *asked)
            marks = (each.stated, each.configured, each.owner, each.reading)
            rows.append((*what, *(mark or "–" for mark in marks)))
    head = ("basis", "city", "what it asks", "of a person", "of an individual business", "of an enterprise")
    return table_of((*head, "the document states", "configuration", "owner", "our reading"), rows)


def bars_table() -> str:
    """Return what is asked in each scene, at its bar."""
    found: dict[tuple[str, ...], list[str]] = {}
    for city in city_names():
        for id_, each in answerable(city).items():
            for kind in filter(each.alternatives, KINDS):
                raised = each.alternatives(kind) != incentives(city)[id_].alternatives(kind)
                asked = _asked(each.alternatives(kind)) + (" (raised)" if raised else "")
                row = (each.city.en, f"`{each.scene}`", kind, asked)
                found.setdefault(row, []).append(f"`{each.field}`")
    rows = ((*row, ", ".join(found[row])) for row in sorted(found, key=lambda row: row[:2]))
    return table_of(("city", "scene", "for", "what is asked", "fields"), rows)


def _asked(alternatives: Iterable[Alternative]) -> str:
    asked = (
        " and ".join(f"`{name}` {_stated(each[name])}".strip() for name in sorted(each))
        for each in alternatives
    )
    return ", or ".join(asked) or "–"


def _stated(value: Any) -> str:
    if isinstance(value, bool):
        return "" if value else "no"
    return str(value) if isinstance(value, int) else ", ".join(sorted(value))


def incentives_table() -> str:
    """Return the incentives of each city, each with what is ours beside it."""
    found: list[str] = []
    head = (*_INCENTIVE, "our reading", "configuration")
    for name in city_names():
        city = city_called(name)
        found.append(f"\n### {city.en} {city.zh}: {city.document}\n")
        found.append(table_of(head, map(_incentive, incentives(name).values())))
    return "".join(found)


def _incentive(each: Incentive) -> tuple[str, ...]:
    field = f"`{each.field}`" if each.condition is not None else each.unanswered
    kinds = ", ".join(it.replace("_", " ") for it in BENEFITING if it in each.benefiting)
    what = (each.place, each.zh, each.en, kinds, f"`{each.scene}`", f"`{each.basis}`", field)
    marks = (reading_of(each), configuration_of(each.condition))
    units = units_text(each.bureaus) or "none named"
    return (f"`{each.id}`", *what, units, *(mark or "–" for mark in marks))
