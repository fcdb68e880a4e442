"""The kinds of plan nodes, one file a kind: what it is compiled from, uses, reads, weighs and becomes in the answer.

A kind is found by its file: every complete class of a plan node in a module of this package is one.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from resolvers.plan.plan_node import PlanNode


@dataclass(frozen=True, slots=True)
class NodeKinds:
    """The kinds by the class of their binding, and those of fields without a binding."""

    by_binding: Mapping[type, type[PlanNode]]
    unbound: Sequence[type[PlanNode]]


@cache
def node_kinds() -> NodeKinds:
    """Import every module of this package and return the kinds in it."""
    by_binding: dict[type, type[PlanNode]] = {}
    unbound: list[type[PlanNode]] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        for kind in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if not _is_kind(kind, module.name):
                continue
            if kind.binding is None:
                unbound.append(kind)
            elif by_binding.setdefault(kind.binding, kind) is not kind:
                raise TypeError(f"{kind.__name__} and another kind are compiled from {kind.binding.__name__}")
    return NodeKinds(by_binding, unbound)


def _is_kind(value: object, module: str) -> bool:
    if not (inspect.isclass(value) and issubclass(value, PlanNode)):
        return False
    return value.__module__ == f"{__name__}.{module}" and not inspect.isabstract(value)
