"""A page of Markdown as the tests read it: sections, blocks of code, rows of tables, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Page:
    """One file and its text."""

    file: Path
    text: str

    def headings(self, level: int) -> list[str]:
        """Return the headings of one level, in order."""
        return [title for marks, title in _HEADING.findall(self._prose()) if len(marks) == level]

    def section(self, title: str) -> str:
        """Return what stands under a heading, up to the next one of the same or a higher level."""
        matches = list(_HEADING.finditer(self.text))
        start = next(match for match in matches if match[2] == title)
        ends = (
            each.start() for each in matches if each.start() > start.end() and len(each[1]) <= len(start[1])
        )
        return self.text[start.end() : next(ends, len(self.text))]

    def blocks(self, *languages: str) -> list[tuple[str, str]]:
        """Return language and text of the blocks of code in these languages, in order."""
        return [(kind, body) for kind, body in _BLOCK.findall(self.text) if kind in languages]

    def rows(self) -> dict[str, list[str]]:
        """Return the rows of all tables by their first cell, without its marks of code."""
        lines = [line for line in self.text.splitlines() if line.startswith("| ")]
        cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
        return {row[0].strip("`"): row for row in cells}

    def links(self) -> list[str]:
        """Return the targets of the links."""
        return _LINK.findall(self._prose())

    def anchors(self) -> set[str]:
        """Return the anchors that the headings make."""
        titles = [title for _, title in _HEADING.findall(self._prose())]
        return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}

    def _prose(self) -> str:
        return _BLOCK.sub("", self.text)
