"""What art. 13 keeps out enters where a law says otherwise, and a proviso without its law stops the start."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters import bureaus
from catalogue import law_provisos as module
from catalogue.dated_rules import dated_rules
from catalogue.declaration_checks import check_declarations
from catalogue.declarations import DeclarationError, datasets_by_name
from catalogue.law_provisos import LawProviso, law_provisos, provisos_of, read_provisos
from catalogue.record_states import LifeReader
from sandbox.model import City
from sandbox.people import person_number

PENALTIES = datasets_by_name(bureaus.discover().values())["transport.transport_violation"]
PERSON = person_number(City.of(1_000), 0)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
SIMPLIFIED = "simplified procedure against a natural person"
PUT_RIGHT = "minor violation of a natural person, put right"
ROW = """
[[proviso]]
item = "XY-TRP-001"
lets_in = ["SIMPLIFIED"]
law = "某法"
article = "第一条"
owner = "市信用办"
from = 2026-01-01
"""


def proviso(*lets_in: str) -> LawProviso:
    """Return a row of one year."""
    kinds: Any = frozenset(lets_in)
    return LawProviso(PENALTIES.item.code, kinds, "某法", "第一条", "市信用办", FIRST, LAST)


def refusal(
    decided: date, *rows: LawProviso, procedure: str | None = "ORDINARY", put_right: bool = False
) -> str | None:
    """Return why a penalty of a person is kept out under some rows."""
    assert PENALTIES.life is not None
    record = dict.fromkeys(PENALTIES.by_name) | {
        "decided_on": decided, "procedure": procedure, "sanction": "WARNING", "put_right": put_right,
    }  # fmt: skip
    return LifeReader(PENALTIES.life, dated_rules(), rows).refusal(record, PERSON)


def test_no_law_is_known_that_says_otherwise():
    """The file is empty: every penalty that art. 13 names is refused."""
    assert law_provisos() == []
    assert provisos_of(PENALTIES.item.code) == ()
    assert refusal(FIRST, procedure="SIMPLIFIED") == SIMPLIFIED
    assert refusal(FIRST, put_right=True) == PUT_RIGHT


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_a_law_lets_in_what_its_row_names(day: date):
    """A row lets in the penalties of its kind that were decided in its time, and nothing else."""
    assert refusal(day, proviso("SIMPLIFIED"), procedure="SIMPLIFIED") is None
    assert refusal(day, proviso("PUT_RIGHT"), put_right=True) is None
    assert refusal(day, proviso("PUT_RIGHT"), procedure="SIMPLIFIED") == SIMPLIFIED
    assert refusal(day, proviso("SIMPLIFIED"), put_right=True) == PUT_RIGHT
    assert refusal(day, proviso("SIMPLIFIED"), procedure="SIMPLIFIED", put_right=True) == PUT_RIGHT


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_row_counts_in_its_time_alone(day: date):
    """A penalty that was decided before the first or after the last day of a row stays out."""
    assert refusal(day, proviso("SIMPLIFIED", "PUT_RIGHT"), procedure="SIMPLIFIED") == SIMPLIFIED


def test_a_penalty_without_a_procedure_stays_out():
    """Where no procedure is stated, no row says that the simplified one was used: the penalty is kept out."""
    assert refusal(FIRST, proviso("SIMPLIFIED"), procedure=None) == (
        "no procedure stated, and the simplified one was allowed"
    )


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('law = "某法"\n', "", "it does not state `law`"),
        ('law = "某法"', 'law = ""', "states a blank .*law"),
        ('law = "某法"', 'law = " "', "states a blank .*law"),
        ('article = "第一条"\n', "", "it does not state `article`"),
        ('owner = "市信用办"\n', "", "it does not state `owner`"),
        ('["SIMPLIFIED"]', "[]", "lets nothing in"),
        ('["SIMPLIFIED"]', '["EVERYTHING"]', "lets_in"),
        ("from = 2026-01-01", "from = 2026-01-01\nto = 2025-01-01", "lets nothing in"),
    ],
)
def test_a_row_without_its_law_stops_the_start(tmp_path: Path, old: str, new: str, named: str):
    """A row states item, law, article, owner and first day, and lets something in; else it is refused by name."""
    file = tmp_path / "law_provisos.toml"
    file.write_text(ROW.replace(old, new), "utf-8")
    with pytest.raises(DeclarationError, match=named):
        read_provisos(file)
    file.write_text(ROW, "utf-8")
    assert len(read_provisos(file)) == 1


def test_the_start_reads_the_rows(monkeypatch: pytest.MonkeyPatch):
    """What composes the graph reads the file, and refuses a row of an item that has no penalties."""
    other = LawProviso("XY-REG-001", frozenset({"SIMPLIFIED"}), "某法", "第一条", "市信用办", FIRST)
    monkeypatch.setattr(module, "law_provisos", lambda: [other])
    with pytest.raises(DeclarationError, match="XY-REG-001"):
        check_declarations(tuple(bureaus.discover().values()))
