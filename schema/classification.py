"""What a field is, in the words of the catalogue: composition refuses a field that does not say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Final

import strawberry


class DataClass(Enum):
    """The classes by which purposes are permitted to read; each value is bilingual."""

    OPEN = "公开目录 · Open: the catalogue itself"
    IDENTITY = "身份 · Identity of a person"
    PUBLIC_RECORD = "公开登记 · Public record"
    ADMINISTRATIVE = "政务信息 · Administrative record shared by duty"
    GRADE = "监管评级 · Regulatory grade"
    ADVERSE = "失信信息 · Adverse record"
    JUDICIAL = "司法信息 · Judicial record"
    INCENTIVE = "守信激励 · Incentive data: only ever used to reward"


class Sensitivity(IntEnum):
    """How much harm a disclosure does; a permit names the highest level that it opens."""

    ORDINARY = 1
    """一般"""
    PERSONAL = 2
    """个人信息"""
    SENSITIVE = 3
    """敏感：an identity number, a score, an amount of income"""


@dataclass(frozen=True, slots=True)
class Classification:
    """Catalogue item, class and sensitivity of a field.

    `item` is the code of the catalogue item that the value comes from. `inputs` are fields of the same
    type from which this one is derived: whoever may not read one of them may not read this one.
    """

    item: str
    data_class: DataClass
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    inputs: tuple[str, ...] = ()


METADATA_KEY: Final = "classification"


def classified(classification: Classification, zh: str, en: str) -> Any:
    """Declare a field with its classification and a bilingual description.

    Serves as the value of an annotated attribute and as the decorator of a method that declares
    arguments; the method is never called.
    """
    return strawberry.field(description=f"{zh} · {en}", metadata={METADATA_KEY: classification})


def bilingual(zh: str, en: str) -> str:
    """Return the description of a type, an enum or one of its values."""
    return f"{zh} · {en}"
