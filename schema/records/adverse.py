"""Every adverse record of a subject in one list: what an approval or a measure check asks for."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import strawberry

from schema.classification import Classification, DataClass, Sensitivity, bilingual, classified, inputs
from schema.records.courts import ClosedEnforcement, JudgmentDefault
from schema.records.social_security import InsuranceArrears
from schema.records.tax import SeriousTaxViolation, TaxArrears
from schema.records.transport import TransportViolation
from schema.scalars import DEFAULT_RECORDS, Count

ADVERSE = Classification(
    "XY-ADV-001",
    DataClass.ADVERSE,
    Sensitivity.PERSONAL,
    inputs=inputs(
        "taxArrears",
        "seriousTaxViolations",
        "insuranceArrears",
        "judgmentDefaults",
        "closedEnforcements",
        "transportViolations",
    ),
)

AdverseRecord: TypeAlias = Annotated[
    TaxArrears
    | SeriousTaxViolation
    | InsuranceArrears
    | JudgmentDefault
    | ClosedEnforcement
    | TransportViolation,
    strawberry.union("AdverseRecord", description=bilingual("失信信息", "An adverse record of any bureau")),
]


@strawberry.type
class SubjectFields:
    """What is gathered of every subject."""

    @classified(ADVERSE, "全部失信信息", "Adverse records of every bureau, in the order of the union")
    def adverse_records(self, first: Count = DEFAULT_RECORDS) -> list[AdverseRecord] | None:
        """Answered by the plan."""
