"""The human resources and social security bureau: contributions of all, and of employers grades and arrears."""

from catalogue.catalogue_item import BOTH, ENTERPRISES, CatalogueItem, Disclosure, Nature
from catalogue.classification import COUNTED, DERIVED, FILTERED, ORDERED, DataClass, Sensitivity
from catalogue.columns import COUNTY, day, fen, number, text
from catalogue.declarations import Bureau, Counting, Dataset, SubjectField
from catalogue.declared_codes import Codes
from catalogue.grade_schemes import LABOUR, LABOUR_INTEGRITY, PAYING_EMPLOYERS, PAYMENT, Grading
from catalogue.record_forms import Adverse, RecordForm, RecordLife
from catalogue.record_life import DUTY_LIFE

STATUS = Codes(
    "InsuranceStatus",
    ("参保状态", "State of insurance"),
    PAYING=("正常缴费", "Paying"),
    SUSPENDED=("暂停缴费", "Suspended"),
    RETIRED=("退休", "Retired"),
)
INSURANCE = Codes(
    "InsuranceKind",
    ("险种", "Kind of insurance"),
    PENSION=("养老保险", "Pension"),
    UNEMPLOYMENT=("失业保险", "Unemployment"),
    WORK_INJURY=("工伤保险", "Work injury"),
)
"""The kinds of insurance whose arrears the bureau shares.

Medical insurance (医疗保险) is not among them, because another bureau holds it. The city's plan lists it among the facts
for lenders, whom the borrower authorises. So arrears of medical insurance are never adverse.
"""

CONTRIBUTION = Dataset(
    "contribution",
    type_name="Contribution",
    title=("参保缴费概况", "Summary of contributions"),
    item=CatalogueItem(
        code="XY-SS-001",
        name=("社会保险参保缴费概况", "Social insurance contributions"),
        provider="市人力资源和社会保障局",
        subjects=BOTH,
        nature=Nature.BASIC,
        disclosure=Disclosure.AUTHORISED,
        coverage="全市参保单位和个人",
        update_cycle="每月",
        legal_basis="社会保险法 第七十四条；河南省社会信用条例 第十二条",
    ),
    data_class=DataClass.ADMINISTRATIVE,
    field=SubjectField("contribution", BOTH, "参保缴费概况", "Summary of contributions"),
    many=False,
    columns=(
        text("status", "参保状态", "State of insurance", codes=STATUS),
        number("months_paid", "累计缴费月数", "Months paid in all"),
        number("insured_persons", "参保人数", "Insured persons; 1 for a person"),
        day("last_paid_month", "最近缴费月份", "First day of the last paid month"),
        fen("monthly_base_fen", "月缴费基数（分）", "Monthly base in fen", sensitivity=Sensitivity.SENSITIVE),
    ),
)
PAYMENT_GRADE = Dataset(
    "payment_grade",
    type_name="SocialSecurityGrade",
    title=("社会保险缴费信用等级", "Social insurance payment grade"),
    item=CatalogueItem(
        code="XY-SS-002",
        name=("社会保险缴费信用等级", "Social insurance payment grade"),
        provider="市人力资源和社会保障局",
        subjects=ENTERPRISES,
        nature=Nature.GRADE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市参保单位",
        update_cycle="每年",
        legal_basis="河南省社会信用条例 第五十七条；在平顶山市另有 平信用办〔2020〕9号 信易保",
    ),
    data_class=DataClass.GRADE,
    field=SubjectField(
        "socialSecurityGrade", ENTERPRISES, "社会保险缴费信用等级", "Payment grade of the employer"
    ),
    many=False,
    columns=(
        number("year", "评定年度", "Year assessed", COUNTED),
        text("grade", "等级", "Grade", DERIVED | COUNTED, codes=PAYMENT),
        day("assessed_on", "评定日期", "Date of assessment"),
    ),
    grading=Grading((PAYING_EMPLOYERS,)),
)
LABOUR_GRADE = Dataset(
    "labour_grade",
    type_name="LabourGrade",
    title=("劳动保障守法诚信等级", "A year's labour integrity grade"),
    item=CatalogueItem(
        code="XY-SS-004",
        name=("企业劳动保障守法诚信等级", "Labour integrity grades of enterprises"),
        provider="市人力资源和社会保障局",
        subjects=ENTERPRISES,
        nature=Nature.GRADE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市企业",
        update_cycle="每年",
        legal_basis="企业劳动保障守法诚信等级评价办法（人社部规〔2016〕1号）",
    ),
    data_class=DataClass.GRADE,
    field=SubjectField(
        "labourGrade", ENTERPRISES, "劳动保障守法诚信等级", "The latest labour integrity grade"
    ),
    many=False,
    columns=(
        number("year", "评价年度", "Year assessed"),
        text("grade", "等级", "Grade", codes=LABOUR),
        day("assessed_on", "评价日期", "Date of assessment"),
    ),
    grading=Grading((LABOUR_INTEGRITY,)),
)
INSURANCE_ARREARS = Dataset(
    "insurance_arrears",
    type_name="InsuranceArrears",
    title=("社会保险费欠缴", "Social insurance arrears"),
    item=CatalogueItem(
        code="XY-SS-003",
        name=("社会保险费欠缴信息", "Social insurance arrears"),
        provider="市人力资源和社会保障局",
        subjects=ENTERPRISES,
        nature=Nature.ADVERSE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市参保单位",
        update_cycle="每月",
        legal_basis="社会保险法 第八十六条（用人单位）；河南省社会信用条例 第二十条",
    ),
    data_class=DataClass.ADVERSE,
    field=SubjectField(
        "insuranceArrears",
        ENTERPRISES,
        "社会保险费欠缴",
        "Social insurance arrears of the employer, latest first",
    ),
    adverse=Adverse(3),
    life=RecordLife(RecordForm.DUTY, "since", done="cleared_on", owed="amount_fen", determined=True),
    columns=(
        text("insurance", "险种", "Kind of insurance", FILTERED, codes=INSURANCE),
        fen("amount_fen", "欠缴金额（分）", "Amount in fen", ORDERED),
        day("since", "欠缴起始日", "Owed since", ORDERED),
        day("cleared_on", "缴清日期", "Cleared on; null while owed", ORDERED, nullable=True),
        *DUTY_LIFE,
    ),
    order=("-since", "insurance", "-amount_fen"),
)
EMPLOYERS_BY_COUNTY_AND_GRADE = Dataset(
    "employers_by_county_and_grade",
    type_name="EmployersByCountyAndPaymentGrade",
    title=("用人单位缴费信用等级分县区统计表", "Employers by county and payment grade"),
    item=CatalogueItem(
        code="XY-SS-101",
        name=("用人单位社会保险缴费信用等级分县区统计表", "Employers by county and payment grade"),
        provider="市人力资源和社会保障局",
        subjects=frozenset(),
        nature=Nature.OTHER,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市参保单位，按登记机关所在县区",
        update_cycle="每年，年度评定结束后固定",
        legal_basis="河南省社会信用条例 第十八条；个人信息保护法 第六条",
    ),
    key="year",
    columns=(
        COUNTY,
        text("grade", "等级", "Grade", codes=PAYMENT),
        number("count", "单位数", "Employers"),
    ),
    counting=Counting(
        row="county",
        column="grade",
        of=("Enterprise.region", "SocialSecurityGrade.year", "SocialSecurityGrade.grade"),
    ),
)

BUREAU = Bureau(
    name="social_security",
    title=("人力资源和社会保障局", "Human resources and social security bureau"),
    source="postgres",
    datasets=(CONTRIBUTION, PAYMENT_GRADE, LABOUR_GRADE, INSURANCE_ARREARS),
    tables=(EMPLOYERS_BY_COUNTY_AND_GRADE,),
)
