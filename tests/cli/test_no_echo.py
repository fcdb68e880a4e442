"""What the command line refuses it refuses without repeating anybody's number."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli import main
from tests.support.folders import hardly_held

NUMBER = "411502197004204641"
CODE = "91411502MA9K4X017Q"

REFUSED = (
    "token {}",
    "token bank --purpose {}",
    "token citizen --person {}0",
    "operations id {}",
    "operations check {}.toml",
    "operations check {}",
    "operations approver {}.pem",
    "operations approve {}.toml --role privacy_officer --key x.pem",
    "operations approve x.toml --role {} --key x.pem",
    "operations register {}.toml --approval {}",
    "operations revoke {} --reason x",
    "operations revoke library --reason {}",
    "policy explain --client {} --purpose financing.credit x.graphql",
    "policy explain --client bank --purpose {} x.graphql",
    "policy explain --client bank --purpose financing.credit {}.graphql",
    "policy prove --policies {}",
    "policy replay --policies {}",
    "policy replay --policies policies --recorded {}",
    "city sample -n {}x",
    "city sample --data {}",
    "demo --port {}x",
    "token citizen --data /etc/hostname/{}",
    "{}",
)


def said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str]:
    """The exit status of a command, and what it prints."""
    monkeypatch.setattr(sys, "argv", ["creditgraph", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    heard = capsys.readouterr()
    return int(ended.value.code or 0), heard.out + heard.err


@pytest.mark.parametrize("number", [NUMBER, CODE], ids=["person", "enterprise"])
@pytest.mark.parametrize("words", REFUSED)
def test_an_argument_that_is_refused_is_not_repeated(
    words: str, number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Whatever place an identity number stands in, the error names what is wrong and not the number."""
    status, text = said(monkeypatch, capsys, *words.format(number, number).split())
    assert status in {1, 2}
    assert "rror" in text
    assert number not in text


@pytest.mark.parametrize("number", [NUMBER, CODE], ids=["person", "enterprise"])
def test_a_table_that_cannot_be_written_is_not_repeated(
    number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Nor is the name of the file repeated that the table of decisions cannot be written to."""
    for name, value in hardly_held(tmp_path).items():
        monkeypatch.setenv(name, value)
    status, text = said(monkeypatch, capsys, "policy", "matrix", "--csv", f"/nowhere/{number}.csv")
    assert status == 1
    assert "error: No such file or directory" in text
    assert number not in text


def test_a_misuse_says_how_a_command_is_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """An unknown option exits with 2 and shows the usage of the command."""
    status, text = said(monkeypatch, capsys, "operations", "check", "--nothing")
    assert status == 2
    assert "Usage: creditgraph operations check" in text
    assert "--nothing" in text


def test_a_missing_file_is_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A file that is not there is said not to be there, whatever it is called."""
    status, text = said(monkeypatch, capsys, "operations", "check", str(tmp_path / "loan.toml"))
    assert status == 1
    assert "There is no file" in text


def test_a_command_that_succeeds_exits_with_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The exit status of what worked is 0."""
    status, text = said(monkeypatch, capsys, "operations", "id", "library")
    assert status == 0
    assert text.startswith("sha256:")
