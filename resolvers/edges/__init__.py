"""Which dataset answers which field: one file a bureau, and one for what is gathered from several.

Every module has a tuple `BINDINGS`. An owner may be the interface; then it holds for each implementation.
"""

from __future__ import annotations

import importlib
import pkgutil

from resolvers.graph.bindings import Binding


def discover() -> tuple[Binding, ...]:
    """Import every module of this package and return its bindings, in the order of the names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(binding for module in modules for binding in module.BINDINGS)
