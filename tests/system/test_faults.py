"""What a decision depends on is damaged under a gateway that runs: it refuses the damage and answers as before."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from sandbox.city import RunningCity
from tests.support.approvers import approved_register
from tests.support.command_line import Caller, Process, command, refusal, sources_of
from tests.support.damages import DAMAGES, Files
from tests.support.effort import FULL
from tests.support.folders import copy_of_policies
from tests.support.issuer import Issuer
from tests.system.conftest import served


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway in production over files of its own, and a sound copy of them."""

    process: Process
    library: Caller
    files: Files
    sound: Path

    def reload(self) -> str:
        """Tell the gateway to read its files again and return what it says of it."""
        before = self.process.logged
        told = before.count("policy refused") + before.count("policy in force")
        self.process.tell(signal.SIGHUP)
        self.process.wait_for(lambda: self.told > told)
        return self.process.logged[len(before) :]

    @property
    def told(self) -> int:
        return self.process.logged.count("policy refused") + self.process.logged.count("policy in force")

    def mend(self) -> None:
        """Put the sound files back."""
        for folder in (self.files.policies, self.files.operations):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.sound / folder.name, folder)
        shutil.rmtree(self.files.operations.with_name("elsewhere"), ignore_errors=True)
        shutil.copy(self.sound / self.files.approvers.name, self.files.approvers)


@pytest.fixture(scope="module")
def running(
    city: RunningCity,
    transport: dict[str, str],
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """A gateway whose files nobody else uses."""
    folder = tmp_path_factory.mktemp("faults")
    used = folder / "used"
    copy_of_policies(used)
    settings = {**approved_register(used), "policies": str(used / "policies"), "jwks": str(issuer.file)}
    shutil.copytree(used, folder / "sound")
    files = Files(used / "policies", used / "operations", used / "approvers.json")
    with (
        served(folder / "run", sources_of(city, transport), **settings) as process,
        httpx2.Client(base_url=process.ready(), timeout=30, trust_env=False) as http,
    ):
        caller = Caller(http, issuer.token("library", ("reward.reading",)))
        yield Running(process, caller, files, folder / "sound")


WITHOUT_REVOCATIONS = ("the register is gone", "the revocations are missing", "the revocations are no text")


TRIED = DAMAGES if FULL else {*WITHOUT_REVOCATIONS, *[*DAMAGES][::3]}
"""Below full strength a third of them: tests/gateway/authorization/test_damaged_files.py tries each, without a process."""


@pytest.mark.parametrize("kind", [kind for kind in DAMAGES if kind in TRIED])
def test_a_running_gateway_refuses_damaged_files(
    running: Running, register: dict[str, str], persons: list[str], kind: str
):
    """Whichever file is damaged, a reload is refused and every answer stays as it was, or none is given at all."""
    request = {"of": {"person": persons[0]}}
    before = running.library.call(register["library"], **request)
    assert before.status_code == 200
    DAMAGES[kind][0](running.files)
    try:
        said = running.reload()
        assert "policy refused" in said
        assert DAMAGES[kind][1] in said
        after = running.library.call(register["library"], **request)
        if kind in WITHOUT_REVOCATIONS:
            assert refusal(after) == (503, "AUTHORIZATION_UNAVAILABLE")
        else:
            assert (after.status_code, after.content) == (before.status_code, before.content)
        assert not any(number in running.process.logged for number in persons)
    finally:
        running.mend()
    assert "policy in force" in running.reload()
    assert running.library.call(register["library"], **request).content == before.content


@pytest.mark.parametrize("how", ["missing", "empty", "no text", "half written"])
def test_no_start_without_the_keys_of_tokens(issuer: Issuer, tmp_path: Path, how: str):
    """A file of keys that is missing or damaged stops the start, and says which setting to check."""
    file = tmp_path / "jwks.json"
    content = issuer.file.read_bytes()
    damaged = {"empty": b"", "no text": b"\xff\x00", "half written": content[: len(content) // 2]}
    if how != "missing":
        file.write_bytes(damaged[how])
    register = {f"CREDITGRAPH_{name.upper()}": value for name, value in approved_register(tmp_path).items()}
    done = command("serve", "--port", "0", CREDITGRAPH_JWKS=str(file), **register)
    assert (done.returncode, done.stdout) == (1, "")
    assert "The token keys cannot be used" in done.stderr
    assert "CREDITGRAPH_JWKS" in done.stderr
