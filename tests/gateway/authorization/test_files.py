"""Files of rules that are wrong are refused by name, before the gateway starts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.authorization.clients import load_clients
from gateway.authorization.policy import load_policy
from gateway.authorization.purposes import load_purposes
from gateway.errors import StartRefused
from gateway.settings import ROOT

PERMIT = """
[[permit]]
id = "added"
purposes = ["reward.*"]
classes = ["GRADE"]
up_to = "ORDINARY"
reason = "r"
source = "s"
"""
CEILING = """
[[ceiling]]
id = "lid"
classes = ["GRADE"]
unless = ["reward.*"]
reason = "r"
source = "s"
"""
CLIENT = """
[added]
zh = "新"
en = "new"
department = "d"
region = "411500"
purposes = ["reward.reading"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return Path(shutil.copytree(ROOT / "policies", tmp_path / "policies"))


def load(folder: Path) -> None:
    """Read everything, as the gateway does at its start."""
    purposes = load_purposes(folder / "purposes.toml")
    load_policy(folder, purposes)
    load_clients(folder, purposes)


def append(folder: Path, file: str, text: str) -> None:
    """Add to a file."""
    path = folder / file
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_the_files_of_this_installation_are_read(folder: Path):
    """What is delivered is right, and a good rule more is right as well."""
    append(folder, "permits.toml", PERMIT + CEILING)
    load(folder)


@pytest.mark.parametrize("file", ["purposes.toml", "permits.toml", "clients.toml"])
@pytest.mark.parametrize("how", ["missing", "not TOML", "not text"])
def test_a_file_that_cannot_be_read_is_named(folder: Path, file: str, how: str):
    """A missing or broken file stops the start with its name."""
    if how == "missing":
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(b"[a\n" if how == "not TOML" else b"a = '\xff'")
    with pytest.raises(StartRefused, match=file.replace(".", r"\.")):
        load(folder)


@pytest.mark.parametrize(
    ("rule", "old", "new", "named"),
    [
        (PERMIT, '"reward.*"', '"rewards.*"', r"added names the purpose 'rewards\.\*'"),
        (PERMIT, '"reward.*"', '"reward"', "added names the purpose 'reward'"),
        (PERMIT, '["GRADE"]', '["GRADES"]', "added names the class 'GRADES'"),
        (PERMIT, '"ORDINARY"', '"ALL"', "added names the sensitivity 'ALL'"),
        (PERMIT, 'reason = "r"', "", "added does not state reason"),
        (PERMIT, 'source = "s"', 'source = ""', "added does not state source"),
        (PERMIT, '["reward.*"]', "[]", "added does not state purposes"),
        (PERMIT, 'id = "added"', "", "does not state id"),
        (CEILING, '["GRADE"]', "[]", "lid does not state classes"),
        (CEILING, '"reward.*"', '"nobody.*"', "lid names the purpose"),
    ],
)
def test_a_wrong_rule_is_named(folder: Path, rule: str, old: str, new: str, named: str):
    """A rule that names what does not exist, or leaves out what it must state, is named."""
    assert old in rule
    append(folder, "permits.toml", rule.replace(old, new))
    with pytest.raises(StartRefused, match=named):
        load(folder)


@pytest.mark.parametrize("key", ["zh", "en", "basis", "holders"])
def test_a_purpose_states_what_it_is(folder: Path, key: str):
    """A leaf without a name, a basis or holders is named."""
    leaf = {"zh": '"新"', "en": '"new"', "basis": '"b"', "holders": '["library"]'}
    text = "".join(f"{name} = {value}\n" for name, value in leaf.items() if name != key)
    append(folder, "purposes.toml", f"\n[reward.added]\n{text}")
    with pytest.raises(StartRefused, match=rf"reward\.added does not state {key}"):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('"reward.reading"', '"reward.unknown"', r"added names the purpose 'reward\.unknown'"),
        ('"reward.reading"', '"reward.reading"', r"added is no holder of reward\.reading"),
        ('"reward.reading"', '"*"', "added is no holder of"),
        ('["reward.reading"]', "[]", "added does not state purposes"),
        ('department = "d"', "", "added does not state department"),
    ],
)
def test_a_wrong_client_is_named(folder: Path, old: str, new: str, named: str):
    """A client that may not hold its purposes, or does not state what it is, is named."""
    append(folder, "clients.toml", CLIENT.replace(old, new))
    with pytest.raises(StartRefused, match=named):
        load(folder)


@pytest.mark.parametrize("file", ["purposes.toml", "permits.toml", "clients.toml"])
def test_the_version_of_a_policy_changes_with_every_file(folder: Path, file: str):
    """Two policies have the same version exactly where all of their files are the same."""
    purposes = load_purposes(folder / "purposes.toml")
    before = load_policy(folder, purposes).version
    assert load_policy(folder, purposes).version == before
    append(folder, file, "\n# a remark\n")
    assert load_policy(folder, purposes).version != before
