"""The courts: judgment defaulters and enforcement closed without result."""

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

DEFAULTER_ITEM = CatalogueItem(
    code="XY-CRT-001",
    name_zh="失信被执行人",
    name_en="Judgment defaulters",
    provider="市中级人民法院",
    subjects=BOTH,
    nature=Nature.ADVERSE,
    disclosure=Disclosure.PUBLIC,
    coverage="全市法院执行案件",
    update_cycle="即时",
    legal_basis="最高人民法院关于公布失信被执行人名单信息的若干规定（法释〔2017〕7号）",
)
ENFORCEMENT_ITEM = CatalogueItem(
    code="XY-CRT-002",
    name_zh="终结本次执行程序案件",
    name_en="Enforcement closed without result",
    provider="市中级人民法院",
    subjects=BOTH,
    nature=Nature.ADVERSE,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市法院执行案件",
    update_cycle="每日",
    legal_basis="河南省社会信用条例 第十二条、第二十条",
)

DEFAULTER_TABLE_ITEM = CatalogueItem(
    code="XY-CRT-101",
    name_zh="失信被执行人分法院统计表",
    name_en="Judgment defaulters by court and conduct",
    provider="市中级人民法院",
    subjects=frozenset(),
    nature=Nature.OTHER,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市法院当年发布的失信被执行人，每一主体以当年最近一次发布计一次",
    update_cycle="每年，年度终了后固定",
    legal_basis="河南省社会信用条例 第十八条；个人信息保护法 第六条",
)

CONDUCTS = frozenset(
    {
        "ABLE_BUT_REFUSES",
        "OBSTRUCTS",
        "EVADES",
        "BREAKS_PROPERTY_REPORT",
        "BREAKS_CONSUMPTION_LIMIT",
        "BREAKS_SETTLEMENT",
    }
)
COURTS = frozenset(
    {
        "信阳市中级人民法院",
        "信阳市浉河区人民法院",
        "信阳市平桥区人民法院",
        "罗山县人民法院",
        "光山县人民法院",
        "新县人民法院",
        "商城县人民法院",
        "固始县人民法院",
        "潢川县人民法院",
        "淮滨县人民法院",
        "息县人民法院",
    }
)

BUREAU = Bureau(
    name="courts",
    title_zh="人民法院",
    title_en="Courts",
    source="postgres",
    datasets=(
        Dataset(
            name="judgment_defaulter",
            relation="share.judgment_defaulter",
            key="subject",
            item=DEFAULTER_ITEM,
            columns=(
                Column("case_number"),
                Column("court"),
                Column(
                    "conduct",
                    codes=CONDUCTS,
                ),
                Column("performance", codes=frozenset({"NONE", "PARTIAL", "FULL"})),
                Column("listed_on", Kind.DATE),
                Column("expires_on", Kind.DATE),
            ),
            order=("-listed_on", "case_number"),
        ),
        Dataset(
            name="closed_enforcement",
            relation="share.closed_enforcement",
            key="subject",
            item=ENFORCEMENT_ITEM,
            columns=(
                Column("case_number"),
                Column("court"),
                Column("closed_on", Kind.DATE),
                Column("claimed_fen", Kind.FEN),
                Column("unperformed_fen", Kind.FEN),
            ),
            order=("-closed_on", "case_number"),
        ),
    ),
    tables=(
        Dataset(
            name="defaulters_by_court_and_conduct",
            relation="share.defaulters_by_court_and_conduct",
            key="year",
            item=DEFAULTER_TABLE_ITEM,
            columns=(
                Column("court", codes=COURTS),
                Column("conduct", codes=CONDUCTS),
                Column("count", Kind.INTEGER),
            ),
            counting=Counting(row="court", column="conduct"),
        ),
    ),
)
