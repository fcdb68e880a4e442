"""Readiness and the metrics tell the last result of `creditgraph bureaus check`, and decide nothing by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from adapters import bureaus
from adapters.quality.check_result import BureauCheck, CheckedDataset, write_check
from gateway.access.app import make_app
from gateway.access.running_gateway import open_gateway
from gateway.settings import Settings
from tests.support.approvers import approved_register
from tests.support.issuer import Issuer

NOWHERE = {"dsn": "postgresql:///x?host=/nonexistent"}
TOKEN = "a token of operators, of at least 32 signs"
FAULTY = CheckedDataset("tax", "tax_arrears", "", "all", 9, 2, {"key_form": 2, "code": 0})
UNREAD = CheckedDataset("courts", "judgment_defaulter", "", "none", 0, 0, {}, "BUREAU_UNAVAILABLE")
COUNT = 'creditgraph_bureau_check_faulty_rows{creditgraph_bureau="tax",creditgraph_dataset="tax_arrears",'


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the command keeps its result."""
    return tmp_path_factory.mktemp("check") / "check.json"


@pytest.fixture(scope="module")
async def http(tmp_path_factory: pytest.TempPathFactory, file: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a gateway none of whose bureaus can be reached."""
    folder = tmp_path_factory.mktemp("app")
    settings: dict[str, Any] = {"jwks": str(Issuer(folder / "jwks.json").file), **approved_register(folder)}
    sources = dict.fromkeys(bureaus.discover(), NOWHERE)
    async with open_gateway(
        Settings(sources=sources, bureau_check=file, metrics_token=TOKEN, **settings)
    ) as gateway:
        transport = httpx2.ASGITransport(make_app(gateway))
        async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:
            yield client


async def told(http: httpx2.AsyncClient) -> tuple[Any, str]:
    """What readiness and the metrics say at present."""
    operator = {"authorization": f"Bearer {TOKEN}"}
    ready = await http.get("/readyz", headers=operator)
    metrics = await http.get("/metrics", headers=operator)
    return ready.json().get("bureauCheck"), metrics.text


async def test_the_last_result_is_told_and_the_next_one_replaces_it(http: httpx2.AsyncClient, file: Path):
    """Before a check nothing is told; then its faults by data set, until the next check."""
    assert (await told(http))[0] is None
    write_check(file, BureauCheck(1_780_000_000.0, (FAULTY, UNREAD)))
    summary, metrics = await told(http)
    assert summary == {
        "at": "2026-05-29T04:26:40+08:00",
        "faultyRows": {"tax.tax_arrears": {"key_form": 2}},
        "unread": ["courts.judgment_defaulter"],
    }
    assert f'{COUNT}creditgraph_fault="key_form"}} 2.0' in metrics
    write_check(file, BureauCheck(1_780_000_100.0, ()))
    summary, metrics = await told(http)
    assert summary == {"at": "2026-05-29T04:28:20+08:00", "faultyRows": {}, "unread": []}
    assert "creditgraph_bureau_check_faulty_rows" not in metrics


@pytest.mark.parametrize("text", [b"", b"{", b'{"at": 1}', b"[" * 100_000, b"\xff"])
async def test_a_damaged_result_is_none(http: httpx2.AsyncClient, file: Path, text: bytes):
    """A file that holds no result is told as no result, and costs readiness and the metrics nothing."""
    await asyncio.to_thread(file.write_bytes, text)
    summary, _ = await told(http)
    assert summary is None


@pytest.mark.parametrize("lose", [Path.unlink, lambda file: file.write_bytes(b"{")], ids=["gone", "damaged"])
async def test_a_result_that_is_lost_leaves_the_metrics(
    http: httpx2.AsyncClient, file: Path, lose: Callable[[Path], object]
):
    """When the file of the result is gone or damaged, neither readiness nor the metrics have its values any more."""
    write_check(file, BureauCheck(1_780_000_200.0, (FAULTY,)))
    assert COUNT in (await told(http))[1]
    lose(file)
    summary, metrics = await told(http)
    assert summary is None
    assert "creditgraph_bureau_check" not in metrics
