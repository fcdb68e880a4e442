"""The matrix as one page of HTML that loads nothing: the decisions as compact data, a style and a script.

The page is bound to its own script and style by their hashes, so that nothing else in the file can run.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from itertools import count
from pathlib import Path
from typing import Any, Final

import orjson

from adapters import bureaus
from catalogue.catalogue_item import CatalogueItem
from catalogue.classification import DataClass
from gateway.authorization.matrix import EVERY, MatrixRow
from gateway.authorization.policy import USES, Policy

_FOLDER: Final = Path(__file__).parent
_SCRIPTS: Final = ("model", "search", "access", "detail", "answer", "pivot", "rows", "main")


def matrix_page(policy: Policy, rows: Iterable[MatrixRow], city: str, day: date) -> str:
    """Return the page as one text. It is printed with the name of the city, the day and the version of the rules."""
    dated = {"CITY": city, "DAY": day.isoformat(), "VERSION": policy.version}
    script, style = "\n".join(_part(f"{name}.js") for name in _SCRIPTS), _style(dated)
    guard = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    # Data within a script element ends at the first "</script", wherever it stands.
    data = orjson.dumps(_data(policy, rows)).decode().replace("<", "\\u003c")
    parts = {"GUARD": guard, "STYLE": style, **{name: escape(text) for name, text in dated.items()}}
    page = _part("page.html")
    for name, text in {**parts, "SCRIPT": script, "DATA": data}.items():
        page = page.replace(f"[[{name}]]", text)
    return page


def _part(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8").strip()


def _style(dated: Mapping[str, str]) -> str:
    printed = _part("print.css").replace("[[PRINTED_CITY]]", _css_string(dated["CITY"]))
    version = _css_string(f"{dated['DAY']} · 规则版本 {dated['VERSION']}")
    return "\n".join(
        (_part("page.css"), _part("tables.css"), printed.replace("[[PRINTED_VERSION]]", version))
    )


def _css_string(text: str) -> str:
    """Return a text as a string of a style sheet; every sign is escaped."""
    return '"' + "".join(each if each.isalnum() else f"\\{ord(each):x} " for each in text) + '"'


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(policy: Policy, rows: Iterable[MatrixRow]) -> dict[str, Any]:
    """Return the decisions as numbers: pairs that decide alike share one table of field, use, reached, cell."""
    # Each numbers its values in the order of their first mention.
    fields, cells, tables = (defaultdict[Any, int](count().__next__) for _ in range(3))
    pairs: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        named = (row.field, row.data_class, row.sensitivity, row.disclosure)
        cell = (row.decision, row.rule, row.reason, row.source, row.input)
        use = -1 if row.use == EVERY else USES.index(row.use)
        numbers = (fields[named], use, _REACHED.index(row.reached), cells[cell])
        pairs.setdefault((row.kind, row.purpose), []).extend(numbers)
    kinds = {name for name, _ in pairs}
    groups = defaultdict[CatalogueItem, int](count().__next__)
    titled = [(*each, *_title(policy, each[0], groups)) for each in fields]
    return {
        "kinds": [
            [each.name, each.zh, each.en, each.basis] for each in policy.kinds.values() if each.name in kinds
        ],
        "purposes": [[each.name, each.zh, each.en, each.basis] for each in policy.purposes.leaves.values()],
        "branches": [[each.name, each.zh, each.en] for each in policy.purposes.branches.values()],
        "pairs": [[*pair, tables[tuple(table)]] for pair, table in pairs.items()],
        "classes": {each.name: each.value for each in DataClass},
        "uses": USES,
        "reached": _REACHED,
        "fields": titled,
        "groups": _groups(groups),
        "cells": list(cells),
        "tables": list(tables),
    }


def _title(policy: Policy, coordinate: str, groups: defaultdict[CatalogueItem, int]) -> tuple[str, int]:
    """Return the title of a field and the number of its group: the catalogue item that it comes from."""
    field = policy.fields.get(coordinate)
    return (field.description, groups[field.item]) if field else ("", -1)


def _groups(items: Iterable[CatalogueItem]) -> list[list[str]]:
    """Return for each group its code, its titles, and the bureau that provides it, in Chinese and in English."""
    titles = {shared.item.code: each.title for each in bureaus.discover().values() for shared in each.shared}
    by_name = dict(titles.values())
    return [
        [
            item.code,
            *item.name,
            item.provider,
            titles.get(item.code, ("", by_name.get(item.provider, "")))[1],
        ]
        for item in items
    ]


_REACHED: Final = ("own", "asked", "ward", "person", "enterprise")
