"""What a bureau shares, as data: data sets with their columns, catalogue items and registered tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal


class Kind(Enum):
    """The type of a column as the contract states it."""

    TEXT = "text"
    INTEGER = "integer"
    FEN = "bigint"
    """Money in fen, 1/100 yuan: a whole number of 64 bits."""
    DATE = "date"
    BOOLEAN = "boolean"


class SubjectKind(Enum):
    """Whom a dataset speaks of (主体类型)."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


class Nature(Enum):
    """What a catalogue item says of its subject (信息性质)."""

    BASIC = "basic"
    GOOD = "good"
    ADVERSE = "adverse"
    GRADE = "grade"
    OTHER = "other"


class Disclosure(Enum):
    """The three modes of disclosure of 河南省社会信用条例 art. 18."""

    PUBLIC = "public"
    """公开公示"""
    GOV_SHARED = "gov_shared"
    """政务共享"""
    AUTHORISED = "authorised"
    """授权查询"""


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One item of the public credit catalogue with the elements of 河南省社会信用条例 art. 11.

    The tenth element, the information items (信息项), are the columns of the dataset itself.
    """

    code: str
    """数据代码"""
    name_zh: str
    """数据名称"""
    name_en: str
    provider: str
    """提供单位"""
    subjects: frozenset[SubjectKind]
    """主体类型"""
    nature: Nature
    """信息性质"""
    disclosure: Disclosure
    """共享属性"""
    coverage: str
    """覆盖范围"""
    update_cycle: str
    """更新周期"""
    legal_basis: str
    """The rule under which the item is collected and shared."""
    data_format: str = "structured"
    """数据格式"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset; `codes` closes the set of values of a text column.

    `neutral` says that the values tell nothing of anybody, so that records may be ordered by them though
    no field shows them: a number that was drawn at random, never one that was counted up or made of a name.
    """

    name: str
    kind: Kind = Kind.TEXT
    nullable: bool = False
    codes: frozenset[str] | None = None
    neutral: bool = False


MINIMUM_CELL: Final = 5
"""The least count of subjects that a table releases where its bureau asks for no more."""


COUNT: Final = "count"
"""The column of a table of counts that holds the count."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How a registered table of counts (统计表) is laid out: `row` and `column` name its columns of labels.

    Both hold codes of a closed set. `row` says where a subject belongs, which others may know of it; `column`
    says what the table tells about it. A subject is counted in one cell at most, so that rows and columns
    add up. A count below `minimum` is not released.
    """

    row: str
    column: str
    minimum: int = MINIMUM_CELL


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table or view that a bureau shares, read by one key column.

    `order` lists columns, newest or most important first where marked `-`; with `latest` only the first
    row of each key in that order is read. `many` tells whether a key can have more than one row. With
    `counting` it is a table of counts, keyed by the closed period that it is about, and no data set of records.
    """

    name: str
    relation: str
    key: str
    columns: tuple[Column, ...]
    item: CatalogueItem
    many: bool = True
    order: tuple[str, ...] = ()
    latest: bool = False
    counting: Counting | None = None
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau with what it shares: data sets of records and registered tables of counts.

    `source` is how the bureau is read by default.
    """

    name: str
    title_zh: str
    title_en: str
    source: Literal["postgres", "http"]
    datasets: tuple[Dataset, ...]
    tables: tuple[Dataset, ...] = ()

    @property
    def shared(self) -> tuple[Dataset, ...]:
        """Everything that the bureau shares."""
        return (*self.datasets, *self.tables)
