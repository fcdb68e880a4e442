"""Approvers for one run of tests or benchmarks: two new keys, and a copy of the register that they approved.

A gateway outside the explorer refuses the public sandbox approvers.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from joserfc.jwk import OKPKey

from gateway.installation import read_rules
from gateway.operations.approvals import FOLDER, approve, printed
from gateway.operations.approvers import ROLES, SANDBOX_DAY, Role
from gateway.operations.register import Registration, folder_of, load_register
from gateway.settings import Settings
from tests.support.tested_city import TESTED_CITY

_QUOTA: Final = re.compile(r"^quota = .*$", re.MULTILINE)


class TwoApprovers:
    """A data bureau and a privacy officer, each with a key of its own that `file` publishes."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.keys: dict[Role, OKPKey] = {role: OKPKey.generate_key("Ed25519") for role in ROLES}
        sets = {role: {"keys": [key.as_dict(private=False)]} for role, key in self.keys.items()}
        file.write_text(json.dumps(sets), "utf-8")

    def approve(self, registration: Registration, role: Role) -> str:
        """Return the approval of an operation in one role."""
        key = self.keys[role]
        return approve(registration, role, key, key.thumbprint(), SANDBOX_DAY)

    def approve_all(self, folder: Path, register: Iterable[Registration], city: str = TESTED_CITY) -> None:
        """Put both approvals of each operation of a city beside it."""
        for each in register:
            approvals = folder_of(folder, city, each.name) / FOLDER
            approvals.mkdir(exist_ok=True)
            text = printed({role: self.approve(each, role) for role in ROLES})
            (approvals / f"{each.name}.json").write_text(text, "utf-8")


def approved_register(
    folder: Path,
    quota: str | None = None,
    further: Iterable[Path] = (),
    city: str = TESTED_CITY,
) -> dict[str, str]:
    """Copy the register of a city's installation into a new folder, approve it, and return the settings for it.

    With `quota`, a line of TOML's, each operation is given that one: whoever measures asks more than anybody may.
    `further` are files of operations that are added to it.
    """
    settings = Settings(city=city)
    operations = Path(shutil.copytree(settings.operations, folder / "operations"))
    for file in further:
        shutil.copy(file, operations)
    if quota is not None:
        for file in operations.rglob("*.toml"):
            file.write_text(_QUOTA.sub(quota, file.read_text("utf-8")), "utf-8")
    rules = read_rules(settings)
    approvers = TwoApprovers(folder / "approvers.json")
    register = load_register(operations, rules.policy.purposes, rules.clients, city)
    approvers.approve_all(operations, register.values(), city)
    return {"city": city, "operations": str(operations), "approvers": str(approvers.file)}
