"""The transport bureau: licences, grades of licensed workers and of enterprises, and violations, over HTTP."""

from catalogue.catalogue_item import BOTH, CatalogueItem, Disclosure, Nature
from catalogue.classification import DERIVED, FILTERED, ORDERED, DataClass, Sensitivity
from catalogue.columns import day, fen, number, text
from catalogue.declarations import Bureau, Dataset, SubjectField
from catalogue.declared_codes import Codes
from catalogue.grade_schemes import ROAD_TRANSPORT, TRANSPORT_ENTERPRISES, TRANSPORT_WORKERS, Grading
from catalogue.record_forms import Adverse, RecordForm, RecordLife
from catalogue.record_life import PENALTY_LIFE

LICENCE_KIND = Codes(
    "LicenceKind",
    ("道路运输许可类型", "Kind of transport licence"),
    FREIGHT=("货运", "Freight"),
    PASSENGER=("客运", "Passengers"),
    TAXI=("出租汽车", "Taxi"),
    RIDE_HAILING=("网约车", "Ride hailing"),
    DRIVER_QUALIFICATION=("从业资格", "Driver's qualification"),
)
LICENCE_STATUS = Codes(
    "LicenceStatus",
    ("许可状态", "State of a licence"),
    VALID=("有效", "Valid"),
    SUSPENDED=("暂停", "Suspended"),
    REVOKED=("吊销", "Revoked"),
    EXPIRED=("过期", "Expired"),
)
VIOLATION = Codes(
    "TransportViolationKind",
    ("道路运输违法类型", "Kind of transport violation"),
    OVERLOADING=("超限超载", "Overloading"),
    UNLICENSED_OPERATION=("无证经营", "Unlicensed operation"),
    OFF_ROUTE=("不按线路行驶", "Off the route"),
    UNSAFE_VEHICLE=("车辆不符合安全要求", "Unsafe vehicle"),
)

TRANSPORT_GRADE = Dataset(
    "transport_grade",
    type_name="TransportGrade",
    title=("道路运输考核等级", "A grade in road transport"),
    item=CatalogueItem(
        code="XY-TRN-002",
        name=("道路运输考核等级", "Grades in road transport"),
        provider="市交通运输局",
        subjects=BOTH,
        nature=Nature.GRADE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市道路运输企业和持证从业人员",
        update_cycle="每年",
        legal_basis="道路运输从业人员管理规定 第三十七条；道路运输企业质量信誉考核办法（试行）",
    ),
    data_class=DataClass.GRADE,
    field=SubjectField("transportGrade", BOTH, "道路运输考核等级", "The grade in road transport"),
    many=False,
    columns=(
        number("year", "考核年度", "Year assessed"),
        text("grade", "等级", "Grade", DERIVED, codes=ROAD_TRANSPORT),
        number("demerits", "记分", "Demerit points"),
        day("assessed_on", "考核日期", "Date of assessment"),
        text("licence_number", "从业资格证号或经营许可证号", "Number of the licence whose holder is graded"),
    ),
    grading=Grading((TRANSPORT_WORKERS, TRANSPORT_ENTERPRISES)),
)
LICENCE = Dataset(
    "licence",
    type_name="TransportLicence",
    title=("道路运输许可", "A road transport licence"),
    item=CatalogueItem(
        code="XY-TRN-001",
        name=("道路运输许可", "Road transport licences"),
        provider="市交通运输局",
        subjects=BOTH,
        nature=Nature.BASIC,
        disclosure=Disclosure.PUBLIC,
        coverage="全市道路运输企业和从业人员",
        update_cycle="每日",
        legal_basis="道路运输条例；河南省社会信用条例 第十二条",
    ),
    data_class=DataClass.PUBLIC_RECORD,
    sensitivity=Sensitivity.ORDINARY,
    field=SubjectField("transportLicences", BOTH, "道路运输许可", "Road transport licences, latest first"),
    columns=(
        text("licence_number", "许可证号", "Licence number"),
        text("kind", "许可类型", "Kind", FILTERED, codes=LICENCE_KIND),
        text("status", "许可状态", "State", FILTERED, codes=LICENCE_STATUS),
        day("valid_from", "有效期起", "Valid from", ORDERED),
        day(
            "valid_until",
            "有效期止",
            "Valid until; null where it has no end",
            ORDERED,
            nullable=True,
            ahead=True,
        ),
    ),
    order=("-valid_from", "licence_number"),
)
TRANSPORT_VIOLATION = Dataset(
    "transport_violation",
    type_name="TransportViolation",
    title=("道路运输违法", "A road transport violation"),
    item=CatalogueItem(
        code="XY-TRN-003",
        name=("道路运输违法信息", "Road transport violations"),
        provider="市交通运输局",
        subjects=BOTH,
        nature=Nature.ADVERSE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市道路运输企业和从业人员",
        update_cycle="每日",
        legal_basis="道路运输条例；河南省社会信用条例 第十三条、第二十条",
    ),
    data_class=DataClass.ADVERSE,
    field=SubjectField(
        "transportViolations", BOTH, "道路运输违法", "Road transport violations, latest first"
    ),
    adverse=Adverse(6, within="decided_on"),
    life=RecordLife(RecordForm.PENALTY, "decided_on", fine="fine_fen"),
    columns=(
        text("decision_number", "决定文书号", "Number of the decision"),
        text("violation", "违法类型", "Kind of violation", FILTERED, codes=VIOLATION),
        fen("fine_fen", "罚款（分）", "Fine in fen", ORDERED),
        day("decided_on", "决定日期", "Date of the decision", ORDERED),
        *PENALTY_LIFE,
    ),
    order=("-decided_on", "decision_number"),
)

BUREAU = Bureau(
    name="transport",
    title=("交通运输局", "Transport bureau"),
    source="http",
    datasets=(TRANSPORT_GRADE, LICENCE, TRANSPORT_VIOLATION),
)
