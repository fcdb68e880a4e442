"""The transport bureau: licences, credit grades and violations, over HTTP."""

from catalogue.declarations import (
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

LICENCE_ITEM = CatalogueItem(
    code="XY-TRN-001",
    name_zh="道路运输许可",
    name_en="Road transport licences",
    provider="市交通运输局",
    subjects=BOTH,
    nature=Nature.BASIC,
    disclosure=Disclosure.PUBLIC,
    coverage="全市道路运输企业和从业人员",
    update_cycle="每日",
    legal_basis="道路运输条例；河南省社会信用条例 第十二条",
)
GRADE_ITEM = CatalogueItem(
    code="XY-TRN-002",
    name_zh="道路运输信用等级",
    name_en="Road transport credit grade",
    provider="市交通运输局",
    subjects=BOTH,
    nature=Nature.GRADE,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市道路运输企业和从业人员",
    update_cycle="每年",
    legal_basis="道路运输企业质量信誉考核办法；平信用办〔2020〕9号 信易行",
)
VIOLATION_ITEM = CatalogueItem(
    code="XY-TRN-003",
    name_zh="道路运输违法信息",
    name_en="Road transport violations",
    provider="市交通运输局",
    subjects=BOTH,
    nature=Nature.ADVERSE,
    disclosure=Disclosure.GOV_SHARED,
    coverage="全市道路运输企业和从业人员",
    update_cycle="每日",
    legal_basis="道路运输条例；河南省社会信用条例 第十三条、第二十条",
)

BUREAU = Bureau(
    name="transport",
    title_zh="交通运输局",
    title_en="Transport bureau",
    source="http",
    datasets=(
        Dataset(
            name="licence",
            relation="share.licence",
            key="subject",
            item=LICENCE_ITEM,
            columns=(
                Column("licence_number"),
                Column(
                    "kind",
                    codes=frozenset({"FREIGHT", "PASSENGER", "TAXI", "RIDE_HAILING", "DRIVER_QUALIFICATION"}),
                ),
                Column("status", codes=frozenset({"VALID", "SUSPENDED", "REVOKED", "EXPIRED"})),
                Column("valid_from", Kind.DATE),
                Column("valid_until", Kind.DATE, nullable=True),
            ),
            order=("-valid_from", "licence_number"),
        ),
        Dataset(
            name="transport_grade",
            relation="share.transport_grade",
            key="subject",
            many=False,
            item=GRADE_ITEM,
            columns=(
                Column("year", Kind.INTEGER),
                Column("grade", codes=frozenset({"AA", "A", "B", "C", "D"})),
                Column("demerits", Kind.INTEGER),
                Column("assessed_on", Kind.DATE),
            ),
        ),
        Dataset(
            name="transport_violation",
            relation="share.transport_violation",
            key="subject",
            item=VIOLATION_ITEM,
            columns=(
                Column("decision_number"),
                Column(
                    "violation",
                    codes=frozenset({"OVERLOADING", "UNLICENSED_OPERATION", "OFF_ROUTE", "UNSAFE_VEHICLE"}),
                ),
                Column("fine_fen", Kind.FEN),
                Column("decided_on", Kind.DATE),
            ),
            order=("-decided_on", "decision_number"),
        ),
    ),
)
