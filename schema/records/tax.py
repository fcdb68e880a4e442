"""What the tax bureau adds: yearly grades, arrears, serious violations."""

from __future__ import annotations

from datetime import date
from enum import Enum

import strawberry

from schema.classification import Classification, DataClass, Sensitivity, bilingual, classified
from schema.scalars import DEFAULT_RECORDS, Count, Fen

GRADE = Classification("XY-TAX-001", DataClass.GRADE, Sensitivity.PERSONAL)
ARREARS = Classification("XY-TAX-002", DataClass.ADVERSE, Sensitivity.PERSONAL)
GRADE_TABLE = Classification("XY-TAX-101", DataClass.STATISTIC)
VIOLATION = Classification("XY-TAX-003", DataClass.ADVERSE, Sensitivity.PERSONAL)


@strawberry.enum(description=bilingual("纳税缴费信用级别", "Taxpayer grade"))
class TaxpayerGrade(Enum):
    """纳税缴费信用级别 (税务总局公告2025年第12号)."""

    A = strawberry.enum_value("A", description=bilingual("A级：90分以上", "A: 90 points and more"))
    B = strawberry.enum_value("B", description=bilingual("B级：70至90分", "B: 70 to below 90 points"))
    M = strawberry.enum_value("M", description=bilingual("M级：新设或无收入", "M: new or without revenue"))
    C = strawberry.enum_value("C", description=bilingual("C级：40至70分", "C: 40 to below 70 points"))
    D = strawberry.enum_value("D", description=bilingual("D级：40分以下", "D: below 40 points, or directly"))


@strawberry.enum(description=bilingual("税种", "Kind of tax"))
class TaxKind(Enum):
    """税种."""

    VALUE_ADDED = strawberry.enum_value("VALUE_ADDED", description=bilingual("增值税", "Value added"))
    ENTERPRISE_INCOME = strawberry.enum_value(
        "ENTERPRISE_INCOME", description=bilingual("企业所得税", "Enterprise income")
    )
    INDIVIDUAL_INCOME = strawberry.enum_value(
        "INDIVIDUAL_INCOME", description=bilingual("个人所得税", "Individual income")
    )
    LAND_USE = strawberry.enum_value("LAND_USE", description=bilingual("城镇土地使用税", "Urban land use"))


@strawberry.enum(description=bilingual("重大税收违法类型", "Kind of serious tax violation"))
class TaxViolationKind(Enum):
    """重大税收违法类型 (税务总局令第54号)."""

    FALSE_INVOICING = strawberry.enum_value(
        "FALSE_INVOICING", description=bilingual("虚开发票", "False invoicing")
    )
    TAX_EVASION = strawberry.enum_value("TAX_EVASION", description=bilingual("偷税", "Tax evasion"))
    ARREARS_EVASION = strawberry.enum_value(
        "ARREARS_EVASION", description=bilingual("逃避追缴欠税", "Evading the recovery of arrears")
    )
    ABSCONDED = strawberry.enum_value("ABSCONDED", description=bilingual("走逃失联", "Absconded"))


@strawberry.type(description=bilingual("年度纳税信用级别", "A year's taxpayer grade"))
class TaxGrade:
    """A year's taxpayer grade."""

    year: int | None = classified(GRADE.ordered().counted(), "评价年度", "Year assessed")
    grade: TaxpayerGrade | None = classified(GRADE.derivable().filtered().counted(), "信用级别", "Grade")
    points: int | None = classified(GRADE, "评价得分", "Points; null where graded directly")
    assessed_on: date | None = classified(GRADE.ordered(), "评价日期", "Date of assessment")


@strawberry.type(description=bilingual("欠税", "Tax arrears"))
class TaxArrears:
    """欠税."""

    tax: TaxKind | None = classified(ARREARS.filtered(), "税种", "Kind of tax")
    amount_fen: Fen | None = classified(ARREARS.ordered(), "欠税金额（分）", "Amount in fen")
    since: date | None = classified(ARREARS.derivable().ordered(), "欠税起始日", "Owed since")
    cleared_on: date | None = classified(
        ARREARS.derivable().ordered(), "缴清日期", "Cleared on; null while owed", absent=True
    )


@strawberry.type(description=bilingual("重大税收违法失信", "An entry in the list of serious violations"))
class SeriousTaxViolation:
    """重大税收违法失信主体名单的一条."""

    violation: TaxViolationKind | None = classified(VIOLATION.filtered(), "违法类型", "Kind of violation")
    decision_number: str | None = classified(VIOLATION, "决定文书号", "Number of the decision")
    listed_on: date | None = classified(VIOLATION.ordered(), "公布日期", "Listed on")
    delisted_on: date | None = classified(
        VIOLATION.derivable().ordered(), "停止公布日期", "Delisted on; null while listed", absent=True
    )


@strawberry.type(
    description=bilingual(
        "企业纳税信用级别分县区统计表的一格", "A cell of: enterprises by county and taxpayer grade"
    )
)
class EnterprisesByCountyAndTaxGrade:
    """企业纳税信用级别分县区统计表的一格. Null in place of a label stands for all of them together."""

    county: str | None = classified(GRADE_TABLE, "县区代码", "County code, GB/T 2260; null for all")
    grade: TaxpayerGrade | None = classified(GRADE_TABLE, "信用级别", "Grade; null for all")
    count: int | None = classified(GRADE_TABLE, "企业数", "Enterprises; null where withheld")
    suppressed: bool | None = classified(GRADE_TABLE, "是否隐匿", "Whether the count is withheld")


@strawberry.type
class SubjectFields:
    """What the tax bureau knows of every subject."""

    latest_tax_grade: TaxGrade | None = classified(GRADE, "最近一次纳税信用级别", "The latest taxpayer grade")

    @classified(GRADE, "历年纳税信用级别", "Taxpayer grades, latest year first")
    def tax_grades(self, first: Count = DEFAULT_RECORDS) -> list[TaxGrade] | None:
        """Answered by the plan."""

    @classified(ARREARS, "欠税", "Tax arrears, latest first")
    def tax_arrears(self, first: Count = DEFAULT_RECORDS) -> list[TaxArrears] | None:
        """Answered by the plan."""

    @classified(VIOLATION, "重大税收违法", "Entries in the list of serious violations, latest first")
    def serious_tax_violations(self, first: Count = DEFAULT_RECORDS) -> list[SeriousTaxViolation] | None:
        """Answered by the plan."""


@strawberry.type
class QueryFields:
    """The table of counts that the tax bureau has registered."""

    @classified(
        GRADE_TABLE.counting("Enterprise.region", "TaxGrade.year", "TaxGrade.grade"),
        "企业纳税信用级别分县区统计表",
        "Enterprises by county and taxpayer grade of a closed year, with totals",
    )
    def enterprises_by_county_and_tax_grade(self, year: int) -> list[EnterprisesByCountyAndTaxGrade] | None:
        """Answered by the plan."""
