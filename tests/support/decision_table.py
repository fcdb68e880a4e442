"""The table of decisions: what Cedar decides for every field that there could be, under every purpose there is.

Write it and the register of rules anew, and read the difference, with
`python -m tests.support.decision_table`.

A line holds a purpose (all leaves below a branch that no rule tells apart), the kinds of caller that hold it, and a
use; then the classes and sensitivities that are allowed, with a star where it depends on disclosure, item, scene,
naming by the duty or the way in which the subject was reached; and a digest of all its decisions with the rules that made them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Literal

from catalogue.classification import DataClass, Sensitivity
from gateway.authorization.duty_items import is_narrowed
from gateway.authorization.engine import Engine, Outcome, Question
from gateway.authorization.entities import Store
from gateway.authorization.policy import Policy
from gateway.authorization.purposes import OPEN_PURPOSE
from gateway.proofs.cases import Words
from gateway.proofs.model import model
from gateway.proofs.vocabulary import STRING, USES, Vocabulary
from tests.support.concrete_requests import over
from tests.support.gateway_in_memory import policy
from tests.support.mutants import OTHER
from tests.support.mutation import PUBLISHED, REACHED, STAGED, stated

GOLDEN = Path(__file__).parents[1] / "gateway" / "proofs" / "golden"
Line = tuple[str, str, str]
"""A branch of purposes and a kind of caller as rules tell them apart, and a use."""
Scene = Literal["none", "itself", "another"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One decision. What no rule names is stood for by one of its kind."""

    kind: str
    purpose: str
    use: str
    reached: str
    data_class: str
    sensitivity: int
    disclosure: str
    item: str
    scene: Scene
    named: bool = False
    """Whether the purpose is a duty that names the item."""

    @property
    def field(self) -> str:
        """The id of the field that the cell is about."""
        described = (self.data_class, self.sensitivity, self.disclosure, self.item, self.served, self.use)
        return "|".join(str(each) for each in (*described, self.purpose if self.named else None))

    @property
    def served(self) -> str | None:
        """The purpose that the field's scene is, if it has one."""
        return {"none": None, "itself": self.purpose, "another": OPEN_PURPOSE}[self.scene]

    def question(self) -> Question:
        """Return the cell as Cedar is asked about it."""
        return Question(self.kind, self.purpose, self.use, self.field, self.reached)  # type: ignore[arg-type]

    def entity(self) -> dict[str, Any]:
        """Return the field that the cell is about."""
        attrs: dict[str, Any] = {
            "sensitivity": self.sensitivity,
            "disclosure": self.disclosure,
            "uses": [self.use],
            "duties": [{"__entity": {"type": "Purpose", "id": self.purpose}}] if self.named else [],
        }
        if self.served:
            attrs["scene"] = {"__entity": {"type": "Purpose", "id": self.served}}
        parents = [{"type": "DataClass", "id": self.data_class}, {"type": "Item", "id": self.item}]
        return {"uid": {"type": "Field", "id": self.field}, "attrs": attrs, "parents": parents}


def vocabulary_of(rules: Policy) -> Vocabulary:
    """Return the names that a rule could tell from others."""
    return model(rules).request.names


def holders(rules: Policy, names: Vocabulary) -> dict[tuple[str, str], tuple[str, str]]:
    """Return, for each branch and kind that a rule can tell apart, a leaf and a kind that stand for them."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for leaf in rules.purposes.leaves.values():
        for kind in sorted(leaf.holders):
            found.setdefault((branch(names, leaf.name), told(names, "CallerKind", kind)), (leaf.name, kind))
    return found


def branch(names: Vocabulary, purpose: str) -> str:
    """Return the nearest node above a purpose that a rule names, with a star unless it is the purpose."""
    node, exact = names.position(purpose)
    return f"{names.name('Purpose', node)}{'' if exact else '.*'}"


def told(names: Vocabulary, sort: str, name: str) -> str:
    """Return a name if a rule names it, else that it is another."""
    return name if names.number(sort, name) else "others"


def cells(purpose: str, kind: str, use: str, names: Vocabulary) -> Iterator[Cell]:
    """Yield every cell of a line."""
    ways = {told(names, STRING, each): each for each in REACHED}.values()
    naming = (False, True) if is_narrowed(purpose) else (False,)
    all_origins = origins(purpose, use, names)
    for data_class, level, origin, way, named in product(DataClass, Sensitivity, all_origins, ways, naming):
        yield Cell(kind, purpose, use, way, data_class.name, int(level), *origin, named)


def origins(purpose: str, use: str, names: Vocabulary) -> list[tuple[str, str, Scene]]:
    """Return the disclosures, items and scenes that a line tells apart."""
    scenes: tuple[Scene, ...] = ("none",)
    if use in STAGED:
        scenes = ("none", "itself") if purpose == OPEN_PURPOSE else ("none", "itself", "another")
    items = (OTHER, *names.numbers["Item"])
    public = [("PUBLIC", item, "none") for item in (OTHER, *PUBLISHED)]
    return [*public, *product(("GOV_SHARED",), items, scenes)]


def engine_over(rules: Policy, wanted: Iterable[Cell], names: Vocabulary) -> Engine:
    """Return the rules over the fields of cells, with the kinds and purposes of the installation."""
    kept = [each for each in rules.store.entities if each["uid"]["type"] not in {"Field", "Item"}]
    items = (
        {"uid": {"type": "Item", "id": id_}, "attrs": {}, "parents": []}
        for id_ in (*names.numbers["Item"], OTHER)
    )
    entities = (*kept, *items, *{cell.field: cell.entity() for cell in wanted}.values())
    uids = frozenset((each["uid"]["type"], each["uid"]["id"]) for each in entities)
    return over(rules.engine, Store(entities, uids))


def cell_of(words: Words) -> Cell:
    """Return the cell that a case of the solver is about."""
    return Cell(
        kind=words.kind,
        purpose=words.purpose,
        use=words.use,
        reached=words.reached if words.reached != "any" else OTHER,
        data_class=words.data_class,
        sensitivity=words.sensitivity,
        disclosure=words.disclosure if words.disclosure != "any" else OTHER,
        item=words.item if words.item != "any" else OTHER,
        scene="none" if words.scene == "none" else "itself" if "itself" in words.scene else "another",
        named=words.named,
    )


def place(cell: Cell, names: Vocabulary) -> Cell:
    """Return a cell with all that no rule tells apart said to be others."""
    return replace(
        cell,
        purpose=branch(names, cell.purpose),
        kind=told(names, "CallerKind", cell.kind),
        reached=told(names, STRING, cell.reached),
        disclosure=told(names, STRING, cell.disclosure),
    )


@cache
def names_here() -> Vocabulary:
    """Return the names that a rule of this installation could tell from others."""
    return vocabulary_of(policy())


@cache
def lines() -> Mapping[Line, tuple[Cell, ...]]:
    """Return the cells of each line."""
    names = names_here()
    return {
        (above, told_kind, use): tuple(cells(purpose, kind, use, names))
        for (above, told_kind), (purpose, kind) in holders(policy(), names).items()
        for use in USES
    }


def decided(asked: Collection[Cell]) -> Mapping[Cell, Outcome]:
    """Return the decision of this installation on each of some cells."""
    engine = engine_over(policy(), asked, names_here())
    return {cell: engine.ask(cell.question()) for cell in asked}


def text_of_line(line: Line) -> str:
    """Return what the table says of a line."""
    outcomes = decided(lines()[line])
    return f"{allowed(outcomes)}  {digest(outcomes)}"


def kept() -> Mapping[Line, str]:
    """Return what the table that is kept says of each line."""
    rows = (row.split("  ", 3) for row in (GOLDEN / "decisions.txt").read_text("utf-8").splitlines())
    return {
        (purpose, kind, use): said
        for purpose, kinds, uses, said in rows
        for kind in kinds[1:-1].split(", ")
        for use in uses[:-1].split(", ")
    }


def table() -> str:
    """Return the table of decisions as text."""
    kinds: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for purpose, kind, use in lines():
        kinds[purpose, use, text_of_line((purpose, kind, use))].append(kind)
    uses: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for (purpose, use, said), callers in kinds.items():
        uses[purpose, ", ".join(sorted(callers)), said].append(use)
    rows = (
        "  ".join((purpose, f"[{callers}]", f"{', '.join(uses[purpose, callers, said])}:", said))
        for purpose, callers, said in uses
    )
    return "\n".join(sorted(rows)) + "\n"


def allowed(outcomes: Mapping[Cell, Outcome]) -> str:
    """Return the classes with the sensitivities that are allowed, classes of the same together."""
    levels: dict[str, str] = defaultdict(str)
    for (name, level), seen in grouped(outcomes).items():
        levels[name] += f" {level}{'*' if len(seen) > 1 else ''}" if True in seen else ""
    classes: dict[str, list[str]] = defaultdict(list)
    for name, text in levels.items():
        classes[text].append(name)
    parts = [f"{' '.join(names)}{text}" for text, names in classes.items() if text]
    return "; ".join(parts) or "nothing"


def grouped(outcomes: Mapping[Cell, Outcome]) -> dict[tuple[str, int], set[bool]]:
    """Return by class and sensitivity which decisions there are."""
    found: dict[tuple[str, int], set[bool]] = defaultdict(set)
    for cell, outcome in outcomes.items():
        found[cell.data_class, cell.sensitivity].add(outcome.allowed)
    return found


def digest(outcomes: Mapping[Cell, Outcome]) -> str:
    """Return a digest of decisions and of the rules that made them."""
    said = (
        f"{cell.data_class} {cell.sensitivity} {cell.disclosure} {cell.item} {cell.scene} {cell.named} {cell.reached}: "
        f"{outcome.allowed} {' '.join(outcome.rules)}"
        for cell, outcome in outcomes.items()
    )
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()[:12]


def register() -> str:
    """Return id, effect, reason and source of every rule as text."""
    return "".join(f"{' | '.join(stated(rule))}\n" for _, rule in sorted(policy().rules.items()))


if __name__ == "__main__":
    (GOLDEN / "decisions.txt").write_text(table(), "utf-8")
    (GOLDEN / "rules.txt").write_text(register(), "utf-8")
