"""What is revoked is known from the next question on; where it cannot be known, nobody is told that it was not."""

from __future__ import annotations

import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import StartRefused
from gateway.operations.files import write_atomically
from gateway.operations.revocations import (
    RevokedFile,
    read_revocations,
    require_revocations,
    revoke,
)

TODAY = date(2026, 6, 1)
BROKEN = {
    "no TOML": "[library",
    "no table": "library = true",
    "no reason": "[library]\non = 2026-06-01",
    "no day": '[library]\nreason = "r"',
    "a day as a text": '[library]\non = "2026-06-01"\nreason = "r"',
    "more": '[library]\non = 2026-06-01\nreason = "r"\nuntil = 2026-07-01',
    "a name that is none": '[Library]\non = 2026-06-01\nreason = "r"',
    "not UTF-8": b'[library]\non = 2026-06-01\nreason = "\xff"',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register from which nothing was revoked."""
    (tmp_path / "revoked.toml").write_text("", "utf-8")
    return tmp_path


def entry(name: str) -> str:
    """What stands in the file for one operation."""
    return f'[{name}]\non = 2026-06-01\nreason = "r"\n'


def test_a_revocation_is_seen_at_once(folder: Path):
    """Each question is answered by the file as it stands, whoever changed it and however."""
    revocations, file = RevokedFile(folder), folder / "revoked.toml"
    assert revocations.names() == frozenset()
    revoke(folder, "library", "r", TODAY)
    assert revocations.names() == {"library"}
    file.write_text(entry("bank"), "utf-8")
    assert revocations.names() == {"bank"}
    file.write_text("", "utf-8")
    assert revocations.names() == frozenset()


def test_changes_within_one_tick_are_seen(folder: Path):
    """Two writes of the same length within one tick of the file system's clock are not taken for one."""
    revocations, file = RevokedFile(folder), folder / "revoked.toml"
    for _ in range(200):
        for name in ("court", "tower"):
            file.write_text(entry(name), "utf-8")
            assert revocations.names() == {name}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_nothing(folder: Path, name: str):
    """A file that cannot be read raises at every question until it is mended, and stops a start."""
    revocations, file = RevokedFile(folder), folder / "revoked.toml"
    assert revocations.names() == frozenset()
    content = BROKEN[name]
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    for _ in range(2):
        with pytest.raises(ValueError):  # noqa: PT011 what matters is that there is no answer
            revocations.names()
    with pytest.raises(StartRefused, match=r"revoked\.toml"):
        require_revocations(folder)
    file.write_text(entry("library"), "utf-8")
    assert revocations.names() == {"library"}


def test_a_missing_file_says_nothing(folder: Path):
    """Without the file nobody knows what was revoked: a question raises, and a start is refused."""
    revocations = RevokedFile(folder)
    assert revocations.names() == frozenset()
    (folder / "revoked.toml").unlink()
    with pytest.raises(FileNotFoundError):
        revocations.names()
    with pytest.raises(StartRefused, match="where nothing was ever revoked it is an empty file"):
        require_revocations(folder)


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40).filter(
        lambda t: t.isascii() is False
    )
)
def test_a_reason_is_kept_as_it_was_given(tmp_path_factory: pytest.TempPathFactory, reason: str):
    """Whatever signs a reason holds, the file reads back as it was meant."""
    folder = tmp_path_factory.mktemp("revoked")
    (folder / "revoked.toml").write_text("", "utf-8")
    revoke(folder, "library", f'"{reason}\\', TODAY)
    assert read_revocations(folder)["library"].reason == f'"{reason}\\'


@pytest.mark.parametrize(
    "reason", ["", "a\nb", "x" * 201, "about 411502199003071233", "91411502MA9K4X1234 asked"]
)
def test_a_reason_is_one_line_about_nobody(folder: Path, reason: str):
    """A reason is short, is one line, and holds no identifier; it is not repeated where it is refused."""
    with pytest.raises(StartRefused) as caught:
        revoke(folder, "library", reason, TODAY)
    assert not reason or reason not in str(caught.value)
    assert read_revocations(folder) == {}


def test_a_revocation_stays_as_it_was(folder: Path):
    """Revoking twice keeps the first day and reason, and entries of others stay."""
    revoke(folder, "bank", "first", TODAY)
    revoke(folder, "library", "r", TODAY)
    assert revoke(folder, "bank", "second", date(2027, 1, 1)).reason == "first"
    assert set(read_revocations(folder)) == {"bank", "library"}


def test_two_who_revoke_at_once_do_not_undo_each_other(folder: Path):
    """Of many revocations by several processes none is lost."""
    names = [f"operation-{'abcdefgh'[number]}" for number in range(8)]
    with ProcessPoolExecutor(4, get_context("spawn")) as pool:
        list(pool.map(revoke, [folder] * 8, names, ["r"] * 8, [TODAY] * 8))
    assert set(read_revocations(folder)) == set(names)


def test_a_write_leaves_nothing_behind(folder: Path):
    """A file is replaced whole: its mode stays, a new one can be read by all, and no temporary file remains."""
    file = folder / "revoked.toml"
    file.chmod(0o640)
    write_atomically(file, "new")
    write_atomically(folder / "other", "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert stat.S_IMODE((folder / "other").stat().st_mode) == 0o644
    with pytest.raises(UnicodeEncodeError):
        write_atomically(file, "\ud800")
    with pytest.raises(IsADirectoryError):
        write_atomically(folder / ".", "x")
    assert file.read_text() == "new"
    assert sorted(each.name for each in folder.iterdir()) == ["other", "revoked.toml"]
