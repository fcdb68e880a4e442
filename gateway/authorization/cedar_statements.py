"""Cedar text taken apart into its statements, so that whatever is wrong has a file and a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r'//[^\n]*|"(?:[^"\\]|\\.)*"|;|\S', re.DOTALL)


@dataclass(frozen=True, slots=True)
class CedarStatement:
    """One policy as its file writes it; `line` counts from 1."""

    file: str
    line: int
    text: str

    @property
    def place(self) -> str:
        """File and line, as an error names them."""
        return f"{self.file}:{self.line}"

    def place_of(self, part: str) -> str:
        """Return file and line of a part of the statement, or of the statement where it is written otherwise."""
        before = self.text.partition(part)[0] if part in self.text else ""
        return f"{self.file}:{self.line + before.count(chr(10))}"


def statements(file: str, text: str) -> Iterator[CedarStatement]:
    """Yield each statement of a file, up to and with its semicolon; comments between them are left out."""
    start: int | None = None
    for token in _TOKEN.finditer(text):
        if token.group().startswith("//"):
            continue
        if start is None:
            start = token.start()
        if token.group() == ";":
            yield _statement(file, text, start, token.end())
            start = None
    if start is not None:
        yield _statement(file, text, start, len(text))


def _statement(file: str, text: str, start: int, end: int) -> CedarStatement:
    return CedarStatement(file, text.count("\n", 0, start) + 1, text[start:end])
