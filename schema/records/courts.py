"""What the courts add: judgment defaults and enforcement closed without result."""

from __future__ import annotations

from datetime import date
from enum import Enum

import strawberry

from schema.classification import Classification, DataClass, Sensitivity, bilingual, classified
from schema.scalars import DEFAULT_RECORDS, Count, Fen

DEFAULTER = Classification("XY-CRT-001", DataClass.JUDICIAL, Sensitivity.PERSONAL)
DEFAULTER_TABLE = Classification("XY-CRT-101", DataClass.STATISTIC)
ENFORCEMENT = Classification("XY-CRT-002", DataClass.JUDICIAL, Sensitivity.PERSONAL)


@strawberry.enum(description=bilingual("失信行为情形", "Conduct of a judgment defaulter"))
class DefaulterConduct(Enum):
    """失信行为情形 (法释〔2017〕7号 第一条)."""

    ABLE_BUT_REFUSES = strawberry.enum_value(
        "ABLE_BUT_REFUSES", description=bilingual("有履行能力而拒不履行", "Able to perform and refuses")
    )
    OBSTRUCTS = strawberry.enum_value(
        "OBSTRUCTS", description=bilingual("妨碍、抗拒执行", "Obstructs enforcement")
    )
    EVADES = strawberry.enum_value("EVADES", description=bilingual("规避执行", "Evades enforcement"))
    BREAKS_PROPERTY_REPORT = strawberry.enum_value(
        "BREAKS_PROPERTY_REPORT",
        description=bilingual("违反财产报告制度", "Breaks the duty to report property"),
    )
    BREAKS_CONSUMPTION_LIMIT = strawberry.enum_value(
        "BREAKS_CONSUMPTION_LIMIT", description=bilingual("违反限制消费令", "Breaks a limit on consumption")
    )
    BREAKS_SETTLEMENT = strawberry.enum_value(
        "BREAKS_SETTLEMENT",
        description=bilingual("无正当理由拒不履行和解协议", "Breaks a settlement without reason"),
    )


@strawberry.enum(description=bilingual("履行情况", "How far the duty is performed"))
class Performance(Enum):
    """履行情况."""

    NONE = strawberry.enum_value("NONE", description=bilingual("全部未履行", "Not at all"))
    PARTIAL = strawberry.enum_value("PARTIAL", description=bilingual("部分履行", "In part"))
    FULL = strawberry.enum_value("FULL", description=bilingual("已履行", "In full"))


@strawberry.type(description=bilingual("失信被执行人", "An entry in the list of judgment defaulters"))
class JudgmentDefault:
    """失信被执行人名单的一条."""

    case_number: str | None = classified(DEFAULTER, "案号", "Case number")
    court: str | None = classified(DEFAULTER.counted(), "执行法院", "Court")
    conduct: DefaulterConduct | None = classified(DEFAULTER.filtered().counted(), "行为情形", "Conduct")
    performance: Performance | None = classified(DEFAULTER.derivable().filtered(), "履行情况", "Performance")
    listed_on: date | None = classified(DEFAULTER.derivable().ordered().counted(), "发布日期", "Listed on")
    expires_on: date | None = classified(DEFAULTER.derivable().ordered(), "期满日期", "Term ends on")


@strawberry.type(description=bilingual("终结本次执行程序案件", "Enforcement closed without result"))
class ClosedEnforcement:
    """终结本次执行程序案件."""

    case_number: str | None = classified(ENFORCEMENT, "案号", "Case number")
    court: str | None = classified(ENFORCEMENT, "执行法院", "Court")
    closed_on: date | None = classified(ENFORCEMENT.derivable().ordered(), "终结日期", "Closed on")
    claimed_fen: Fen | None = classified(ENFORCEMENT.ordered(), "申请执行标的（分）", "Amount claimed in fen")
    unperformed_fen: Fen | None = classified(
        ENFORCEMENT.derivable().ordered(), "未履行金额（分）", "Amount not performed in fen"
    )


@strawberry.type(
    description=bilingual(
        "失信被执行人分法院统计表的一格", "A cell of: judgment defaulters by court and conduct"
    )
)
class DefaultersByCourtAndConduct:
    """失信被执行人分法院统计表的一格. Null in place of a label stands for all of them together."""

    court: str | None = classified(DEFAULTER_TABLE, "执行法院", "Court; null for all")
    conduct: DefaulterConduct | None = classified(DEFAULTER_TABLE, "行为情形", "Conduct; null for all")
    count: int | None = classified(DEFAULTER_TABLE, "主体数", "Subjects listed; null where withheld")
    suppressed: bool | None = classified(DEFAULTER_TABLE, "是否隐匿", "Whether the count is withheld")


@strawberry.type
class SubjectFields:
    """What the courts know of every subject."""

    @classified(DEFAULTER, "失信被执行人", "Entries in the list of judgment defaulters, latest first")
    def judgment_defaults(self, first: Count = DEFAULT_RECORDS) -> list[JudgmentDefault] | None:
        """Answered by the plan."""

    @classified(ENFORCEMENT, "终结本次执行程序案件", "Enforcement closed without result, latest first")
    def closed_enforcements(self, first: Count = DEFAULT_RECORDS) -> list[ClosedEnforcement] | None:
        """Answered by the plan."""


@strawberry.type
class QueryFields:
    """The table of counts that the courts have registered."""

    @classified(
        DEFAULTER_TABLE.counting(
            "JudgmentDefault.court", "JudgmentDefault.conduct", "JudgmentDefault.listedOn"
        ),
        "失信被执行人分法院统计表",
        "Judgment defaulters by court and conduct of a closed year, with totals",
    )
    def defaulters_by_court_and_conduct(self, year: int) -> list[DefaultersByCourtAndConduct] | None:
        """Answered by the plan."""
