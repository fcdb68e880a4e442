"""A data set is read whole, once, in bounded memory, and judged row by row."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import asyncpg
import httpx2
import pytest

from adapters.bureau_errors import ContractBroken
from adapters.bureaus.courts import DEFAULTERS_BY_COURT_AND_CONDUCT
from adapters.postgres.whole_dataset import CHUNK, open_whole
from adapters.quality.check_bureaus import KEYS, BureauChecker
from adapters.quality.check_result import CheckedDataset
from adapters.quality.misspellings import MISSPELLINGS, misspell
from adapters.quality.row_judge import RowJudge
from adapters.source import MAX_KEYS, Batch, Query, SourceAddress
from adapters.validation import EQUAL_IN_ORDER
from catalogue.catalogue_item import PERSONS as OF_PERSONS
from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Bureau, Column, Dataset, Kind, SubjectField
from tests.adapters.test_http import signed
from tests.support.bureau_samples import GRADE, PURPOSE, at
from tests.support.silent_proxy import silent_proxy
from tests.support.small_city import ENTERPRISES, PERSONS

ONE, TWO = PERSONS[:2]
WITH_X = PERSONS[3]


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


async def test_a_key_of_another_type_is_told_and_its_rows_are_counted(reader: str, owner: asyncpg.Connection):
    """Where keys are numbers, they have no order of texts, and each row is counted all the same."""
    await owner.execute(
        "CREATE VIEW share.numbered AS SELECT year AS subject, grade FROM share.grade;"
        "GRANT SELECT ON share.numbered TO reader"
    )
    dataset = replace(at("share.numbered", Column("grade", nullable=True)), order=("grade",))
    found = await checked(reader, dataset)
    await owner.execute("DROP VIEW share.numbered")
    assert (found.rows, found.faulty, faults(found)) == (6, 6, {"type": 6})
    assert found.failure == "subject: the column is not text"


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
        ENTERPRISES[2]: ContractBroken("tax", "grade", EQUAL_IN_ORDER, rows=2),
    }
    judge.take_batch(Batch({PERSONS[2]: [good(PERSONS[2])]}, broken))
    found = judge.result("tax", "known_keys")
    assert faults(found) == {"code": 2, "null": 1, "type": 1, "repeated": 3, "order_tie": 2}
    assert (found.rows, found.faulty) == (10, 9)


async def test_a_cell_of_a_table_that_stands_twice_is_counted(reader: str, owner: asyncpg.Connection):
    """Two counts of one cell contradict each other, and a count below 0 is none: both are faults of their rows."""
    await owner.execute(
        "CREATE TABLE share.cells (year text, court text, conduct text, count integer);"
        "INSERT INTO share.cells VALUES ('2025', '新县人民法院', 'EVADES', 7), ('2025', '息县人民法院', 'EVADES', -1),"
        "('2025', '新县人民法院', 'EVADES', 8), ('2024', '新县人民法院', 'EVADES', 8);"
        "GRANT SELECT ON share.cells TO reader"
    )
    table = replace(DEFAULTERS_BY_COURT_AND_CONDUCT, relation="share.cells")
    found = await checked(reader, table)
    await owner.execute("DROP TABLE share.cells")
    assert (faults(found), found.faulty) == ({"repeated": 2, "type": 1}, 3)
    judge = RowJudge(table)
    cells = [("2025", "新县人民法院", "EVADES", n) for n in (7, 8)]
    judge.take_batch(Batch({"2025": [cells[0], ("2025", "息县人民法院", "EVADES", 7), cells[1]]}))
    assert faults(judge.result("courts", "known_keys")) == {"repeated": 2}


@pytest.mark.parametrize(
    "spelled",
    [
        f"{WITH_X} ",
        f"{WITH_X}\u00a0",
        f"{WITH_X}\u3000",
        f"{WITH_X}\u200b",
        f"{WITH_X}\r",
        f" {WITH_X}",
        f"'{WITH_X}",
        WITH_X.lower(),
        "".join(chr(ord(sign) + 0xFEE0) for sign in WITH_X),
        WITH_X[:6] + WITH_X[8:17],
        ENTERPRISES[0].lower(),
        ENTERPRISES[0][8:17],
    ],
)
def test_usual_misspellings_are_other_keys(spelled: str):
    """A key is asked for as it is often written otherwise, or was before, never as it is, and at once for all forms."""
    forms = list(misspell([ENTERPRISES[0], WITH_X]))
    assert spelled in {key for form in forms for key in form}
    assert not [key for form in forms for key in form if key in (WITH_X, ENTERPRISES[0])]
    assert KEYS * len(MISSPELLINGS) <= MAX_KEYS


async def test_a_bureau_that_reads_small_letters_alike_hides_no_other_misspelling(
    reader: str, owner: asyncpg.Connection
):
    """An answer by another key than the asked one says nothing of its row; a row with a wide blank is found all the same."""
    stored = dict.fromkeys((WITH_X, f"{WITH_X}\u3000"), ("2024", "A", 90, 0, "2025-01-01", True))

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = {key.upper() for key in json.loads(request.content)["keys"]}
        rows = [[key, int(values[0]), *values[1:]] for key, values in stored.items() if key in asked]
        return signed(request, httpx2.Response(200, json={"rows": rows}))

    await owner.execute(
        f"CREATE VIEW share.known AS SELECT '{WITH_X}'::text AS person_number; GRANT SELECT ON share.known TO reader"
    )
    known = replace(
        at("share.known", Column("person_number")), key="person_number", identifies=SubjectKind.PERSON
    )
    graded = replace(GRADE, field=SubjectField("grades", OF_PERSONS, "级别", "Grades"))
    bureaus = tuple(
        Bureau(name, ("局", "Bureau"), "postgres", (each,))
        for name, each in (("one", known), ("tax", graded))
    )
    addresses = {"one": SourceAddress(dsn=reader), "tax": SourceAddress(url="http://bureau.test", secret="s")}
    checker = BureauChecker(bureaus, addresses, 30.0, httpx2.MockTransport(answer))
    (found,) = (await checker.check(["tax"])).datasets
    await owner.execute("DROP VIEW share.known")
    assert (found.rows, faults(found), found.failure) == (2, {"key_form": 1}, "")
