"""Drafts of operation files from manifests: ids, texts, and what is refused."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from gateway.errors import StartRefused
from gateway.operations.register import read_registration
from tests.support.admissions import CLIENTS, REGISTER
from tests.support.gateway_in_memory import policy

TEXT = "query ReadingRoom($of: SubjectKey!) { standing(of: $of) { ny005 } }"
OWN = "query Mine($id: PersonNumber!) { person(id: $id) { name } }"


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def apollo(*operations: tuple[str, str]) -> dict[str, Any]:
    """Return a manifest as Apollo writes it."""
    listed = [{"id": key, "name": "x", "type": "query", "body": body} for key, body in operations]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": listed}


def drafted(folder: Path, manifest: Any, client: str = "library", *options: str) -> dict[str, dict[str, Any]]:
    """Return the drafts that the command makes of a manifest, by name; StartRefused where it refuses."""
    file = folder / "manifest.json"
    file.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
    words = ("operations", "draft", "--from", str(file), "--client", client, "--to", str(folder), *options)
    result = CliRunner().invoke(app, words)
    if isinstance(result.exception, StartRefused):
        raise result.exception
    assert result.exit_code == 0, result.output
    return {each.stem: tomllib.loads(each.read_text("utf-8")) for each in folder.glob("*.toml")}


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"{TEXT}\n",
        f"\n\n{TEXT}",
        f"{TEXT} # '''",
        f"{TEXT} # '",
        f"{TEXT}\t#\\u0041",
        f'{TEXT} # """中',
    ],
)
@pytest.mark.parametrize("form", ["map", "prefixed", "apollo"])
def test_a_draft_keeps_each_character_of_its_text(tmp_path: Path, text: str, form: str):
    """The registered text is the manifest's, so the SHA-256 of the client is the id of the operation."""
    manifest = {
        "map": {digest(text): text},
        "prefixed": {f"sha256:{digest(text)}": text},
        "apollo": apollo((digest(text), text)),
    }[form]
    (draft,) = drafted(tmp_path, manifest).values()
    assert draft["document"] == text
    assert "ids" not in draft


@pytest.mark.parametrize("hashed", ["0123456789abcdef0123456789abcdef", "reader@1".replace("@", "/"), "17"])
def test_another_id_is_stated(tmp_path: Path, hashed: str):
    """An id that is not the SHA-256 of the text stands in the draft."""
    assert drafted(tmp_path, {hashed: TEXT})["reading-room"]["ids"] == [hashed]


def test_a_draft_is_registered_after_people_filled_it_in(tmp_path: Path):
    """What only people know is empty, and refused while it is; the rest is right as it is written."""
    drafted(tmp_path, {digest(TEXT): TEXT})
    file = tmp_path / "reading-room.toml"
    with pytest.raises(StartRefused, match="zh"):
        read_registration(file, policy().purposes, CLIENTS)
    file.write_text(file.read_text("utf-8").replace('= ""', '= "x"'), "utf-8")
    registration = read_registration(file, policy().purposes, CLIENTS)
    assert registration.document_id == f"sha256:{digest(TEXT)}"
    assert (registration.purpose, registration.clients) == ("reward.reading", {"library"})


def test_a_client_that_speaks_for_a_person_gets_its_subject_from_the_token(tmp_path: Path):
    """The variables that name persons are bound to the token's person."""
    draft = drafted(tmp_path, {digest(OWN): OWN}, "citizen", "--purpose", "subject.access")["mine"]
    assert draft["bind"] == {"id": "person"}


def test_a_registered_document_is_passed_over(tmp_path: Path):
    """A document of the register needs no draft; the others get theirs."""
    known = REGISTER["library"].document
    assert set(drafted(tmp_path, {digest(known): known, digest(TEXT): TEXT})) == {"reading-room"}


REFUSED: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "is not JSON"),
    "a list": ([TEXT], "has not the form"),
    "no texts": ({"a": 1}, "has not the form"),
    "Apollo without bodies": (
        {"format": "apollo-persisted-query-manifest", "operations": [{}]},
        "has not the form",
    ),
    "nothing": ({}, "holds no document"),
    "no GraphQL": ({"a": "query {"}, "no GraphQL document"),
    "no name": ({"a": "{ a }"}, "exactly one operation with a name"),
    "two operations": ({"a": "query A { a } query B { b }"}, "exactly one operation with a name"),
    "a mutation": ({"a": "mutation A { a }"}, "only queries"),
    "a name with a number": ({"a": "query A123456 { a }"}, "no name for a file"),
    "an id that is no id": ({"a b": TEXT}, "cannot be registered"),
    "an identity number as id": ({"411502199003071233": TEXT}, "cannot be registered"),
    "two of one name": ({"a": TEXT, "b": TEXT + " "}, "would be reading-room.toml"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_manifest_is_refused(tmp_path: Path, kind: str):
    """A file that is no manifest, and a document that could not be registered, is refused; nothing is written."""
    manifest, why = REFUSED[kind]
    with pytest.raises(StartRefused, match=why) as refused:
        drafted(tmp_path, manifest)
    assert "411502199003071233" not in str(refused.value)
    assert list(tmp_path.glob("*.toml")) == []


def test_no_file_is_overwritten(tmp_path: Path):
    """A draft that is there already stays as it is."""
    drafted(tmp_path, {digest(TEXT): TEXT})
    with pytest.raises(StartRefused, match="is there already"):
        drafted(tmp_path, {digest(TEXT): TEXT})


@pytest.mark.parametrize(
    ("client", "options", "why"),
    [
        ("nobody", (), "no client"),
        ("approval-hall", (), "--purpose"),
        ("library", ("--purpose", "reward.parking"), "--purpose"),
        ("library", ("--to", "/nonexistent"), "no folder"),
        ("library", ("--from", "/nonexistent"), "cannot be read"),
    ],
)
def test_a_draft_is_for_a_known_client_and_purpose(
    tmp_path: Path, client: str, options: tuple[str, ...], why: str
):
    """A client that is not there, a purpose that it may not hold, and files that are not there are refused."""
    with pytest.raises(StartRefused, match=why):
        drafted(tmp_path, {digest(TEXT): TEXT}, client, *options)
