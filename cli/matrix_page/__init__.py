"""The matrix as one page of HTML that loads nothing: the decisions as compact data, a style and a script.

The page is bound to its own script and style by their hashes, so that nothing else in the file can run.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any, Final

import orjson

from gateway.authorization.matrix import EVERY, MatrixRow
from gateway.authorization.policy import USES, Policy

_FOLDER: Final = Path(__file__).parent


def matrix_page(policy: Policy, rows: Iterable[MatrixRow]) -> str:
    """Return the page as one text."""
    script, style = _part("page.js"), _part("page.css")
    guard = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    # Data within a script element ends at the first "</script", wherever it stands.
    data = orjson.dumps(_data(policy, rows)).decode().replace("<", "\\u003c")
    parts = {"GUARD": guard, "STYLE": style, "VERSION": policy.version, "SCRIPT": script, "DATA": data}
    page = _part("page.html")
    for name, text in parts.items():
        page = page.replace(f"[[{name}]]", text)
    return page


def _part(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8").strip()


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
    return {
        "kinds": [[each.name, each.zh, each.en] for each in policy.kinds.values() if each.name in kinds],
        "purposes": [[each.name, each.zh, each.en] for each in policy.purposes.leaves.values()],
        "branches": [[each.name, each.zh, each.en] for each in policy.purposes.branches.values()],
        "pairs": [[*pair, tables[tuple(table)]] for pair, table in pairs.items()],
        "uses": USES,
        "reached": _REACHED,
        "fields": list(fields),
        "cells": list(cells),
        "tables": list(tables),
    }


_REACHED: Final = ("own", "asked", "person", "enterprise")
