"""`python -m benchmarks.coalescing`: whether an organ learns from its own times what another organ asks at the moment.

Requests of one purpose share round trips. An organ asks about a list of 100 enterprises while another organ asks
about the same list, then while it asks about another list, in turn. The figure is the AUC of the first organ's times:
the probability that a request beside another list takes longer. 0.5 is silence.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks.contenders import Contender, start_contenders
from benchmarks.questions import Operation, variables
from benchmarks.silence import CITY_FOLDER, POPULATION, Asker, auc
from sandbox.city import prepare
from tests.support.tested_city import TESTED_CITY

HALL = Operation("batch", "inspection", "approval-hall", "100 enterprises, five bureaus")
TAX = Operation("batch", "inspection", "tax-bureau", "100 enterprises, five bureaus")
Lists = list[dict[str, object]]


def beside(contender: Contender, lists: Lists, requests: int) -> tuple[list[float], list[float]]:
    """Return the seconds of one organ's requests beside the same list of the other organ, and beside another list."""
    one, other = Asker(contender, HALL), Asker(contender, TAX)
    same: list[float] = []
    different: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        for number in range(2 * requests):
            mine, foreign = lists[number % len(lists)], lists[(number + 1) % len(lists)]
            is_same = number % 2 == 0
            beginning = pool.submit(other.ask_with, mine if is_same else foreign)
            seconds = one.ask_with(mine)[1]
            beginning.result()
            (same if is_same else different).append(seconds)
    return same, different


def main(requests: Annotated[int, typer.Option(min=1, help="Requests of each kind.")] = 200) -> None:
    """Measure the AUC and the medians."""
    with (
        prepare(CITY_FOLDER, POPULATION, name=TESTED_CITY) as city,
        TemporaryDirectory() as folder,
        start_contenders(["gateway"], city.dsns, Path(folder)) as contenders,
    ):
        lists = variables("batch", city.city)
        beside(contenders["gateway"], lists, 20)
        same, different = beside(contenders["gateway"], lists, requests)
    medians = f"{1e3 * median(same):.1f} and {1e3 * median(different):.1f} ms"
    typer.echo(f"AUC {auc(different, same):.3f}  medians beside the same and another list {medians}")


if __name__ == "__main__":
    typer.run(main)
