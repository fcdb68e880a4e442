"""What the transport bureau adds: licences, credit grade, violations."""

from __future__ import annotations

from datetime import date
from enum import Enum

import strawberry

from schema.classification import Classification, DataClass, Sensitivity, bilingual, classified
from schema.scalars import DEFAULT_RECORDS, Count, Fen

LICENCE = Classification("XY-TRN-001", DataClass.PUBLIC_RECORD)
GRADE = Classification("XY-TRN-002", DataClass.GRADE, Sensitivity.PERSONAL)
VIOLATION = Classification("XY-TRN-003", DataClass.ADVERSE, Sensitivity.PERSONAL)


@strawberry.enum(description=bilingual("道路运输许可类型", "Kind of transport licence"))
class LicenceKind(Enum):
    """道路运输许可类型."""

    FREIGHT = strawberry.enum_value("FREIGHT", description=bilingual("货运", "Freight"))
    PASSENGER = strawberry.enum_value("PASSENGER", description=bilingual("客运", "Passengers"))
    TAXI = strawberry.enum_value("TAXI", description=bilingual("出租汽车", "Taxi"))
    RIDE_HAILING = strawberry.enum_value("RIDE_HAILING", description=bilingual("网约车", "Ride hailing"))
    DRIVER_QUALIFICATION = strawberry.enum_value(
        "DRIVER_QUALIFICATION", description=bilingual("从业资格", "Driver's qualification")
    )


@strawberry.enum(description=bilingual("许可状态", "State of a licence"))
class LicenceStatus(Enum):
    """许可状态."""

    VALID = strawberry.enum_value("VALID", description=bilingual("有效", "Valid"))
    SUSPENDED = strawberry.enum_value("SUSPENDED", description=bilingual("暂停", "Suspended"))
    REVOKED = strawberry.enum_value("REVOKED", description=bilingual("吊销", "Revoked"))
    EXPIRED = strawberry.enum_value("EXPIRED", description=bilingual("过期", "Expired"))


@strawberry.enum(description=bilingual("道路运输信用等级", "Transport credit grade"))
class TransportCreditGrade(Enum):
    """道路运输信用等级."""

    AA = strawberry.enum_value("AA", description=bilingual("AA级：优秀", "AA: excellent"))
    A = strawberry.enum_value("A", description=bilingual("A级：良好", "A: good"))
    B = strawberry.enum_value("B", description=bilingual("B级：合格", "B: fair"))
    C = strawberry.enum_value("C", description=bilingual("C级：基本合格", "C: passable"))
    D = strawberry.enum_value("D", description=bilingual("D级：不合格", "D: not passed"))


@strawberry.enum(description=bilingual("道路运输违法类型", "Kind of transport violation"))
class TransportViolationKind(Enum):
    """道路运输违法类型."""

    OVERLOADING = strawberry.enum_value("OVERLOADING", description=bilingual("超限超载", "Overloading"))
    UNLICENSED_OPERATION = strawberry.enum_value(
        "UNLICENSED_OPERATION", description=bilingual("无证经营", "Unlicensed operation")
    )
    OFF_ROUTE = strawberry.enum_value("OFF_ROUTE", description=bilingual("不按线路行驶", "Off the route"))
    UNSAFE_VEHICLE = strawberry.enum_value(
        "UNSAFE_VEHICLE", description=bilingual("车辆不符合安全要求", "Unsafe vehicle")
    )


@strawberry.type(description=bilingual("道路运输许可", "A road transport licence"))
class TransportLicence:
    """道路运输许可."""

    licence_number: str | None = classified(LICENCE, "许可证号", "Licence number")
    kind: LicenceKind | None = classified(LICENCE.filtered(), "许可类型", "Kind")
    status: LicenceStatus | None = classified(LICENCE.filtered(), "许可状态", "State")
    valid_from: date | None = classified(LICENCE.ordered(), "有效期起", "Valid from")
    valid_until: date | None = classified(
        LICENCE.ordered(), "有效期止", "Valid until; null where it has no end", absent=True
    )


@strawberry.type(description=bilingual("道路运输信用等级", "Road transport credit grade"))
class TransportGrade:
    """道路运输信用等级."""

    year: int | None = classified(GRADE, "考核年度", "Year assessed")
    grade: TransportCreditGrade | None = classified(GRADE.derivable(), "等级", "Grade")
    demerits: int | None = classified(GRADE, "记分", "Demerit points")
    assessed_on: date | None = classified(GRADE, "考核日期", "Date of assessment")


@strawberry.type(description=bilingual("道路运输违法", "A road transport violation"))
class TransportViolation:
    """道路运输违法."""

    decision_number: str | None = classified(VIOLATION, "决定文书号", "Number of the decision")
    violation: TransportViolationKind | None = classified(
        VIOLATION.filtered(), "违法类型", "Kind of violation"
    )
    fine_fen: Fen | None = classified(VIOLATION.ordered(), "罚款（分）", "Fine in fen")
    decided_on: date | None = classified(VIOLATION.derivable().ordered(), "决定日期", "Date of the decision")


@strawberry.type
class SubjectFields:
    """What the transport bureau knows of every subject."""

    transport_grade: TransportGrade | None = classified(GRADE, "道路运输信用等级", "Transport credit grade")

    @classified(LICENCE, "道路运输许可", "Road transport licences, latest first")
    def transport_licences(self, first: Count = DEFAULT_RECORDS) -> list[TransportLicence] | None:
        """Answered by the plan."""

    @classified(VIOLATION, "道路运输违法", "Road transport violations, latest first")
    def transport_violations(self, first: Count = DEFAULT_RECORDS) -> list[TransportViolation] | None:
        """Answered by the plan."""
