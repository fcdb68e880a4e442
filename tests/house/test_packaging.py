"""What is installed, what is versioned, what is ignored."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)", re.MULTILINE)
GENERATED = (
    ".venv/bin/python",
    ".demo/city/city.json",
    "explorer/dist/index.html",
    "explorer/node_modules/react/index.js",
    "tools/node_modules/pyright/index.js",
    "gateway/__pycache__/settings.cpython-311.pyc",
    "build/lock/bin/uv",
    "dist/creditgraph-0.1.0.tar.gz",
    "creditgraph.egg-info/PKG-INFO",
    ".pytest_cache/README.md",
    ".ruff_cache/0",
    ".hypothesis/examples/0",
    ".import_linter_cache/0",
    "benchmarks/results/run.json",
)


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def locked(file: Path) -> dict[str, set[str]]:
    """Return the versions of each package in a lock file, by normalised name."""
    found: dict[str, set[str]] = {}
    for name, version in NAME.findall(file.read_text("utf-8")):
        found.setdefault(normal(name), set()).add(version)
    return found


def normal(name: str) -> str:
    """Return a package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: Iterable[str]) -> dict[str, str]:
    """Return name and version of requirements that are pinned; an unpinned one fails."""
    pairs = [NAME.match(each) for each in requirements]
    assert all(pairs), "every direct dependency is pinned by =="
    return {normal(pair[1]): pair[2] for pair in pairs if pair}


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_locked_package_carries_a_hash(root: Path, name: str) -> None:
    """Each entry of a lock file is one version with at least one SHA-256, and no index is named."""
    text = (root / "requirements" / name).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(entries) > 20
    wrong = [each.split()[0] for each in entries if not (NAME.match(each) and "--hash=sha256:" in each)]
    assert wrong == []


def test_the_lock_for_running_has_what_the_project_needs(root: Path, project: dict[str, Any]) -> None:
    """Every direct dependency of the gateway and the sandbox is locked at the version that is declared."""
    needed = declared(
        [
            *project["project"]["dependencies"],
            *project["project"]["optional-dependencies"]["sandbox"],
            *project["dependency-groups"]["build"],
        ]
    )
    versions = locked(root / "requirements" / "run.txt")
    assert {name: versions.get(name) for name in needed} == {name: {needed[name]} for name in needed}


def test_the_lock_for_development_adds_to_the_one_for_running(root: Path, project: dict[str, Any]) -> None:
    """The second lock file holds the first at the same versions, and every group of pyproject."""
    run, dev = locked(root / "requirements" / "run.txt"), locked(root / "requirements" / "dev.txt")
    assert {name: dev.get(name) for name in run} == run
    groups = declared([each for group in project["dependency-groups"].values() for each in group])
    assert {name: dev.get(name) for name in groups} == {name: {groups[name]} for name in groups}


def test_every_dependency_says_why(root: Path) -> None:
    """Each pinned line of pyproject carries a comment with its reason, or the name of its group says it."""
    text = (root / "pyproject.toml").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines() if re.match(r'\s+"[\w-]+==', line)]
    silent = [line for line in lines if "#" not in line and not line.startswith('"pytest')]
    assert silent == []


def test_the_changelog_speaks_of_this_version(root: Path, project: dict[str, Any]) -> None:
    """The newest heading of the changelog is the version of pyproject."""
    newest = re.search(r"^## \[([^\]]+)\]", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == project["project"]["version"]


@pytest.mark.parametrize("path", GENERATED)
def test_what_is_generated_is_ignored(root: Path, tracked: list[Path], path: str) -> None:
    """Git ignores whatever the set-up, the tests, the demo and the benchmarks leave."""
    assert root / path not in tracked
    asked = subprocess.run(  # noqa: S603 own arguments
        ("git", "check-ignore", "--quiet", "--no-index", path),  # noqa: S607 git is where the caller has it
        cwd=root,
        check=False,
    )
    assert asked.returncode == 0


def test_node_packages_are_locked_without_addresses(tracked: list[Path]) -> None:
    """package-lock.json holds a hash for every package and no address of a registry."""
    locks = [path for path in tracked if path.name == "package-lock.json"]
    assert locks
    assert [lock.parent.name for lock in locks if '"resolved"' in lock.read_text("utf-8")] == []


def test_make_explains_its_targets(root: Path) -> None:
    """Every phony target of the Makefile has a help text."""
    text = (root / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony is not None
    explained = set(re.findall(r"^([a-z]+):.*## \S", text, re.MULTILINE))
    assert explained == set(phony[1].split())
