"""The tax bureau: yearly grades, arrears and the list of serious violations."""

from dataclasses import replace

from catalogue.adverse_rules import kept_from, while_open
from catalogue.catalogue_item import BOTH, CatalogueItem, Disclosure, Nature
from catalogue.classification import COUNTED, DERIVED, FILTERED, ORDERED, DataClass, Sensitivity
from catalogue.counties import COUNTIES
from catalogue.declarations import (
    Adverse,
    Bureau,
    Codes,
    Column,
    Counting,
    Dataset,
    Kind,
    SubjectField,
)

GRADE = Codes(
    "TaxpayerGrade",
    "纳税缴费信用级别",
    "Taxpayer grade",
    {
        "A": ("A级：90分以上", "A: 90 points and more"),
        "B": ("B级：70至90分", "B: 70 to below 90 points"),
        "M": ("M级：新设或无收入", "M: new or without revenue"),
        "C": ("C级：40至70分", "C: 40 to below 70 points"),
        "D": ("D级：40分以下", "D: below 40 points, or directly"),
    },
)
"""纳税缴费信用级别 (税务总局公告2025年第12号)."""
TAX = Codes(
    "TaxKind",
    "税种",
    "Kind of tax",
    {
        "VALUE_ADDED": ("增值税", "Value added"),
        "ENTERPRISE_INCOME": ("企业所得税", "Enterprise income"),
        "INDIVIDUAL_INCOME": ("个人所得税", "Individual income"),
        "LAND_USE": ("城镇土地使用税", "Urban land use"),
    },
)
VIOLATION = Codes(
    "TaxViolationKind",
    "重大税收违法类型",
    "Kind of serious tax violation",
    {
        "FALSE_INVOICING": ("虚开发票", "False invoicing"),
        "TAX_EVASION": ("偷税", "Tax evasion"),
        "ARREARS_EVASION": ("逃避追缴欠税", "Evading the recovery of arrears"),
        "ABSCONDED": ("走逃失联", "Absconded"),
    },
)
"""重大税收违法类型 (税务总局令第54号)."""

TAXPAYER_GRADE = Dataset(
    "taxpayer_grade",
    type_name="TaxGrade",
    zh="年度纳税信用级别",
    en="A year's taxpayer grade",
    item=CatalogueItem(
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
    ),
    data_class=DataClass.GRADE,
    sensitivity=Sensitivity.PERSONAL,
    field=SubjectField("taxGrades", BOTH, "历年纳税信用级别", "Taxpayer grades, latest year first"),
    columns=(
        Column("year", Kind.INTEGER, "评价年度", "Year assessed", uses=ORDERED | COUNTED),
        Column("grade", Kind.TEXT, "信用级别", "Grade", codes=GRADE, uses=DERIVED | FILTERED | COUNTED),
        Column("points", Kind.INTEGER, "评价得分", "Points; null where graded directly", nullable=True),
        Column("assessed_on", Kind.DATE, "评价日期", "Date of assessment", uses=ORDERED),
    ),
    order=("-year",),
)
LATEST_TAXPAYER_GRADE = replace(
    TAXPAYER_GRADE,
    name="latest_taxpayer_grade",
    field=SubjectField("latestTaxGrade", BOTH, "最近一次纳税信用级别", "The latest taxpayer grade"),
    many=False,
    latest=True,
)
TAX_ARREARS = Dataset(
    "tax_arrears",
    type_name="TaxArrears",
    zh="欠税",
    en="Tax arrears",
    item=CatalogueItem(
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
    ),
    data_class=DataClass.ADVERSE,
    sensitivity=Sensitivity.PERSONAL,
    field=SubjectField("taxArrears", BOTH, "欠税", "Tax arrears, latest first"),
    adverse=Adverse(1, while_open("cleared_on") & kept_from("since")),
    columns=(
        Column("tax", Kind.TEXT, "税种", "Kind of tax", codes=TAX, uses=FILTERED),
        Column("amount_fen", Kind.FEN, "欠税金额（分）", "Amount in fen", uses=ORDERED),
        Column("since", Kind.DATE, "欠税起始日", "Owed since", uses=ORDERED),
        Column(
            "cleared_on", Kind.DATE, "缴清日期", "Cleared on; null while owed", nullable=True, uses=ORDERED
        ),
    ),
    order=("-since", "tax"),
)
SERIOUS_VIOLATION = Dataset(
    "serious_violation",
    type_name="SeriousTaxViolation",
    zh="重大税收违法失信",
    en="An entry in the list of serious violations",
    item=CatalogueItem(
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
    ),
    data_class=DataClass.ADVERSE,
    sensitivity=Sensitivity.PERSONAL,
    field=SubjectField(
        "seriousTaxViolations",
        BOTH,
        "重大税收违法",
        "Entries in the list of serious violations, latest first",
    ),
    adverse=Adverse(2, while_open("delisted_on")),
    columns=(
        Column("violation", Kind.TEXT, "违法类型", "Kind of violation", codes=VIOLATION, uses=FILTERED),
        Column("decision_number", Kind.TEXT, "决定文书号", "Number of the decision"),
        Column("listed_on", Kind.DATE, "公布日期", "Listed on", uses=ORDERED),
        Column(
            "delisted_on",
            Kind.DATE,
            "停止公布日期",
            "Delisted on; null while listed",
            nullable=True,
            uses=ORDERED,
        ),
    ),
    order=("-listed_on", "decision_number"),
)
ENTERPRISES_BY_COUNTY_AND_GRADE = Dataset(
    "enterprises_by_county_and_grade",
    type_name="EnterprisesByCountyAndTaxGrade",
    zh="企业纳税信用级别分县区统计表",
    en="Enterprises by county and taxpayer grade",
    item=CatalogueItem(
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
    ),
    key="year",
    columns=(
        Column("county", Kind.TEXT, "县区代码", "County code, GB/T 2260", codes=COUNTIES),
        Column("grade", Kind.TEXT, "信用级别", "Grade", codes=GRADE),
        Column("count", Kind.INTEGER, "企业数", "Enterprises"),
    ),
    counting=Counting(
        row="county",
        column="grade",
        of=("Enterprise.region", "TaxGrade.year", "TaxGrade.grade"),
    ),
)

BUREAU = Bureau(
    name="tax",
    title_zh="税务局",
    title_en="Tax bureau",
    source="postgres",
    datasets=(LATEST_TAXPAYER_GRADE, TAXPAYER_GRADE, TAX_ARREARS, SERIOUS_VIOLATION),
    tables=(ENTERPRISES_BY_COUNTY_AND_GRADE,),
)
