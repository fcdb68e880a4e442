"""Which texts are one registered document, and which ids stand for it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest
from graphql import parse, print_ast, strip_ignored_characters

from gateway.errors import StartRefused
from gateway.operations.document_forms import (
    LONGEST_TEXT,
    bare_text,
    find_text,
    ids_by_client,
    texts_by_client,
)
from gateway.operations.register import Registration, load_register
from tests.support.admissions import CLIENTS, REGISTER
from tests.support.gateway_in_memory import policy
from tests.support.tested_city import TESTED_CITY

LIBRARY = REGISTER["library"]


def changed(document: str, **members: object) -> Registration:
    """Return the library's registration with another document."""
    return msgspec.structs.replace(LIBRARY, name="other", document=document, **members)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", sorted(REGISTER))
def test_each_registered_document_is_found_as_it_is_printed(name: str):
    """However a printer lays out a registered document, its text and the hash of its text find it."""
    document = REGISTER[name].document
    printed = print_ast(parse(document))
    register = [REGISTER[name]]
    ids, texts = ids_by_client(register, {name: name}), texts_by_client(register, {name: name})
    for text in (document, document.strip(), printed, strip_ignored_characters(document)):
        for client in REGISTER[name].clients:
            assert ids[client][digest(text)] == ids[client][f"sha256:{digest(text)}"] == name
            assert find_text(texts[client], text) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{ a(b: "#") c }', '{ a(b: "") c }'),
        ('{ a(b: "x  y") }', '{ a(b: "x y") }'),
        ('{ a(b: """x, y""") }', '{ a(b: """x y""") }'),
        ('{ a(b: "\\"") # c\n}', '{ a(b: "\\" # c") }'),
        ("{ ab }", "{ a b }"),
        ("{ a(b: -1) }", "{ a(b: 1) }"),
        ("{ ...a }", "{ a }"),
        ("{ a # b\r c }", "{ a # b c\n }"),
    ],
)
def test_texts_that_mean_different_things_are_told_apart(one: str, other: str):
    """Blanks, commas and comments are ignored where GraphQL ignores them, and never within a string."""
    assert bare_text(one) != bare_text(other)


def test_a_form_of_two_documents_stands_for_none():
    """Two registered documents that differ in their blanks are found by their own ids and texts only."""
    other = changed(LIBRARY.document + "\n\n")
    register, entries = [LIBRARY, other], {"library": "library", "other": "other"}
    ids, texts = ids_by_client(register, entries)["library"], texts_by_client(register, entries)["library"]
    for each in register:
        assert ids[each.document_id] == find_text(texts, each.document) == each.name
    assert digest(LIBRARY.document.strip()) not in ids
    assert find_text(texts, LIBRARY.document.strip()) is None


def test_the_forms_of_one_client_are_no_other_clients():
    """A document that another client registers, also in a form that this one sends, takes no id from this client."""
    printed = LIBRARY.document.strip()
    other = changed(printed, clients=frozenset({"parking"}))
    ids = ids_by_client([LIBRARY, other], {"library": "library", "other": "other"})
    assert ids["library"][digest(printed)] == ids["library"][LIBRARY.document_id] == "library"
    assert ids["parking"][digest(printed)] == ids["parking"][other.document_id] == "other"


def test_a_long_text_is_compared_by_the_letter():
    """A text beyond the bound is not taken apart."""
    texts = texts_by_client([LIBRARY], {"library": "library"})["library"]
    assert find_text(texts, LIBRARY.document + " " * LONGEST_TEXT) is None
    assert find_text(texts, LIBRARY.document + " " * 100) == "library"


def stated(folder: Path, **ids: str) -> dict[str, Registration]:
    """Read a register of the library's and the car park's files, each with a line of ids."""
    for name, line in ids.items():
        text = f'zh = "z"\nen = "e"\nlegal_basis = "l"\nowner = "o"\nsubjects = 1\nexpires = 2035-12-31\n{line}\n'
        text += f'purpose = "{REGISTER[name].purpose}"\nclients = ["{name}"]\n'
        text += f"quota = {{ per_caller = 1, total = 1, seconds = 1 }}\ndocument = '''{REGISTER[name].document}'''\n"
        (folder / f"{name}.toml").write_text(text)
    return load_register(folder, policy().purposes, CLIENTS, TESTED_CITY)


@pytest.mark.parametrize("document_id", ["0123456789abcdef0123456789abcdef", "library/1", "7", "a" * 128])
def test_an_id_of_the_client_s_own_finds_the_operation(tmp_path: Path, document_id: str):
    """An id that the file states is an id of the operation beside the SHA-256 of its text."""
    register = stated(tmp_path, library=f'ids = ["{document_id}"]')
    ids = ids_by_client(register.values(), {"library": "library"})["library"]
    assert ids[document_id] == ids[register["library"].document_id] == "library"


@pytest.mark.parametrize(
    "document_id",
    ["", " a", "a b", "sha256:0", "a" * 129, "411502199003071233", "11411500MB1234567X", "编号", "a\\n"],
)
def test_what_is_no_id_is_refused(tmp_path: Path, document_id: str):
    """An id has no blank, is not made as the gateway makes its own, and has not the form of an identity number."""
    with pytest.raises(StartRefused, match=r"library\.toml.*ids"):
        stated(tmp_path, library=f'ids = ["{document_id}"]')


def test_an_id_stands_for_one_operation(tmp_path: Path):
    """Two operations with one id, or one with the other's SHA-256, are refused."""
    digest_of_library = LIBRARY.document_id.removeprefix("sha256:")
    for library in ('ids = ["a"]', ""):
        with pytest.raises(StartRefused, match="is an id of"):
            stated(tmp_path, library=library, parking=f'ids = ["{"a" if library else digest_of_library}"]')


@pytest.mark.parametrize("part", ['"', '\\"', '"""', '"\n', "#", "{", "a ", "-", '"\\', '""" '])
def test_a_hostile_text_costs_no_more_than_its_length(part: str):
    """Whatever a caller repeats up to the bound, its comparison ends, and not after minutes, and finds nothing."""
    texts = texts_by_client([LIBRARY], {"library": "library"})["library"]
    for start in ("", '"', '"""'):
        text = (start + part * LONGEST_TEXT)[:LONGEST_TEXT]
        assert find_text(texts, text) is None
