"""The catalogue as the graph shows it: which fields exist, from whom, on which legal basis, of which class."""

from __future__ import annotations

import strawberry

from schema.classification import Classification, DataClass, bilingual, classified

OPEN = Classification("XY-CAT-001", DataClass.OPEN)


@strawberry.type(description=bilingual("目录条目", "One field of the graph and what binds it"))
class CatalogueEntry:
    """目录条目 (河南省社会信用条例 第十一条)."""

    field: str = classified(OPEN, "字段", "Type and field, as Type.field")
    description: str = classified(OPEN, "说明", "What the field holds")
    item: str = classified(OPEN, "数据代码", "Code of the catalogue item")
    item_name: str = classified(OPEN, "数据名称", "Name of the catalogue item")
    provider: str = classified(OPEN, "提供单位", "Bureau that provides it")
    data_class: str = classified(OPEN, "数据类别", "Class by which purposes are permitted")
    sensitivity: str = classified(OPEN, "敏感级别", "ORDINARY, PERSONAL or SENSITIVE")
    uses: list[str] = classified(OPEN, "用途", "What an operation can do with it; nothing else exists for it")
    inputs: list[str] = classified(OPEN, "推导依据", "What it is derived from: a use and Type.field each")
    nature: str = classified(OPEN, "信息性质", "What the item says of its subject")
    disclosure: str = classified(OPEN, "共享属性", "PUBLIC, GOV_SHARED or AUTHORISED")
    subjects: list[str] = classified(OPEN, "主体类型", "Whom the item speaks of")
    coverage: str = classified(OPEN, "覆盖范围", "Who and what is covered")
    update_cycle: str = classified(OPEN, "更新周期", "How often it is brought up to date")
    data_format: str = classified(OPEN, "数据格式", "Form of the data")
    legal_basis: str = classified(OPEN, "法律依据", "Rule under which it is collected and shared")
