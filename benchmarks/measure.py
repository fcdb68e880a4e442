"""Interleaved rounds: each round measures every contender once."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec

from benchmarks.contenders import Contender, ContenderName
from benchmarks.load import Measurement, Order, Request
from benchmarks.questions import OPERATIONS, SEED, OperationName, batches_of

SAMPLE: Final = {"point": 200, "profile": 200, "batch": 10}
"""The number of requests for which the contenders' answers must be equal before a measurement."""
ASKED_SINGLY: Final = 60
"""The batches whose enterprises are asked for one by one, where answers may differ."""
PATIENCE: Final = 30.0
"""The seconds after its expected end at which a load generator counts as failed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One measurement: an operation of a contender through a number of connections."""

    operation: OperationName
    contender: ContenderName
    connections: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The extent of a run."""

    operations: tuple[OperationName, ...]
    connections: tuple[int, ...]
    starts: int
    """How often the contenders are started; two processes of one program differ by some percent."""
    rounds: int
    """The rounds between two starts."""
    seconds: float
    warm_up: float

    def cells(self, contenders: Mapping[ContenderName, Contender]) -> Iterator[Cell]:
        """Yield the cells of one round, with the contenders of one operation side by side."""
        for operation in self.operations:
            for connections in self.connections:
                for contender in contenders:
                    yield Cell(operation, contender, connections)


class AnswersDiffer(Exception):
    """Two contenders answer one request differently, so their times are not comparable."""


Asked: TypeAlias = Mapping[OperationName, Sequence[Mapping[str, object]]]
"""The variables of the requests of each operation."""


def equal_questions(asked: Asked, contenders: Mapping[ContenderName, Contender]) -> Asked:
    """Return the questions that all contenders answer alike: without the subjects whose answers a state changes."""
    found: dict[OperationName, Sequence[Mapping[str, object]]] = {}
    for name, questions in asked.items():
        if name != "batch":
            found[name] = [each for each in questions if _is_equal(name, each, contenders)]
            continue
        codes = sorted({str(code) for each in questions[:ASKED_SINGLY] for code in each["ids"]})  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType, reportUnknownArgumentType] a list
        found[name] = batches_of(
            [code for code in codes if _is_equal(name, {"ids": [code]}, contenders)], random.Random(SEED)
        )
    return found


def _is_equal(
    name: OperationName, asked: Mapping[str, object], contenders: Mapping[ContenderName, Contender]
) -> bool:
    first, *others = (each.ask(OPERATIONS[name], asked) for each in contenders.values())
    return all(answer == first for answer in others)


def check_equal(asked: Asked, contenders: Mapping[ContenderName, Contender]) -> dict[OperationName, float]:
    """Compare the answers to a sample; return their mean number of values. Raises AnswersDiffer."""
    values: dict[OperationName, float] = {}
    for name, questions in asked.items():
        counts: list[int] = []
        for number, asked_now in enumerate(questions[: SAMPLE[name]]):
            answers = {each.name: each.ask(OPERATIONS[name], asked_now) for each in contenders.values()}
            first = next(iter(answers.values()))
            differing = sorted(other for other, answer in answers.items() if answer != first)
            if differing or "errors" in first:
                raise AnswersDiffer(f"{name}, request {number}: {', '.join(differing)} differ from the first")
            counts.append(leaves(first["data"]))
        values[name] = statistics.mean(counts)
    return values


def leaves(answer: object) -> int:
    """Return the number of values in an answer; a missing object counts as one, an empty list as none."""
    if isinstance(answer, dict):
        return sum(map(leaves, answer.values()))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] decoded JSON
    if isinstance(answer, list):
        return sum(map(leaves, answer))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] decoded JSON
    return 1


def measure(
    plan: Plan,
    contenders: Mapping[ContenderName, Contender],
    asked: Asked,
    postgres: int,
    report: Callable[[int, Cell, Measurement], None],
) -> dict[Cell, list[Measurement]]:
    """Measure every cell in every round, and report each measurement at once."""
    found: dict[Cell, list[Measurement]] = {}
    for number in range(1, plan.rounds + 1):
        for cell in plan.cells(contenders):
            contender, operation = contenders[cell.contender], OPERATIONS[cell.operation]
            order = Order(
                port=contender.port,
                path=contender.path(operation),
                requests=[
                    Request(contender.headers(operation, each), contender.body(operation, each))
                    for each in asked[cell.operation]
                ],
                connections=cell.connections,
                warm_up=plan.warm_up,
                seconds=plan.seconds,
                server=contender.pid,
                postgres=postgres,
            )
            measured = run(order)
            found.setdefault(cell, []).append(measured)
            report(number, cell, measured)
    return found


def run(order: Order) -> Measurement:
    """Let the load generator carry out an order; raises RuntimeError for failed answers."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=msgspec.json.encode(order),
        stdout=subprocess.PIPE,
        check=True,
        timeout=order.warm_up + order.seconds + PATIENCE,
    )
    measured = msgspec.json.decode(done.stdout, type=Measurement)
    if measured.failed or not measured.requests:
        raise RuntimeError(f"{measured.failed} of {measured.requests} answers were no answers")
    return measured
