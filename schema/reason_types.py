"""Why an incentive is not granted, as types of the graph: for the subject alone, beside its one-sided answers.

A reason may say which records bar, or that a score is too low. It is therefore as sensitive as a score, and the ceiling
`reasons-for-the-subject-alone` keeps it from everybody else.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from catalogue.classification import Classification, DataClass, Sensitivity, inputs
from catalogue.declarations import Bureau
from catalogue.declared_codes import bilingual
from catalogue.derived_items import REASONS_ITEM
from catalogue.record_life import ENDS
from schema.type_builder import Member, Types

_REASON: Final = Classification(REASONS_ITEM.code, DataClass.INCENTIVE, Sensitivity.SENSITIVE)
_TYPES: Final = {
    "BarringKind": (
        ("限制信息类别", "A kind of record that bars a requirement"),
        {
            "kind": ("String", "信息名称", "Title of the kind of record"),
            "provider": ("String", "提供单位", "Bureau that provides it"),
            "until": ("Date", "限制截止日", "Last day on which it bars; null where that is not known"),
        },
    ),
    "UnmetRequirement": (
        ("未满足的要求", "A requirement that is not met"),
        {
            "requirement": ("String", "要求", "The requirement in words"),
            "source": ("String", "依据", "Law or document that makes it"),
            "metFrom": (
                "Date",
                "可满足之日",
                "First day on which time alone meets it; null where it does not",
            ),
            "unknown": ("Boolean", "无信息", "Whether no bureau holds anything valid of what it asks for"),
            "kinds": ("list[BarringKind]", "限制信息", "The kinds of record that bar it"),
        },
    ),
    "UnmetAlternative": (
        ("未满足的备选条件", "One way to meet the condition"),
        {"unmet": ("list[UnmetRequirement]", "未满足的要求", "All that this way still lacks")},
    ),
    "IncentiveReason": (
        ("未获激励的原因", "Why an incentive is not granted"),
        {
            "incentive": ("String", "激励编号", "Number of the incentive, as NY-005"),
            "title": ("String", "激励名称", "The incentive in words"),
            "scene": ("String", "场景", "Purpose for which it is asked"),
            "document": ("String", "文件", "The city's document that states it"),
            "responsible": ("String", "责任单位", "Units that the document names; empty where it names none"),
            "reading": ("String", "我们的理解", "What is inferred and not written; null where nothing is"),
            "unanswerable": ("String", "无法答复的原因", "Why nobody can be answered; null where it can be"),
            "unmet": ("list[UnmetRequirement]", "未满足的要求", "Each of these must be met"),
            "alternatives": (
                "list[UnmetAlternative]",
                "备选条件",
                "One of these must be met in full; empty where one is met",
            ),
        },
    ),
}
"""By type: its title, and each of its fields with type and title."""
REASON_TYPES: Final = tuple(_TYPES)


def reason_members() -> Iterator[str]:
    """Yield the coordinate of each field of a reason and of what hangs on it."""
    for name, (_, fields) in _TYPES.items():
        yield from (f"{name}.{each}" for each in fields)


def add_reasons(types: Types) -> None:
    """Make the types of the reasons."""
    for name, (title, fields) in _TYPES.items():
        members = [
            Member(field, f"{type_} | None", bilingual(zh, en), _REASON)
            for field, (type_, zh, en) in fields.items()
        ]
        types.add_object(name, bilingual(*title), members)


def reasons_field(derived_from: Iterable[str]) -> Member:
    """Return the field of the standing that tells the reasons. Its reader must be allowed to read all that they rest on."""
    text = bilingual(
        "未获激励的原因，仅告知本人",
        "Why incentives are not granted: for the subject alone; none where it is TRUE",
    )
    classification = Classification(
        REASONS_ITEM.code,
        DataClass.INCENTIVE,
        Sensitivity.SENSITIVE,
        inputs=inputs(*dict.fromkeys(derived_from)),
    )
    return Member("why", "list[IncentiveReason] | None", text, classification)


def ends_of(bureaus: Sequence[Bureau], looked_at: Iterable[str]) -> Iterator[str]:
    """Yield the coordinates by which a reason knows until when a record bars, of the records that the answers look at."""
    types = {each.partition(".")[0] for each in looked_at}
    adverse = (each for bureau in bureaus for each in bureau.datasets if each.adverse and each.field)
    from_ = (each for each in adverse if each.type_name in types)
    yield from (f"{each.type_name}.{each.by_name[ENDS].field_name}" for each in from_)
