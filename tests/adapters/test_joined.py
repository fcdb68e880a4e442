"""Several data sets of a bureau by one statement."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bureau_errors import BureauError, BureauTimedOut, BureauUnavailable, ContractBroken, OverBudget
from adapters.postgres.joined_statement import join_statements
from adapters.postgres.postgres_source import BACKOFF_SECONDS, PostgresSource
from adapters.source import Batch, Key, Query, Read, SourceAddress
from catalogue.declarations import Column, Dataset, Kind
from tests.support.bureau_samples import GRADE, LATEST, LISTED, PURPOSE, SINGLE, ask, at, soon
from tests.support.effort import examples

YEAR = Column("year", kind=Kind.INTEGER)
KEYS = ("one", "two", "bad", "nobody", "an\x1fodd one")


async def alone(source: PostgresSource, read: Read) -> Batch | BureauError:
    """What the source answers to one read."""
    try:
        return await source.fetch(read.query, read.keys, soon())
    except BureauError as error:
        return error


def told(answer: Batch | BureauError) -> Any:
    """An answer as plain values that can be compared."""
    if not isinstance(answer, Batch):
        return str(answer)
    rows = {
        key: [tuple(row) for row in found] if isinstance(found, list) else tuple(found)
        for key, found in answer.rows.items()
    }
    return rows, {key: (str(error), getattr(error, "rows", 0)) for key, error in answer.broken.items()}


def queries(dataset: Dataset) -> st.SearchStrategy[Query]:
    """Queries of a data set, for any of its columns in any order."""
    names = [column.name for column in dataset.stored]
    return st.lists(st.sampled_from(names), unique=True).map(
        lambda columns: Query("tax", dataset, tuple(columns), PURPOSE)
    )


def reads() -> st.SearchStrategy[list[Read]]:
    """Some reads of some data sets, the same one twice included, and with no column or no key as well."""
    one = st.builds(
        Read,
        st.sampled_from([GRADE, LATEST, SINGLE, LISTED]).flatmap(queries),
        st.lists(st.sampled_from(KEYS), unique=True),
    )
    return st.lists(one, min_size=2, max_size=5)


@given(reads())
@examples(60)
def test_joined_reads_answer_as_each_alone(reader: str, asked: list[Read]):
    """Whatever is joined, each read has the rows, the order and the broken keys that it has alone."""

    async def both() -> tuple[list[Any], list[Any]]:
        source = PostgresSource("tax", SourceAddress(dsn=reader, connections=1, timeout=5.0))
        try:
            joined = await source.fetch_joined(asked, soon())
            return [told(each) for each in joined], [told(await alone(source, read)) for read in asked]
        finally:
            await source.close()

    joined, single = asyncio.run(both())
    assert joined == single


async def joined(source: PostgresSource, *asked: Query, keys: Sequence[Key] = ("one", "two")) -> list[Any]:
    """What the source answers to joined queries, as plain values."""
    return [told(each) for each in await source.fetch_joined([Read(each, keys) for each in asked], soon())]


async def test_one_statement_reads_everything(source: PostgresSource):
    """The bureau sees one statement, with the purpose, for all data sets."""
    seen = ask(at("share.asked", Column("seen")))
    answer, _ = await joined(source, seen, ask())
    ((_, text),) = answer[0]["one"]
    assert f"purpose={PURPOSE} */" in text
    assert '"share"."asked"' in text
    assert '"share"."grade"' in text


@pytest.mark.parametrize("most", [0, 1, 2])
async def test_many_keys_are_read_one_by_one(
    source: PostgresSource, monkeypatch: pytest.MonkeyPatch, most: int
):
    """Beyond some keys every data set has a statement of its own again, and the answers are the same."""
    monkeypatch.setattr("adapters.postgres.postgres_source.MOST_JOINED_KEYS", most)
    seen = ask(at("share.asked", Column("seen")))
    answer, grades = await joined(source, seen, ask(), keys=["one", "two"])
    ((_, text),) = answer[0]["one"]
    assert ("share.grade" in text.replace('"', "")) == (most == 2)
    assert grades == told(await alone(source, Read(ask(), ["one", "two"])))


@pytest.mark.parametrize(
    "spoilt",
    [
        ask(at("share.mistyped", YEAR)),
        ask(at("share.grade", Column("nowhere"))),
        ask(at("share.nowhere", YEAR)),
        ask(at("share.failing", YEAR)),
        ask(at("share.hidden", YEAR)),
    ],
    ids=["another type", "no column", "no relation", "a view that fails", "not shared"],
)
async def test_a_spoilt_data_set_costs_itself_only(source: PostgresSource, spoilt: Query):
    """A data set that cannot be read has its own error, and those beside it are answered, every time."""
    error = told(await alone(source, Read(spoilt, ["one"])))
    for _ in range(2):
        assert await joined(source, ask(), spoilt, ask(LATEST)) == [
            *await joined(source, ask()),
            error,
            *await joined(source, ask(LATEST)),
        ]


async def test_a_type_that_stacking_would_hide_is_found(source: PostgresSource, owner: asyncpg.Connection):
    """A column of blank-padded text, which a union turns into text, breaks the contract as it does alone."""
    await owner.execute(
        "CREATE VIEW share.padded AS SELECT subject, grade::char(9) AS grade FROM share.grade"
    )
    await owner.execute("GRANT SELECT ON share.padded TO reader")
    answers = await joined(source, ask(at("share.padded", Column("grade"))), ask())
    await owner.execute("DROP VIEW share.padded")
    assert "the column is not text" in answers[0]
    assert answers[1][0]


async def test_a_date_that_cannot_be_decoded_costs_its_key_only(
    source: PostgresSource, owner: asyncpg.Connection
):
    """A date that Python has not is silent about one key of one data set."""
    await owner.execute("INSERT INTO share.listed VALUES ('far', '2026-01-01', '12000-01-01')")
    listed, grades = await joined(source, ask(LISTED), ask(), keys=["far", "one"])
    await owner.execute("DELETE FROM share.listed WHERE subject = 'far'")
    assert set(listed[0]) == {"one"}
    assert set(listed[1]) == {"far"}
    assert set(grades[0]) == {"one"}


async def test_a_relation_that_changes_is_prepared_anew(source: PostgresSource, owner: asyncpg.Connection):
    """A view replaced under a joined statement is read again, and checked again."""
    changing = ask(at("share.moving", YEAR))
    recreate = (
        "DROP VIEW IF EXISTS share.moving; CREATE VIEW share.moving AS SELECT subject, {} FROM share.grade"
    )
    answers: list[Any] = []
    for year in ("year", "year::bigint AS year", "year"):
        await owner.execute(recreate.format(year))
        await owner.execute("GRANT SELECT ON share.moving TO reader")
        answers.append(await joined(source, changing, ask(), keys=["two"]))
    await owner.execute("DROP VIEW share.moving")
    assert answers[0] == answers[2]
    assert "the column is not integer" in answers[1][0]
    assert answers[1][1] == answers[0][1]


@pytest.mark.parametrize("asked_before", [True, False], ids=["as declared once", "never asked"])
async def test_a_change_of_one_data_set_spoils_no_other(
    source: PostgresSource, owner: asyncpg.Connection, asked_before: bool
):
    """A column that becomes of another type while nobody looks does not make the others' columns of that type."""
    changing = ask(at("share.drifting", Column("assessed_on", kind=Kind.DATE)))
    recreate = "DROP VIEW IF EXISTS share.drifting; CREATE VIEW share.drifting AS SELECT subject, {} FROM share.grade"
    await owner.execute(recreate.format("assessed_on"))
    await owner.execute("GRANT SELECT ON share.drifting TO reader")
    if asked_before:
        await joined(source, changing, ask())
    await alone(source, Read(changing, ["one"]))
    await owner.execute(recreate.format("assessed_on::timestamp AS assessed_on"))
    await owner.execute("GRANT SELECT ON share.drifting TO reader")
    nobody = await source.fetch_joined([Read(changing, []), Read(ask(), ["one"])], soon())
    answers = await joined(source, ask(LATEST), changing, ask(LISTED))
    await owner.execute("DROP VIEW share.drifting")
    assert told(nobody[1])[0]["one"]
    assert "the column is not date" in answers[1]
    assert [answers[0], answers[2]] == [
        told(await alone(source, Read(ask(each), ["one", "two"]))) for each in (LATEST, LISTED)
    ]


async def test_what_has_changed_back_is_joined_again(
    source: PostgresSource, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
):
    """Once every relation is as declared again, one statement reads all of them again."""
    monkeypatch.setattr("adapters.postgres.postgres_source.BACKOFF_SECONDS", 0.0)
    asked = [ask(at("share.asked", Column("seen"))), ask(at("share.swinging", YEAR))]
    recreate = "DROP VIEW IF EXISTS share.swinging; CREATE VIEW share.swinging AS SELECT subject, {} FROM share.grade"
    texts: list[str] = []
    for year in ("year", "year::numeric AS year", "year"):
        await owner.execute(recreate.format(year))
        await owner.execute("GRANT SELECT ON share.swinging TO reader")
        seen, _ = await joined(source, *asked, keys=["one"])
        texts.append(seen[0]["one"][0][1])
    await owner.execute("DROP VIEW share.swinging")
    assert ["UNION" in text for text in texts] == [True, False, True]


async def test_what_is_slow_is_kept_apart(reader: str):
    """After a timeout of one statement for all, the slow data set costs itself only."""
    source = PostgresSource("tax", SourceAddress(dsn=reader, connections=1, timeout=0.3))
    reads_ = [Read(query, ["one"]) for query in (ask(), ask(at("share.slow")), ask(LATEST))]
    assert {type(each) for each in await source.fetch_joined(reads_, soon())} == {BureauTimedOut}
    answers = await source.fetch_joined(reads_, soon())
    await source.close()
    assert [type(each) for each in answers] == [Batch, BureauTimedOut, Batch]


async def test_a_caller_in_a_hurry_keeps_nothing_apart(source: PostgresSource):
    """A deadline before the bureau's own time is up does not split what others read by one statement."""
    asked = [Read(query, ["one"]) for query in (ask(at("share.asked", Column("seen"))), ask())]
    hurried = await source.fetch_joined(asked, soon(-1))
    assert [type(each) for each in hurried] == [BureauTimedOut, BureauTimedOut]
    seen, _ = [told(each) for each in await source.fetch_joined(asked, soon())]
    assert "UNION" in seen[0]["one"][0][1]


async def test_what_was_kept_apart_is_tried_together_again(
    source: PostgresSource, monkeypatch: pytest.MonkeyPatch
):
    """Queries that failed together are read by one statement again after a while."""
    asked = [Read(query, ["one"]) for query in (ask(at("share.asked", Column("seen"))), ask())]
    now = asyncio.get_running_loop().time()
    texts: list[str] = []
    for began in (now, now - BACKOFF_SECONDS - 1):
        source._backoff.start(asked, began)
        answer = told((await source.fetch_joined(asked, soon()))[0])
        texts.append(answer[0]["one"][0][1])
    assert ["UNION" in text for text in texts] == [False, True]


def test_a_statement_is_for_one_purpose():
    """Queries of two purposes or two bureaus have no statement together."""
    for other in (ask(purpose="another.use"), ask(bureau="courts")):
        with pytest.raises(ValueError, match="one purpose"):
            join_statements([ask(), other])


async def test_too_slow_is_too_slow_for_all(source: PostgresSource):
    """A statement that outlasts the deadline times out for every data set by name, and the next is answered."""
    reads_ = [Read(query, ["one"]) for query in (ask(at("share.slow")), ask())]
    answers = await source.fetch_joined(reads_, soon(0.2))
    assert [type(each) for each in answers] == [BureauTimedOut, BureauTimedOut]
    assert [each.dataset for each in answers if isinstance(each, BureauError)] == ["other", "grade"]
    assert (await joined(source, ask(), ask(LATEST)))[0][0]


async def test_the_bureau_ends_a_joined_statement_itself(reader: str):
    """The bureau's own timeout ends all of it, nothing is tried again at once, and then the slow one is apart."""
    source = PostgresSource("tax", SourceAddress(dsn=reader, connections=1, timeout=0.3))
    reads_ = [Read(query, ["one"]) for query in (ask(at("share.slow")), ask())]
    for expected in ([BureauTimedOut, BureauTimedOut], [BureauTimedOut, Batch], [BureauTimedOut, Batch]):
        answers = await source.fetch_joined(reads_, soon())
        assert [type(each) for each in answers] == expected
    assert (await joined(source, ask(), ask(LATEST)))[0][0]
    await source.close()


async def test_more_keys_than_a_round_trip_carries_are_refused(source: PostgresSource):
    """Too many keys for one data set are refused of that one."""
    answers = await source.fetch_joined([Read(ask(), ["one"] * 10_001), Read(ask(LATEST), ["one"])], soon())
    assert [type(each) for each in answers] == [OverBudget, Batch]


async def test_a_bureau_that_is_gone_is_gone_for_all(source: PostgresSource):
    """Where no connection can be had, every read says so of its own data set."""
    await source.close()
    answers = await source.fetch_joined([Read(ask(), ["one"]), Read(ask(LATEST), ["one"])], soon())
    assert [(type(each), each.dataset) for each in answers if isinstance(each, BureauError)] == [
        (BureauUnavailable, "grade"),
        (BureauUnavailable, "latest_grade"),
    ]


async def test_rows_beyond_the_budget_cost_their_data_set(
    source: PostgresSource, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
):
    """A data set with more rows than a round trip may carry is over budget; those beside it are answered."""
    monkeypatch.setattr("adapters.postgres.connection.MAX_ROWS", 3)
    answers = await joined(source, ask(), ask(LATEST), keys=["one", "two", "bad"])
    assert "BUREAU_OVER_BUDGET" in answers[0]
    assert set(answers[1][0]) == {"one", "two"} - set(answers[1][1])


async def test_an_error_of_a_row_keeps_nothing_of_the_driver(source: PostgresSource):
    """What is returned in place of rows is our own error, with nothing chained to it."""
    answers = await source.fetch_joined(
        [Read(ask(at("share.failing", YEAR)), ["one"]), Read(ask(), ["one"])], soon()
    )
    assert isinstance(answers[0], ContractBroken)
    assert answers[0].__cause__ is None
    assert answers[0].__context__ is None
