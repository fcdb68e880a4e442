"""Files that decisions depend on are damaged in turn: the rules are refused as a whole, before they decide anything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.errors import StartRefused
from gateway.installation import approved_rules
from gateway.settings import ROOT, Settings
from tests.support.approvers import approved_register
from tests.support.damages import DAMAGES, Files
from tests.support.gateway_in_memory import graph


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with rules and an approved register."""
    folder = tmp_path_factory.mktemp("sound") / "files"
    shutil.copytree(ROOT / "policies", folder / "policies")
    approved_register(folder)
    return folder


def files_in(folder: Path) -> Files:
    """Return the files of a folder."""
    return Files(folder / "policies", folder / "operations", folder / "approvers.json")


def read(files: Files) -> None:
    """Read and prove everything, as a start and a reload do."""
    settings = Settings(policies=files.policies, operations=files.operations, approvers=files.approvers)
    approved_rules(settings, graph())


def test_sound_files_are_read(sound: Path):
    """What is damaged below is right before."""
    read(files_in(sound))


@pytest.mark.parametrize("kind", DAMAGES)
def test_damaged_files_are_refused(sound: Path, tmp_path: Path, kind: str):
    """A file that is missing, half written, unreadable or not what was approved is refused and named."""
    damage, named = DAMAGES[kind]
    files = files_in(Path(shutil.copytree(sound, tmp_path / "files")))
    damage(files)
    with pytest.raises(StartRefused) as caught:
        read(files)
    assert named in str(caught.value)
