"""The tax bureau: yearly grades, arrears and the list of serious violations."""

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

BOTH = frozenset({SubjectKind.PERSON, SubjectKind.ENTERPRISE})

GRADE_ITEM = CatalogueItem(
    code="XY-TAX-001",
    name_zh="纳税缴费信用级别",
    name_en="Taxpayer grade",
    provider="市税务局",
    subjects=BOTH,
    nature=Nature.GRADE,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市纳税人",
    update_cycle="每年",
    legal_basis="纳税缴费信用管理办法（税务总局公告2025年第12号）",
)
ARREARS_ITEM = CatalogueItem(
    code="XY-TAX-002",
    name_zh="欠税信息",
    name_en="Tax arrears",
    provider="市税务局",
    subjects=BOTH,
    nature=Nature.ADVERSE,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市纳税人",
    update_cycle="每季度",
    legal_basis="税收征收管理法 第四十五条；河南省社会信用条例 第二十条",
)
VIOLATION_ITEM = CatalogueItem(
    code="XY-TAX-003",
    name_zh="重大税收违法失信主体",
    name_en="Serious tax violations",
    provider="市税务局",
    subjects=BOTH,
    nature=Nature.ADVERSE,
    disclosure=Disclosure.PUBLIC,
    coverage="全市纳税人",
    update_cycle="即时",
    legal_basis="重大税收违法失信主体信息公布管理办法（税务总局令第54号）",
)

GRADE_TABLE_ITEM = CatalogueItem(
    code="XY-TAX-101",
    name_zh="企业纳税信用级别分县区统计表",
    name_en="Enterprises by county and taxpayer grade",
    provider="市税务局",
    subjects=frozenset(),
    nature=Nature.OTHER,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市企业纳税人，按登记机关所在县区",
    update_cycle="每年，年度评价结束后固定",
    legal_basis="河南省社会信用条例 第十八条；个人信息保护法 第六条",
)

GRADES = frozenset("ABMCD")
GRADE_COLUMNS = (
    Column("year", Kind.INTEGER),
    Column("grade", codes=GRADES),
    Column("points", Kind.INTEGER, nullable=True),
    Column("assessed_on", Kind.DATE),
)

BUREAU = Bureau(
    name="tax",
    title_zh="税务局",
    title_en="Tax bureau",
    source="postgres",
    datasets=(
        Dataset(
            name="taxpayer_grade",
            relation="share.taxpayer_grade",
            key="subject",
            item=GRADE_ITEM,
            columns=GRADE_COLUMNS,
            order=("-year",),
        ),
        Dataset(
            name="latest_taxpayer_grade",
            relation="share.taxpayer_grade",
            key="subject",
            many=False,
            latest=True,
            item=GRADE_ITEM,
            columns=GRADE_COLUMNS,
            order=("-year",),
        ),
        Dataset(
            name="tax_arrears",
            relation="share.tax_arrears",
            key="subject",
            item=ARREARS_ITEM,
            columns=(
                Column(
                    "tax",
                    codes=frozenset({"VALUE_ADDED", "ENTERPRISE_INCOME", "INDIVIDUAL_INCOME", "LAND_USE"}),
                ),
                Column("amount_fen", Kind.FEN),
                Column("since", Kind.DATE),
                Column("cleared_on", Kind.DATE, nullable=True),
            ),
            order=("-since", "tax"),
        ),
        Dataset(
            name="serious_violation",
            relation="share.serious_violation",
            key="subject",
            item=VIOLATION_ITEM,
            columns=(
                Column(
                    "violation",
                    codes=frozenset({"FALSE_INVOICING", "TAX_EVASION", "ARREARS_EVASION", "ABSCONDED"}),
                ),
                Column("decision_number"),
                Column("listed_on", Kind.DATE),
                Column("delisted_on", Kind.DATE, nullable=True),
            ),
            order=("-listed_on", "decision_number"),
        ),
    ),
    tables=(
        Dataset(
            name="enterprises_by_county_and_grade",
            relation="share.enterprises_by_county_and_grade",
            key="year",
            item=GRADE_TABLE_ITEM,
            columns=(
                Column("county", codes=COUNTIES),
                Column("grade", codes=GRADES),
                Column("count", Kind.INTEGER),
            ),
            counting=Counting(row="county", column="grade"),
        ),
    ),
)
