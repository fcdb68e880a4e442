"""The open index: what anybody may read of an installation without a token. It holds no data of any person or enterprise.

The shapes here are those of `GET /open` as JSON and of `openIndex` in the graph: a test compares the two. Each member
states its Chinese and its English title. Texts in both languages stand in one member, as `中文 · English`.
郑信用〔2019〕3号 asks for the index of indicators, whom it is for, how it works, where it is used, and how the subject is
protected; 个人信息保护法 art. 7 asks for open rules of processing everywhere.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

Both: TypeAlias = str
"""A text in both languages: `中文 · English`."""


class IndexIndicator(msgspec.Struct, frozen=True, rename="camel"):
    """评价指标 · A kind of information that the score programme counts, as its document says."""

    zh: Annotated[str, "名称", "Name in Chinese"]
    en: Annotated[str, "英文名称", "Name in English"]
    place: Annotated[str, "文件中的位置", "Where the document says so"]
    reading: Annotated[Both | None, "我们的理解", "Our understanding, where the document does not say it"]


class IndexBand(msgspec.Struct, frozen=True, rename="camel"):
    """积分等级 · A band of scores, from `least` to below `below`."""

    zh: Annotated[str, "等级", "Label in Chinese"]
    en: Annotated[str, "英文等级", "Label in English"]
    least: Annotated[int, "下限（含）", "Lowest score of the band"]
    below: Annotated[
        int | None, "上限（不含）", "First score above the band; null where no highest score is known"
    ]
    typical: Annotated[
        Both | None, "一般情形", "What the document says is typical of the band; the score decides"
    ]


class IndexBandTable(msgspec.Struct, frozen=True, rename="camel"):
    """等级表 · A table of bands, in force from a day on until a later table."""

    since: Annotated[str, "施行日期", "First day, as YYYY-MM-DD"]
    source: Annotated[str, "来源", "Document that states it"]
    bands: Annotated[tuple[IndexBand, ...], "等级", "Bands from the lowest to the highest"]


class IndexProgramme(msgspec.Struct, frozen=True, rename="camel"):
    """个人信用积分项目 · The score programme of the city; the gateway computes no score."""

    code: Annotated[str, "代码", "Code"]
    zh: Annotated[str, "名称", "Name in Chinese"]
    en: Annotated[str, "英文名称", "Name in English"]
    source: Annotated[str, "来源", "Documents of the programme"]
    opened: Annotated[str, "开始日期", "Day on which it began"]
    base: Annotated[int | None, "起始分", "Score that everybody begins with; null if it is not known"]
    most: Annotated[int | None, "最高分", "Highest score; null if it is not known"]
    indicators: Annotated[tuple[IndexIndicator, ...], "指标", "What it counts, as its document says"]
    band_tables: Annotated[tuple[IndexBandTable, ...], "等级表", "Tables of bands; empty until one is set"]
    readings: Annotated[tuple[Both, ...], "说明", "What is not from the document, and what it leaves open"]


class IndexStep(msgspec.Struct, frozen=True, rename="camel"):
    """服务流程 · A step of the service, in its order."""

    zh: Annotated[str, "步骤", "Step in Chinese"]
    en: Annotated[str, "英文步骤", "Step in English"]
    source: Annotated[str, "依据", "Rule that it rests on"]


class IndexIncentive(msgspec.Struct, frozen=True, rename="camel"):
    """守信激励 · An incentive of a scene."""

    id: Annotated[str, "编号", "Number"]
    zh: Annotated[str, "激励内容", "Benefit in Chinese"]
    en: Annotated[str, "英文激励内容", "Benefit in English"]
    kind: Annotated[Both, "激励类型", "Kind of benefit"]
    beneficiaries: Annotated[tuple[Both, ...], "服务对象", "Whom it is for"]
    basis: Annotated[str, "条件代码", "Name of its condition, under thresholds where it has one"]
    condition: Annotated[Both | None, "条件", "Condition; null while it cannot be answered"]
    asked: Annotated[
        tuple[Both, ...], "具体要求", "What is asked at the bar of its scene: one of these is enough"
    ]
    raised: Annotated[
        bool, "高于该条件", "Whether the bar of the scene asks for more than the condition by itself"
    ]
    consent: Annotated[bool, "须本人同意", "Whether the person is asked first"]
    answerable: Annotated[bool, "能否回答", "Whether it can be answered"]
    waits_for: Annotated[Both | None, "等待", "What it waits for, while it cannot be answered"]
    bureaus: Annotated[
        tuple[str, ...],
        "责任单位",
        "Units that the document names, 等 where it leaves the list open; empty where it names none",
    ]
    document: Annotated[str, "文件", "Document that states it"]
    place: Annotated[str, "文件中的位置", "Heading in the document"]
    reading: Annotated[
        Both | None,
        "我们的理解",
        "Our understanding of it and of its condition, where the document does not say it",
    ]
    configured: Annotated[Both | None, "配置", "What of its condition is configuration, with its owner"]


class IndexOperator(msgspec.Struct, frozen=True, rename="camel"):
    """应用单位 · A system that may ask in a scene, and the department that answers for it."""

    name: Annotated[str, "客户端", "Name of the client"]
    zh: Annotated[str, "名称", "Title in Chinese"]
    en: Annotated[str, "英文名称", "Title in English"]
    kind: Annotated[Both, "类别", "Kind of caller"]
    department: Annotated[str, "主管部门", "Department"]


class IndexScene(msgspec.Struct, frozen=True, rename="camel"):
    """应用场景 · A scene in which incentives are granted."""

    purpose: Annotated[str, "用途代码", "Purpose under which it is asked"]
    zh: Annotated[str, "场景", "Title in Chinese"]
    en: Annotated[str, "英文场景", "Title in English"]
    duty: Annotated[
        str | None, "依职责办理的依据", "Basis on which organs alone act here by duty; null elsewhere"
    ]
    incentives: Annotated[tuple[IndexIncentive, ...], "激励", "Its incentives"]
    operators: Annotated[tuple[IndexOperator, ...], "应用单位", "Who may ask; empty while nobody may"]


class IndexThreshold(msgspec.Struct, frozen=True, rename="camel"):
    """条件和门槛 · A condition with its threshold: what the document states of it, and what is configuration."""

    basis: Annotated[str, "条件代码", "Name of the condition"]
    zh: Annotated[str, "条件", "Condition in Chinese"]
    en: Annotated[str, "英文条件", "Condition in English"]
    owner: Annotated[
        str, "配置负责单位", "Who answers for what is configured; that it is this owner is configuration too"
    ]
    asked: Annotated[tuple[Both, ...], "具体要求", "What it asks by itself: one of these is enough"]
    stated: Annotated[Both | None, "文件写明", "What the document itself states of it"]
    configured: Annotated[Both | None, "配置", "Numbers and codes that no document states, with their owner"]
    reading: Annotated[Both | None, "我们的理解", "Our understanding of the document's words"]


class IndexTerm(msgspec.Struct, frozen=True, rename="camel"):
    """期限 · A term of a right, as a rule states it in a time."""

    rule: Annotated[str, "规则", "Name of the rule"]
    zh: Annotated[str, "事项", "What it is about, in Chinese"]
    en: Annotated[str, "英文事项", "What it is about, in English"]
    value: Annotated[Both | None, "期限", "Term; null if it is not established"]
    since: Annotated[str, "起", "First day on which it holds"]
    until: Annotated[str | None, "止", "Last day on which it holds; null while it is in force"]
    source: Annotated[str, "来源", "Document that states it"]
    mark: Annotated[str, "核对程度", "How far the source was read"]


class IndexOperation(msgspec.Struct, frozen=True, rename="camel"):
    """办理操作 · A registered operation that serves a right."""

    name: Annotated[str, "操作", "Name of the operation"]
    zh: Annotated[str, "名称", "Title in Chinese"]
    en: Annotated[str, "英文名称", "Title in English"]
    clients: Annotated[tuple[Both, ...], "使用入口", "Through which systems it is used"]


class IndexRight(msgspec.Struct, frozen=True, rename="camel"):
    """信息主体权益 · A right of the subject, and how to use it."""

    name: Annotated[str, "代码", "Name of the right"]
    zh: Annotated[str, "权利", "Right in Chinese"]
    en: Annotated[str, "英文权利", "Right in English"]
    source: Annotated[str, "依据", "Law that gives it"]
    organ: Annotated[Both, "受理单位", "Organ to turn to"]
    how: Annotated[Both, "办理方式", "How to use it, and what the gateway does not do"]
    operations: Annotated[
        tuple[IndexOperation, ...], "操作", "Operations that serve it; empty where none does"
    ]
    terms: Annotated[tuple[IndexTerm, ...], "期限", "Its terms"]


class IndexItem(msgspec.Struct, frozen=True, rename="camel"):
    """数据项 · An item that is collected or derived, with its legal basis."""

    code: Annotated[str, "数据代码", "Code of the catalogue item"]
    zh: Annotated[str, "数据名称", "Name in Chinese"]
    en: Annotated[str, "英文名称", "Name in English"]
    provider: Annotated[str, "提供单位", "Who provides it"]
    nature: Annotated[Both, "信息性质", "What it says of its subject"]
    disclosure: Annotated[Both, "共享属性", "How it may be disclosed"]
    subjects: Annotated[tuple[Both, ...], "主体类型", "Whom it speaks of"]
    coverage: Annotated[str, "覆盖范围", "Who and what is covered"]
    update_cycle: Annotated[str, "更新周期", "How often it is brought up to date"]
    legal_basis: Annotated[str, "法律依据", "Rule under which it is collected and shared"]


class OpenIndex(msgspec.Struct, frozen=True, rename="camel"):
    """公开目录 · What the installation's city rewards, on which conditions, who asks, and which rights there are."""

    zh: Annotated[str, "城市", "City in Chinese"]
    en: Annotated[str, "英文城市", "City in English"]
    document: Annotated[str, "文件", "Document that states its incentives"]
    programme: Annotated[IndexProgramme | None, "积分项目", "Its score programme; null if it has none"]
    steps: Annotated[tuple[IndexStep, ...], "服务流程", "How the service works, step by step"]
    always: Annotated[tuple[Both, ...], "一般要求", "What every incentive asks, beside its condition"]
    scenes: Annotated[tuple[IndexScene, ...], "应用场景", "Scenes, with incentives and operators"]
    thresholds: Annotated[tuple[IndexThreshold, ...], "条件和门槛", "Conditions, with who answers for them"]
    rights: Annotated[tuple[IndexRight, ...], "信息主体权益", "Rights of the subject, and how to use them"]
    items: Annotated[
        tuple[IndexItem, ...], "数据目录", "Items that are collected or derived, with legal basis"
    ]


INDEX_TYPES: tuple[type[msgspec.Struct], ...] = (
    IndexIndicator,
    IndexBand,
    IndexBandTable,
    IndexProgramme,
    IndexStep,
    IndexIncentive,
    IndexOperator,
    IndexScene,
    IndexThreshold,
    IndexTerm,
    IndexOperation,
    IndexRight,
    IndexItem,
    OpenIndex,
)
"""Every shape of the index, each behind those that it holds."""
