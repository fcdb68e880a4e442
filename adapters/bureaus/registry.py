"""The registry: persons, enterprises and the offices that persons hold in them."""

from catalogue.counties import COUNTIES
from catalogue.declarations import (
    Bureau,
    CatalogueItem,
    Column,
    Counting,
    Dataset,
    Disclosure,
    Kind,
    Nature,
    SubjectKind,
)

PERSON_ITEM = CatalogueItem(
    code="XY-REG-001",
    name_zh="自然人登记基本信息",
    name_en="Basic registration of persons",
    provider="市公安局",
    subjects=frozenset({SubjectKind.PERSON}),
    nature=Nature.BASIC,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市户籍人口",
    update_cycle="每日",
    legal_basis="河南省社会信用条例 第十二条、第十六条",
)
ENTERPRISE_ITEM = CatalogueItem(
    code="XY-REG-002",
    name_zh="经营主体登记基本信息",
    name_en="Basic registration of enterprises",
    provider="市市场监督管理局",
    subjects=frozenset({SubjectKind.ENTERPRISE}),
    nature=Nature.BASIC,
    disclosure=Disclosure.PUBLIC,
    coverage="全市经营主体",
    update_cycle="每日",
    legal_basis="河南省社会信用条例 第十二条；企业信息公示暂行条例 第六条",
)
OFFICE_ITEM = CatalogueItem(
    code="XY-REG-003",
    name_zh="任职信息",
    name_en="Offices held in enterprises",
    provider="市市场监督管理局",
    subjects=frozenset({SubjectKind.PERSON, SubjectKind.ENTERPRISE}),
    nature=Nature.BASIC,
    disclosure=Disclosure.PUBLIC,
    coverage="全市经营主体",
    update_cycle="每日",
    legal_basis="河南省社会信用条例 第十二条、第三十五条；企业信息公示暂行条例 第六条",
)

FOUNDING_TABLE_ITEM = CatalogueItem(
    code="XY-REG-101",
    name_zh="新设经营主体分县区统计表",
    name_en="Enterprises established, by county and kind",
    provider="市市场监督管理局",
    subjects=frozenset(),
    nature=Nature.OTHER,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市经营主体，按登记机关所在县区",
    update_cycle="每年，年度终了后固定",
    legal_basis="河南省社会信用条例 第十八条；个人信息保护法 第六条",
)

KINDS = frozenset(
    {
        "COMPANY",
        "INDIVIDUAL_BUSINESS",
        "COOPERATIVE",
        "VILLAGE_COLLECTIVE",
        "PUBLIC_INSTITUTION",
        "SOCIAL_ORGANISATION",
    }
)
OFFICE_COLUMNS = (
    Column("person_number"),
    Column("credit_code"),
    Column(
        "role",
        codes=frozenset({"LEGAL_REPRESENTATIVE", "DIRECTOR", "SUPERVISOR", "MANAGER"}),
    ),
    Column("since", Kind.DATE),
    Column("until", Kind.DATE, nullable=True),
    Column("office_number", neutral=True),
)

BUREAU = Bureau(
    name="registry",
    title_zh="登记机关",
    title_en="Registry",
    source="postgres",
    datasets=(
        Dataset(
            name="person",
            relation="share.person",
            key="person_number",
            many=False,
            item=PERSON_ITEM,
            columns=(
                Column("person_number"),
                Column("name"),
                Column("sex", codes=frozenset({"MALE", "FEMALE"})),
                Column("birth_date", Kind.DATE),
                Column("region"),
                Column("deceased", Kind.BOOLEAN),
            ),
        ),
        Dataset(
            name="enterprise",
            relation="share.enterprise",
            key="credit_code",
            many=False,
            item=ENTERPRISE_ITEM,
            columns=(
                Column("credit_code"),
                Column("name"),
                Column(
                    "kind",
                    codes=KINDS,
                ),
                Column("region"),
                Column("industry"),
                Column("established_on", Kind.DATE),
                Column("registered_capital_fen", Kind.FEN, nullable=True),
                Column(
                    "status",
                    codes=frozenset({"ACTIVE", "SUSPENDED", "REVOKED", "DEREGISTERED"}),
                ),
            ),
        ),
        Dataset(
            name="office_by_person",
            relation="share.office",
            key="person_number",
            item=OFFICE_ITEM,
            columns=OFFICE_COLUMNS,
            order=("-since", "office_number"),
        ),
        Dataset(
            name="office_by_enterprise",
            relation="share.office",
            key="credit_code",
            item=OFFICE_ITEM,
            columns=OFFICE_COLUMNS,
            order=("-since", "office_number"),
        ),
        Dataset(
            name="legal_representative",
            relation="share.legal_representative",
            key="credit_code",
            many=False,
            item=OFFICE_ITEM,
            columns=OFFICE_COLUMNS,
        ),
    ),
    tables=(
        Dataset(
            name="new_enterprises_by_county_and_kind",
            relation="share.new_enterprises_by_county_and_kind",
            key="year",
            item=FOUNDING_TABLE_ITEM,
            columns=(
                Column("county", codes=COUNTIES),
                Column("kind", codes=KINDS),
                Column("count", Kind.INTEGER),
            ),
            counting=Counting(row="county", column="kind"),
        ),
    ),
)
