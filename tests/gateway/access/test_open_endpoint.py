"""`GET /open`: what anybody reads without a token, in which form, at which cost, and what the graph answers of it."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import orjson
import pytest

from adapters import bureaus
from gateway.access.app import make_app
from gateway.access.open_endpoint import OpenIndexEndpoint
from gateway.access.running_gateway import Gateway, open_gateway
from gateway.settings import Settings
from observability.hooks import Hooks
from tests.support.admissions import REGISTER
from tests.support.approvers import approved_register
from tests.support.folders import copy_of_policies
from tests.support.hearing_observer import Hearing
from tests.support.issuer import Issuer
from tests.support.open_indexes import current_of, index_of
from tests.support.tested_city import TESTED_CITY

WATCHER = "a token of nobody but the one who watches"
NOWHERE = {"dsn": "postgresql:///x?host=/nonexistent"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
OPERATOR = """
[another-library]
kind = "scene_operator"
zh = "另一图书馆"
en = "Another library"
department = "市文化广电和旅游局"
purposes = ["reward.reading"]
"""


@dataclass(frozen=True, slots=True, repr=False)  # asyncio writes the value of an async fixture out
class Opened:
    """A gateway, a client of it that has no token, and its policies."""

    gateway: Gateway
    http: httpx2.AsyncClient
    policies: Path
    issuer: Issuer


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    """A gateway in production none of whose bureaus can be reached."""
    folder = tmp_path_factory.mktemp("open")
    issuer, policies = Issuer(folder / "jwks.json"), copy_of_policies(folder)
    settings: dict[str, Any] = {"jwks": str(issuer.file), "policies": policies, "metrics_token": WATCHER}
    settings |= approved_register(folder)
    given = Settings(sources=dict.fromkeys(bureaus.discover(), NOWHERE), **settings)
    async with open_gateway(given) as gateway:
        transport = httpx2.ASGITransport(make_app(gateway))
        async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:
            yield Opened(gateway, client, policies, issuer)


async def read(opened: Opened, method: str = "GET", **headers: str) -> httpx2.Response:
    """Ask for the open index without a token."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await opened.http.request(method, "/open", headers=sent)


@pytest.mark.rule("R05")
async def test_everybody_reads_the_index(opened: Opened):
    """Without a token the index of the installation's city is answered, though no bureau can be reached."""
    answer = await read(opened, accept="application/json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.content == msgspec.json.encode(index_of(TESTED_CITY))
    wrong = await read(opened, accept="application/json", authorization="Bearer nonsense")
    assert wrong.content == answer.content


@pytest.mark.rule("R05")
async def test_the_graph_answers_what_the_page_shows(opened: Opened):
    """The registered operation answers its client with the same index, member by member."""
    token = opened.issuer.token("credit-site", ["open.catalogue"])
    asked = {"documentId": REGISTER["open-index"].document_id}
    answer = await opened.http.post("/graphql", json=asked, headers={"authorization": f"Bearer {token}"})
    plain = await read(opened, accept="application/json")
    assert answer.json() == {"data": {"openIndex": plain.json()}}


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (BROWSER, "text/html"),
        ("text/html", "text/html"),
        ("text/*", "text/html"),
        ("text/html;q=0.9, application/json;q=0.8", "text/html"),
        ("text/html;q=0.8, application/json;q=0.9", "application/json"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
    ],
)
async def test_the_form_is_the_one_that_is_wanted(opened: Opened, accept: str, form: str):
    """A browser gets the page, a program JSON; where both are wanted alike, it is JSON."""
    answer = await read(opened, accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{form}; charset=utf-8"
    assert answer.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0, application/json;q=0", "x" * 5_000])
async def test_another_form_is_refused(opened: Opened, accept: str):
    """Who wants neither JSON nor HTML is refused."""
    answer = await read(opened, accept=accept)
    assert answer.status_code == 406
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_another_method_is_refused(opened: Opened, method: str):
    """The index is read, and nothing else is done with it."""
    answer = await read(opened, method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("accept", ["application/json", BROWSER])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_what_a_reader_has_is_not_sent_again(opened: Opened, accept: str, coding: str):
    """Each form has a tag of its own; whoever names it gets 304, and everybody may keep the answer for a while."""
    headers = {"accept": accept, "accept_encoding": coding}
    answer = await read(opened, **headers)
    tag = answer.headers["etag"]
    assert answer.headers["cache-control"] == "public, max-age=300"
    for named in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        kept = await read(opened, **headers, if_none_match=named)
        assert (kept.status_code, kept.content, kept.headers["etag"]) == (304, b"", tag)
    assert (await read(opened, **headers, if_none_match='"x"')).content == answer.content
    head = await read(opened, "HEAD", **headers)
    assert (head.status_code, head.headers["etag"]) == (200, tag)
    assert head.headers["content-length"] == answer.headers["content-length"]
    other = await read(
        opened, accept=accept, accept_encoding={"gzip": "identity", "identity": "gzip"}[coding]
    )
    assert other.headers["etag"] != tag
    assert other.content == answer.content


async def test_a_page_may_do_nothing(opened: Opened):
    """The policy of the page allows its own style and nothing else, and no other page may hold it."""
    policy = (await read(opened, accept=BROWSER)).headers["content-security-policy"]
    rules = dict(each.split(" ", 1) for each in policy.split("; "))
    assert rules.pop("style-src").startswith("'sha256-")
    assert rules == dict.fromkeys(("default-src", "base-uri", "frame-ancestors", "form-action"), "'none'")
    for accept in (BROWSER, "application/json"):
        headers = (await read(opened, accept=accept)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]


async def test_answers_and_refusals_are_counted(opened: Opened):
    """The metrics count each answer by its form, and each refusal by its code; a request has an id."""
    before = await counts(opened)
    answers = [
        await read(opened, accept=BROWSER),
        await read(opened, accept="application/json"),
        await read(opened, if_none_match="*"),
        await read(opened, "POST"),
    ]
    after = await counts(opened)
    assert all(len(each.headers["x-request-id"]) == 32 for each in answers)
    named = [
        f'open_index_answers_total{{creditgraph_outcome="{each}"' for each in ("html", "json", "not_modified")
    ]
    for name in (*named, 'refusals_total{error_type="METHOD_NOT_ALLOWED"'):
        (line,) = (each for each in after if each.startswith(f"creditgraph_{name}"))
        assert after[line] == before.get(line, 0) + 1


async def counts(opened: Opened) -> dict[str, float]:
    """Return every count of the metrics by its line."""
    answer = await opened.http.get("/metrics", headers={"authorization": f"Bearer {WATCHER}"})
    lines = (each.rpartition(" ") for each in answer.text.splitlines() if not each.startswith("#"))
    return {name: float(value) for name, _, value in lines}


async def test_a_reload_changes_the_index(opened: Opened):
    """After a reload the index, its page and the graph name the new operator, and before it none of them does."""
    token = opened.issuer.token("credit-site", ["open.catalogue"])
    asked = {"documentId": REGISTER["open-index"].document_id}
    headers = {"authorization": f"Bearer {token}"}

    async def said() -> list[bool]:
        answers = [
            await read(opened, accept="application/json"),
            await read(opened, accept=BROWSER),
            await opened.http.post("/graphql", json=asked, headers=headers),
        ]
        return ["另一图书馆" in each.text for each in answers]

    assert await said() == [False, False, False]
    tag = (await read(opened)).headers["etag"]
    with (opened.policies / TESTED_CITY / "clients.toml").open("a", encoding="utf-8") as file:
        file.write(OPERATOR)
    assert await opened.gateway.reloader.reload()
    assert await said() == [True, True, True]
    assert (await read(opened, if_none_match=tag)).status_code == 200


async def test_a_form_is_made_once():
    """An endpoint makes its forms at the first question and gives the same bytes until the rules change."""
    endpoint = OpenIndexEndpoint(current_of(index_of("nanyang")), Hooks())
    first = await answered(endpoint)
    assert (await answered(endpoint))[1] is first[1]
    endpoint.current.snapshot = current_of(index_of("zhengzhou")).snapshot
    assert orjson.loads((await answered(endpoint))[1])["en"] == "Zhengzhou"


async def test_rules_without_an_index_answer_none():
    """Where there is no index, a stable code is answered, and nothing else."""
    hearing = Hearing()
    status, body = await answered(OpenIndexEndpoint(current_of(None), Hooks([hearing])))
    assert (status, orjson.loads(body)["errors"][0]["extensions"]["code"]) == (
        503,
        "AUTHORIZATION_UNAVAILABLE",
    )
    assert [type(each).__name__ for each in hearing.facts] == ["RequestRefused"]


async def test_a_reader_who_leaves_is_no_fault():
    """A connection that is gone when the answer is sent is counted, and nothing is raised."""
    hearing = Hearing()

    async def send(_: Any) -> None:
        raise OSError

    await OpenIndexEndpoint(current_of(index_of("nanyang")), Hooks([hearing]))(scope(), receive, send)
    assert [type(each).__name__ for each in hearing.facts][-1] == "ConnectionEnded"


async def test_the_packed_form_is_the_same():
    """What is sent packed is what is sent as it is."""
    endpoint = OpenIndexEndpoint(current_of(index_of("nanyang")), Hooks())
    packed = (await answered(endpoint, (b"accept-encoding", b"br, gzip")))[1]
    assert gzip.decompress(packed) == (await answered(endpoint, (b"accept-encoding", b"gzip;q=0")))[1]


def scope(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """Return a request for the index."""
    return {"type": "http", "method": "GET", "path": "/open", "headers": list(headers)}


async def receive() -> Any:
    """Give nothing: the endpoint reads no body."""
    raise AssertionError


async def answered(endpoint: OpenIndexEndpoint, *headers: tuple[bytes, bytes]) -> tuple[int, bytes]:
    """Return status and body of an answer of the endpoint itself."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await endpoint(scope(*headers), receive, send)
    return sent[0]["status"], sent[1]["body"]
