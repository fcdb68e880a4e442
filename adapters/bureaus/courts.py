"""The courts: judgment defaulters and enforcement closed without result."""

from catalogue.catalogue_item import BOTH, CatalogueItem, Disclosure, Nature
from catalogue.classification import COUNTED, FILTERED, ORDERED, DataClass
from catalogue.columns import day, fen, number, text
from catalogue.declarations import Bureau, Counting, Dataset, SubjectField
from catalogue.declared_codes import Codes
from catalogue.incentives.city_files import DEMO_CITY, city_called
from catalogue.record_forms import Adverse, RecordForm, RecordLife, StatutoryTerm
from catalogue.record_life import COURT_DUTY_LIFE, COURT_LISTING_LIFE

CONDUCT = Codes(
    "DefaulterConduct",
    ("失信行为情形", "Conduct of a judgment defaulter"),
    ABLE_BUT_REFUSES=("有履行能力而拒不履行", "Able to perform and refuses"),
    OBSTRUCTS=("妨碍、抗拒执行", "Obstructs enforcement"),
    EVADES=("规避执行", "Evades enforcement"),
    BREAKS_PROPERTY_REPORT=("违反财产报告制度", "Breaks the duty to report property"),
    BREAKS_CONSUMPTION_LIMIT=("违反限制消费令", "Breaks a limit on consumption"),
    BREAKS_SETTLEMENT=("无正当理由拒不履行和解协议", "Breaks a settlement without reason"),
)
"""失信行为情形 (法释〔2017〕7号 第一条)."""
PERFORMANCE = Codes(
    "Performance",
    ("履行情况", "How far the duty is performed"),
    NONE=("全部未履行", "Not at all"),
    PARTIAL=("部分履行", "In part"),
    FULL=("已履行", "In full"),
)
COURTS = frozenset(city_called(DEMO_CITY).courts)
"""The courts of the demo's city; `adapters.bureaus.bureaus_of` puts those of an installation in their place."""

JUDGMENT_DEFAULTER = Dataset(
    "judgment_defaulter",
    type_name="JudgmentDefault",
    title=("失信被执行人", "An entry in the list of judgment defaulters"),
    item=CatalogueItem(
        code="XY-CRT-001",
        name=("失信被执行人", "Judgment defaulters"),
        provider="市中级人民法院",
        subjects=BOTH,
        nature=Nature.ADVERSE,
        disclosure=Disclosure.PUBLIC,
        coverage="全市法院执行案件",
        update_cycle="即时",
        legal_basis="最高人民法院关于公布失信被执行人名单信息的若干规定（法释〔2017〕7号）",
    ),
    data_class=DataClass.JUDICIAL,
    field=SubjectField(
        "judgmentDefaults", BOTH, "失信被执行人", "Entries in the list of judgment defaulters, latest first"
    ),
    adverse=Adverse(4),
    life=RecordLife(
        RecordForm.LISTING,
        "listed_on",
        done_code=("performance", "FULL"),
        through="expires_on",
        term=StatutoryTerm("conduct", "judgment.term", "judgment.extension", frozenset({"ABLE_BUT_REFUSES"})),
    ),
    columns=(
        text("case_number", "案号", "Case number"),
        text("court", "执行法院", "Court", COUNTED),
        text("conduct", "行为情形", "Conduct", FILTERED | COUNTED, codes=CONDUCT),
        text("performance", "履行情况", "Performance", FILTERED, codes=PERFORMANCE),
        day("listed_on", "发布日期", "Listed on", ORDERED | COUNTED),
        day(
            "expires_on",
            "期满日期",
            "Last day of its term; null where the court states none",
            ORDERED,
            nullable=True,
            ahead=True,
        ),
        *COURT_LISTING_LIFE,
    ),
    order=("-listed_on", "case_number"),
)
CLOSED_ENFORCEMENT = Dataset(
    "closed_enforcement",
    type_name="ClosedEnforcement",
    title=("终结本次执行程序案件", "Enforcement closed without result"),
    item=CatalogueItem(
        code="XY-CRT-002",
        name=("终结本次执行程序案件", "Enforcement closed without result"),
        provider="市中级人民法院",
        subjects=BOTH,
        nature=Nature.OTHER,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市法院执行案件",
        update_cycle="每日",
        legal_basis="河南省社会信用条例 第十二条；法〔2016〕373号",
    ),
    data_class=DataClass.JUDICIAL,
    field=SubjectField(
        "closedEnforcements", BOTH, "终结本次执行程序案件", "Enforcement closed without result, latest first"
    ),
    life=RecordLife(RecordForm.DUTY, "closed_on", owing="unperformed_fen", claimed="claimed_fen"),
    columns=(
        text("case_number", "案号", "Case number"),
        text("court", "执行法院", "Court"),
        day("closed_on", "终结日期", "Closed on", ORDERED),
        fen("claimed_fen", "申请执行标的（分）", "Amount claimed in fen", ORDERED),
        fen("unperformed_fen", "未履行金额（分）", "Amount not performed in fen", ORDERED),
        *COURT_DUTY_LIFE,
    ),
    order=("-closed_on", "case_number"),
)
DEFAULTERS_BY_COURT_AND_CONDUCT = Dataset(
    "defaulters_by_court_and_conduct",
    type_name="DefaultersByCourtAndConduct",
    title=("失信被执行人分法院统计表", "Judgment defaulters by court and conduct"),
    item=CatalogueItem(
        code="XY-CRT-101",
        name=("失信被执行人分法院统计表", "Judgment defaulters by court and conduct"),
        provider="市中级人民法院",
        subjects=frozenset(),
        nature=Nature.OTHER,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市法院当年发布的失信被执行人，每一主体以当年最近一次发布计一次",
        update_cycle="每年，年度终了后固定",
        legal_basis="河南省社会信用条例 第十八条；个人信息保护法 第六条",
    ),
    key="year",
    columns=(
        text("court", "执行法院", "Court", codes=COURTS),
        text("conduct", "行为情形", "Conduct", codes=CONDUCT),
        number("count", "主体数", "Subjects listed"),
    ),
    counting=Counting(
        row="court",
        column="conduct",
        of=("JudgmentDefault.court", "JudgmentDefault.conduct", "JudgmentDefault.listedOn"),
    ),
)

BUREAU = Bureau(
    name="courts",
    title=("人民法院", "Courts"),
    source="postgres",
    datasets=(JUDGMENT_DEFAULTER, CLOSED_ENFORCEMENT),
    tables=(DEFAULTERS_BY_COURT_AND_CONDUCT,),
)
