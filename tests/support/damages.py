"""Ways in which the files that decisions depend on are damaged, each with what the refusal names."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.tested_city import TESTED_CITY

Damage = Callable[["Files"], None]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one gateway."""

    policies: Path
    operations: Path
    approvers: Path


def missing(folder: str, name: str) -> Damage:
    """Return what takes a file away."""
    return lambda files: (getattr(files, folder) / name).unlink()


def half(folder: str, name: str) -> Damage:
    """Return what leaves the first half of a file, as a full disk does."""

    def damage(files: Files) -> None:
        file: Path = getattr(files, folder) / name
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2])

    return damage


def unreadable(folder: str, name: str) -> Damage:
    """Return what makes a file one that cannot be read, by anybody: a folder of its name."""

    def damage(files: Files) -> None:
        file: Path = getattr(files, folder) / name
        file.unlink()
        file.mkdir()

    return damage


def garbage(folder: str, name: str) -> Damage:
    """Return what fills a file with what is no text."""
    return lambda files: (getattr(files, folder) / name).write_bytes(b"\x00\xff\xfe[" * 40) and None


def one_role(files: Files) -> None:
    """Leave an operation the approval of one role alone."""
    file = files.operations / TESTED_CITY / "approvals" / "library.json"
    file.write_text(json.dumps({"data_bureau": json.loads(file.read_text())["data_bureau"]}))


def forged(files: Files) -> None:
    """Put the data bureau's signature below what the privacy officer would have signed."""
    file = files.operations / TESTED_CITY / "approvals" / "library.json"
    held = json.loads(file.read_text())
    said, signature = held["privacy_officer"].rpartition(".")[0], held["data_bureau"].rpartition(".")[2]
    file.write_text(json.dumps({**held, "privacy_officer": f"{said}.{signature}"}))


def widened(files: Files) -> None:
    """Change an operation after it was approved."""
    file = files.operations / TESTED_CITY / "library.toml"
    file.write_text(file.read_text("utf-8").replace("subjects = 1\n", "subjects = 50\n"), "utf-8")


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a ceiling is missing": (missing("policies", "ceilings/incentive.cedar"), "incentive"),
    "a ceiling is half written": (half("policies", "ceilings/persons.cedar"), "ceilings/persons.cedar"),
    "a ceiling cannot be read": (unreadable("policies", "ceilings/duties.cedar"), "ceilings/duties.cedar"),
    "a ceiling is no text": (garbage("policies", "ceilings/scenes.cedar"), "ceilings/scenes.cedar"),
    "permits are missing": (missing("policies", "permits/reward.cedar"), "no rule allows it"),
    "permits are half written": (half("policies", "permits/reward.cedar"), "permits/reward.cedar"),
    "Cedar's schema is missing": (missing("policies", "schema.cedarschema"), "schema.cedarschema"),
    "Cedar's schema is half written": (half("policies", "schema.cedarschema"), "schema.cedarschema"),
    "the purposes are missing": (missing("policies", "purposes.toml"), "purposes.toml"),
    "the purposes are half written": (half("policies", "purposes.toml"), ""),
    "the kinds of caller are no text": (garbage("policies", "callers.toml"), "callers.toml"),
    "the kinds of caller are missing": (missing("policies", "callers.toml"), "callers.toml"),
    "the items of duties are missing": (missing("policies", "duty_items.toml"), "duty_items.toml"),
    "the items of duties are half written": (half("policies", "duty_items.toml"), "duty_items.toml"),
    "the clients cannot be read": (unreadable("policies", "clients.toml"), "clients.toml"),
    "the clients are half written": (half("policies", "clients.toml"), ""),
    "the register is gone": (
        lambda files: files.operations.rename(files.operations.with_name("elsewhere")) and None,
        "revoked.toml",
    ),
    "an operation is half written": (half("operations", f"{TESTED_CITY}/library.toml"), "library.toml"),
    "an operation cannot be read": (unreadable("operations", f"{TESTED_CITY}/library.toml"), "library.toml"),
    "an operation was widened": (widened, "library: approval of data_bureau: the file states something else"),
    "the approvals are missing": (
        missing("operations", f"{TESTED_CITY}/approvals/library.json"),
        "library: approval of",
    ),
    "the approvals are no text": (
        garbage("operations", f"{TESTED_CITY}/approvals/library.json"),
        "library: approval of",
    ),
    "one approval is missing": (one_role, "library: approval of privacy_officer: there is none"),
    "one approval is forged": (forged, "library: approval of privacy_officer: its signature does not hold"),
    "the revocations are missing": (missing("operations", "revoked.toml"), "revoked.toml"),
    "the revocations are no text": (garbage("operations", "revoked.toml"), "revoked.toml"),
    "the approvers are missing": (lambda files: files.approvers.unlink(), "approvers' keys"),
    "the approvers are half written": (
        lambda files: files.approvers.write_bytes(files.approvers.read_bytes()[:80]) and None,
        "approvers' keys",
    ),
}
