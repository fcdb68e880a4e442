from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from gateway.access.explorer.explorer_page import (
    CONTENT_SECURITY_POLICY,
    SECURITY_HEADERS,
    Sample,
    Session,
    SessionClient,
    SessionPurpose,
    encode,
    routes,
)

SESSION = Session(
    "信阳",
    (
        SessionClient(
            "library", "图书馆", "Library", "a.b.c", (SessionPurpose("library.borrow", "借阅", "Borrowing"),)
        ),
    ),
    (Sample("person", "synthetic"),),
)


def client_of(bundle: Path) -> httpx2.AsyncClient:
    """A client of the explorer that is built in `bundle`."""
    app = Starlette(routes=routes(bundle, lambda: encode(SESSION)))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A bundle in small, and a file beside its assets."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>page", encoding="utf-8")
    (tmp_path / "assets" / "index-abc123.js").write_text("export {}", encoding="utf-8")
    (tmp_path / "assets" / "index-abc123.js.br").write_bytes(b"as Brotli")
    (tmp_path / "assets" / "index-abc123.js.gz").write_bytes(gzip.compress(b"export {}"))
    (tmp_path / "assets" / "icon-abc123.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("beside the assets", encoding="utf-8")
    return tmp_path


@pytest.fixture
async def http(built: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the small bundle."""
    async with client_of(built) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status", "cache"),
    [
        ("/", 307, "no-cache"),
        ("/explorer", 200, "no-cache"),
        ("/explorer/", 200, "no-cache"),
        ("/explorer/session.json", 200, "no-store"),
        ("/explorer/assets/index-abc123.js", 200, "public, max-age=31536000, immutable"),
        ("/explorer/assets/index-older.js", 404, "no-store"),
    ],
)
async def test_every_answer_carries_the_policy(http: httpx2.AsyncClient, path: str, status: int, cache: str):
    """Each path answers with every security header, and is kept for as long as its content cannot change."""
    answer = await http.get(path)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == cache
    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_the_policy_admits_no_foreign_source():
    """The policy begins with nothing, names no host, no scheme beside data:, and runs no text as code."""
    parts = (line.partition(" ") for line in CONTENT_SECURITY_POLICY.split("; "))
    directives = {name: sources for name, _, sources in parts}
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"] == "'self'"
    assert directives["worker-src"] == "'self'"
    assert all(directives[name] == "'none'" for name in ("base-uri", "frame-ancestors", "form-action"))
    sources = {source for line in directives.values() for source in line.split()}
    assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert [name for name, line in directives.items() if "unsafe" in line] == ["style-src"]


async def test_the_root_leads_to_the_explorer(http: httpx2.AsyncClient):
    """A person who opens the bare address is led to the explorer."""
    assert (await http.get("/")).headers["location"] == "/explorer"


async def test_scripts_have_a_type_that_browsers_run(http: httpx2.AsyncClient):
    """Under nosniff a script must be sent as JavaScript."""
    answer = await http.get("/explorer/assets/index-abc123.js")
    assert answer.headers["content-type"].split(";")[0] in {"text/javascript", "application/javascript"}


@pytest.mark.parametrize("path", ["..%2fsecret.txt", "%2e%2e/secret.txt", "..%2f..%2fetc%2fpasswd", "%00"])
async def test_only_assets_are_served(http: httpx2.AsyncClient, path: str):
    """A path that climbs out of the assets finds nothing."""
    assert (await http.get(f"/explorer/assets/{path}")).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("BR;q=0.5, gzip", "br"),
        ("gzip", "gzip"),
        ("br; q=0, gzip;q=1.0", "gzip"),
        ("br;q=0.000,gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("brotli, x-gzip", None),
    ],
)
async def test_an_asset_is_sent_as_the_browser_takes_it(
    http: httpx2.AsyncClient, built: Path, accepted: str, coding: str | None
):
    """The smallest form that the browser accepts is sent, with the type of the script, and caches are told why."""
    sent = {"accept-encoding": accepted}
    async with http.stream("GET", "/explorer/assets/index-abc123.js", headers=sent) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    ending = {"br": ".br", "gzip": ".gz"}.get(coding or "", "")
    assert body == (built / "assets" / f"index-abc123.js{ending}").read_bytes()


async def test_what_is_not_packed_is_sent_as_it_is(http: httpx2.AsyncClient):
    """An asset without a packed form is sent plain, and other methods are refused as before."""
    answer = await http.get("/explorer/assets/icon-abc123.svg", headers={"accept-encoding": "br, gzip"})
    assert (answer.status_code, answer.text) == (200, "<svg/>")
    assert "content-encoding" not in answer.headers
    assert (await http.post("/explorer/assets/icon-abc123.svg")).status_code == 405


async def test_the_session_is_what_the_page_reads(http: httpx2.AsyncClient):
    """The session names city, clients with tokens and purposes, and samples, and says that it is synthetic."""
    answer = await http.get("/explorer/session.json")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.content) == {
        "synthetic": True,
        "city": "信阳",
        "clients": [
            {
                "name": "library",
                "title_zh": "图书馆",
                "title_en": "Library",
                "token": "a.b.c",
                "purposes": [{"name": "library.borrow", "zh": "借阅", "en": "Borrowing"}],
                "operations": [],
            }
        ],
        "samples": [{"kind": "person", "identifier": "synthetic"}],
    }


def test_a_session_that_is_printed_shows_no_token():
    """Neither a token nor an identifier is in the text of a session, which may end in a log."""
    assert "a.b.c" not in repr(SESSION)
    assert "identifier" not in repr(SESSION)


async def test_a_missing_bundle_says_how_to_build_it(tmp_path: Path):
    """Without a bundle the page is unavailable and says what to run; once it is built it is served."""
    async with client_of(tmp_path / "dist") as http:
        answer = await http.get("/explorer")
        assert answer.status_code == 503
        assert "make explorer" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert (await http.get("/explorer/assets/index-abc123.js")).status_code == 404
        (tmp_path / "dist").mkdir()
        (tmp_path / "dist" / "index.html").write_text("page", encoding="utf-8")
        assert (await http.get("/explorer")).text == "page"
