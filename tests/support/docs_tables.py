"""The tables of pages that are made from the rules and the catalogue: `python -m tests.support.docs_tables` writes them anew.

A table stands between `<!-- table NAME -->` and `<!-- end -->`; what stands around it is written by hand. The rows of
docs/rules.md are written by hand but for their last cell, which names the tests: see `rules_page.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from adapters.bureaus import discover
from catalogue.catalogue_item import CatalogueItem
from catalogue.classification import DataClass, Use
from catalogue.declarations import Bureau, Dataset
from catalogue.declared_codes import bilingual
from catalogue.grade_schemes import SCHEMES
from catalogue.incentives.city_files import city_called, city_names
from catalogue.toml_files import read_tables
from gateway.authorization.clients import load_clients
from gateway.authorization.duty_items import DUTY_ITEMS_FILE, EXEMPT
from gateway.authorization.policy import Policy
from gateway.operations.register import Registration, folder_of, load_register
from gateway.proofs.possibilities import POSSIBLE
from gateway.proofs.proved_policy import load_policy
from gateway.proofs.theorems import THEOREMS
from gateway.settings import ROOT
from resolvers.graph.fields import Field, fields_of
from schema.query import DOCUMENT_WAY
from schema.record_types import table_field_name
from tests.support.gateway_in_memory import graph
from tests.support.incentive_tables import bars_table, conditions_table, incentives_table, table_of
from tests.support.rules_page import list_of_tests, with_tests
from tests.support.scheme_rows import scheme_row
from tests.support.systems_page import SYSTEM_TABLES

PAGE: Final = ROOT / "docs" / "policies.md"
PAGES: Final = (
    PAGE,
    *(ROOT / "docs" / f"{name}.md" for name in ("incentives", "bureaus", "operations", "rules", "systems")),
)
MARKED: Final = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def written(text: str) -> str:
    """Return the page with every table made anew."""
    made = _tables()
    made |= {
        "conditions": conditions_table,
        "bars": bars_table,
        "incentives": incentives_table,
        "operations": _operations,
        "bureaus": _bureaus,
        "schemes": _schemes,
        "marked": list_of_tests,
        **SYSTEM_TABLES,
    }
    return with_tests(MARKED.sub(lambda found: f"{found[1]}{made[found[2]]()}{found[3]}", text))


def _tables() -> dict[str, Callable[[], str]]:
    policy = load_policy(ROOT / "policies", fields_of(graph()))
    return {
        "purposes": lambda: _purposes(policy),
        "kinds": lambda: _kinds(policy),
        "classes": lambda: _classes(policy.fields.values()),
        "uses": lambda: table_of(("use", "用途", "what it means"), map(_use, Use)),
        "permits": lambda: _rules(policy, "permit"),
        "ceilings": lambda: _rules(policy, "forbid"),
        "theorems": _theorems,
        "possible": _possible,
        "duties": lambda: _duties(policy),
        "exempt": _exempt,
        "clients": lambda: _clients(policy),
    }


def _schemes() -> str:
    head = ("scheme", "制度", "by", "of", "letters", "period", "source", "mark")
    return table_of(head, map(scheme_row, SCHEMES))


def _purposes(policy: Policy) -> str:
    found: list[str] = []
    for name, branch in policy.purposes.branches.items():
        found.append(f"\n### {name}: {branch.zh} · {branch.en}\n")
        head = ("purpose", "目的", "meaning", "may be held by", "case number", "basis")
        found.append(table_of(head, _leaves(policy, name)))
    return "".join(found)


def _leaves(policy: Policy, branch: str) -> Iterator[tuple[str, ...]]:
    for leaf in policy.purposes.leaves.values():
        if leaf.name.rpartition(".")[0] == branch:
            holders = sorted(each for each in leaf.holders if not policy.kinds[each].sandbox)
            named = ", ".join(f"`{each}`" for each in holders)
            named += f" of {leaf.department} alone" if leaf.department else ""
            needed = "needed" if leaf.case_number else "no"
            needed = "of an authorisation" if leaf.authorisation else needed
            yield (f"`{leaf.name}`", leaf.zh, leaf.en, named, needed, leaf.basis)


def _duties(policy: Policy) -> str:
    rows = ((f"`{duty}`", ", ".join(f"`{each}`" for each in items)) for duty, items in policy.duties.items())
    return table_of(("duty or measure", "catalogue items"), rows)


def _exempt() -> str:
    stated = read_tables(ROOT / "policies" / DUTY_ITEMS_FILE)[EXEMPT]
    return table_of(("branch", "bounded by"), ((f"`{branch}`", bound) for branch, bound in stated.items()))


def _kinds(policy: Policy) -> str:
    rows = ((f"`{each.name}`", each.zh, each.en, each.basis) for each in policy.kinds.values())
    return table_of(("kind", "主体类型", "meaning", "basis"), rows)


def _classes(fields: Iterable[Field]) -> str:
    found = [each.classification for each in fields]
    rows: list[tuple[str, ...]] = []
    for each in DataClass:
        levels = sorted({field.sensitivity for field in found if field.data_class is each})
        zh, _, en = each.value.partition(" · ")
        rows.append((f"`{each.name}`", zh, en, ", ".join(level.name for level in levels) or "none yet"))
    return table_of(("class", "类别", "what it holds", "sensitivities in the graph"), rows)


def _use(use: Use) -> tuple[str, ...]:
    zh, en = MEANINGS[use]
    return (f"`{use.value}`", zh, en)


def _rules(policy: Policy, effect: str) -> str:
    rows = (
        (f"`{rule.id}`", rule.reason, rule.source, f"`{rule.statement.file}`")
        for rule in policy.rules.values()
        if rule.effect == effect
    )
    return table_of((effect, "reason", "source", "file"), rows)


def _theorems() -> str:
    rows = (
        (f"`{each.name}`", each.zh, each.en, ", ".join(f"`{rule}`" for rule in each.carried_by))
        for each in THEOREMS
    )
    return table_of(("theorem", "命题", "whatever is permitted", "carried by"), rows)


def _possible() -> str:
    return table_of(("必须可行", "must be possible"), ((each.zh, each.en) for each in POSSIBLE))


def _clients(policy: Policy) -> str:
    """Return each client once, with the cities that have it."""
    found: dict[tuple[str, ...], list[str]] = {}
    for city in city_names():
        own = city_called(city)
        for name, each in load_clients(ROOT / "policies", policy.purposes, policy.kinds, city).items():
            sandbox = policy.kinds[each.kind].sandbox
            purposes = "all" if sandbox else ", ".join(f"`{purpose}`" for purpose in each.purposes)
            region = "the city's" if each.region == own.region else f"`{each.region}`"
            row = (f"`{name}`", f"{each.zh} · {each.en}", f"`{each.kind}`", each.department, region, purposes)
            found.setdefault(row, []).append(own.en)
    every = len(city_names())
    rows = ((*row, "every" if len(cities) == every else ", ".join(cities)) for row, cities in found.items())
    return table_of(("client", "name", "kind", "department", "region", "purposes", "cities"), rows)


def operations() -> Iterator[tuple[str, Registration]]:
    """Yield every operation by the name under which the page lists it: one of a city alone stands in its folder."""
    policy = load_policy(ROOT / "policies", fields_of(graph()))
    found: dict[str, Registration] = {}
    for city in city_names():
        clients = load_clients(ROOT / "policies", policy.purposes, policy.kinds, city)
        for name, each in load_register(ROOT / "operations", policy.purposes, clients, city).items():
            own = folder_of(ROOT / "operations", city, name).name == city
            found[f"{city}/{name}" if own else name] = each
    yield from sorted(found.items(), key=lambda each: ("/" in each[0], each[0]))


def _operations() -> str:
    rows = (
        (
            f"`{name}`",
            f"{each.zh} · {each.en}",
            f"`{each.purpose}`",
            ", ".join(f"`{client}`" for client in sorted(each.clients)),
            str(each.subjects),
        )
        for name, each in operations()
    )
    return table_of(("operation", "use", "purpose", "clients", "subjects"), rows)


def _bureaus() -> str:
    return "".join(map(_bureau, discover().values())) + "\n"


def _bureau(bureau: Bureau) -> str:
    read = (
        "Read from PostgreSQL."
        if bureau.source == "postgres"
        else "Read from an HTTP service by signed requests."
    )
    found = [f"## {bureau.name}: {bilingual(*bureau.title)}\n\n{read}\n"]
    rows = [(*_dataset(each), _reached_by(each)) for each in bureau.datasets]
    found.append(table_of(("data set", "catalogue item", "columns", "field or type"), map(_marked, rows)))
    lives = [(f"`{each.name}`", each.life.text, _counts(each)) for each in bureau.datasets if each.life]
    if lives:
        found.append(table_of(("records with a life", "stands", "counts against a reward"), lives))
    if bureau.tables:
        found.append("Registered table of counts, keyed by year:\n")
        rows = [(*_dataset(each), table_field_name(each)) for each in bureau.tables]
        found.append(table_of(("table", "catalogue item", "columns", "field"), map(_marked, rows)))
    items = {each.item.code: _item(each.item) for each in bureau.shared}
    head = ("item", "提供单位", "nature", "disclosure", "更新周期", "法律依据")
    return "\n".join(each.strip("\n") + "\n" for each in ("", *found, table_of(head, items.values())))


def _reached_by(dataset: Dataset) -> str:
    if dataset.resolves:
        return DOCUMENT_WAY
    return dataset.field.name if dataset.field else dataset.type_name


def _counts(dataset: Dataset) -> str:
    if dataset.adverse is None:
        return "no"
    within = dataset.adverse.within
    when = f" if `{within}` is in the years asked for" if within else ""
    return f"while it stands{when}; place {dataset.adverse.place} in `adverseRecords`"


def _dataset(dataset: Dataset) -> tuple[str, str, str]:
    item = dataset.item
    columns = ", ".join(f"`{each.name}`" for each in dataset.stored)
    return (f"`{dataset.name}`", f"`{item.code}` {bilingual(*item.name)}", columns)


def _marked(row: tuple[str, ...]) -> tuple[str, ...]:
    return (*row[:-1], f"`{row[-1]}`")


def _item(item: CatalogueItem) -> tuple[str, ...]:
    elements = (item.provider, item.nature.value, item.disclosure.value, item.update_cycle, item.legal_basis)
    return (f"`{item.code}`", *elements)


MEANINGS: Final = {
    Use.READ: ("读取", "the value stands in the answer"),
    Use.FILTER: ("筛选", "the value decides which records stand in the answer"),
    Use.SORT: ("排序", "the value decides about their order"),
    Use.AGGREGATE: ("汇总", "the value is counted with others, in a registered table"),
    Use.EXISTS: ("探查", "the answer tells whether there is such a subject"),
    Use.JOIN_KEY: ("关联", "the value leads from one subject to another"),
    Use.ARGUMENT: ("查找", "the caller gives the value to find the subject"),
    Use.DERIVE: ("推导", "a reviewed declassification reads the value and releases less"),
    Use.HISTORY: ("查阅历史", "the list shows records that do not stand; without it, the others alone"),
}


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(written(page.read_text("utf-8")), "utf-8")
