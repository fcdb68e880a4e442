"""Operations in files that are named on the command line, in the register's folder or not."""

from __future__ import annotations

from pathlib import Path

from gateway.errors import RequestError, StartRefused
from gateway.installation import Rules
from gateway.operations.document import Document, read_document
from gateway.operations.register import Registration, read_registration
from gateway.settings import LimitSettings


def read_draft(file: Path, rules: Rules) -> Registration:
    """Read one operation from its file, which need not stand in the register's folder yet."""
    if file.suffix != ".toml":
        raise StartRefused(f"{file} is no operation file: name one that ends in .toml.")
    if not file.is_file():
        raise StartRefused(
            f"There is no file {file}. Name an operation's file, as in operations/library.toml."
        )
    return read_registration(file, rules.policy.purposes, rules.clients)


def read_text(file: Path, rules: Rules, limits: LimitSettings, operation: str | None = None) -> Document:
    """Read a document from a file of GraphQL; StartRefused in words that hold no value of it."""
    try:
        text = file.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file.name} cannot be read: {type(error).__name__}") from None
    return document_of(file.name, text, rules, limits, operation)


def document_of(
    name: str, text: str, rules: Rules, limits: LimitSettings, operation: str | None = None
) -> Document:
    """Read a document; StartRefused with every reason, in words that hold no value of it."""
    try:
        return read_document(rules.graph, text, operation, limits, introspection=False)
    except RequestError as error:
        others = [f"; {each}" for each in error.extensions.get("others", ())]
        said = error.detail or error.code.meaning
        raise StartRefused(f"{name}: {error.code.name} {said}{''.join(others)}") from None
