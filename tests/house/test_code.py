"""The house rules that no linter holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

MOST_FILE_LINES = 350
MOST_FUNCTION_LINES = 40
SOURCES = {".py", ".ts", ".tsx", ".mjs", ".css", ".sql"}
Function = ast.FunctionDef | ast.AsyncFunctionDef

# Written apart so that this file is not its own finding.
MACHINE_PATHS = tuple("/" + name for name in ("work/", "tmp/t/", "root/", "home/", "Users/"))
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("esm", "sh"),
        ("cdnjs", "cloudflare"),
        ("fonts", "googleapis"),
    )
)


def functions(modules: dict[Path, ast.Module]) -> Iterator[tuple[Path, Function]]:
    """Every function of every module, methods and inner ones included."""
    for path, module in modules.items():
        for node in ast.walk(module):
            if isinstance(node, Function):
                yield path, node


def test_no_source_file_is_longer_than_350_lines(tracked: list[Path]) -> None:
    """A source file holds at most 350 lines."""
    lengths = {str(path): len(path.read_bytes().splitlines()) for path in tracked if path.suffix in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_FILE_LINES} == {}


def test_no_function_is_longer_than_40_lines(modules: dict[Path, ast.Module]) -> None:
    """A function holds at most 40 lines."""
    long = [
        f"{path.name}:{node.lineno} {node.name}"
        for path, node in functions(modules)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_most_functions_are_shorter_than_15_lines(modules: dict[Path, ast.Module]) -> None:
    """At least three of four functions outside the tests hold fewer than 15 lines."""
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path, node in functions(modules)
        if "tests" not in path.parts
    ]
    assert sum(length < 15 for length in lengths) >= 0.75 * len(lengths)


def test_every_test_states_its_rule(modules: dict[Path, ast.Module]) -> None:
    """Each test has a docstring, and its summary is one sentence."""
    silent = [
        f"{path.name}:{node.lineno} {node.name}"
        for path, node in functions(modules)
        if path.name.startswith("test_")
        and node.name.startswith("test_")
        and not (ast.get_docstring(node) or "").rstrip().endswith((".", "?", "!", "。", ":"))
    ]
    assert silent == []


def test_nothing_is_patched(modules: dict[Path, ast.Module]) -> None:
    """Fakes stand at transports only: no test imports unittest.mock."""
    imported = {
        path.name
        for path, module in modules.items()
        for node in ast.walk(module)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest"))
        or (isinstance(node, ast.Import) and any(each.name.startswith("unittest") for each in node.names))
    }
    assert imported == set()


@pytest.mark.parametrize("wrong", [*MACHINE_PATHS, *HOSTS])
def test_no_file_names_a_machine_or_a_registry(tracked: list[Path], wrong: str) -> None:
    """No tracked file holds a path of somebody's machine, or the address of a registry or a CDN."""
    sign = wrong.encode()
    holding = [
        path.name for path in tracked if path.name != Path(__file__).name and sign in path.read_bytes()
    ]
    assert holding == []


def test_no_check_is_switched_off_wholesale(modules: dict[Path, ast.Module]) -> None:
    """Every ignore of ruff or pyright names the rule that it ignores."""
    marks = ("# " + "noqa\n", "# " + "type: ignore\n", "# " + "pyright: ignore\n", "# " + "pyright: basic")
    blanket = [path.name for path in modules if any(mark in path.read_text("utf-8") for mark in marks)]
    assert blanket == []


def test_no_log_line_has_arguments(modules: dict[Path, ast.Module]) -> None:
    """A line of our own is a constant: the sieve drops arguments, so a reason goes by `exc_info` or `extra`."""
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    wrong = [
        f"{path.name}:{node.lineno}"
        for path, module in modules.items()
        if "tests" not in path.parts
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in levels
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "_log"
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant))
    ]
    assert wrong == []
