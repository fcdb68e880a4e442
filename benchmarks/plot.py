"""Draws a run for the documentation: requests a second, and latency at one connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.contenders import ContenderName
from benchmarks.questions import OPERATIONS, OperationName
from benchmarks.report import Figures, Report

_COLOURS: Final[dict[ContenderName, str]] = {
    "gateway": "#b3261e",
    "gateway-universal": "#d9837d",
    "gateway-again": "#c9c2b8",
    "gateway-before": "#b8c2c9",
    "handwritten": "#3b5b7a",
    "handwritten-tuned": "#7d9ab5",
    "handwritten-datasets": "#55708c",
    "stock": "#b9b3a6",
}
_INK: Final = "#2b2b2b"


def draw(report: Report, file: Path) -> None:
    """Write the picture as SVG; equal reports give equal bytes."""
    mpl.rcParams["svg.hashsalt"] = "creditgraph"
    most = max(each.connections for each in report.figures)
    operations: list[OperationName] = [name for name in OPERATIONS if name in report.values]
    figure: Any = Figure(figsize=(10, 6.4), layout="constrained")
    panes: Any = figure.subplots(2, len(operations), squeeze=False)
    for number, name in enumerate(operations):
        figures = [each for each in report.figures if each.operation == name]
        title = f"{name}\n{OPERATIONS[name].about}; {report.values[name]:.0f} values"
        busy = [each for each in figures if each.connections == most]
        alone = [each for each in figures if each.connections == min(e.connections for e in figures)]
        _bars(panes[0][number], busy, [each.requests_per_second for each in busy], "{:,.0f}")
        _bars(panes[1][number], alone, [each.p50_ms for each in alone], "{:.2f} ms")
        panes[0][number].set_title(title, fontsize=9, color=_INK, loc="left")
        panes[0][number].set_xlabel(f"requests/s, {most} connections: more is better", fontsize=8)
        panes[1][number].set_xlabel(
            f"median latency, {alone[0].connections} connection: less is better", fontsize=8
        )
    figure.suptitle(_caption(report), fontsize=8, color=_INK, x=0.01, ha="left", y=-0.01, va="top")
    figure.savefig(file, format="svg", metadata={"Date": None}, bbox_inches="tight")


def _bars(axes: Any, figures: list[Figures], values: list[float], form: str) -> None:
    names: list[ContenderName] = [each.contender for each in figures]
    bars = axes.barh(names, values, color=[_COLOURS[name] for name in names], height=0.62)
    axes.bar_label(bars, [form.format(value) for value in values], padding=3, fontsize=8, color=_INK)
    axes.set_xlim(0, max(values) * 1.32)
    axes.invert_yaxis()
    axes.tick_params(labelsize=8, colors=_INK, length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.locator_params(axis="x", nbins=4)


def _caption(report: Report) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    return (
        f"{report.date}; {report.machine}; {report.persons:,} persons, {report.enterprises:,} enterprises, "
        f"seven PostgreSQL databases; medians of {report.rounds} rounds of {report.seconds:g} s (make bench)\n"
        f"{versions}"
    )
