"""The tax bureau: yearly grades of enterprises, arrears, the list of serious violations, and who is responsible for them."""

from dataclasses import replace

from catalogue.catalogue_item import (
    BOTH,
    ENTERPRISES,
    PERSONS,
    CatalogueItem,
    Disclosure,
    Nature,
    SubjectKind,
)
from catalogue.classification import COUNTED, DERIVED, FILTERED, ORDERED, DataClass
from catalogue.columns import COUNTY, day, fen, number, text
from catalogue.declarations import Bureau, Column, Counting, Dataset, LeadsTo, SubjectField
from catalogue.declared_codes import Codes
from catalogue.grade_schemes import ENTERPRISE_TAXPAYERS, TAXPAYER, TAXPAYERS, Grading
from catalogue.record_forms import ENTRY_ENDED, Adverse, RecordForm, RecordLife
from catalogue.record_life import DUTY_LIFE, LISTING_LIFE, RESPONSIBILITY_LIFE

TAX = Codes(
    "TaxKind",
    ("税种", "Kind of tax"),
    VALUE_ADDED=("增值税", "Value added"),
    ENTERPRISE_INCOME=("企业所得税", "Enterprise income"),
    INDIVIDUAL_INCOME=("个人所得税", "Individual income"),
    LAND_USE=("城镇土地使用税", "Urban land use"),
)
VIOLATION = Codes(
    "TaxViolationKind",
    ("重大税收违法类型", "Kind of serious tax violation"),
    TAX_EVASION=("偷税（逃税）", "Tax evasion, or withheld tax not paid"),
    ARREARS_EVASION=("逃避追缴欠税", "Evading the recovery of arrears"),
    EXPORT_REFUND_FRAUD=("骗取出口退税", "Fraud about export refunds"),
    FORCIBLE_REFUSAL=("抗税", "Refusal by force"),
    FALSE_DEDUCTIBLE_INVOICES=("虚开可抵扣发票", "False invoices that can be deducted"),
    FALSE_ORDINARY_INVOICES=("虚开普通发票", "False ordinary invoices"),
    INVOICE_FORGERY=("私印、伪造、变造发票", "Making, forging or altering invoices"),
    ABSCONDED=("走逃失联", "Absconded"),
    HELPED_OTHERS=("为他人税收违法提供便利", "Helping others to evade tax or to a refund by fraud"),
    AGENT_CAUSED=("税务代理人致他人违法", "A tax agent who caused another's violation"),
    OTHER_GRAVE=("其他性质恶劣的违法", "Another grave violation"),
)
"""重大税收违法失信行为的十一种情形 (税务总局令第54号)."""

TAXPAYER_GRADE = Dataset(
    "taxpayer_grade",
    type_name="TaxGrade",
    title=("年度纳税信用级别", "A year's taxpayer grade"),
    item=CatalogueItem(
        code="XY-TAX-001",
        name=("纳税缴费信用级别", "Taxpayer grade"),
        provider="市税务局",
        subjects=ENTERPRISES,
        nature=Nature.GRADE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市企业纳税人，以及自愿申请的个体工商户和其他经营主体",
        update_cycle="每年",
        legal_basis="纳税缴费信用管理办法（税务总局公告2025年第12号）第三条",
    ),
    data_class=DataClass.GRADE,
    field=SubjectField("taxGrades", ENTERPRISES, "历年纳税信用级别", "Taxpayer grades, latest year first"),
    columns=(
        number("year", "评价年度", "Year assessed", ORDERED | COUNTED),
        text("grade", "信用级别", "Grade", DERIVED | FILTERED | COUNTED, codes=TAXPAYER),
        number("points", "评价得分", "Points; null where graded directly", nullable=True),
        day("assessed_on", "评价日期", "Date of assessment", ORDERED),
        day(
            "applied_on",
            "申请参评日期",
            "Applied for the grade on; null where the scheme covers the subject by itself",
            nullable=True,
        ),
    ),
    grading=Grading((ENTERPRISE_TAXPAYERS, TAXPAYERS), chosen="applied_on"),
    order=("-year", "-assessed_on"),
)
LATEST_TAXPAYER_GRADE = replace(
    TAXPAYER_GRADE,
    name="latest_taxpayer_grade",
    field=SubjectField("latestTaxGrade", ENTERPRISES, "最近一次纳税信用级别", "The latest taxpayer grade"),
    many=False,
    latest=True,
)
TAX_ARREARS = Dataset(
    "tax_arrears",
    type_name="TaxArrears",
    title=("欠税", "Tax arrears"),
    item=CatalogueItem(
        code="XY-TAX-002",
        name=("欠税信息", "Tax arrears"),
        provider="市税务局",
        subjects=BOTH,
        nature=Nature.ADVERSE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市纳税人",
        update_cycle="每季度",
        legal_basis="税收征收管理法 第四十五条；河南省社会信用条例 第二十条",
    ),
    data_class=DataClass.ADVERSE,
    field=SubjectField("taxArrears", BOTH, "欠税", "Tax arrears, latest first"),
    adverse=Adverse(1),
    life=RecordLife(RecordForm.DUTY, "since", done="cleared_on", owed="amount_fen", determined=True),
    columns=(
        text("tax", "税种", "Kind of tax", FILTERED, codes=TAX),
        fen("amount_fen", "欠税金额（分）", "Amount in fen", ORDERED),
        day("since", "欠税起始日", "Owed since", ORDERED),
        day("cleared_on", "缴清日期", "Cleared on; null while owed", ORDERED, nullable=True),
        *DUTY_LIFE,
    ),
    order=("-since", "tax", "-amount_fen"),
)
SERIOUS_VIOLATION = Dataset(
    "serious_violation",
    type_name="SeriousTaxViolation",
    title=("重大税收违法失信", "An entry in the list of serious violations"),
    item=CatalogueItem(
        code="XY-TAX-003",
        name=("重大税收违法失信主体", "Serious tax violations"),
        provider="市税务局",
        subjects=BOTH,
        nature=Nature.ADVERSE,
        disclosure=Disclosure.PUBLIC,
        coverage="全市纳税人",
        update_cycle="即时",
        legal_basis="重大税收违法失信主体信息公布管理办法（税务总局令第54号）",
    ),
    data_class=DataClass.ADVERSE,
    field=SubjectField(
        "seriousTaxViolations",
        BOTH,
        "重大税收违法",
        "Entries in the list of serious violations, latest first",
    ),
    adverse=Adverse(2),
    life=RecordLife(RecordForm.LISTING, "listed_on", leaves="delisted_on"),
    columns=(
        text("violation", "违法类型", "Kind of violation", FILTERED, codes=VIOLATION),
        text("decision_number", "决定文书号", "Number of the decision"),
        day("listed_on", "公布日期", "Listed on", ORDERED),
        day("delisted_on", "停止公布日期", "Delisted on; null while listed", ORDERED, nullable=True),
        *LISTING_LIFE,
    ),
    order=("-listed_on", "decision_number"),
)
RESPONSIBILITY_BY_PERSON = Dataset(
    "responsibility_by_person",
    type_name="Responsibility",
    title=("责任人员标注", "A person whom a decision marks as responsible for an enterprise's entry"),
    item=CatalogueItem(
        code="XY-TAX-004",
        name=("重大税收违法失信主体的责任人员", "Persons responsible for serious tax violations"),
        provider="市税务局",
        subjects=BOTH,
        nature=Nature.OTHER,
        disclosure=Disclosure.GOV_SHARED,
        coverage="决定文书点名的责任人员",
        update_cycle="即时",
        legal_basis="河南省社会信用条例 第三十五条；重大税收违法失信主体信息公布管理办法（税务总局令第54号）",
    ),
    data_class=DataClass.ADVERSE,
    field=SubjectField(
        "responsibleFor",
        PERSONS,
        "担责标注",
        "Entries of enterprises that the person is marked responsible for",
    ),
    relation="share.responsible_person",
    key="person_number",
    life=RecordLife(
        RecordForm.RESPONSIBILITY,
        "since",
        leaves=ENTRY_ENDED,
        through="until",
        about="tax.serious_violation",
        person="person_number",
        enterprise="credit_code",
    ),
    columns=(
        Column(
            "person_number", leads_to=LeadsTo("person", SubjectKind.PERSON, "责任人员", "Who is responsible")
        ),
        Column(
            "credit_code",
            leads_to=LeadsTo("enterprise", SubjectKind.ENTERPRISE, "被列入的单位", "Who is listed"),
        ),
        *RESPONSIBILITY_LIFE,
        Column("mark_number", neutral=True),
    ),
    order=("-since", "mark_number"),
)
RESPONSIBILITY_BY_ENTERPRISE = replace(
    RESPONSIBILITY_BY_PERSON,
    name="responsibility_by_enterprise",
    key="credit_code",
    field=SubjectField(
        "responsiblePersons",
        ENTERPRISES,
        "责任人员",
        "Persons whom a decision marks as responsible for an entry of the enterprise, latest first",
    ),
)
ENTERPRISES_BY_COUNTY_AND_GRADE = Dataset(
    "enterprises_by_county_and_grade",
    type_name="EnterprisesByCountyAndTaxGrade",
    title=("企业纳税信用级别分县区统计表", "Enterprises by county and taxpayer grade"),
    item=CatalogueItem(
        code="XY-TAX-101",
        name=("企业纳税信用级别分县区统计表", "Enterprises by county and taxpayer grade"),
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
        COUNTY,
        text("grade", "信用级别", "Grade", codes=TAXPAYER),
        number("count", "企业数", "Enterprises"),
    ),
    counting=Counting(
        row="county", column="grade", of=("Enterprise.region", "TaxGrade.year", "TaxGrade.grade")
    ),
)

BUREAU = Bureau(
    name="tax",
    title=("税务局", "Tax bureau"),
    source="postgres",
    datasets=(
        LATEST_TAXPAYER_GRADE,
        TAXPAYER_GRADE,
        TAX_ARREARS,
        SERIOUS_VIOLATION,
        RESPONSIBILITY_BY_PERSON,
        RESPONSIBILITY_BY_ENTERPRISE,
    ),
    tables=(ENTERPRISES_BY_COUNTY_AND_GRADE,),
)
