"""The register of operations: one TOML file each, with a document, its one purpose and who may ask it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.authorization.clients import Client
from gateway.authorization.purposes import PurposeTree
from gateway.errors import StartRefused

REQUIRED = ("zh", "en", "purpose", "legal_basis", "owner", "clients", "subjects", "document")
OPTIONAL = ("bind",)
CLAIMS = ("person",)
"""What a token can give to a variable: the identity number of the person for whom it was issued."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One registered operation as its file states it.

    `subjects` is how many one request may name; `bind` gives variables from the token, by claim.
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

    @property
    def document_id(self) -> str:
        """The id that a request carries: the SHA-256 of the document's text."""
        return "sha256:" + hashlib.sha256(self.document.encode()).hexdigest()


def load_register(
    folder: Path, purposes: PurposeTree, clients: Mapping[str, Client]
) -> dict[str, Registration]:
    """Read every operation by name, or raise StartRefused with the file and what is wrong in it."""
    found = {file.stem: _registration(file, purposes, clients) for file in sorted(folder.glob("*.toml"))}
    ids = {each.document_id for each in found.values()}
    if len(ids) != len(found):
        raise StartRefused("two operations have the same document; an operation has exactly one purpose")
    return found


def _registration(file: Path, purposes: PurposeTree, clients: Mapping[str, Client]) -> Registration:
    try:
        node = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read as TOML: {error}") from None
    missing = [key for key in REQUIRED if not node.get(key)]
    unknown = sorted(set(node) - set(REQUIRED) - set(OPTIONAL))
    if missing or unknown:
        raise StartRefused(f"{file.name}: missing {missing}, unknown {unknown}")
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
    )


def _check_values(file: str, node: Mapping[str, Any]) -> None:
    if type(node["subjects"]) is not int or node["subjects"] < 1:
        raise StartRefused(f"{file}: subjects is a whole number from 1")
    if not isinstance(node["clients"], list) or not isinstance(node["document"], str):
        raise StartRefused(f"{file}: clients is a list of names and document a text")
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
