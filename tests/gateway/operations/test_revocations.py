"""What is revoked is known from the next question on; where it cannot be known, nobody is told that it was not."""

from __future__ import annotations

import stat
import sys
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import StartRefused
from gateway.operations.operation_gate import RevokedFile
from gateway.operations.register import write_atomically
from gateway.operations.revocations import (
    locked,
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


@pytest.mark.rule("R37")
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


OPENED: list[str] = []
"""Files of revocations that were opened, as Python's audit events tell; a hook cannot be taken away again."""


def hear(event: str, told: tuple[object, ...]) -> None:
    """Note what is opened."""
    if event == "open" and str(told[0]).endswith("revoked.toml"):
        OPENED.append(str(told[0]))


sys.addaudithook(hear)


@pytest.mark.parametrize(("age", "times"), [(0.5, 3), (1.5, 1)])
def test_a_file_is_read_again_until_it_has_rested(folder: Path, age: float, times: int):
    """A file that changed within the last second may change once more within one tick, and is read each time."""
    file = folder / "revoked.toml"
    changed = file.stat().st_ctime_ns
    revocations = RevokedFile(folder, lambda: changed + int(age * 1e9))
    OPENED.clear()
    for _ in range(3):
        revocations.names()
    assert OPENED.count(str(file)) == times


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
    """Whoever writes while another does waits for it, and keeps what the other has written."""
    with locked(folder):
        other = Thread(target=revoke, args=(folder, "library", "r", TODAY))
        other.start()
        other.join(0.3)  # time enough to do it wrong
        (folder / "revoked.toml").write_text(entry("bank"), "utf-8")
    other.join()
    assert set(read_revocations(folder)) == {"bank", "library"}


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
