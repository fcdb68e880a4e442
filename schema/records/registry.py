"""What the registry knows: names, origins, and the offices that join persons and enterprises."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.classification import KEY, Classification, DataClass, Sensitivity, bilingual, classified
from schema.scalars import DEFAULT_RECORDS, Count, CreditCode, Fen, PersonNumber

if TYPE_CHECKING:
    from schema.subjects import Enterprise, Person

IDENTITY = Classification("XY-REG-001", DataClass.IDENTITY, Sensitivity.PERSONAL)
IDENTITY_NUMBER = Classification("XY-REG-001", DataClass.IDENTITY, Sensitivity.SENSITIVE, KEY)
NAME = Classification("XY-REG-001", DataClass.IDENTITY)
REGISTRATION = Classification("XY-REG-002", DataClass.PUBLIC_RECORD)
CREDIT_CODE = Classification("XY-REG-002", DataClass.PUBLIC_RECORD, uses=KEY)
FOUNDING_TABLE = Classification("XY-REG-101", DataClass.STATISTIC)
OFFICE = Classification("XY-REG-003", DataClass.PUBLIC_RECORD)


@strawberry.enum(description=bilingual("性别", "Sex as registered"))
class Sex(Enum):
    """性别."""

    MALE = strawberry.enum_value("MALE", description=bilingual("男", "Male"))
    FEMALE = strawberry.enum_value("FEMALE", description=bilingual("女", "Female"))


@strawberry.enum(description=bilingual("主体类型", "Kind of organisation"))
class EnterpriseKind(Enum):
    """主体类型."""

    COMPANY = strawberry.enum_value("COMPANY", description=bilingual("公司", "Company"))
    INDIVIDUAL_BUSINESS = strawberry.enum_value(
        "INDIVIDUAL_BUSINESS", description=bilingual("个体工商户", "Individual business")
    )
    COOPERATIVE = strawberry.enum_value(
        "COOPERATIVE", description=bilingual("农民专业合作社", "Farmers' cooperative")
    )
    VILLAGE_COLLECTIVE = strawberry.enum_value(
        "VILLAGE_COLLECTIVE", description=bilingual("农村集体经济组织", "Rural collective")
    )
    PUBLIC_INSTITUTION = strawberry.enum_value(
        "PUBLIC_INSTITUTION", description=bilingual("事业单位", "Public institution")
    )
    SOCIAL_ORGANISATION = strawberry.enum_value(
        "SOCIAL_ORGANISATION", description=bilingual("社会组织", "Social organisation")
    )


@strawberry.enum(description=bilingual("登记状态", "State of registration"))
class EnterpriseStatus(Enum):
    """登记状态."""

    ACTIVE = strawberry.enum_value("ACTIVE", description=bilingual("存续", "Active"))
    SUSPENDED = strawberry.enum_value("SUSPENDED", description=bilingual("歇业", "Suspended"))
    REVOKED = strawberry.enum_value("REVOKED", description=bilingual("吊销", "Licence revoked"))
    DEREGISTERED = strawberry.enum_value("DEREGISTERED", description=bilingual("注销", "Deregistered"))


@strawberry.enum(description=bilingual("职务", "Office in an enterprise"))
class OfficeRole(Enum):
    """职务."""

    LEGAL_REPRESENTATIVE = strawberry.enum_value(
        "LEGAL_REPRESENTATIVE", description=bilingual("法定代表人", "Legal representative")
    )
    DIRECTOR = strawberry.enum_value("DIRECTOR", description=bilingual("董事", "Director"))
    SUPERVISOR = strawberry.enum_value("SUPERVISOR", description=bilingual("监事", "Supervisor"))
    MANAGER = strawberry.enum_value("MANAGER", description=bilingual("经理", "Manager"))


@strawberry.type(description=bilingual("任职", "An office with its term"))
class Office:
    """任职: the edge between a person and an enterprise, with its term."""

    role: OfficeRole | None = classified(OFFICE.filtered(), "职务", "The office")
    since: date | None = classified(OFFICE.ordered(), "任职起始日", "First day of the term")
    until: date | None = classified(
        OFFICE.ordered(), "任职截止日", "Last day of the term; null while it runs", absent=True
    )
    person: Annotated[Person, strawberry.lazy("schema.subjects")] | None = classified(
        OFFICE, "任职人", "Who holds it"
    )
    enterprise: Annotated[Enterprise, strawberry.lazy("schema.subjects")] | None = classified(
        OFFICE, "任职单位", "Where it is held"
    )


@strawberry.type(
    description=bilingual(
        "新设经营主体分县区统计表的一格", "A cell of: enterprises established, by county and kind"
    )
)
class NewEnterprisesByCountyAndKind:
    """新设经营主体分县区统计表的一格. Null in place of a label stands for all of them together."""

    county: str | None = classified(FOUNDING_TABLE, "县区代码", "County code, GB/T 2260; null for all")
    kind: EnterpriseKind | None = classified(FOUNDING_TABLE, "主体类型", "Kind of organisation; null for all")
    count: int | None = classified(FOUNDING_TABLE, "户数", "Enterprises established; null where withheld")
    suppressed: bool | None = classified(FOUNDING_TABLE, "是否隐匿", "Whether the count is withheld")


@strawberry.type
class SubjectFields:
    """What the registry knows of every subject."""

    name: str | None = classified(NAME, "姓名或名称", "Name")
    region: str | None = classified(NAME, "行政区划代码", "County code, GB/T 2260")


@strawberry.type
class PersonFields:
    """What the registry knows of a person."""

    identity_number: PersonNumber | None = classified(IDENTITY_NUMBER, "身份证号", "Identity number")
    sex: Sex | None = classified(IDENTITY, "性别", "Sex")
    birth_date: date | None = classified(IDENTITY.derivable(), "出生日期", "Birth date")
    deceased: bool | None = classified(IDENTITY.derivable(), "是否死亡", "Whether the person has died")

    @classified(OFFICE, "任职", "Offices that the person holds or held, latest first")
    def offices(self, first: Count = DEFAULT_RECORDS) -> list[Office] | None:
        """Answered by the plan."""


@strawberry.type
class EnterpriseFields:
    """What the registry knows of an enterprise."""

    name: str | None = classified(REGISTRATION, "名称", "Name")
    region: str | None = classified(REGISTRATION.counted(), "行政区划代码", "County code, GB/T 2260")
    credit_code: CreditCode | None = classified(CREDIT_CODE, "统一社会信用代码", "Unified social credit code")
    kind: EnterpriseKind | None = classified(REGISTRATION.counted(), "主体类型", "Kind of organisation")
    industry: str | None = classified(REGISTRATION, "行业", "Industry, GB/T 4754")
    established_on: date | None = classified(REGISTRATION.counted(), "成立日期", "Date of establishment")
    registered_capital_fen: Fen | None = classified(
        REGISTRATION, "注册资本（分）", "Registered capital in fen"
    )
    status: EnterpriseStatus | None = classified(
        REGISTRATION.derivable(), "登记状态", "State of registration"
    )
    legal_representative: Office | None = classified(
        OFFICE, "现任法定代表人", "The present legal representative's office"
    )

    @classified(OFFICE, "任职人员", "Offices held in the enterprise, latest first")
    def officers(self, first: Count = DEFAULT_RECORDS) -> list[Office] | None:
        """Answered by the plan."""


@strawberry.type
class QueryFields:
    """The table of counts that the registry has registered."""

    @classified(
        FOUNDING_TABLE.counting("Enterprise.region", "Enterprise.kind", "Enterprise.establishedOn"),
        "新设经营主体分县区统计表",
        "Enterprises established, by county and kind of a closed year, with totals",
    )
    def new_enterprises_by_county_and_kind(self, year: int) -> list[NewEnterprisesByCountyAndKind] | None:
        """Answered by the plan."""
