"""Drafts of the operations in which a city's scenes are asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from cli.scene_drafts import MARK
from gateway.errors import StartRefused
from gateway.settings import ROOT
from tests.support.standing_oracle import CITIES, about

EXPIRES = "2035-12-31"


def drafted(register: Path, city: str, to: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the command write its drafts, and return what it prints; StartRefused where it refuses."""
    monkeypatch.setenv("CREDITGRAPH_OPERATIONS", str(register))
    monkeypatch.setenv("CREDITGRAPH_CITY", city)
    to.mkdir(exist_ok=True)
    done = CliRunner().invoke(app, ("operations", "from-scenes", "--to", str(to), "--expires", EXPIRES))
    if isinstance(done.exception, StartRefused):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def copied(folder: Path) -> Path:
    """Return a copy of the register."""
    return Path(shutil.copytree(ROOT / "operations", folder / "register"))


@pytest.mark.parametrize("city", CITIES)
def test_what_stands_in_the_register_is_what_the_template_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, city: str
):
    """Taken out of the register, each file that was made from the template is made again to the letter, and no other."""
    register, to = copied(tmp_path), tmp_path / "drafts"
    made = {
        each.name: each.read_text("utf-8")
        for each in (register / city).glob("*.toml")
        if each.read_text("utf-8").startswith(MARK)
    }
    for name in made:
        (register / city / name).unlink()
    drafted(register, city, to, monkeypatch)
    assert {each.name: each.read_text("utf-8") for each in to.iterdir()} == made != {}


def test_a_register_that_asks_everything_gets_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where each incentive is asked, nothing is drafted, and each scene is passed over with the reason."""
    lines = drafted(copied(tmp_path), "xinyang", tmp_path / "drafts", monkeypatch).splitlines()
    assert list((tmp_path / "drafts").iterdir()) == []
    assert all(each.startswith("passed over reward.") for each in lines)
    reasons = {scene: reason for scene, _, reason in (each[12:].partition(": ") for each in lines)}
    assert reasons["reward.tourism"] == "its incentives are asked already"
    assert "which no bureau shares" in reasons["reward.agriculture"]
    assert list(reasons) == about("xinyang")["scenes"]


def test_a_scene_of_which_something_is_asked_gets_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An operation that asks some incentives of a scene leaves the others to the template, under the scene's name."""
    register, to = copied(tmp_path), tmp_path / "drafts"
    (register / "pingdingshan" / "reading.toml").unlink()
    drafted(register, "pingdingshan", to, monkeypatch)
    text = (to / "reading.toml").read_text("utf-8")
    assert [each for each in ("pds026", "pds027", "pds028", "pds029", "pds030", "pds031") if each in text] == [
        "pds026", "pds027", "pds029", "pds031",
    ]  # fmt: skip
    assert 'clients = ["library"]' in text


def test_a_scene_that_no_client_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An operation without a client would be answered to nobody, so there is no draft of it."""
    register, policies = copied(tmp_path), Path(shutil.copytree(ROOT / "policies", tmp_path / "policies"))
    (register / "nanyang" / "sport.toml").unlink()
    clients = policies / "nanyang" / "clients.toml"
    text = clients.read_text("utf-8")
    before, _, after = text.partition("[sports-venues]\n")
    clients.write_text(before + after.partition("\n\n")[2], "utf-8")
    monkeypatch.setenv("CREDITGRAPH_POLICIES", str(policies))
    with pytest.raises(StartRefused, match=r"No client holds reward\.sport"):
        drafted(register, "nanyang", tmp_path / "drafts", monkeypatch)
