"""Folders of policies to break: copies of this installation's."""

from __future__ import annotations

import shutil
from pathlib import Path

from gateway.authorization.policy import Policy, read_policy
from gateway.settings import ROOT
from resolvers.graph.fields import fields_of
from tests.support.gateway_in_memory import graph

FIELDS = fields_of(graph())
NOTES = '@reason("试 · drawn") @source("test")'


def copy_of_policies(folder: Path) -> Path:
    """Copy this installation's policies into a folder."""
    return Path(shutil.copytree(ROOT / "policies", folder / "policies"))


def bare(folder: Path) -> Path:
    """Copy the policies without any rule."""
    made = copy_of_policies(folder)
    for each in (*made.glob("permits/*"), *made.glob("ceilings/*")):
        each.unlink()
    return made


def write(folder: Path, rule: str, name: str = "added") -> None:
    """Add a rule, written without annotations, to the permits or the ceilings."""
    place = "permits" if rule.startswith("permit") else "ceilings"
    text = f'@id("{name}") {NOTES}\n{rule}\n'
    with (folder / place / "added.cedar").open("a", encoding="utf-8") as file:
        file.write(text)


def read(folder: Path) -> Policy:
    """Read a folder of policies as it is, proved or not."""
    return read_policy(folder, FIELDS)
