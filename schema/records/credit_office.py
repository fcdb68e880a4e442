"""What the credit office adds: incentive data, only ever used to reward (宛信用办〔2022〕4号), and consents."""

from __future__ import annotations

from datetime import date
from enum import Enum

import strawberry

from schema.classification import Classification, DataClass, Sensitivity, bilingual, classified
from schema.scalars import DEFAULT_RECORDS, Count, Fen

ENROLMENT = Classification("XY-CRO-001", DataClass.INCENTIVE, Sensitivity.PERSONAL)
SCORE = Classification("XY-CRO-001", DataClass.INCENTIVE, Sensitivity.SENSITIVE)
RED_LIST = Classification("XY-CRO-002", DataClass.INCENTIVE, Sensitivity.PERSONAL)
HONOUR = Classification("XY-CRO-003", DataClass.INCENTIVE, Sensitivity.PERSONAL)
VOLUNTEERING = Classification("XY-CRO-004", DataClass.INCENTIVE, Sensitivity.PERSONAL)
DONATION = Classification("XY-CRO-005", DataClass.INCENTIVE, Sensitivity.PERSONAL)
CONSENT = Classification("XY-CRO-006", DataClass.RIGHTS, Sensitivity.PERSONAL)


@strawberry.enum(description=bilingual("个人信用积分项目", "Score programme"))
class ScoreProgramme(Enum):
    """个人信用积分项目."""

    WANXIN = strawberry.enum_value("WANXIN", description=bilingual("宛信分", "Wanxin score"))
    SHANGDING = strawberry.enum_value("SHANGDING", description=bilingual("商鼎分", "Shangding score"))


@strawberry.enum(description=bilingual("积分等级", "Band of a score"))
class ScoreBand(Enum):
    """积分等级; the lower bound belongs to the band (郑信用〔2019〕3号, read in favour of the person)."""

    OUTSTANDING = strawberry.enum_value("OUTSTANDING", description=bilingual("信用极好", "150 and more"))
    EXCELLENT = strawberry.enum_value("EXCELLENT", description=bilingual("信用优秀", "120 to below 150"))
    GOOD = strawberry.enum_value("GOOD", description=bilingual("信用良好", "100 to below 120"))
    FAIR = strawberry.enum_value("FAIR", description=bilingual("轻微失信", "80 to below 100"))
    LOW = strawberry.enum_value("LOW", description=bilingual("信用较差", "below 80"))


@strawberry.enum(description=bilingual("红名单类型", "Kind of red list"))
class RedListKind(Enum):
    """红名单类型."""

    GRADE_A_TAXPAYER = strawberry.enum_value(
        "GRADE_A_TAXPAYER", description=bilingual("A级纳税人", "Grade A taxpayer")
    )
    MODEL_CITIZEN = strawberry.enum_value("MODEL_CITIZEN", description=bilingual("道德模范", "Model citizen"))
    STAR_VOLUNTEER = strawberry.enum_value(
        "STAR_VOLUNTEER", description=bilingual("星级志愿者", "Star volunteer")
    )
    HONEST_BUSINESS = strawberry.enum_value(
        "HONEST_BUSINESS", description=bilingual("诚信经营示范", "Honest business")
    )


@strawberry.enum(description=bilingual("荣誉级别", "Level of an honour"))
class HonourLevel(Enum):
    """荣誉级别."""

    NATIONAL = strawberry.enum_value("NATIONAL", description=bilingual("国家级", "National"))
    PROVINCIAL = strawberry.enum_value("PROVINCIAL", description=bilingual("省级", "Provincial"))
    CITY = strawberry.enum_value("CITY", description=bilingual("市级", "City"))
    COUNTY = strawberry.enum_value("COUNTY", description=bilingual("县级", "County"))


@strawberry.type(description=bilingual("个人信用积分", "Enrolment and score in a programme"))
class CreditScore:
    """个人信用积分: one programme that the person joined of their own will."""

    programme: ScoreProgramme | None = classified(ENROLMENT.derivable(), "积分项目", "Programme")
    enrolled_on: date | None = classified(ENROLMENT.derivable(), "参加日期", "Enrolled on")
    score: int | None = classified(SCORE.derivable(), "积分", "Score")
    band: ScoreBand | None = classified(SCORE, "等级", "Band")
    assessed_on: date | None = classified(SCORE, "评价日期", "Date of assessment")


@strawberry.type(description=bilingual("红名单", "An entry in a red list"))
class RedListEntry:
    """守信红名单的一条."""

    list: RedListKind | None = classified(RED_LIST, "红名单", "Which list")
    organ: str | None = classified(RED_LIST, "认定单位", "Organ that lists")
    listed_on: date | None = classified(RED_LIST.derivable(), "列入日期", "Listed on")
    until: date | None = classified(RED_LIST.derivable(), "截止日期", "Ends on; null where it has no end")


@strawberry.type(description=bilingual("荣誉", "An honour"))
class Honour:
    """诚实守信相关荣誉."""

    title: str | None = classified(HONOUR, "荣誉名称", "Title")
    level: HonourLevel | None = classified(HONOUR.derivable(), "级别", "Level")
    organ: str | None = classified(HONOUR, "授予单位", "Organ that awards")
    awarded_on: date | None = classified(HONOUR, "授予日期", "Awarded on")


@strawberry.type(description=bilingual("志愿服务", "A year's volunteering"))
class Volunteering:
    """志愿服务."""

    year: int | None = classified(VOLUNTEERING, "年度", "Year")
    organisation: str | None = classified(VOLUNTEERING, "组织", "Organisation")
    hours: int | None = classified(VOLUNTEERING, "服务时长（小时）", "Hours served")


@strawberry.type(description=bilingual("公益捐赠", "A donation"))
class Donation:
    """公益捐赠."""

    recipient: str | None = classified(DONATION, "受赠单位", "Recipient")
    amount_fen: Fen | None = classified(DONATION, "捐赠金额（分）", "Amount in fen")
    donated_on: date | None = classified(DONATION, "捐赠日期", "Donated on")


@strawberry.type(description=bilingual("授权同意", "A consent to a scene that rewards"))
class Consent:
    """授权同意 (个人信息保护法 第十四条、第二十三条): for one scene, until it ends or is withdrawn."""

    scene: str | None = classified(
        CONSENT.derivable(), "同意的激励场景", "Scene: a purpose such as reward.reading"
    )
    grantee: str | None = classified(
        CONSENT.derivable(), "被授权方", "Client that alone may use it; null for whoever runs the scene"
    )
    given_on: date | None = classified(CONSENT.derivable(), "同意日期", "Given on")
    until: date | None = classified(CONSENT.derivable(), "截止日期", "Ends on; null where it has no end")
    withdrawn_on: date | None = classified(
        CONSENT.derivable(), "撤回日期", "Withdrawn on; null while it stands"
    )


@strawberry.type
class SubjectFields:
    """What the credit office knows of every subject."""

    @classified(RED_LIST, "红名单", "Entries in red lists, latest first")
    def red_lists(self, first: Count = DEFAULT_RECORDS) -> list[RedListEntry] | None:
        """Answered by the plan."""

    @classified(HONOUR, "荣誉", "Honours, latest first")
    def honours(self, first: Count = DEFAULT_RECORDS) -> list[Honour] | None:
        """Answered by the plan."""

    @classified(DONATION, "公益捐赠", "Donations, latest first")
    def donations(self, first: Count = DEFAULT_RECORDS) -> list[Donation] | None:
        """Answered by the plan."""


@strawberry.type
class PersonFields:
    """What the credit office knows of a person."""

    @classified(ENROLMENT, "个人信用积分", "Score programmes that the person joined")
    def scores(self, first: Count = DEFAULT_RECORDS) -> list[CreditScore] | None:
        """Answered by the plan."""

    @classified(CONSENT, "授权同意", "Consents to scenes that reward, latest first")
    def consents(self, first: Count = DEFAULT_RECORDS) -> list[Consent] | None:
        """Answered by the plan."""

    @classified(VOLUNTEERING, "志愿服务", "Volunteering, latest year first")
    def volunteering(self, first: Count = DEFAULT_RECORDS) -> list[Volunteering] | None:
        """Answered by the plan."""
