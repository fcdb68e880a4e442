"""Who may read the metrics: they count what one caller may not know of another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sandbox.city import RunningCity
from tests.support.approvers import approved_register
from tests.support.command_line import Process
from tests.support.issuer import Issuer
from tests.system.conftest import served, sources_of

TOKEN = "a token of nobody but the one who watches"


def test_callers_read_no_metrics(production: Process, client_of: Any):
    """Outside of the explorer there are no metrics where no token opens them."""
    assert client_of(production).get("/metrics").status_code == 404


def test_metrics_open_to_their_token_alone(
    tmp_path: Path,
    city: RunningCity,
    transport: dict[str, str],
    issuer: Issuer,
    client_of: Any,
):
    """With a token set, whoever shows it reads them, and no token of a caller does."""
    settings = {"jwks": str(issuer.file), "metrics_token": TOKEN, **approved_register(tmp_path / "register")}
    with served(tmp_path, sources_of(city, transport), **settings) as process:
        http = client_of(process)
        for wrong in (
            {},
            {"authorization": f"Bearer {issuer.token('auditor', ())}"},
            {"authorization": TOKEN},
        ):
            assert http.get("/metrics", headers=wrong).status_code == 401
        right = {"authorization": f"Bearer {TOKEN}"}
        assert "target_info" in http.get("/metrics", headers=right).text
        assert http.post("/metrics", headers=right).status_code == 405
