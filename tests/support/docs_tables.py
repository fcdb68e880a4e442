"""The tables of pages that are made from the rules and the catalogue: `python -m tests.support.docs_tables` writes them anew.

A table stands between `<!-- table NAME -->` and `<!-- end -->`; what stands around it is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from adapters.bureaus import discover
from catalogue.catalogue_item import CatalogueItem
from catalogue.classification import DataClass, Use
from catalogue.declarations import Bureau, Dataset
from catalogue.declared_codes import bilingual
from catalogue.grade_schemes import SCHEMES, GradeScheme
from catalogue.incentives.incentive_catalogue import Alternative, Incentive, incentives
from catalogue.incentives.requirement_kinds import KINDS
from catalogue.incentives.scene_threshold import answerable
from catalogue.legal_forms import LegalForm
from gateway.authorization.clients import load_clients
from gateway.authorization.policy import Policy
from gateway.proofs.possibilities import POSSIBLE
from gateway.proofs.proved_policy import load_policy
from gateway.proofs.theorems import THEOREMS
from gateway.settings import ROOT
from resolvers.graph.fields import Field, fields_of
from schema.record_types import table_field_name
from tests.support.gateway_in_memory import graph

PAGE: Final = ROOT / "docs" / "policies.md"
PAGES: Final = (PAGE, ROOT / "docs" / "incentives.md", ROOT / "docs" / "bureaus.md")
MARKED: Final = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def written(text: str) -> str:
    """Return the page with every table made anew."""
    made = _tables()
    made |= {
        "conditions": _conditions,
        "bars": _bars,
        "incentives": _incentives,
        "bureaus": _bureaus,
        "schemes": _schemes,
    }
    return MARKED.sub(lambda found: f"{found[1]}{made[found[2]]()}{found[3]}", text)


def _tables() -> dict[str, Callable[[], str]]:
    policy = load_policy(ROOT / "policies", fields_of(graph()))
    return {
        "purposes": lambda: _purposes(policy),
        "kinds": lambda: _kinds(policy),
        "classes": lambda: _classes(policy.fields.values()),
        "uses": lambda: _table(("use", "用途", "what it means"), map(_use, Use)),
        "permits": lambda: _rules(policy, "permit"),
        "ceilings": lambda: _rules(policy, "forbid"),
        "theorems": _theorems,
        "possible": _possible,
        "duties": lambda: _duties(policy),
        "clients": lambda: _clients(policy),
    }


def _schemes() -> str:
    head = ("scheme", "制度", "by", "of", "letters", "period", "source", "mark")
    return _table(head, map(_scheme, SCHEMES))


def _scheme(scheme: GradeScheme) -> tuple[str, ...]:
    of = [
        *(each.value.partition(" · ")[2] for each in LegalForm if each in scheme.graded),
        *(
            f"{each.value.partition(' · ')[2]} on application"
            for each in LegalForm
            if each in scheme.by_choice
        ),
    ]
    term = "".join(
        f", {word} {day}" for word, day in (("from", scheme.since), ("until", scheme.until)) if day
    )
    letters = ", ".join(f"`{each}`" for each in scheme.letters.labels)
    zh, en = scheme.title
    return (
        en,
        zh,
        scheme.organ[1],
        ", ".join(of),
        letters,
        scheme.period[1] + term,
        scheme.source,
        scheme.mark,
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n" + "".join(f"| {' | '.join(each)} |\n" for each in lines) + "\n"


def _purposes(policy: Policy) -> str:
    found: list[str] = []
    for name, branch in policy.purposes.branches.items():
        found.append(f"\n### {name}: {branch.zh} · {branch.en}\n")
        head = ("purpose", "目的", "meaning", "may be held by", "case number", "basis")
        found.append(_table(head, _leaves(policy, name)))
    return "".join(found)


def _leaves(policy: Policy, branch: str) -> Iterator[tuple[str, ...]]:
    for leaf in policy.purposes.leaves.values():
        if leaf.name.rpartition(".")[0] == branch:
            holders = sorted(each for each in leaf.holders if not policy.kinds[each].sandbox)
            named = ", ".join(f"`{each}`" for each in holders)
            needed = "needed" if leaf.case_number else "no"
            needed = "of an authorisation" if leaf.authorisation else needed
            yield (f"`{leaf.name}`", leaf.zh, leaf.en, named, needed, leaf.basis)


def _duties(policy: Policy) -> str:
    rows = ((f"`{duty}`", ", ".join(f"`{each}`" for each in items)) for duty, items in policy.duties.items())
    return _table(("duty or measure", "catalogue items"), rows)


def _kinds(policy: Policy) -> str:
    rows = ((f"`{each.name}`", each.zh, each.en, each.basis) for each in policy.kinds.values())
    return _table(("kind", "主体类型", "meaning", "basis"), rows)


def _classes(fields: Iterable[Field]) -> str:
    found = [each.classification for each in fields]
    rows: list[tuple[str, ...]] = []
    for each in DataClass:
        levels = sorted({field.sensitivity for field in found if field.data_class is each})
        zh, _, en = each.value.partition(" · ")
        rows.append((f"`{each.name}`", zh, en, ", ".join(level.name for level in levels) or "none yet"))
    return _table(("class", "类别", "what it holds", "sensitivities in the graph"), rows)


def _use(use: Use) -> tuple[str, ...]:
    zh, en = MEANINGS[use]
    return (f"`{use.value}`", zh, en)


def _rules(policy: Policy, effect: str) -> str:
    rows = (
        (f"`{rule.id}`", rule.reason, rule.source, f"`{rule.statement.file}`")
        for rule in policy.rules.values()
        if rule.effect == effect
    )
    return _table((effect, "reason", "source", "file"), rows)


def _theorems() -> str:
    rows = (
        (f"`{each.name}`", each.zh, each.en, ", ".join(f"`{rule}`" for rule in each.carried_by))
        for each in THEOREMS
    )
    return _table(("theorem", "命题", "whatever is permitted", "carried by"), rows)


def _possible() -> str:
    return _table(("必须可行", "must be possible"), ((each.zh, each.en) for each in POSSIBLE))


def _clients(policy: Policy) -> str:
    rows: list[tuple[str, ...]] = []
    for name, each in load_clients(ROOT / "policies", policy.purposes, policy.kinds).items():
        purposes = (
            "all"
            if policy.kinds[each.kind].sandbox
            else ", ".join(f"`{purpose}`" for purpose in each.purposes)
        )
        named = f"{each.zh} · {each.en}"
        rows.append((f"`{name}`", named, f"`{each.kind}`", each.department, f"`{each.region}`", purposes))
    return _table(("client", "name", "kind", "department", "region", "purposes"), rows)


def _conditions() -> str:
    found = {each.basis: each.condition for each in incentives().values() if each.condition is not None}
    rows = (
        (f"`{basis}`", each.zh, each.en, _asked(each.person), _asked(each.enterprise), each.owner)
        for basis, each in found.items()
    )
    return _table(("basis", "条件", "what it asks", "of a person", "of an enterprise", "owner"), rows)


def _bars() -> str:
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for each in answerable().values():
        for kind in filter(each.alternatives, KINDS):
            programme = each.city.programme or "any" if kind == "person" else "–"
            row = (f"`{each.scene}`", kind, programme, _asked(each.alternatives(kind)))
            found.setdefault(row, []).append(f"`{each.field}`")
    rows = ((*row, ", ".join(found[row])) for row in sorted(found, key=lambda row: (row[0], row[2] == "–")))
    return _table(("scene", "for", "programme", "what is asked", "fields"), rows)


def _asked(alternatives: Iterable[Alternative]) -> str:
    asked = (
        " and ".join(f"`{name}` {_stated(each[name])}".strip() for name in sorted(each))
        for each in alternatives
    )
    return ", or ".join(asked) or "–"


def _stated(value: Any) -> str:
    if value is True:
        return ""
    return str(value) if isinstance(value, int) else ", ".join(sorted(value))


def _incentives() -> str:
    found: list[str] = []
    for city in dict.fromkeys(each.city for each in incentives().values()):
        found.append(f"\n### {city.en} {city.zh}: {city.document}\n")
        head = ("no.", "place", "激励", "benefit", "for", "scene", "basis", "field")
        found.append(_table(head, map(_incentive, (e for e in incentives().values() if e.city is city))))
    return "".join(found)


def _incentive(each: Incentive) -> tuple[str, ...]:
    field = f"`{each.field}`" if each.condition is not None else each.unanswered
    kinds = ", ".join(sorted(each.beneficiaries, reverse=True))
    return (f"`{each.id}`", each.place, each.zh, each.en, kinds, f"`{each.scene}`", f"`{each.basis}`", field)


def _bureaus() -> str:
    return "".join(map(_bureau, discover().values())) + "\n"


def _bureau(bureau: Bureau) -> str:
    read = (
        "Read from PostgreSQL."
        if bureau.source == "postgres"
        else "Read from an HTTP service by signed requests."
    )
    found = [f"## {bureau.name}: {bilingual(*bureau.title)}\n\n{read}\n"]
    rows = [(*_dataset(each), each.field.name if each.field else each.type_name) for each in bureau.datasets]
    found.append(_table(("data set", "catalogue item", "columns", "field or type"), map(_marked, rows)))
    lives = [(f"`{each.name}`", each.life.text, _counts(each)) for each in bureau.datasets if each.life]
    if lives:
        found.append(_table(("records with a life", "stands", "counts against a reward"), lives))
    if bureau.tables:
        found.append("Registered table of counts, keyed by year:\n")
        rows = [(*_dataset(each), table_field_name(each)) for each in bureau.tables]
        found.append(_table(("table", "catalogue item", "columns", "field"), map(_marked, rows)))
    items = {each.item.code: _item(each.item) for each in bureau.shared}
    head = ("item", "提供单位", "nature", "disclosure", "更新周期", "法律依据")
    return "\n".join(each.strip("\n") + "\n" for each in ("", *found, _table(head, items.values())))


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
