"""An approver signs what is seen: a file of the register with signs that are not shown is refused."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import StartRefused
from gateway.operations.invisible_characters import refuse_invisible
from gateway.operations.register import read_registration
from gateway.settings import ROOT
from tests.support.admissions import CLIENTS
from tests.support.gateway_in_memory import policy

LIBRARY = (ROOT / "operations" / "pingdingshan" / "library.toml").read_text("utf-8")
PLACES = {
    "zh": 'zh = "',
    "en": 'en = "',
    "purpose": 'purpose = "',
    "legal_basis": 'legal_basis = "',
    "owner": 'owner = "',
    "clients": 'clients = ["',
    "document": "document = '''\n",
}
UNSEEN = [
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u00ad",
    "\x85",
    "\u2028",
    "\u2029",
    "\U000e0041",
]


def read(folder: Path, text: str) -> None:
    """Read one operation."""
    file = folder / "library.toml"
    file.write_text(text, "utf-8")
    read_registration(file, policy().purposes, CLIENTS)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_a_statement_with_a_sign_that_is_not_seen_is_named(tmp_path: Path, place: str, sign: str):
    """Whichever statement it stands in, such a sign refuses the file by its own and the statement's name."""
    assert PLACES[place] in LIBRARY
    named = rf"library\.toml: {place} holds U\+{ord(sign):04X} "
    with pytest.raises(StartRefused, match=named) as caught:
        read(tmp_path, LIBRARY.replace(PLACES[place], f"{PLACES[place]}{sign}", 1))
    assert sign not in str(caught.value)


@pytest.mark.parametrize("escape", [r"\u202E", r"\b", r"\r", r"\u0000", r"\U000E0041"])
def test_an_escape_is_what_it_stands_for(tmp_path: Path, escape: str):
    """A sign that the file writes as an escape is refused like the sign itself."""
    with pytest.raises(StartRefused, match=r"library\.toml: owner holds U\+"):
        read(tmp_path, LIBRARY.replace(PLACES["owner"], f"{PLACES['owner']}{escape}", 1))


def test_a_remark_with_a_sign_that_is_not_seen_is_named_by_its_line(tmp_path: Path):
    """A remark can make the file be read as another one just as well."""
    with pytest.raises(StartRefused, match=r"library\.toml: line 2 holds U\+202E RIGHT-TO-LEFT OVERRIDE"):
        read(tmp_path, f"# a remark\n# \u202e\n{LIBRARY}")


def test_tabs_and_line_ends_of_any_system_are_seen(tmp_path: Path):
    """Blanks by which a file is laid out refuse nothing."""
    read(tmp_path, LIBRARY.replace("  standing", "\tstanding"))
    (tmp_path / "library.toml").write_bytes(LIBRARY.replace("\n", "\r\n").encode())
    read_registration(tmp_path / "library.toml", policy().purposes, CLIENTS)


@given(st.text(st.characters(categories=["Cc", "Cf"], exclude_characters="\n\t"), min_size=1), st.text())
def test_no_control_or_format_character_stands_anywhere(unseen: str, around: str):
    """In a list, in a table or as the name of a member: no value holds one."""
    for value in (around + unseen, [around, unseen], {unseen: around}, {"a": [unseen]}):
        with pytest.raises(StartRefused, match="f: name holds "):
            refuse_invisible("f", "", {"name": value})


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_what_is_seen_is_read(seen: str):
    """Every other sign may stand in a statement, Chinese ones among them."""
    assert all(unicodedata.category(sign) not in ("Cc", "Cf") for sign in seen)
    refuse_invisible("f", seen, {"name": [seen, {seen: seen}]})
