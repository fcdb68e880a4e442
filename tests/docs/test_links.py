"""Links lead somewhere, and pictures load nothing from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.docs_page import Page

ROOT = Path(__file__).parents[2]
OUTSIDE = ("http://", "https://", "mailto:")


def test_links_between_pages_lead_somewhere(pages: dict[str, Page]) -> None:
    """Every link to a file of the project names one that is there, and its anchor a heading."""
    broken: list[str] = []
    for name, page in pages.items():
        for link in page.links():
            path, _, anchor = link.partition("#")
            if link.startswith(OUTSIDE):
                continue
            target = (page.file.parent / path).resolve() if path else page.file
            known = pages.get(str(target.relative_to(ROOT)))
            if not target.exists() or (anchor and known and anchor not in known.anchors()):
                broken.append(f"{name}: {link}")
    assert broken == []


def test_the_readme_leads_to_every_page(pages: dict[str, Page]) -> None:
    """Each page of docs/ is linked from the README."""
    links = set(pages["README.md"].links())
    assert [name for name in pages if name.startswith("docs/") and name not in links] == []


@pytest.mark.parametrize("file", sorted((ROOT / "docs").glob("*.svg")), ids=lambda file: file.name)
def test_pictures_load_nothing(file: Path) -> None:
    """A picture names no address but those of the formats it is written in."""
    addresses = re.findall(r"[a-z]+://[^\s\"'<>)]+", file.read_text("utf-8"))
    formats = ("http://www.w3.org/", "http://purl.org/dc/", "http://creativecommons.org/ns#")
    assert [each for each in addresses if not each.startswith((*formats, "https://matplotlib.org/"))] == []
    assert "<script" not in file.read_text("utf-8")
