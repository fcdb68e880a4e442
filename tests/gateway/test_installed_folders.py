"""A folder or a file that means nothing is refused, for what it was meant to say would be missing without a word."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.errors import StartRefused
from gateway.installation import read_rules
from gateway.installed_folders import refuse_unknown_files
from gateway.settings import ROOT, Settings
from tests.support.tested_city import TESTED_CITY


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this installation's policies and operations."""
    for name in ("policies", "operations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("operations/nanyangg/sport.toml", "operations/nanyangg: this folder means nothing"),
        ("operations/nanyang/sports/sport.toml", "operations/nanyang/sports: this folder means nothing"),
        ("operations/nanyang/sport.tml", r"operations/nanyang/sport\.tml: the file of an operation ends in \.toml"),
        ("operations/bank.toml~", "operations/bank.toml~: the file of an operation ends in"),
        ("operations/nanyang/revoked.toml", r"operations/nanyang/revoked\.toml: what is revoked stands beside"),
        ("operations/411502198803159749/a.toml", "operations: this folder means nothing"),
        ("policies/nanyangg/clients.toml", "policies/nanyangg: this folder means nothing"),
        ("policies/nanyang/client.toml", r"policies/nanyang/client\.toml: the policies of a city have no such file"),
        ("policies/nanyang/permits/a.cedar", "policies/nanyang/permits: this folder means nothing here; those that do: none"),
        ("policies/ceilings/own.cedr", r"policies/ceilings/own\.cedr: the file of a rule ends in \.cedar"),
        ("policies/permits/more/own.cedar", "policies/permits/more: the file of a rule ends in"),
        ("operations/approvals/bank.jsn", r"operations/approvals/bank\.jsn: the file of an approval ends in \.json"),
        ("operations/nanyang/approvals/old/bank.json", "operations/nanyang/approvals/old: the file of an approval"),
        ("policies/purpose.toml", r"policies/purpose\.toml: the policies have no such file: they are .*purposes\.toml"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_by_its_path(project: Path, path: str, named: str):
    """A misspelt folder or file stops the start of every city with its path."""
    file = project / path
    file.parent.mkdir(exist_ok=True)
    file.write_text("", "utf-8")
    with pytest.raises(StartRefused, match=f"^{named}"):
        read_rules(
            Settings(city=TESTED_CITY, policies=project / "policies", operations=project / "operations")
        )


def test_what_is_hidden_or_missing_is_no_fault(project: Path):
    """Files that begin with a dot are those of an editor or of a mount; a city without operations has no folder."""
    for name in ("policies", "operations"):
        (project / name / "..data").mkdir()
        (project / name / ".DS_Store").write_text("", "utf-8")
        (project / name / "nanyang" / ".swp").write_text("", "utf-8")
    shutil.rmtree(project / "operations" / "zhumadian")
    refuse_unknown_files(project / "policies", project / "operations")
