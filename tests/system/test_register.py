"""The register of a gateway that runs: who may start it, and what a revocation does to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sandbox.city import RunningCity
from tests.support.approvers import approved_register
from tests.support.command_line import Caller, command, refusal, run, sources_of
from tests.support.fixed_headers import fixed_headers
from tests.support.issuer import Issuer
from tests.support.tested_city import TESTED_CITY
from tests.system.conftest import served

UNKNOWN = "sha256:" + "0" * 64


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway in production over a register of its own."""

    library: Caller
    folder: Path
    settings: dict[str, str]

    @property
    def revoked(self) -> Path:
        return self.folder / "revoked.toml"


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Settings as the environment holds them."""
    return {f"CREDITGRAPH_{name.upper()}": value for name, value in settings.items()}


@pytest.fixture
def running(
    city: RunningCity, transport: dict[str, str], issuer: Issuer, tmp_path: Path
) -> Iterator[Running]:
    """A gateway whose register nobody else uses."""
    settings = approved_register(tmp_path / "register")
    sources = sources_of(city, transport)
    with (
        served(tmp_path, sources, jwks=str(issuer.file), **settings) as process,
        httpx2.Client(base_url=process.ready(), timeout=30, trust_env=False) as http,
    ):
        caller = Caller(http, issuer.token("library", ("reward.reading",)))
        yield Running(caller, Path(settings["operations"]), settings)


def test_a_revocation_needs_no_restart(running: Running, register: dict[str, str], persons: list[str]):
    """From the next request after `operations revoke` an operation is unknown, byte for byte."""
    assert running.library.call(register["library"], of={"person": persons[0]}).status_code == 200
    run("operations", "revoke", "library", "--reason", "试点结束", **environment(running.settings))
    answers = [
        running.library.call(each, of={"person": persons[0]}) for each in (register["library"], UNKNOWN)
    ]
    assert refusal(answers[0]) == (404, "OPERATION_UNKNOWN")
    assert answers[0].content == answers[1].content
    assert fixed_headers(answers[0]) == fixed_headers(answers[1])
    headers = {"authorization": f"Bearer {running.library.token}"}
    listed = running.library.http.get("/operations", headers=headers).json()
    assert "library" not in {each["name"] for each in listed}


def test_a_lost_file_of_revocations_denies_everything(
    running: Running, register: dict[str, str], persons: list[str]
):
    """While the file is missing or broken nothing registered is answered; once it is back, all of it is."""
    kept = running.revoked.read_bytes()
    for damage in (running.revoked.unlink, lambda: running.revoked.write_bytes(kept + b"[library")):
        damage()
        for document_id in (register["library"], register["bank"], UNKNOWN):
            answer = running.library.call(document_id, of={"person": persons[0]})
            assert refusal(answer) == (503, "AUTHORIZATION_UNAVAILABLE")
    running.revoked.write_bytes(kept)
    assert running.library.call(register["library"], of={"person": persons[0]}).status_code == 200


def refused_start(settings: dict[str, Any]) -> str:
    """What a gateway says that does not start."""
    done = command("serve", "--port", "0", **environment(settings))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    return done.stderr


def test_production_does_not_take_the_sandboxs_approvals(issuer: Issuer):
    """Outside the explorer the register as it stands in the repository is refused: anybody could have approved it."""
    said = refused_start({"jwks": str(issuer.file)})
    assert said.startswith("error: The approvers' keys hold a public sandbox key")


def test_a_start_needs_both_approvals_of_every_operation(issuer: Issuer, tmp_path: Path):
    """A file that was changed by hand, one without approval, and one with a single one are all named."""
    settings = approved_register(tmp_path) | {"jwks": str(issuer.file)}
    folder = Path(settings["operations"])
    library, bank = folder / TESTED_CITY / "library.toml", folder / "approvals" / "bank.json"
    library.write_text(library.read_text("utf-8").replace("subjects = 1", "subjects = 2"), "utf-8")
    bank.write_text(json.dumps({"data_bureau": json.loads(bank.read_text())["data_bureau"]}))
    (folder / "approvals" / "court.json").unlink()
    said = refused_start(settings)
    for expected in (
        "library: approval of data_bureau: the file states something else than what was approved",
        "library: approval of privacy_officer: the file states something else than what was approved",
        "bank: approval of privacy_officer: there is none",
        "court: approval of data_bureau: there is none",
        "court: approval of privacy_officer: there is none",
    ):
        assert expected in said
    assert said.count("approval of") == 5


def test_a_start_needs_the_file_of_revocations(issuer: Issuer, tmp_path: Path):
    """A register that has lost its revocations does not start: an empty file says that there are none."""
    settings = approved_register(tmp_path) | {"jwks": str(issuer.file)}
    Path(settings["operations"], "revoked.toml").unlink()
    assert refused_start(settings).startswith("error: revoked.toml beside the operations cannot be read")
