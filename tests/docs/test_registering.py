"""The way from a draft to a registered operation, walked as the operations' page shows it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from gateway.operations.approvers import ROLES
from tests.support.command_line import clean_environment
from tests.support.docs_page import Page

APPROVERS = dict(zip(("bureau.pem", "officer.pem"), ROLES, strict=True))


@pytest.fixture
def desk(tmp_path: Path, pages: dict[str, Page]) -> Path:
    """A folder with the page's draft and the keys of both approvers, as openssl would have made them."""
    ((_, draft),) = pages["docs/operations.md"].blocks("toml")
    (tmp_path / "loan.toml").write_text(draft, "utf-8")
    for name in APPROVERS:
        (tmp_path / name).write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))
    return tmp_path


@pytest.fixture
def run(desk: Path, shell_path: str) -> Callable[[str], str]:
    """Runs a block in a shell in that folder; policies are this repository's."""

    def run(script: str) -> str:
        done = subprocess.run(  # noqa: S603 the page's own text
            ("bash", "-euo", "pipefail", "-c", script),  # noqa: S607 bash is where the caller has it
            cwd=desk,
            env={**clean_environment(), "PATH": shell_path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def states(listed: str) -> dict[str, str]:
    """The state of each operation, by its name."""
    return {each["name"]: each["state"] for each in json.loads(listed)}


def setting(registering: str) -> str:
    """The line that names the register and the approvers."""
    return next(line for line in registering.splitlines() if line.startswith("export"))


def test_an_operation_is_registered_as_the_page_says(
    desk: Path, run: Callable[[str], str], pages: dict[str, Page]
):
    """The commands in their order, with the keys' public halves put where they say, register a live operation."""
    page = pages["docs/operations.md"]
    keys, registering = (text for _, text in Page(page.file, page.section("Registering")).blocks("sh"))
    asked = [line for line in keys.splitlines() if line.startswith("creditgraph operations approver")]
    published = {
        role: {"keys": [json.loads(run(f"creditgraph operations approver {name}"))]}
        for name, role in APPROVERS.items()
    }
    assert asked == [f"creditgraph operations approver {name}" for name in APPROVERS]
    (desk / "approvers.json").write_text(json.dumps(published), "utf-8")
    run(registering)
    listing = f"{setting(registering)}\ncreditgraph operations list --json"
    assert states(run(listing)) == {"loan": "live"}
    ((_, revoking),) = Page(page.file, page.section("Revoking")).blocks("sh")
    run(f"{setting(registering)}\n{revoking}")
    assert states(run(listing)) == {"loan": "revoked"}
