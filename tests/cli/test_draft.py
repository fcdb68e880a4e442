"""Drafts of operation files from manifests: ids, texts, and what is refused."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from graphql import strip_ignored_characters
from typer.testing import CliRunner

from cli import app
from cli.drafting import draft_text, not_registered, read_manifest
from gateway.errors import StartRefused
from gateway.operations.register import read_registration
from tests.support.admissions import CLIENTS, REGISTER
from tests.support.gateway_in_memory import policy

TEXT = "query ReadingRoom($of: SubjectKey!) { standing(of: $of) { pds028 } }"
OWN = "query Mine($id: PersonNumber!) { person(id: $id) { name } }"


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def apollo(*operations: tuple[str, str]) -> dict[str, Any]:
    """Return a manifest as Apollo writes it."""
    listed = [{"id": key, "name": "x", "type": "query", "body": body} for key, body in operations]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": listed}


def drafted(
    folder: Path, manifest: Any, client: str = "library", *options: str, printed: list[str] | None = None
) -> dict[str, dict[str, Any]]:
    """Return the drafts that the command makes of a manifest, by name; StartRefused where it refuses."""
    file = written(folder, manifest)
    words = ("operations", "draft", "--from", str(file), "--client", client, "--to", str(folder), *options)
    result = CliRunner().invoke(app, words)
    if isinstance(result.exception, StartRefused):
        raise result.exception
    assert result.exit_code == 0, result.output
    if printed is not None:
        printed.append(result.output)
    return {each.stem: tomllib.loads(each.read_text("utf-8")) for each in folder.glob("*.toml")}


def written(folder: Path, manifest: Any) -> Path:
    """Return the file of a manifest."""
    file = folder / "manifest.json"
    file.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
    return file


def the_draft(folder: Path, manifest: Any) -> dict[str, Any]:
    """Return what the library's draft of a manifest's one document states."""
    (found,) = read_manifest(written(folder, manifest))
    return tomllib.loads(draft_text(found, CLIENTS["library"], "reward.reading"))


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
    draft = the_draft(tmp_path, manifest)
    assert draft["document"] == text
    assert "ids" not in draft


def test_a_byte_order_mark_is_passed_over(tmp_path: Path):
    """A manifest that a Windows program wrote is read."""
    assert the_draft(tmp_path, "\ufeff" + json.dumps({digest(TEXT): TEXT}))["document"] == TEXT


@pytest.mark.parametrize(
    "hashed", ["0123456789abcdef0123456789abcdef", "reader/1", "17", "app~1.0.0~d9a00ec0c1ce"]
)
def test_another_id_is_stated(tmp_path: Path, hashed: str):
    """An id that is not the SHA-256 of the text stands in the draft."""
    assert the_draft(tmp_path, {hashed: TEXT})["ids"] == [hashed]


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


def test_a_variable_of_an_enterprise_is_bound_to_the_enterprise_of_the_token(tmp_path: Path):
    """A variable that names an enterprise takes the one for which the token's person acts."""
    firm = OWN.replace("PersonNumber", "CreditCode").replace("person(", "enterprise(")
    acting = drafted(tmp_path, {digest(firm): firm}, "citizen", "--purpose", "subject.access")["mine"]
    assert acting["bind"] == {"id": "enterprise"}


KNOWN = REGISTER["library"].document
PRINTED = strip_ignored_characters(KNOWN)
FOREIGN = REGISTER["parking"].document


@pytest.mark.parametrize(
    ("document_id", "text", "why"),
    [
        (digest(KNOWN), KNOWN, "passed over library: it is registered as library\n"),
        (digest(PRINTED), PRINTED, "passed over library: it is registered as library\n"),
        ("0" * 32, KNOWN, "left out library: its document is registered as library, without this id\n"),
        (digest(FOREIGN), FOREIGN, "registered as parking, without library\n"),
    ],
)
def test_a_registered_document_gets_no_draft(tmp_path: Path, document_id: str, text: str, why: str):
    """A document of the register needs no draft; what its registration lacks for the client is told."""
    printed: list[str] = []
    assert set(drafted(tmp_path, {document_id: text, digest(TEXT): TEXT}, printed=printed)) == {
        "reading-room"
    }
    assert why in printed[0]


def test_a_document_that_is_answered_no_more_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A document whose registration was revoked or expired gets no draft, and is not said to be registered."""
    (each,) = read_manifest(written(tmp_path, {digest(KNOWN): KNOWN}))
    assert list(not_registered([each], REGISTER, "library", {"library"})) == []
    assert "registered as library, but revoked or expired" in capsys.readouterr().out


def test_a_new_document_replaces_no_registered_one(tmp_path: Path):
    """A draft has a name of its own, so an old version of a client and a new one are registered side by side."""
    changed = KNOWN.replace("pds030", "pds039")
    assert set(drafted(tmp_path, {digest(changed): changed})) == {"library-2"}


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
    "an identity number as name": ({"a": "query A411502199003071233 { a }"}, r"\[redacted\]"),
    "two members of one id": (f'{{"a": {json.dumps(TEXT)}, "a": {json.dumps(OWN)}}}', "have one id"),
    "two operations of one id": (apollo(("a", TEXT), ("a", OWN)), "have one id"),
    "a line end that cannot be registered": ({"a": TEXT.replace(" {", "\r\n{")}, r"U\+000D"),
    "a sign that is not seen": ({"a": f"{TEXT} # \u202e"}, r"U\+202E"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_manifest_is_refused(tmp_path: Path, kind: str):
    """A file that is no manifest, and a document that could not be registered, is refused."""
    manifest, why = REFUSED[kind]
    with pytest.raises(StartRefused, match=why) as refused:
        read_manifest(written(tmp_path, manifest))
    assert "411502199003071233" not in str(refused.value)


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ({digest(OWN): OWN, digest(KNOWN): TEXT}, "is an id of library"),
        ({"a": TEXT, "b": TEXT + " "}, "would be reading-room.toml"),
    ],
)
def test_of_a_manifest_that_contradicts_nothing_is_written(tmp_path: Path, manifest: Any, why: str):
    """The id of another document and two operations of one name are refused, and no file is written."""
    with pytest.raises(StartRefused, match=why):
        drafted(tmp_path, manifest)
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
