"""The register of operations: one TOML file each, with a document, its one purpose and who may ask it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

from gateway.authorization.clients import Client
from gateway.authorization.purposes import PurposeTree
from gateway.errors import StartRefused
from gateway.operations.invisible_characters import require_visible
from gateway.operations.terms import Duty, Quota, read_duty, read_expires, read_quota

REQUIRED = (
    "zh", "en", "purpose", "legal_basis", "owner", "clients", "subjects", "expires", "quota", "document",
)  # fmt: skip
OPTIONAL = ("bind", "duty")
TEXTS = ("zh", "en", "purpose", "legal_basis", "owner", "document")
CLAIMS = ("person",)
"""What a token can give to a variable: the identity number of the person for whom it was issued."""
REVOKED_FILE: Final = "revoked.toml"
"""The one TOML file beside the operations that is none: what was revoked."""

_NAME: Final = re.compile(r"(?!revoked\Z)[a-z](?:[a-z-]|[0-9](?![0-9]{5})){0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Registration:
    """One registered operation as its file states it.

    `subjects` is how many one request may name; `bind` gives variables from the token, by claim. It is
    answered up to the end of the day `expires`, within `quota`, and where `duty` is set within its hours.
    """

    name: str
    zh: str
    en: str
    purpose: str
    legal_basis: str
    owner: str
    clients: frozenset[str]
    subjects: int
    document: str
    bind: Mapping[str, str]
    expires: date
    quota: Quota
    duty: Duty | None

    @property
    def document_id(self) -> str:
        """The id that a request carries: the SHA-256 of the document's text."""
        return "sha256:" + hashlib.sha256(self.document.encode()).hexdigest()


def is_operation_name(text: str) -> bool:
    """Whether an operation may be named so: it stands in file names and logs, where no number belongs."""
    return _NAME.fullmatch(text) is not None


def load_register(
    folder: Path, purposes: PurposeTree, clients: Mapping[str, Client]
) -> dict[str, Registration]:
    """Read every operation by name, or raise StartRefused with the file and what is wrong in it."""
    files = sorted(file for file in folder.glob("*.toml") if file.name != REVOKED_FILE)
    found = {file.stem: read_registration(file, purposes, clients) for file in files}
    ids = {each.document_id for each in found.values()}
    if len(ids) != len(found):
        raise StartRefused("two operations have the same document; an operation has exactly one purpose")
    return found


def read_registration(file: Path, purposes: PurposeTree, clients: Mapping[str, Client]) -> Registration:
    """Read one operation, wherever its file stands, or raise StartRefused with what is wrong in it."""
    node = _table(file)
    _check_values(file.name, node)
    _check_holders(file.name, node, purposes, clients)
    return Registration(
        name=file.stem,
        zh=node["zh"],
        en=node["en"],
        purpose=node["purpose"],
        legal_basis=node["legal_basis"],
        owner=node["owner"],
        clients=frozenset(node["clients"]),
        subjects=node["subjects"],
        document=node["document"],
        bind=node.get("bind", {}),
        expires=read_expires(file.name, node["expires"]),
        quota=read_quota(file.name, node["quota"]),
        duty=read_duty(file.name, node.get("duty")),
    )


def _table(file: Path) -> Mapping[str, Any]:
    if not is_operation_name(file.stem):
        raise StartRefused("An operation's file is named by small letters, hyphens and few digits.")
    try:
        text = file.read_text("utf-8")
        node = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read as TOML: {error}") from None
    missing = [key for key in REQUIRED if not node.get(key)]
    unknown = sorted(set(node) - set(REQUIRED) - set(OPTIONAL))
    if missing or unknown:
        raise StartRefused(f"{file.name}: missing {missing}, unknown {unknown}")
    require_visible(file.name, text, node)
    return node


def _check_values(file: str, node: Mapping[str, Any]) -> None:
    if type(node["subjects"]) is not int or node["subjects"] < 1:
        raise StartRefused(f"{file}: subjects is a whole number from 1")
    if any(not isinstance(node[name], str) for name in TEXTS):
        raise StartRefused(f"{file}: {', '.join(TEXTS)} are texts")
    clients: Any = node["clients"]
    if type(clients) is not list or any(type(name) is not str for name in cast("list[Any]", clients)):
        raise StartRefused(f"{file}: clients is a list of names")
    if not isinstance(node.get("bind", {}), dict):
        raise StartRefused(f"{file}: bind is a table of variables")
    for variable, claim in node.get("bind", {}).items():
        if claim not in CLAIMS:
            raise StartRefused(f"{file}: ${variable} is bound to {claim!r}, and a token gives {CLAIMS} only")


def _check_holders(
    file: str, node: Mapping[str, Any], purposes: PurposeTree, clients: Mapping[str, Client]
) -> None:
    if node["purpose"] not in purposes.leaves:
        raise StartRefused(f"{file}: {node['purpose']!r} is no leaf of the purpose tree")
    for name in node["clients"]:
        if name not in clients:
            raise StartRefused(f"{file}: the client {name!r} is not in clients.toml")
        if node["purpose"] not in clients[name].purposes:
            raise StartRefused(f"{file}: the client {name!r} may not hold {node['purpose']}")
