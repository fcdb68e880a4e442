"""What each bureau adds to the graph: one file a bureau, with its record types and its mixins.

A module offers up to four classes: `SubjectFields` go to persons and enterprises alike, and so to the
interface; `PersonFields` and `EnterpriseFields` to one of them; `QueryFields`, its registered tables, to the query.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def discover() -> tuple[ModuleType, ...]:
    """Import every module of this package, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def mixins(name: str) -> tuple[type[Any], ...]:
    """Return the classes of this name that the modules offer."""
    found = (getattr(module, name, None) for module in discover())
    return tuple(mixin for mixin in found if mixin is not None)
