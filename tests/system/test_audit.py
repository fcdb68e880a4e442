"""GraphQL over HTTP by the specification, judged from outside by the package graphql-http."""

from __future__ import annotations

import json
import os
import subprocess

from tests.support.command_line import ROOT, Caller
from tests.support.node_program import node

TOOLS = ROOT / "tools"


def test_every_audit_passes(developer: Caller):
    """All MUST, SHOULD and MAY of graphql-http's audit pass against the explorer's endpoint."""
    program = node()
    assert (TOOLS / "node_modules" / "graphql-http").is_dir(), "run `make tools` first"
    done = subprocess.run(  # noqa: S603 our own program and arguments
        [program, str(TOOLS / "audit.mjs"), str(developer.http.base_url.join("/graphql"))],
        env={**os.environ, "AUDIT_TOKEN": developer.token or "", "NO_PROXY": "*"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert {result["name"].split()[0] for result in results} == {"MUST", "SHOULD", "MAY"}
    assert len(results) >= 60
    assert [result for result in results if result["status"] != "ok"] == []
