from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from tests.support.declared_otherwise import composed_here

EXPLORER = Path(__file__).resolve().parents[2] / "explorer"
ADDRESS = r"""["'`(\s]*(?:https?:)?//(?!www\.w3\.org/)[a-z0-9.-]+\.[a-z]"""
# The places of a text from which a browser loads; an address elsewhere is a name or an explanation.
LOADING = {
    ".html": (r"(?:src|href|action)\s*=" + ADDRESS,),
    ".css": (r"url\(" + ADDRESS, r"@import" + ADDRESS),
    ".js": (
        r"\b(?:fetch|import|importScripts|Worker|SharedWorker|EventSource|WebSocket|sendBeacon)\(" + ADDRESS,
        r"\bfrom" + ADDRESS,
        r"\bnew URL\(" + ADDRESS,
        r"\.(?:src|href)\s*=" + ADDRESS,
    ),
    ".svg": (r"href\s*=" + ADDRESS, r"url\(" + ADDRESS),
}


def loaded_from_outside(name: str, text: str) -> list[str]:
    """The places of a file from which a browser would load an outside address."""
    patterns = LOADING.get(Path(name).suffix, ())
    return [found.group() for pattern in patterns for found in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("index.html", '<script src="https://cdn.example.com/a.js">'),
        ("index.html", '<link href="//fonts.example.com/a.css">'),
        ("a.css", "@font-face{src:url(https://fonts.example.com/a.woff2)}"),
        ("a.css", '@import "https://fonts.example.com/a.css";'),
        ("a.js", 'await import("https://esm.example.com/a")'),
        ("a.js", 'import a from"https://esm.example.com/a"'),
        ("a.js", "fetch(`https://api.example.com/`)"),
        ("a.js", 'new Worker("https://api.example.com/w.js")'),
        ("a.js", 'image.src="https://pixel.example.com/"'),
    ],
)
def test_the_search_finds_what_loads(name: str, text: str):
    """An address in a place from which a browser loads is found."""
    assert loaded_from_outside(name, text)


def test_the_bundle_loads_nothing_from_outside(bundle: Path):
    """No file of the bundle holds an outside address in a place from which a browser loads."""
    files = [file for file in bundle.rglob("*") if file.suffix in LOADING]
    assert {file.suffix for file in files} == set(LOADING)
    found = {file.name: loaded_from_outside(file.name, file.read_text(encoding="utf-8")) for file in files}
    assert {name: places for name, places in found.items() if places} == {}


def test_the_page_holds_no_code_of_its_own(bundle: Path):
    """The page has no inline script, no inline style and no handler, and every address is below /explorer/."""
    page = (bundle / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script[^>]*>\s*[^<\s]", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert addresses
    assert all(address.startswith("/explorer/assets/") for address in addresses)


def test_the_workers_are_files(bundle: Path):
    """The editors' workers are files of the bundle, so that the policy admits no blob: address."""
    names = {file.name.split("-")[0] for file in (bundle / "assets").iterdir()}
    assert names >= {"editor.worker", "graphql.worker", "json.worker"}


def test_every_script_and_style_is_packed(bundle: Path):
    """Beside each script and style of the bundle stand its smaller forms, of the same content."""
    for file in (bundle / "assets").iterdir():
        if file.suffix in {".js", ".css"} and file.stat().st_size >= 1024:
            packed = file.with_name(f"{file.name}.gz")
            assert gzip.decompress(packed.read_bytes()) == file.read_bytes()
            assert file.with_name(f"{file.name}.br").stat().st_size < packed.stat().st_size


@pytest.fixture(scope="module")
def packages() -> dict[str, Any]:
    """The locked packages by their folder."""
    lock = json.loads((EXPLORER / "package-lock.json").read_text(encoding="utf-8"))
    return {name: entry for name, entry in lock["packages"].items() if name}


def test_the_lock_pins_every_package_by_hash(packages: dict[str, Any]):
    """Every locked package has an exact version and a SHA-512 hash."""
    assert len(packages) > 50
    for name, entry in packages.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", entry["version"]), name
        assert entry["integrity"].startswith("sha512-"), name


def test_the_lock_names_no_registry(packages: dict[str, Any]):
    """No locked package says where it was fetched from: that is the machine's matter."""
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert "omit-lockfile-registry-resolved=true" in (EXPLORER / ".npmrc").read_text(encoding="utf-8")


def test_the_wanted_versions_are_exact():
    """package.json asks for exact versions only."""
    wanted = json.loads((EXPLORER / "package.json").read_text(encoding="utf-8"))
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert [name for name, version in versions.items() if not version[0].isdigit()] == []


@pytest.mark.parametrize("file", sorted((EXPLORER / "src").glob("*.graphql")), ids=lambda file: file.stem)
def test_the_start_queries_fit_the_schema(file: Path):
    """The queries that a first visit opens with are valid in the schema of this installation."""
    assert validate(composed_here().graphql, parse(file.read_text(encoding="utf-8"))) == []
