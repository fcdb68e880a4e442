"""Prints what a masked plan reads and releases: a golden test is a query and this text."""

from collections.abc import Iterator
from dataclasses import dataclass

from resolvers.plan.masked_plan import MaskedPlan
from resolvers.plan.plan_node import PlanNode


def print_plan(plan: MaskedPlan) -> str:
    """Return the reads level by level, then the shape of the answer."""
    return "\n".join([*_reads(plan), "answer", *PlanPrinter(plan).lines(plan.roots, 1)]) + "\n"


@dataclass(frozen=True, slots=True)
class PlanPrinter:
    """Prints the nodes of one plan."""

    plan: MaskedPlan

    def lines(self, nodes: tuple[PlanNode, ...], depth: int) -> Iterator[str]:
        """Yield the lines of fields and of all below them."""
        for node in nodes:
            yield "  " * depth + f"{node.key}: {node.describe(self)}"
            for below in node.printed_below():
                if isinstance(below, str):
                    yield "  " * (depth + 1) + below
                else:
                    yield from self.lines((below,), depth + 1)

    def argument_text(self, argument: int) -> str:
        """Return an argument as the document writes it."""
        return self.plan.arguments[argument].text

    def first(self, argument: int | None) -> str:
        """Return the bound of a list, or nothing."""
        return "" if argument is None else f" first {self.argument_text(argument)}"


def _reads(plan: MaskedPlan) -> Iterator[str]:
    for number, level in enumerate(plan.reading.levels):
        yield f"level {number}"
        for gather in level.gathers:
            most = "" if gather.first is None else f" first {plan.arguments[gather.first].text}"
            yield f"  keys {gather.position} from slot {gather.slot} column {gather.index}{most}"
        for fetch in level.fetches:
            query = fetch.query
            keys = ", ".join(str(position) for position in fetch.positions)
            name = f"{query.bureau}.{query.dataset.name}({', '.join(query.columns)})"
            yield f"  slot {fetch.slot} {name} by keys {keys}{' with history' if query.history else ''}"
    for view in plan.reading.views:
        yield f"slot {view.slot} chosen of slot {view.of} by keys {view.position}"
