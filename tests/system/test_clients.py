"""The recipes of docs/clients.md, run with the real packages against a gateway in production."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.city import RunningCity
from tests.support.admissions import REGISTER
from tests.support.approvers import approved_register
from tests.support.command_line import ROOT, Caller, run, sources_of
from tests.support.docs_page import Page
from tests.support.issuer import Issuer
from tests.support.node_program import wheel_node
from tests.system.conftest import served

PAGE = Page(ROOT / "docs" / "clients.md", (ROOT / "docs" / "clients.md").read_text("utf-8"))
MODULES = ROOT / "tools" / "node_modules"
EXPLICIT = re.compile(r"^(?://|#) (\S+\.\w+)\n")
MANIFESTS = ("generated/persisted-documents.json", "persisted-query-manifest.json", "persisted_queries.json")
BUILDS = {
    "codegen": ("@graphql-codegen/cli/esm/bin.js", "--config", "codegen.config.mjs"),
    "apollo": (
        "@apollo/generate-persisted-query-manifest/cli.js",
        "--config",
        "persisted-query-manifest.config.cjs",
    ),
    "relay": ("relay-compiler/cli.js",),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """A developer's folder with the recipes, and what they know of the gateway."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str) -> str:
        """Run a program in the folder; return what it printed."""
        done = subprocess.run(  # noqa: S603 the page's own programs
            command,
            cwd=self.folder,
            env={**os.environ, "NO_PROXY": "127.0.0.1", **self.environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def asked(self, *command: str) -> Any:
        """Run a program that prints an answer; return its data."""
        answer = json.loads(self.run(*command))
        return answer.get("data", answer)["standing"]


def write_recipes(folder: Path) -> None:
    """Write each block of the page that names its file, and the two that the text names."""
    for language in ("js", "ts", "graphql", "java"):
        for _, text in PAGE.blocks(language):
            named = EXPLICIT.match(text)
            assert named is not None, text
            (folder / named[1]).parent.mkdir(exist_ok=True)
            (folder / named[1]).write_text(text, "utf-8")
    ((_, relay),) = PAGE.blocks("json")
    (folder / "relay.config.json").write_text(relay, "utf-8")
    ((_, python),) = PAGE.blocks("python")
    (folder / "ask.py").write_text(python, "utf-8")
    (folder / "persisted_queries.json").write_text("{}")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(MODULES)


@pytest.fixture(scope="module")
def built(library: Caller, persons: list[str], tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The folder after the build tools ran: types and manifests, from the schema of the gateway."""
    assert library.token
    folder = tmp_path_factory.mktemp("desk")
    environment = {
        "GATEWAY": str(library.http.base_url).rstrip("/"),
        "TOKEN": library.token,
        "PERSON": persons[0],
    }
    desk = Desk(folder, environment)
    write_recipes(folder)
    desk.run("bash", "-euo", "pipefail", "-c", PAGE.blocks("sh")[0][1])
    for program, *arguments in BUILDS.values():
        desk.run(wheel_node(), str(MODULES / program), *arguments)
    return desk


@pytest.fixture(scope="module")
def drafts(built: Desk) -> list[Path]:
    """The drafts that the command makes of the manifests, filled in as a person does."""
    folder = built.folder / "drafts"
    folder.mkdir()
    for manifest in MANIFESTS:
        file = str(built.folder / manifest)
        run("operations", "draft", "--from", file, "--client", "library", "--to", str(folder))
    for file in folder.glob("*.toml"):
        filled = re.sub(
            r'^(zh|en|legal_basis) = ""', r'\1 = "t"', file.read_text("utf-8"), flags=re.MULTILINE
        )
        file.write_text(filled, "utf-8")
    return sorted(folder.glob("*.toml"))


@pytest.fixture(scope="module")
def desk(
    built: Desk,
    drafts: list[Path],
    city: RunningCity,
    transport: dict[str, str],
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Desk]:
    """The folder before a gateway in production that knows the drafts."""
    folder = tmp_path_factory.mktemp("clients")
    approved = approved_register(folder / "register", further=drafts)
    with served(folder, sources_of(city, transport), jwks=str(issuer.file), **approved) as process:
        yield Desk(built.folder, {**built.environment, "GATEWAY": process.ready()})


@pytest.fixture(scope="module")
def expected(library: Caller, persons: list[str]) -> dict[str, Any]:
    """What the library's operation answers about the person."""
    answer = library.call(REGISTER["library"].document_id, of={"person": persons[0]})
    return answer.json()["data"]["standing"]


def test_drafts_have_the_ids_that_clients_send(built: Desk, drafts: list[Path]):
    """Each document of each manifest becomes a draft whose id is the key of the manifest."""
    codegen, apollo, relay = (json.loads((built.folder / each).read_text()) for each in MANIFESTS)
    sent = {*codegen, *relay, *(each["id"] for each in apollo["operations"])}
    listed = json.loads(run("operations", "list", "--json", CREDITGRAPH_OPERATIONS=str(folder_of(drafts))))
    assert {each["documentId"].removeprefix("sha256:") for each in listed} == {
        each.removeprefix("sha256:") for each in sent
    }
    run("operations", "check", "--quiet", *map(str, drafts))


def folder_of(drafts: list[Path]) -> Path:
    """Return the folder of drafts as a register in which nothing was revoked."""
    (drafts[0].parent / "revoked.toml").touch()
    return drafts[0].parent


@pytest.mark.parametrize("program", ["reader.ts", "apollo.js", "relay.js", "urql.js"])
def test_a_recipe_for_node_is_answered(desk: Desk, expected: dict[str, Any], program: str):
    """graphql-request, Apollo Client, Relay and urql get the answer of the registered operation."""
    found = desk.asked(wheel_node(), "--disable-warning=ExperimentalWarning", program)
    found.pop("__typename", None)
    assert found
    assert found.items() <= expected.items()


def test_the_recipe_for_python_is_answered(desk: Desk, expected: dict[str, Any]):
    """The package gql sends the text, and gets the answer of the registered operation."""
    assert desk.asked(sys.executable, "ask.py") == expected


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_the_recipe_for_curl_is_answered(desk: Desk, expected: dict[str, Any]):
    """The command curl sends the id from a file."""
    assert desk.asked("bash", "-euo", "pipefail", "-c", PAGE.blocks("sh")[1][1]) == expected


@pytest.mark.skipif(shutil.which("javac") is None, reason="no Java compiler on this machine")
def test_the_recipe_for_java_is_answered(desk: Desk, expected: dict[str, Any]):
    """Java's HttpClient sends the id."""
    assert desk.asked("java", "Ask.java") == expected


def test_the_page_names_the_operation_as_it_is():
    """The id on the page is that of the library's operation, and each scalar of the schema stands in the table."""
    assert set(re.findall(r"sha256:[0-9a-f]{64}", PAGE.text)) == {REGISTER["library"].document_id}
    schema = (ROOT / "tests" / "schema" / "schema.graphql").read_text("utf-8")
    scalars = set(re.findall(r"^scalar (\w+)", schema, re.MULTILINE))
    assert scalars <= {name for name in PAGE.rows() if name}
    mapped = dict(re.findall(r'^ {10}(\w+): "(\w+)",$', PAGE.text, re.MULTILINE))
    assert mapped == {name: PAGE.rows()[name][2].strip("`") for name in scalars}
