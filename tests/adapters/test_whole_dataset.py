"""A data set is read whole, once, in bounded memory, and judged row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from adapters.bureau_errors import ContractBroken
from adapters.postgres.whole_dataset import CHUNK, open_whole
from adapters.quality.check_bureaus import BureauChecker, misspelt
from adapters.quality.check_result import CheckedDataset
from adapters.quality.row_judge import RowJudge
from adapters.source import Batch, Query, SourceAddress
from catalogue.declarations import Bureau, Column, Dataset, Kind
from tests.support.bureau_samples import GRADE, PURPOSE, at
from tests.support.silent_proxy import silent_proxy
from tests.support.small_city import ENTERPRISES, PERSONS

ONE, TWO = PERSONS[:2]


async def checked(reader: str, dataset: Dataset) -> CheckedDataset:
    """Check one data set of the test's bureau."""
    bureau = Bureau("tax", ("税务", "Tax"), "postgres", (dataset,))
    address = SourceAddress(dsn=reader)
    (found,) = (await BureauChecker((bureau,), {"tax": address}, 30.0).check(["tax"])).datasets
    return found


def faults(found: CheckedDataset) -> dict[str, int]:
    """The faults that there are."""
    return {name: count for name, count in found.faults.items() if count}


async def test_rows_come_in_chunks_ordered_by_key(reader: str, owner: asyncpg.Connection):
    """However many rows there are, no more than a chunk of them is held, and the rows of a key stand together."""
    await owner.execute(
        "CREATE VIEW share.many AS SELECT (n % 7)::text AS subject, n AS year FROM generate_series(1, 2500) n;"
        "GRANT SELECT ON share.many TO reader"
    )
    dataset = replace(at("share.many", Column("year", kind=Kind.INTEGER)), order=("-year",))
    query = Query("tax", dataset, ("year",), PURPOSE)
    async with open_whole(query, SourceAddress(dsn=reader), 30.0) as whole:
        chunks = [rows async for rows in whole.chunks()]
    await owner.execute("DROP VIEW share.many")
    rows = [tuple(row) for each in chunks for row in each]
    assert [len(each) for each in chunks] == [CHUNK, CHUNK, 500]
    assert rows == sorted(rows, key=lambda row: (row[0], -row[1]))


async def test_every_row_of_a_column_of_another_type_is_a_fault(reader: str):
    """Where the gateway could read nothing, each row counts, and the column and its type are told."""
    found = await checked(reader, at("share.mistyped", Column("year", kind=Kind.INTEGER)))
    assert (found.rows, found.faulty, found.faults["type"]) == (6, 6, 6)
    assert found.failure == "year: the column is not integer"


@pytest.mark.parametrize(
    ("relation", "failure"),
    [
        ("share.hidden", "BUREAU_REFUSED: the login may not read the relation (SQLSTATE 42501)"),
        ("share.absent", "BUREAU_CONTRACT_BROKEN: the relation is not there (SQLSTATE 42P01)"),
        ("share.failing", "BUREAU_CONTRACT_BROKEN: the relation cannot be read (SQLSTATE 22012)"),
    ],
)
async def test_a_data_set_that_cannot_be_read_is_told_with_the_reason(
    reader: str, relation: str, failure: str
):
    """A failed read has its reason, which quotes nothing of the bureau's message."""
    found = await checked(reader, at(relation, Column("year", kind=Kind.INTEGER)))
    assert (found.failure, found.rows) == (failure, 0)


async def test_a_bureau_that_cannot_be_reached_is_told_with_the_reason(reader: str):
    """What fails at connecting is told from what fails at a data set."""
    found = await checked(reader.replace("reader:", "nobody:"), GRADE)
    assert found.failure == "BUREAU_REFUSED: connecting: the login (SQLSTATE 28000)"


async def test_a_bureau_that_falls_silent_ends_the_check(reader: str, monkeypatch: pytest.MonkeyPatch):
    """A check over a silent connection ends with the time of a statement."""
    monkeypatch.setattr("adapters.postgres.whole_dataset.ANSWER_SECONDS", 0.1)
    async with silent_proxy(reader.partition("host=")[2] + "/.s.PGSQL.5432") as proxy:
        address = SourceAddress(dsn=f"postgresql://reader@127.0.0.1:{proxy.port}/postgres", timeout=0.3)
        async with open_whole(Query("tax", GRADE, ("year",), PURPOSE), address, 0.1) as whole:
            proxy.forget()
            with pytest.raises(TimeoutError):
                await anext(whole.chunks())


def judged(dataset: Dataset, *rows: tuple[object, ...]) -> CheckedDataset:
    """Judge rows of a data set."""
    judge = RowJudge(dataset)
    judge.take(rows)
    return judge.result("tax", "all")


def good(key: str, year: int = 2024) -> tuple[object, ...]:
    """Return a row of GRADE without a fault."""
    return (key, year, "A", 90, 0, date(2025, 1, 1), True)


def test_rows_of_one_place_are_ties_and_rows_of_one_key_repeat():
    """All rows that the order does not tell apart count, and all rows of a key that should have one."""
    tied = (good(ONE), good(ONE), good(ONE), good(ONE, 2023), good(TWO))
    assert faults(judged(GRADE, *tied)) == {"order_tie": 3}
    single = replace(GRADE, many=False, order=())
    assert faults(judged(single, good(ONE), good(ONE, 2023), good(TWO))) == {"repeated": 2}
    assert faults(judged(replace(GRADE, order=()), good(ONE), good(ONE))) == {}


def test_a_row_with_several_faults_is_one_faulty_row():
    """Each fault of a row is counted, and the row once."""
    found = judged(GRADE, (f"{ONE} ", None, "Z", 2**31, 0, date(2999, 1, 1), True), good(ONE))
    assert faults(found) == {"key_form": 1, "null": 1, "code": 1, "type": 1, "future": 1}
    assert (found.rows, found.faulty) == (2, 1)


def test_a_row_that_a_bureau_broke_over_http_is_counted_by_its_rule():
    """The rows of a broken key count under the first rule that they break."""
    judge = RowJudge(GRADE)
    broken = {
        ONE: ContractBroken("tax", "grade", "grade: not a declared code", rows=2),
        TWO: ContractBroken("tax", "grade", "year: null", rows=1),
        ENTERPRISES[0]: ContractBroken("tax", "grade", "assessed_on: not date", rows=1),
        ENTERPRISES[1]: ContractBroken("tax", "grade", "more than one row", rows=3),
    }
    judge.take_batch(Batch({PERSONS[2]: [good(PERSONS[2])]}, broken))
    found = judge.result("tax", "known_keys")
    assert faults(found) == {"code": 2, "null": 1, "type": 1, "repeated": 3}
    assert (found.rows, found.faulty) == (8, 7)


def test_usual_misspellings_are_other_keys():
    """A key is asked for in small letters, in full-width signs and beside a blank, never as it is."""
    found = misspelt([ENTERPRISES[0], ONE])
    assert {f"{ONE} ", f" {ONE}", ENTERPRISES[0].lower()} <= set(found)
    assert not {ONE, ENTERPRISES[0]} & set(found)
