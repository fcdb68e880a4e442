"""Folders of policies to break: copies of this installation's."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.authorization.policy import Policy, read_policy
from gateway.settings import ROOT
from resolvers.graph.fields import fields_of
from tests.support.gateway_in_memory import graph
from tests.support.tested_city import TESTED_CITY

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


def hardly_held(folder: Path) -> dict[str, str]:
    """Write a small installation and return its settings: all purposes and kinds, of which few hold any.

    A table of its decisions takes a second, where that of this installation takes half a minute.
    """
    made = copy_of_policies(folder)
    branches = re.split(r"(?m)^(?=\[)", (made / "purposes.toml").read_text("utf-8"))
    kept = ("[subject.", "[reward.reading]", "[reward.approval]")
    nobody = re.compile(r"(?m)^holders = .*$")
    fewer = (
        text if text.startswith(kept) else nobody.sub('holders = ["developer"]', text) for text in branches
    )
    (made / "purposes.toml").write_text("".join(fewer), "utf-8")
    for file in (made / "clients.toml", made / TESTED_CITY / "clients.toml"):
        clients = re.split(r"(?m)^(?=\[)", file.read_text("utf-8"))
        known = (text for text in clients if text.startswith(("[developer]", "[library]")))
        file.write_text("".join(known), "utf-8")
    (folder / "operations").mkdir()
    return {"CREDITGRAPH_POLICIES": str(made), "CREDITGRAPH_OPERATIONS": str(folder / "operations")}


def write(folder: Path, rule: str, name: str = "added") -> None:
    """Add a rule, written without annotations, to the permits or the ceilings."""
    place = "permits" if rule.startswith("permit") else "ceilings"
    text = f'@id("{name}") {NOTES}\n{rule}\n'
    with (folder / place / "added.cedar").open("a", encoding="utf-8") as file:
        file.write(text)


def read(folder: Path) -> Policy:
    """Read a folder of policies as it is, proved or not."""
    return read_policy(folder, FIELDS)


@cache
def with_any_permit() -> Policy:
    """Return this installation's ceilings under a permit of everything to everybody."""
    with TemporaryDirectory() as made:
        folder = copy_of_policies(Path(made))
        write(folder, "permit(principal, action, resource);")
        return read(folder)
