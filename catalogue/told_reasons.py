"""What the gateway tells a subject, and nobody else, about its incentives: how each one stands, and why it is not granted.

The shapes here are those of `Standing.why` and of `Standing.incentives` in the graph. Each member states its Chinese and
its English title, and the name of its type where that is no plain one. Texts in both languages stand in one member, as
`中文 · English`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, TypeAlias

import msgspec

from catalogue.open_index import Both, IndexIncentive

ANSWER: Final = "OneSided"
"""The enum of a one-sided answer."""
STATE_OF_INCENTIVE: Final = "IncentiveState"
INCENTIVE_STATES: Final = {
    "MET": ("符合条件", "The condition is met"),
    "NOT_MET": ("不符合条件", "The condition is not met"),
    "WAITS": ("尚不能回答", "Nobody can be answered yet: see waitsFor"),
    "FOR_OTHERS": ("不适用于此类主体", "It is for other kinds of subject: see beneficiaries"),
}
"""How an incentive stands with a subject, in Chinese and in English."""
_Unknown: TypeAlias = Annotated[
    bool,
    "是否查无此项信息（没有登记、等级、积分，或所依据的记录有误；不在名单上、没有荣誉的，为否）",
    "Whether what it asks for is not known: no registration, grade or score is there, or the records are faulty;"
    " false for whoever is not on a list or has no honour",
]


class BarringKind(msgspec.Struct, frozen=True, rename="camel"):
    """限制信息类别 · A kind of record that bars a requirement."""

    kind: Annotated[str, "信息名称", "Title of the kind of record"]
    provider: Annotated[str, "提供单位", "Bureau that provides it"]
    until: Annotated[date | None, "限制截止日", "Last day on which it bars; null where that is not known"]


class UnmetRequirement(msgspec.Struct, frozen=True, rename="camel"):
    """未满足的要求 · A requirement that is not met."""

    requirement: Annotated[Both, "要求", "The requirement in words"]
    source: Annotated[str, "依据", "Law or document that makes it"]
    met_from: Annotated[
        date | None, "可满足之日", "First day on which time alone meets it; null where it does not"
    ]
    unknown: _Unknown
    kinds: Annotated[tuple[BarringKind, ...], "限制信息", "The kinds of record that bar it"]


class UnmetAlternative(msgspec.Struct, frozen=True, rename="camel"):
    """未满足的备选条件 · One way to meet the condition."""

    unmet: Annotated[tuple[UnmetRequirement, ...], "未满足的要求", "All that this way still lacks"]


class IncentiveReason(msgspec.Struct, frozen=True, rename="camel"):
    """未获激励的原因 · Why an incentive is not granted."""

    incentive: Annotated[str, "激励编号", "Number of the incentive, as NY-005"]
    title: Annotated[Both, "激励名称", "The incentive in words"]
    scene: Annotated[str, "场景", "Purpose for which it is asked"]
    document: Annotated[str, "文件", "The city's document that states it"]
    responsible: Annotated[str, "责任单位", "Units that the document names; empty where it names none"]
    reading: Annotated[Both | None, "我们的理解", "What is inferred and not written; null where nothing is"]
    unanswerable: Annotated[
        Both | None, "无法答复的原因", "Why nobody can be answered; null where it can be"
    ] = None
    unmet: Annotated[tuple[UnmetRequirement, ...], "未满足的要求", "Each of these must be met"] = ()
    alternatives: Annotated[
        tuple[UnmetAlternative, ...],
        "备选条件",
        "One of these must be met in full; empty where one is met",
    ] = ()


class Remedy(msgspec.Struct, frozen=True, rename="camel"):
    """可采取的办法 · A right by which the subject can act, as the open index states it."""

    right: Annotated[str, "代码", "Name of the right in the open index"]
    zh: Annotated[str, "权利", "Right in Chinese"]
    en: Annotated[str, "英文权利", "Right in English"]
    source: Annotated[str, "依据", "Law that gives it"]
    organ: Annotated[Both, "受理单位", "Organ to turn to"]
    how: Annotated[Both, "办理方式", "How to use it, and what the gateway does not do"]


class OwnRequirement(msgspec.Struct, frozen=True, rename="camel"):
    """一项要求及其结果 · A requirement of an incentive, with how it stands with the subject."""

    requirement: Annotated[Both, "要求", "The requirement in words"]
    source: Annotated[str, "依据", "Law or document that makes it"]
    met: Annotated[bool, "是否满足", "Whether it is met today"]
    met_from: Annotated[
        date | None, "可满足之日", "First day on which time alone meets it; null where it does not"
    ] = None
    unknown: _Unknown = False
    kinds: Annotated[tuple[BarringKind, ...], "限制信息", "The kinds of record that bar it"] = ()
    remedies: Annotated[
        tuple[Remedy, ...],
        "可采取的办法",
        "What the subject can do; empty where it is met, or time alone decides",
    ] = ()


class OwnAlternative(msgspec.Struct, frozen=True, rename="camel"):
    """满足条件的一种方式 · One way to meet the condition."""

    met: Annotated[bool, "是否满足", "Whether all of it is met"]
    requirements: Annotated[tuple[OwnRequirement, ...], "要求", "Each of these must be met"]


class IncentiveOutcome(msgspec.Struct, frozen=True, rename="camel"):
    """激励对本人的结果 · How an incentive stands with the subject, and why."""

    state: Annotated[str, "结果", "How it stands", STATE_OF_INCENTIVE]
    answer: Annotated[str | None, "单向回答", "What a scene would be told; null is not granted", ANSWER] = (
        None
    )
    always: Annotated[
        tuple[OwnRequirement, ...], "一般要求", "Each of these must be met, whatever the condition"
    ] = ()
    alternatives: Annotated[tuple[OwnAlternative, ...], "条件", "One of these must be met in full"] = ()


class OwnIncentive(IndexIncentive, frozen=True, rename="camel"):
    """本市的一项激励及其对本人的结果 · An incentive as the open index states it, and how it stands with the subject."""

    scene: Annotated[str, "场景代码", "Purpose under which it is asked"]
    scene_zh: Annotated[str | None, "场景", "Title of the scene in Chinese"]
    scene_en: Annotated[str | None, "英文场景", "Title of the scene in English"]
    document_title: Annotated[str | None, "文件标题", "Title of the document; null where it bears none"]
    document_number: Annotated[str | None, "文号", "Number of the document; null where it bears none"]
    outcome: Annotated[
        IncentiveOutcome | None, "结果", "How it stands with the subject, and why; null where a bureau failed"
    ]


REASON_SHAPES: Final[tuple[type[msgspec.Struct], ...]] = (
    BarringKind,
    UnmetRequirement,
    UnmetAlternative,
    IncentiveReason,
    Remedy,
    OwnRequirement,
    OwnAlternative,
    IncentiveOutcome,
    OwnIncentive,
)
"""Every shape, each behind those that it holds."""
