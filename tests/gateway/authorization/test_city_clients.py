"""A client of a city that cannot be is refused by the path of its file within the project, and by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.authorization.clients import load_clients
from gateway.errors import StartRefused
from tests.support.folders import copy_of_policies
from tests.support.gateway_in_memory import policy

CLIENT = """[added]
kind = "scene_operator"
zh = "新"
en = "New"
department = "d"
purposes = ["reward.reading"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return copy_of_policies(tmp_path)


@pytest.mark.parametrize("path", ["clients.toml", "pingdingshan/clients.toml"])
@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("reward.reading", "reward.readin", "names the purpose 'reward.readin', which does not exist"),
        (
            "reward.reading",
            "reward.sport",
            "holds reward.sport, and Pingdingshan grants nothing in that scene",
        ),
        ("scene_operator", "operator", "is of the kind 'operator', which is not in callers.toml"),
        ('department = "d"', "", "it does not state `department`"),
    ],
)
def test_a_wrong_client_is_named_by_its_path(folder: Path, path: str, old: str, new: str, named: str):
    """Every city has a file of clients, so a refusal names the folder too."""
    assert old in CLIENT
    (folder / path).write_text("\n\n" + CLIENT.replace(old, new), "utf-8")
    with pytest.raises(StartRefused, match=rf"^policies/{path}, line 3: added:? ?{named}"):
        load_clients(folder, policy().purposes, policy().kinds, "pingdingshan")


def test_a_file_that_cannot_be_read_is_named_by_its_path(folder: Path):
    """Where there is no TOML, the place in the file is named beside the folder."""
    (folder / "pingdingshan" / "clients.toml").write_text(f"{CLIENT}kind = organ\n", "utf-8")
    with pytest.raises(
        StartRefused, match=r"^policies/pingdingshan/clients\.toml cannot be read as TOML: .*line"
    ):
        load_clients(folder, policy().purposes, policy().kinds, "pingdingshan")


@pytest.mark.parametrize("path", ["clients.toml", "xinyang/clients.toml"])
@pytest.mark.parametrize("region", ["411300", "411302", "410100"])
def test_a_client_of_another_region_is_refused(folder: Path, path: str, region: str):
    """No client is of another city that an installation can serve, but who speaks for one; of the province or the state, it may be."""
    text = CLIENT.replace("reward.reading", "reward.tourism") + 'region = "{}"\n'
    (folder / path).write_text(text.format(region), "utf-8")
    with pytest.raises(
        StartRefused, match=rf"^policies/{path}, line 1: added is of the region {region}, which is"
    ):
        load_clients(folder, policy().purposes, policy().kinds, "xinyang")
    for own in ("411500", "411523", "410000", "110000"):
        (folder / path).write_text(text.format(own), "utf-8")
        clients = load_clients(folder, policy().purposes, policy().kinds, "xinyang")
        assert clients["added"].region == own
