"""The items of the public credit catalogue, with the elements that art. 11 of 河南省社会信用条例 asks for."""

from dataclasses import dataclass
from enum import Enum
from typing import Final


class SubjectKind(Enum):
    """Whom a dataset speaks of (主体类型)."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


PERSONS: Final = frozenset({SubjectKind.PERSON})
ENTERPRISES: Final = frozenset({SubjectKind.ENTERPRISE})
BOTH: Final = PERSONS | ENTERPRISES


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
    name: tuple[str, str]
    """数据名称, in Chinese and in English"""
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
    serves: tuple[tuple[str, str], ...] = ()
    """The duties of supervision and the listed measures that may use the item, each with its basis: further ones than
    the policies name (`policies/duty_items.toml`)."""
