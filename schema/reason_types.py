"""What the subject alone is told beside its one-sided answers, as types of the graph: each incentive, and why it is not granted.

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
from catalogue.told_reasons import INCENTIVE_STATES, REASON_SHAPES, STATE_OF_INCENTIVE
from schema.shape_types import add_shapes, shape_members
from schema.type_builder import Member, Types

_REASON: Final = Classification(REASONS_ITEM.code, DataClass.INCENTIVE, Sensitivity.SENSITIVE)
_FIELDS: Final = {
    "why": (
        "IncentiveReason",
        "未获激励的原因，仅告知本人",
        "Why incentives are not granted: for the subject alone; none where it is TRUE",
    ),
    "incentives": (
        "OwnIncentive",
        "本市全部激励及其对本人的结果和原因，仅告知本人",
        "Every incentive of the city, and how it stands with the subject: for the subject alone",
    ),
}
"""The fields of the standing that are for the subject alone, each with its type and title."""
REASON_TYPES: Final = tuple(each.__name__ for each in REASON_SHAPES)
TOLD_FIELDS: Final = tuple(f"Standing.{name}" for name in _FIELDS)


def reason_members() -> Iterator[str]:
    """Yield the coordinate of each field of what the subject alone is told, and of what hangs on it."""
    yield from shape_members(REASON_SHAPES)


def add_reasons(types: Types) -> None:
    """Make the types of what the subject alone is told."""
    text = bilingual("激励结果", "How an incentive stands with the subject")
    states = {name: bilingual(zh, en) for name, (zh, en) in INCENTIVE_STATES.items()}
    types.add_enum(STATE_OF_INCENTIVE, text, states)
    add_shapes(types, REASON_SHAPES, _REASON)


def told_fields(derived_from: Iterable[str]) -> Iterator[Member]:
    """Yield the fields of the standing that are for the subject alone. Their reader must be allowed to read all that they
    rest on.
    """
    classification = Classification(
        REASONS_ITEM.code,
        DataClass.INCENTIVE,
        Sensitivity.SENSITIVE,
        inputs=inputs(*dict.fromkeys(derived_from)),
    )
    for name, (type_, zh, en) in _FIELDS.items():
        yield Member(name, f"list[{type_}] | None", bilingual(zh, en), classification)


def ends_of(bureaus: Sequence[Bureau], looked_at: Iterable[str]) -> Iterator[str]:
    """Yield the coordinates by which a reason knows until when a record bars, of the records that the answers look at."""
    types = {each.partition(".")[0] for each in looked_at}
    adverse = (each for bureau in bureaus for each in bureau.datasets if each.adverse and each.field)
    from_ = (each for each in adverse if each.type_name in types)
    yield from (f"{each.type_name}.{each.by_name[ENDS].field_name}" for each in from_)
