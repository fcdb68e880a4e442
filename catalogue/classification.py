"""How fields are classified: class, sensitivity, the uses that exist for them, and what they are derived from."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final


class DataClass(Enum):
    """The classes by which purposes are permitted to use fields; each value is bilingual."""

    OPEN = "公开目录 · Open: the catalogue itself"
    IDENTITY = "身份 · Identity of a person"
    PUBLIC_RECORD = "公开登记 · Public record"
    ADMINISTRATIVE = "政务信息 · Administrative record shared by duty"
    GRADE = "监管评级 · Regulatory grade"
    ADVERSE = "失信信息 · Adverse record"
    JUDICIAL = "司法信息 · Judicial record"
    INCENTIVE = "守信激励 · Incentive data: only ever used to reward"
    RIGHTS = "主体权益 · Rights of the subject: consent, objection, repair"
    STATISTIC = "统计 · Counts in registered tables"


class Sensitivity(IntEnum):
    """How much harm a disclosure does; a permit names the highest level that it opens."""

    ORDINARY = 1
    """一般"""
    PERSONAL = 2
    """个人信息"""
    SENSITIVE = 3
    """敏感：an identity number, a score, an amount of income"""


class Use(Enum):
    """What an operation can do with a field. A use that a field does not declare does not exist for anyone.

    `DERIVE` stands for a named declassification that reads the field and releases less than it; no document
    can ask for it.
    """

    READ = "read"
    """读取: the value stands in the answer"""
    FILTER = "filter"
    """筛选: the value decides which records stand in the answer"""
    SORT = "sort"
    """排序: the value decides about their order"""
    AGGREGATE = "aggregate"
    """汇总: the value is counted with others"""
    EXISTS = "exists"
    """存在性: the answer tells whether there is such a value"""
    JOIN_KEY = "join_key"
    """关联键: the value leads from one subject to another"""
    ARGUMENT = "argument"
    """查询条件: the caller gives the value to find the subject"""
    DERIVE = "derive"
    """解密级推导: a reviewed declassification reads the value"""
    HISTORY = "history"
    """查阅历史: the list shows records that no longer stand, or do not stand yet"""


@dataclass(frozen=True, slots=True)
class Input:
    """A field from which another one is derived, and the use that the derivation makes of it.

    `field` is a coordinate "Type.field", or the name of a field of the same type.
    """

    field: str
    use: Use = Use.READ

    def coordinate(self, owner: str) -> str:
        """Return the input's coordinate, seen from a field of `owner`."""
        return self.field if "." in self.field else f"{owner}.{self.field}"


def inputs(*fields: str, use: Use = Use.READ) -> tuple[Input, ...]:
    """Return the inputs of a derived field."""
    return tuple(Input(field, use) for field in fields)


REGISTERED_TABLE: Final = "registered-table"
"""The declassification under which a registered table releases counts of fields that nobody may read."""

READ_ONLY: Final = frozenset({Use.READ})
FILTERED: Final = frozenset({Use.FILTER})
"""Lists of records can be filtered by the column."""
ORDERED: Final = frozenset({Use.FILTER, Use.SORT})
"""Lists of records can be filtered and ordered by the column."""
COUNTED: Final = frozenset({Use.AGGREGATE})
"""A registered table counts by the column."""
DERIVED: Final = frozenset({Use.DERIVE})
"""A reviewed declassification reads the column. A column that an adverse rule reads has this use anyway."""
HISTORIC: Final = frozenset({Use.HISTORY})
"""The use of the state of a record by which a list shows what does not stand."""
NEVER_CHOSEN: Final = frozenset({DataClass.INCENTIVE, DataClass.IDENTITY, DataClass.RIGHTS})
"""Classes of which no field ever filters or sorts."""
KEY: Final = frozenset({Use.READ, Use.ARGUMENT, Use.EXISTS, Use.JOIN_KEY})
"""The uses of an identifier."""


@dataclass(frozen=True, slots=True)
class Classification:
    """Catalogue item, class, sensitivity and uses of a field.

    `item` is the code of the catalogue item that the value comes from; its disclosure mode and legal basis
    stand there. `inputs` are the fields from which this one is derived: whoever may not make the stated use
    of one of them may not read this one. `declassification` names the reviewed rule under which a derived
    field releases less than its inputs; only such a field may have inputs of the uses DERIVE and AGGREGATE.
    `scene` names the one purpose for which a one-sided answer is given. An `unpublished` field shows records of which
    the item is public for other subjects only; organs share it (政务共享).
    """

    item: str
    data_class: DataClass
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    uses: frozenset[Use] = READ_ONLY
    inputs: tuple[Input, ...] = ()
    declassification: str | None = None
    scene: str | None = None
    unpublished: bool = False
