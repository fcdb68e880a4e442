"""One file of an operation as it stands, whose refusals name its path within the project and the line of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from catalogue.toml_files import TomlError, named_structure, read_text_and_tables
from catalogue.toml_lines import TomlPath, line_of, path_named
from gateway.errors import StartRefused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OperationFile:
    """The text and the table of a file. Several cities have files of one name, so `place` names the folder too."""

    place: str
    text: str
    table: dict[str, Any]

    @classmethod
    def read(cls, file: Path, place: str) -> OperationFile:
        """Read a file, or raise StartRefused."""
        try:
            text, table = read_text_and_tables(file, TomlError)
        except TomlError as error:
            raise StartRefused(place + str(error).removeprefix(file.name)) from None
        return cls(place, text, table)

    def structure(self, name: str, type_: type[T]) -> T:
        """Return the table as a structure of a name, or raise StartRefused."""
        try:
            return named_structure("", name, self.table, type_, TomlError)
        except TomlError as error:
            reason = str(error).removeprefix(": ")
            raise self.refusal(reason, path_named(reason)) from None

    def refusal(self, reason: str, path: TomlPath, word: str = "") -> StartRefused:
        """Return the refusal of what a path states, with its line: that of `word`, where the statement has several."""
        line = line_of(self.text, path, word) if path else None
        where = self.place if line is None else f"{self.place}, line {line}"
        return StartRefused(f"{where}: {reason}")
