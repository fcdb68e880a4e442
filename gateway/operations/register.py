"""The register of operations: one TOML file each, with a document, its one purpose and who may ask it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import msgspec

from catalogue.toml_files import Text, named
from gateway.authorization.clients import Client
from gateway.authorization.purposes import PurposeTree
from gateway.errors import StartRefused
from gateway.operations.invisible_characters import refuse_invisible
from gateway.operations.terms import Duty, Quota

CLAIMS = ("person",)
"""What a token can give to a variable: the identity number of the person for whom it was issued."""
REVOKED_FILE: Final = "revoked.toml"
"""The one TOML file beside the operations that is none: what was revoked."""

_NAME: Final = re.compile(r"(?!revoked\Z)[a-z](?:[a-z-]|[0-9](?![0-9]{5})){0,63}", re.ASCII)


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One registered operation as its file states it.

    `subjects` is how many one request may name; `bind` gives variables from the token, by claim. It is
    answered up to the end of the day `expires`, within `quota`, and where `duty` is set within its hours.
    """

    name: str
    zh: Text
    en: Text
    purpose: Text
    legal_basis: Text
    owner: Text
    clients: Annotated[frozenset[str], msgspec.Meta(min_length=1)]
    subjects: Annotated[int, msgspec.Meta(ge=1)]
    document: Text
    expires: date
    quota: Quota
    bind: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    duty: Duty | None = None

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
    if not is_operation_name(file.stem):
        raise StartRefused("An operation's file is named by small letters, hyphens and few digits.")
    try:
        text = file.read_text("utf-8")
        table = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read as TOML: {error}") from None
    refuse_invisible(file.name, text, table)
    registration = named(file.name, file.stem, table, Registration, StartRefused)
    _check_bound(file.name, registration)
    _check_holders(file.name, registration, purposes, clients)
    return registration


def _check_bound(file: str, registration: Registration) -> None:
    for variable, claim in registration.bind.items():
        if claim not in CLAIMS:
            raise StartRefused(f"{file}: ${variable} is bound to {claim!r}, and a token gives {CLAIMS} only")


def _check_holders(
    file: str, registration: Registration, purposes: PurposeTree, clients: Mapping[str, Client]
) -> None:
    purpose = registration.purpose
    if purpose not in purposes.leaves:
        raise StartRefused(f"{file}: {purpose!r} is no leaf of the purpose tree")
    for name in sorted(registration.clients):
        if name not in clients:
            raise StartRefused(f"{file}: the client {name!r} is not in clients.toml")
        if purpose not in clients[name].purposes:
            raise StartRefused(f"{file}: the client {name!r} may not hold {purpose}")
