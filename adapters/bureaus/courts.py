"""The courts: judgment defaulters and enforcement closed without result."""

from adapters.contract import (
    Bureau,
    CatalogueItem,
    Column,
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
                    codes=frozenset(
                        {
                            "ABLE_BUT_REFUSES",
                            "OBSTRUCTS",
                            "EVADES",
                            "BREAKS_PROPERTY_REPORT",
                            "BREAKS_CONSUMPTION_LIMIT",
                            "BREAKS_SETTLEMENT",
                        }
                    ),
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
)
