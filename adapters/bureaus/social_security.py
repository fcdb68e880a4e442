"""The social security bureau: contributions, payment grade and arrears."""

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

CONTRIBUTION_ITEM = CatalogueItem(
    code="XY-SS-001",
    name_zh="社会保险参保缴费概况",
    name_en="Social insurance contributions",
    provider="市人力资源和社会保障局",
    subjects=BOTH,
    nature=Nature.BASIC,
    disclosure=Disclosure.AUTHORISED,
    coverage="全市参保单位和个人",
    update_cycle="每月",
    legal_basis="社会保险法 第七十四条；河南省社会信用条例 第十二条",
)
GRADE_ITEM = CatalogueItem(
    code="XY-SS-002",
    name_zh="社会保险缴费信用等级",
    name_en="Social insurance payment grade",
    provider="市人力资源和社会保障局",
    subjects=BOTH,
    nature=Nature.GRADE,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市参保单位和个人",
    update_cycle="每年",
    legal_basis="平信用办〔2020〕9号 信易保；河南省社会信用条例 第六十条",
)
ARREARS_ITEM = CatalogueItem(
    code="XY-SS-003",
    name_zh="社会保险费欠缴信息",
    name_en="Social insurance arrears",
    provider="市人力资源和社会保障局",
    subjects=BOTH,
    nature=Nature.ADVERSE,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市参保单位和个人",
    update_cycle="每月",
    legal_basis="社会保险法 第八十六条；河南省社会信用条例 第二十条",
)
GRADE_TABLE_ITEM = CatalogueItem(
    code="XY-SS-101",
    name_zh="用人单位社会保险缴费信用等级分县区统计表",
    name_en="Employers by county and payment grade",
    provider="市人力资源和社会保障局",
    subjects=frozenset(),
    nature=Nature.OTHER,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市参保单位，按登记机关所在县区",
    update_cycle="每年，年度评定结束后固定",
    legal_basis="河南省社会信用条例 第十八条；个人信息保护法 第六条",
)

GRADES = frozenset("ABC")

BUREAU = Bureau(
    name="social_security",
    title_zh="社会保险经办机构",
    title_en="Social security bureau",
    source="postgres",
    datasets=(
        Dataset(
            name="contribution",
            relation="share.contribution",
            key="subject",
            many=False,
            item=CONTRIBUTION_ITEM,
            columns=(
                Column("status", codes=frozenset({"PAYING", "SUSPENDED", "RETIRED"})),
                Column("months_paid", Kind.INTEGER),
                Column("insured_persons", Kind.INTEGER),
                Column("last_paid_month", Kind.DATE),
                Column("monthly_base_fen", Kind.FEN),
            ),
        ),
        Dataset(
            name="payment_grade",
            relation="share.payment_grade",
            key="subject",
            many=False,
            item=GRADE_ITEM,
            columns=(
                Column("year", Kind.INTEGER),
                Column("grade", codes=GRADES),
                Column("assessed_on", Kind.DATE),
            ),
        ),
        Dataset(
            name="insurance_arrears",
            relation="share.insurance_arrears",
            key="subject",
            item=ARREARS_ITEM,
            columns=(
                Column(
                    "insurance",
                    codes=frozenset({"PENSION", "MEDICAL", "UNEMPLOYMENT", "WORK_INJURY"}),
                ),
                Column("amount_fen", Kind.FEN),
                Column("since", Kind.DATE),
                Column("cleared_on", Kind.DATE, nullable=True),
            ),
            order=("-since", "insurance"),
        ),
    ),
    tables=(
        Dataset(
            name="employers_by_county_and_grade",
            relation="share.employers_by_county_and_grade",
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
