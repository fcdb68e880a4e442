"""What the social security bureau adds: contributions, payment grade, arrears."""

from __future__ import annotations

from datetime import date
from enum import Enum

import strawberry

from schema.classification import Classification, DataClass, Sensitivity, bilingual, classified
from schema.scalars import DEFAULT_RECORDS, Count, Fen

CONTRIBUTION = Classification("XY-SS-001", DataClass.ADMINISTRATIVE, Sensitivity.PERSONAL)
INCOME = Classification("XY-SS-001", DataClass.ADMINISTRATIVE, Sensitivity.SENSITIVE)
GRADE = Classification("XY-SS-002", DataClass.GRADE, Sensitivity.PERSONAL)
GRADE_TABLE = Classification("XY-SS-101", DataClass.STATISTIC)
ARREARS = Classification("XY-SS-003", DataClass.ADVERSE, Sensitivity.PERSONAL)


@strawberry.enum(description=bilingual("参保状态", "State of insurance"))
class InsuranceStatus(Enum):
    """参保状态."""

    PAYING = strawberry.enum_value("PAYING", description=bilingual("正常缴费", "Paying"))
    SUSPENDED = strawberry.enum_value("SUSPENDED", description=bilingual("暂停缴费", "Suspended"))
    RETIRED = strawberry.enum_value("RETIRED", description=bilingual("退休", "Retired"))


@strawberry.enum(description=bilingual("社会保险缴费信用等级", "Payment grade"))
class PaymentGrade(Enum):
    """社会保险缴费信用等级 (平信用办〔2020〕9号 信易保)."""

    A = strawberry.enum_value("A", description=bilingual("A级：按时足额", "A: in full and in time"))
    B = strawberry.enum_value("B", description=bilingual("B级：偶有逾期", "B: late now and then"))
    C = strawberry.enum_value("C", description=bilingual("C级：多次逾期", "C: late often"))


@strawberry.enum(description=bilingual("险种", "Kind of insurance"))
class InsuranceKind(Enum):
    """险种."""

    PENSION = strawberry.enum_value("PENSION", description=bilingual("养老保险", "Pension"))
    MEDICAL = strawberry.enum_value("MEDICAL", description=bilingual("医疗保险", "Medical"))
    UNEMPLOYMENT = strawberry.enum_value("UNEMPLOYMENT", description=bilingual("失业保险", "Unemployment"))
    WORK_INJURY = strawberry.enum_value("WORK_INJURY", description=bilingual("工伤保险", "Work injury"))


@strawberry.type(description=bilingual("参保缴费概况", "Summary of contributions"))
class Contribution:
    """参保缴费概况."""

    status: InsuranceStatus | None = classified(CONTRIBUTION, "参保状态", "State of insurance")
    months_paid: int | None = classified(CONTRIBUTION, "累计缴费月数", "Months paid in all")
    insured_persons: int | None = classified(CONTRIBUTION, "参保人数", "Insured persons; 1 for a person")
    last_paid_month: date | None = classified(
        CONTRIBUTION, "最近缴费月份", "First day of the last paid month"
    )
    monthly_base_fen: Fen | None = classified(INCOME, "月缴费基数（分）", "Monthly base in fen")


@strawberry.type(description=bilingual("社会保险缴费信用等级", "Social insurance payment grade"))
class SocialSecurityGrade:
    """社会保险缴费信用等级."""

    year: int | None = classified(GRADE.counted(), "评定年度", "Year assessed")
    grade: PaymentGrade | None = classified(GRADE.derivable().counted(), "等级", "Grade")
    assessed_on: date | None = classified(GRADE, "评定日期", "Date of assessment")


@strawberry.type(description=bilingual("社会保险费欠缴", "Social insurance arrears"))
class InsuranceArrears:
    """社会保险费欠缴."""

    insurance: InsuranceKind | None = classified(ARREARS.filtered(), "险种", "Kind of insurance")
    amount_fen: Fen | None = classified(ARREARS.ordered(), "欠缴金额（分）", "Amount in fen")
    since: date | None = classified(ARREARS.derivable().ordered(), "欠缴起始日", "Owed since")
    cleared_on: date | None = classified(
        ARREARS.derivable().ordered(), "缴清日期", "Cleared on; null while owed", absent=True
    )


@strawberry.type(
    description=bilingual(
        "用人单位缴费信用等级分县区统计表的一格", "A cell of: employers by county and payment grade"
    )
)
class EmployersByCountyAndPaymentGrade:
    """用人单位缴费信用等级分县区统计表的一格. Null in place of a label stands for all of them together."""

    county: str | None = classified(GRADE_TABLE, "县区代码", "County code, GB/T 2260; null for all")
    grade: PaymentGrade | None = classified(GRADE_TABLE, "等级", "Grade; null for all")
    count: int | None = classified(GRADE_TABLE, "单位数", "Employers; null where withheld")
    suppressed: bool | None = classified(GRADE_TABLE, "是否隐匿", "Whether the count is withheld")


@strawberry.type
class SubjectFields:
    """What the social security bureau knows of every subject."""

    contribution: Contribution | None = classified(CONTRIBUTION, "参保缴费概况", "Summary of contributions")
    social_security_grade: SocialSecurityGrade | None = classified(
        GRADE, "社会保险缴费信用等级", "Payment grade"
    )

    @classified(ARREARS, "社会保险费欠缴", "Social insurance arrears, latest first")
    def insurance_arrears(self, first: Count = DEFAULT_RECORDS) -> list[InsuranceArrears] | None:
        """Answered by the plan."""


@strawberry.type
class QueryFields:
    """The table of counts that the social security bureau has registered."""

    @classified(
        GRADE_TABLE.counting("Enterprise.region", "SocialSecurityGrade.year", "SocialSecurityGrade.grade"),
        "用人单位缴费信用等级分县区统计表",
        "Employers by county and payment grade of a closed year, with totals",
    )
    def employers_by_county_and_payment_grade(
        self, year: int
    ) -> list[EmployersByCountyAndPaymentGrade] | None:
        """Answered by the plan."""
