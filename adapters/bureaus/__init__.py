"""One file a bureau: what it shares, under which legal elements, and how it is keyed.

A bureau is found by its file: every module of this package that has a `BUREAU` is one.
"""

from __future__ import annotations

import importlib
import pkgutil

from catalogue.declarations import Bureau


def discover() -> dict[str, Bureau]:
    """Import every module of this package and return the bureaus by name, in the order of their names."""
    found: dict[str, Bureau] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        bureau = importlib.import_module(f"{__name__}.{module.name}").BUREAU
        found[bureau.name] = bureau
    return found
