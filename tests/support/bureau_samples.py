"""The dataset of the test bureau and questions to it."""

import asyncio

from adapters.source import Query
from catalogue.catalogue_item import CatalogueItem, Disclosure, Nature, SubjectKind
from catalogue.declarations import Column, Dataset, Kind

ITEM = CatalogueItem(
    code="T-001",
    name=("测试", "Test"),
    provider="测试",
    subjects=frozenset(SubjectKind),
    nature=Nature.OTHER,
    disclosure=Disclosure.PUBLIC,
    coverage="测试",
    update_cycle="每日",
    legal_basis="测试",
)
COLUMNS = (
    Column("year", kind=Kind.INTEGER),
    Column("grade", codes=frozenset("AB")),
    Column("points", kind=Kind.INTEGER, nullable=True),
    Column("fine_fen", kind=Kind.FEN),
    Column("assessed_on", kind=Kind.DATE),
    Column("final", kind=Kind.BOOLEAN),
)
GRADE = Dataset(
    name="grade", relation="share.grade", key="subject", item=ITEM, columns=COLUMNS, order=("-year",)
)
LATEST = Dataset(
    name="latest_grade",
    relation="share.grade",
    key="subject",
    item=ITEM,
    columns=COLUMNS,
    order=("-year",),
    many=False,
    latest=True,
)
SINGLE = Dataset(
    name="single_grade", relation="share.grade", key="subject", item=ITEM, columns=COLUMNS, many=False
)
LISTED = Dataset(
    name="listed",
    relation="share.listed",
    key="subject",
    item=ITEM,
    columns=(Column("listed_on", kind=Kind.DATE), Column("expires_on", kind=Kind.DATE, nullable=True)),
    order=("-listed_on",),
)
PURPOSE = "credit.use"


def at(relation: str, *columns: Column) -> Dataset:
    """A dataset over another relation of the bureau."""
    return Dataset(name="other", relation=relation, key="subject", item=ITEM, columns=columns or COLUMNS)


def ask(dataset: Dataset = GRADE, *columns: str, purpose: str = PURPOSE, bureau: str = "tax") -> Query:
    """A query for some columns, or for all."""
    return Query(bureau, dataset, columns or tuple(column.name for column in dataset.columns), purpose)


def soon(seconds: float = 20.0) -> float:
    """A deadline."""
    return asyncio.get_running_loop().time() + seconds
