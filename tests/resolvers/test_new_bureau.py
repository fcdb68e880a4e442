"""Adding a bureau is adding three files, and nothing that stands is touched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson

ROOT = Path(__file__).resolve().parents[2]
BUREAU = '''
"""The water works: bills by month."""
from adapters.source import Bureau, CatalogueItem, Column, Dataset, Disclosure, Kind, Nature, SubjectKind

ITEM = CatalogueItem(
    code="XY-WTR-001", name_zh="水费缴纳", name_en="Water bills", provider="市水务公司",
    subjects=frozenset({SubjectKind.PERSON}), nature=Nature.OTHER, disclosure=Disclosure.AUTHORISED,
    coverage="全市用水户", update_cycle="每月", legal_basis="城市供水条例",
)
BUREAU = Bureau("water", "水务公司", "Water works", "postgres", (
    Dataset("bill", "share.bill", "subject", (Column("month", Kind.DATE), Column("amount_fen", Kind.FEN)), ITEM,
            order=("-month",)),
))
'''
RECORDS = '''
"""What the water works add."""
from __future__ import annotations
from datetime import date
import strawberry
from schema.classification import Classification, DataClass, Sensitivity, bilingual, classified
from schema.scalars import DEFAULT_RECORDS, Count, Fen

BILL = Classification("XY-WTR-001", DataClass.ADMINISTRATIVE, Sensitivity.PERSONAL)


@strawberry.type(description=bilingual("水费账单", "A month's water bill"))
class WaterBill:
    """水费账单."""
    month: date | None = classified(BILL, "月份", "Month")
    amount_fen: Fen | None = classified(BILL, "金额（分）", "Amount in fen")


@strawberry.type
class PersonFields:
    """What the water works know of a person."""
    @classified(BILL, "水费账单", "Water bills, latest first")
    def water_bills(self, first: Count = DEFAULT_RECORDS) -> list[WaterBill] | None:
        """Answered by the plan."""
'''
EDGES = '''
"""What the water works answer."""
from resolvers.graph.bindings import Edge

BINDINGS = (Edge("Person", "waterBills", "water.bill"),)
'''
PROGRAM = """
import asyncio, sys
import adapters.bureaus, schema.records, resolvers.edges
folder = sys.argv[1]
for package in (adapters.bureaus, schema.records, resolvers.edges):
    package.__path__.append(f"{folder}/{package.__name__.replace('.', '/')}")

import orjson
from schema.rules import violations
from tests.support.gateway_in_memory import InMemory, graph
from tests.support.small_city import PERSONS, small_city

ASKED = "query Q($ids: [PersonNumber!]!) { persons(ids: $ids) { name waterBills(first: 2) { month amountFen } } }"

async def main():
    city = small_city()
    gateway = InMemory(city.sources())
    ids = list(PERSONS[:6])
    answers = {p: await gateway.asked(ASKED, p, ids=ids) for p in ("subject.access", "approval.admission")}
    rows = city.tables["water.bill"]
    expected = [[row["amount_fen"] for row in rows.get(key, ())[:2]] for key in ids]
    catalogued = (await gateway.asked("{ catalogue { field provider } }"))["data"]["catalogue"]
    print(orjson.dumps({"answers": answers, "expected": expected, "violations": violations(graph().composed),
                        "provider": {e["field"]: e["provider"] for e in catalogued}.get("WaterBill.amountFen")}).decode())

asyncio.run(main())
"""


def test_a_bureau_is_added_by_its_own_three_files(tmp_path: Path):
    """Three files in a temporary folder make a bureau that is asked, granted, denied and catalogued."""
    for place, text in (
        ("adapters/bureaus", BUREAU),
        ("schema/records", RECORDS),
        ("resolvers/edges", EDGES),
    ):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        (folder / "water.py").write_text(text, "utf-8")
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = orjson.loads(done.stdout)
    granted, denied = found["answers"]["subject.access"], found["answers"]["approval.admission"]
    bills = [[bill["amountFen"] for bill in person["waterBills"]] for person in granted["data"]["persons"]]
    assert bills == found["expected"]
    assert any(found["expected"])
    assert "errors" not in granted
    assert {error["extensions"]["field"] for error in denied["errors"]} == {"Person.waterBills"}
    assert found["violations"] == []
    assert found["provider"] == "市水务公司"
