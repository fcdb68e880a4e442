"""The result of a check of the bureaus: counts by data set and fault, without any value, and the file that keeps it."""

from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

RowFault: TypeAlias = Literal[
    "key_form", "check_sign", "code", "null", "type", "repeated", "order_tie", "future", "course", "scheme"
]
ROW_FAULTS: Final[dict[RowFault, str]] = {
    "key_form": "an identifier or a year in another form than the contract's: the row is never found",
    "check_sign": "an identifier whose check sign does not fit",
    "code": "a code that is not declared",
    "null": "no value where the contract declares one, or a text without a letter or a digit that a record rests on",
    "type": "a value of another type, beyond the range of its type, or no day of the calendar",
    "repeated": "several rows of one key, or of one cell of a table, where the contract declares one",
    "order_tie": "rows of one key that the declared order does not tell apart",
    "future": "a day that lies ahead and should not",
    "course": "a record that cannot have come about: its end before its begin, a listing before its notice, an amount below zero",
    "scheme": "a grade of a subject that its scheme does not grade, or in a letter that it does not have; a label that the city's table does not give to the score; a record that a subject of its form cannot have",
}
"""Each fault of a row, and what it means."""
Coverage: TypeAlias = Literal["all", "known_keys", "none"]


class CheckedDataset(msgspec.Struct, frozen=True):
    """The counts of one data set. A row counts once for each fault that it has, and once in `faulty`."""

    bureau: str
    dataset: str
    key: str
    """The form of the key that the contract states."""
    coverage: Coverage
    """`known_keys`: the bureau lists no keys, so only rows under the registry's identifiers and their usual misspellings were
    seen."""
    rows: int
    faulty: int
    faults: dict[str, int]
    failure: str = ""
    """Why the data set could not be read to its end, or why no row of it can be read by the gateway."""

    @property
    def name(self) -> str:
        """The full name of the data set."""
        return f"{self.bureau}.{self.dataset}"


class BureauCheck(msgspec.Struct, frozen=True):
    """One run of `creditgraph bureaus check`; `at` is its end in seconds of the Unix clock."""

    at: float
    datasets: tuple[CheckedDataset, ...]

    def correct_shares(self) -> dict[str, float | None]:
        """Return for each bureau the share of its rows that have no fault (合规率), of what was seen.

        None where no row was seen, or a data set could not be read to its end. No text that was read defines the rate: of
        the rows that were reported, those that can be used is our reading (信阳市工作方案（征求意见稿，原文无标题、无文号） 第5项).
        """
        found: dict[str, float | None] = {}
        for bureau in dict.fromkeys(each.bureau for each in self.datasets):
            own = [each for each in self.datasets if each.bureau == bureau]
            rows, unread = sum(each.rows for each in own), any(each.failure for each in own)
            faulty = sum(each.faulty for each in own)
            found[bureau] = (rows - faulty) / rows if rows and not unread else None
        return found

    def beyond(self, threshold: int) -> list[CheckedDataset]:
        """Return the data sets with more faulty rows than `threshold`, and those that could not be read."""
        return [each for each in self.datasets if each.faulty > threshold or each.failure]


_decode: Final = msgspec.json.Decoder(BureauCheck).decode


def write_check(file: Path, check: BureauCheck) -> None:
    """Write a result in one step: a reader sees the last result or this one."""
    new = file.with_name(f"{file.name}.new")
    new.write_bytes(msgspec.json.encode(check))
    new.replace(file)


def read_check(file: Path) -> BureauCheck | None:
    """Return the last result, or None where there is none or the file holds none."""
    try:
        return _decode(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
