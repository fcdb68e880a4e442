"""Purposes, kinds of caller and clients state what they must, of the right type, and nothing in vain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.authorization.callers import load_callers
from gateway.authorization.duty_items import is_narrowed
from gateway.authorization.purposes import load_purposes
from gateway.errors import StartRefused
from tests.gateway.authorization.test_files import append, load
from tests.support.folders import copy_of_policies
from tests.support.tested_city import TESTED_CITY

LEAF = 'zh = "新"\nen = "new"\nbasis = "b"\n'


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Put a text in place of one that stands in a file once."""
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return copy_of_policies(tmp_path)


@pytest.mark.parametrize("branch", ["measure", "financing", "personnel", "rights"])
def test_a_purpose_that_serves_a_case_needs_its_number(folder: Path, branch: str):
    """Every leaf of a branch whose requests each serve a case needs its number, and cannot state otherwise."""
    append(folder, "purposes.toml", f'\n[{branch}.added]\n{LEAF}holders = ["organ"]\n')
    leaves = load_purposes(folder / "purposes.toml", load_callers(folder / "callers.toml")).leaves
    assert all(leaf.case_number for name, leaf in leaves.items() if name.startswith(f"{branch}."))
    assert not leaves["reward.reading"].case_number
    append(folder, "purposes.toml", "case_number = false\n")
    with pytest.raises(StartRefused, match=rf"purposes\.toml: .* {branch}\.added .* case_number = false"):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("authorisation = true", "# authorisation", r"financing\.credit is for lenders"),
        ("authorisation = true", "authorisation = false", r"financing\.credit is for lenders"),
        (
            "[approval.admission]\n",
            "[approval.admission]\nauthorisation = true\n",
            r"approval\.admission needs an authorisation, whose number is a case number",
        ),
        ("authorisation = true", "authorisation = 1", "Expected `bool`"),
        (
            "[financing.credit]\n",
            "[financing.credit]\nauthorisation = false\n",
            r"financing\.credit .* authorisation = false",
        ),
    ],
)
def test_a_lender_is_authorised_by_each_borrower(folder: Path, old: str, new: str, named: str):
    """No file lets lenders read without an authorisation, nor asks for one whose number nobody sends."""
    file = folder / "purposes.toml"
    text = file.read_text("utf-8")
    assert f"\n{old}" in text
    file.write_text(text.replace(f"\n{old}", f"\n{new}"), "utf-8")
    with pytest.raises(StartRefused, match=rf"purposes\.toml: .*{named}"):
        load(folder)


@pytest.mark.parametrize(
    "branch", ["approval", "supervision", "measure", "financing", "procurement", "personnel"]
)
def test_a_new_purpose_is_a_duty_that_is_not_held_beside_a_reward(folder: Path, branch: str):
    """A leaf that nobody stated to be harmless is not held by a client that rewards; nor is one of a new branch."""
    new = (
        f'\n[novel]\nzh = "新"\nen = "new"\ncase_number = false\n\n[novel.added]\n{LEAF}holders = ["organ"]\n'
    )
    append(folder, "purposes.toml", f'\n[{branch}.added]\n{LEAF}holders = ["organ"]\n{new}')
    items = folder / "duty_items.toml"
    items.write_text(items.read_text("utf-8").replace("[exempt]\n", '[exempt]\nnovel = "b"\n'), "utf-8")
    if is_narrowed(branch):
        append(folder, "duty_items.toml", f'\n[{branch}.added]\nXY-REG-002 = "b"\n')
    clients = (folder / TESTED_CITY / "clients.toml").read_text("utf-8")
    for name in (f"{branch}.added", "novel.added"):
        held = clients.replace('["reward.approval"]', f'["reward.approval", "{name}"]')
        (folder / TESTED_CITY / "clients.toml").write_text(held, "utf-8")
        with pytest.raises(StartRefused, match=rf"green-lane holds reward\.approval and {name}"):
            load(folder)


@pytest.mark.parametrize("kind", ["court", "scene_operator", "credit_office", "financial_institution"])
def test_a_subjects_own_purpose_is_held_by_nobody_else(folder: Path, kind: str):
    """A leaf of `subject` is for the subject and the window at which it stands."""
    append(folder, "purposes.toml", f'\n[subject.added]\n{LEAF}holders = ["person", "{kind}"]\n')
    with pytest.raises(StartRefused, match=rf"purposes\.toml: subject\.added .* is held by {kind};"):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (
            "[measure]\n",
            "[measure]\nholders = []\n",
            "the purpose measure: it states what means nothing: `holders`",
        ),
        (
            "[measure]\n",
            "[measure]\nbasis = 'b'\n",
            "the purpose measure: it states what means nothing: `basis`",
        ),
        ("[open]\n", "case_number = true\n[open]\n", "the purpose case_number: Expected a table"),
        ("[open]\n", "[open]\nname = 'o'\n", "the purpose open: it states what means nothing: `name`"),
    ],
)
def test_a_branch_states_its_names_alone(folder: Path, old: str, new: str, named: str):
    """What stands above the leaves, where it would do nothing, is refused and not passed over."""
    file = folder / "purposes.toml"
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(StartRefused, match=named):
        load(folder)


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ('basis = "c"\nsandbax = true', "callers.toml: added: it states what means nothing: `sandbax`"),
        ('basis = "c"\nholders = []', "callers.toml: added: it states what means nothing: `holders`"),
        ('basis = "c"\nsandbox = 1', "callers.toml: added: Expected `bool`, got `int` - at .*sandbox"),
        ('basis = "c"\nsandbox = "false"', "callers.toml: added: Expected `bool`, got `str` - at .*sandbox"),
        ('basis = ["c"]', "callers.toml: added: Expected `str`.* - at .*basis"),
    ],
)
def test_a_wrong_kind_of_caller_is_named(folder: Path, kind: str, named: str):
    """A kind of caller that states what means nothing, or what is no text and no switch, is named."""
    append(folder, "callers.toml", f'\n[added]\nzh = "新"\nen = "new"\n{kind}\n')
    with pytest.raises(StartRefused, match=named):
        load(folder)


@pytest.mark.parametrize("file", ["callers.toml", "clients.toml"])
def test_what_is_no_table_is_named(folder: Path, file: str):
    """A value that stands beside the tables is refused by its name."""
    path = folder / file
    path.write_text("stray = true\n" + path.read_text("utf-8"), "utf-8")
    with pytest.raises(StartRefused, match=f"{file}: stray: Expected a table, got `bool`"):
        load(folder)


@pytest.mark.parametrize("whom", ["minors", "dead"])
@pytest.mark.parametrize("shown", ["own", "all"])
@pytest.mark.parametrize("branch", ["reward", "measure", "approval", "supervision", "financing", "open"])
def test_no_duty_can_state_that_it_shows_minors_or_the_dead(folder: Path, branch: str, shown: str, whom: str):
    """Whatever is written into the file, a duty that the law does not name is refused with minors and with the dead."""
    append(folder, "purposes.toml", f'\n[{branch}.added]\n{LEAF}holders = ["organ"]\n{whom} = "{shown}"\n')
    with pytest.raises(StartRefused, match=rf"purposes\.toml: {branch}\.added states {whom} = '{shown}'"):
        load(folder)


@pytest.mark.parametrize("whom", ["minors", "dead"])
@pytest.mark.parametrize("branch", ["reward", "measure", "push", "oversight"])
def test_no_branch_of_duties_shows_minors_or_the_dead(folder: Path, branch: str, whom: str):
    """What a branch states holds for its leaves, and is refused at the first that the law does not name."""
    change(folder, "purposes.toml", f"[{branch}]\n", f'[{branch}]\n{whom} = "all"\n')
    with pytest.raises(StartRefused, match=rf"purposes\.toml: {branch}\.\w+ states {whom} = 'all'"):
        load(folder)


@pytest.mark.parametrize(
    ("word", "named"),
    [("all", "subject\\.access states {} = 'all'"), ("some", "the purpose subject: .*{}")],
)
@pytest.mark.parametrize("whom", ["minors", "dead"])
def test_a_subjects_own_purpose_shows_no_others(folder: Path, word: str, named: str, whom: str):
    """Who asks about itself cannot be given all minors or all dead, and an unknown word is refused."""
    change(folder, "purposes.toml", f'{whom} = "own"', f'{whom} = "{word}"')
    with pytest.raises(StartRefused, match=named.format(whom)):
        load(folder)


def test_a_branch_without_its_duty_is_refused(folder: Path):
    """A line that is lost by accident does not free a whole branch from its case numbers."""
    text = (folder / "purposes.toml").read_text("utf-8")
    (folder / "purposes.toml").write_text(re.sub(r"\ncase_number = true(?= )?.*", "", text), "utf-8")
    with pytest.raises(StartRefused, match=r"the purpose measure does not state .* state `case_number`"):
        load(folder)
