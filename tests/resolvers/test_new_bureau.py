"""Adding a bureau is adding one file, and nothing that stands is touched: adverse records bar and are shown at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.docs_page import Page

ROOT = Path(__file__).resolve().parents[2]
BUREAU = '''
"""The water works: bills by month."""
from catalogue.catalogue_item import PERSONS, CatalogueItem, Disclosure, Nature
from catalogue.classification import DataClass
from catalogue.columns import day, fen
from catalogue.declarations import Bureau, Dataset, SubjectField

ITEM = CatalogueItem(
    code="XY-WTR-001", name=("水费缴纳", "Water bills"), provider="市水务公司",
    subjects=PERSONS, nature=Nature.OTHER, disclosure=Disclosure.AUTHORISED,
    coverage="全市用水户", update_cycle="每月", legal_basis="城市供水条例",
)
BUREAU = Bureau("water", ("水务公司", "Water works"), "postgres", (
    Dataset(
        "bill", type_name="WaterBill", title=("水费账单", "A month's water bill"), item=ITEM,
        data_class=DataClass.ADMINISTRATIVE,
        field=SubjectField("waterBills", PERSONS, "水费账单", "Water bills, latest first"),
        columns=(day("month", "月份", "Month"), fen("amount_fen", "金额（分）", "Amount")),
        order=("-month",),
    ),
))
'''
ADDING = """
import asyncio, sys
import adapters.bureaus
adapters.bureaus.__path__.append(sys.argv[1])

import orjson
from schema.rules import violations
from tests.support.gateway_in_memory import InMemory, graph
from tests.support.one_person import ELIGIBLE, PERSON, but, holding
from tests.support.small_city import PERSONS, small_city
"""
ORDINARY = f"""{ADDING}
ASKED = "query Q($ids: [PersonNumber!]!) {{ persons(ids: $ids) {{ name waterBills(first: 2) {{ month amountFen }} }} }}"

async def main():
    city = small_city()
    gateway = InMemory(city.sources())
    ids = list(PERSONS[:6])
    answers = {{p: await gateway.asked(ASKED, p, ids=ids) for p in ("subject.access", "approval.admission")}}
    rows = city.tables["water.bill"]
    expected = [[row["amount_fen"] for row in rows.get(key, ())[:2]] for key in ids]
    catalogued = (await gateway.asked("{{ catalogue {{ field provider }} }}"))["data"]["catalogue"]
    print(orjson.dumps({{"answers": answers, "expected": expected, "violations": violations(graph().composed),
                        "provider": {{e["field"]: e["provider"] for e in catalogued}}.get("WaterBill.amountFen")}}).decode())

asyncio.run(main())
"""
ADVERSE = f"""{ADDING}
from datetime import date
LOANS = {{
    "none": [],
    "owed": [{{"amount_fen": 100, "since": date(2025, 1, 1), "paid_on": None}}],
    "paid": [{{"amount_fen": 100, "since": date(2025, 1, 1), "paid_on": date(2026, 1, 1)}}],
    "kept too long": [{{"amount_fen": 100, "since": date(2019, 1, 1), "paid_on": None}}],
}}
REWARD = "query Q($of: SubjectKey!) {{ standing(of: $of) {{ pds028 }} }}"
RECORDS = "query Q($id: PersonNumber!) {{ person(id: $id) {{ adverseRecords {{ __typename ... on OverdueFundLoan {{ since }} }} }} }}"
FILTERED = "query Q($id: PersonNumber!) {{ person(id: $id) {{ overdueFundLoans(where: {{paidOn: {{isNull: true}}}}) {{ amountFen }} }} }}"

async def main():
    found = {{}}
    for name, loans in LOANS.items():
        gateway = holding(PERSON, but(ELIGIBLE, housing_fund__overdue_loan=loans))
        operation = gateway.prepared(REWARD, "reward.reading", kind="scene_operator")
        reward = await gateway.answer(operation, {{"of": {{"person": PERSON}}}})
        found[name] = {{
            "reward": orjson.loads(reward.body),
            "records": await gateway.asked(RECORDS, "supervision.inspection", id=PERSON),
            "filtered": await gateway.asked(FILTERED, "supervision.inspection", id=PERSON),
        }}
    print(orjson.dumps(found | {{"violations": violations(graph().composed)}}).decode())

asyncio.run(main())
"""


def run(program: str, folder: Path, name: str, text: str) -> dict[str, Any]:
    """Run a program where one more file stands among the bureaus."""
    (folder / f"{name}.py").write_text(text, "utf-8")
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-W", "error", "-c", program, str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return orjson.loads(done.stdout)


def test_a_bureau_is_added_by_its_own_file(tmp_path: Path):
    """One file in a temporary folder makes a bureau that is asked, granted, denied and catalogued."""
    found = run(ORDINARY, tmp_path, "water", BUREAU)
    granted, denied = found["answers"]["subject.access"], found["answers"]["approval.admission"]
    bills = [[bill["amountFen"] for bill in person["waterBills"]] for person in granted["data"]["persons"]]
    assert bills == found["expected"]
    assert any(found["expected"])
    assert "errors" not in granted
    assert {error["extensions"]["field"] for error in denied["errors"]} == {"Person.waterBills"}
    assert found["violations"] == []
    assert found["provider"] == "市水务公司"


@pytest.fixture(scope="module")
def housing_fund(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is answered about one person once the bureau of the docs is there."""
    file = ROOT / "docs" / "adding-a-bureau.md"
    ((_, text),) = Page(file, file.read_text("utf-8")).blocks("python")
    assert len(text.splitlines()) <= 90
    return run(ADVERSE, tmp_path_factory.mktemp("added"), "housing_fund", text)


@pytest.mark.parametrize(
    ("loan", "answer"), [("none", "TRUE"), ("owed", None), ("paid", "TRUE"), ("kept too long", "TRUE")]
)
def test_an_added_adverse_record_bars_a_reward(housing_fund: dict[str, Any], loan: str, answer: str | None):
    """A loan that is owed bars a reward by the rule in the bureau's one file, until it is paid or kept too long."""
    assert housing_fund[loan]["reward"] == {"data": {"standing": {"pds028": answer}}}


@pytest.mark.parametrize(
    ("loan", "since"), [("none", []), ("owed", ["2025-01-01"]), ("paid", []), ("kept too long", [])]
)
def test_an_added_adverse_record_is_gathered(housing_fund: dict[str, Any], loan: str, since: list[str]):
    """Whoever may see adverse records of every bureau sees those of the added one, whether they count or not."""
    records = housing_fund[loan]["records"]
    assert records == {
        "data": {
            "person": {"adverseRecords": [{"__typename": "OverdueFundLoan", "since": day} for day in since]}
        }
    }


def test_an_added_list_is_filtered(housing_fund: dict[str, Any]):
    """The list of the added bureau takes the filters that its columns declare."""
    assert housing_fund["owed"]["filtered"]["data"]["person"]["overdueFundLoans"] == [{"amountFen": 100}]
    assert housing_fund["paid"]["filtered"]["data"]["person"]["overdueFundLoans"] == []
    assert housing_fund["owed"]["filtered"].keys() == {"data"}
    assert housing_fund["violations"] == []
