"""The proviso of art. 13 of 河南省社会信用条例: what a law or an administrative regulation says otherwise, as dated rows.

Without a row, penalties of natural persons under the simplified procedure, and those for minor violations whose harm the
person removed or reduced, never enter. A row that names no law stops the start.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from catalogue.column_checks import Datasets
from catalogue.declarations import DeclarationError
from catalogue.record_forms import RecordForm
from catalogue.toml_files import Text, read_toml

FILE: Final = Path(__file__).with_name("law_provisos.toml")


class LawProviso(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from", "until": "to"}
):
    """One row: which penalties of an item a law lets in. `from_` and `until` are its first and its last day."""

    item: Text
    lets_in: frozenset[Literal["SIMPLIFIED", "PUT_RIGHT"]]
    law: Text
    article: Text
    owner: Text
    from_: date
    until: date | None = None

    def covers(self, which: str, day: date) -> bool:
        """Whether it lets penalties of a kind in that were decided on a day."""
        return which in self.lets_in and self.from_ <= day and (self.until is None or day <= self.until)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    proviso: list[LawProviso] = []


def read_provisos(file: Path = FILE) -> Sequence[LawProviso]:
    """Return the rows of a file, or raise DeclarationError where one lacks its law or its owner, or has no sense."""
    rows = read_toml(file, _File, DeclarationError).proviso
    for row in rows:
        if not row.lets_in or (row.until is not None and row.until < row.from_):
            raise DeclarationError(
                f"{file.name}: a proviso of {row.item} lets nothing in: correct `lets_in` or `to`"
            )
    return rows


@cache
def law_provisos() -> Sequence[LawProviso]:
    """Return the rows of `law_provisos.toml`."""
    return read_provisos()


def provisos_of(item: str) -> tuple[LawProviso, ...]:
    """Return the rows of a catalogue item."""
    return tuple(each for each in law_provisos() if each.item == item)


def check_provisos(datasets: Datasets) -> Iterator[str]:
    """Yield each row that names no item of penalties of this installation."""
    items = {
        each.item.code for each in datasets.values() if each.life and each.life.form is RecordForm.PENALTY
    }
    for row in law_provisos():
        if row.item not in items:
            yield f"{FILE.name} has a proviso of {row.item!r:.80}, which is no item of penalties: correct `item`"
