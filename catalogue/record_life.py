"""The columns that tell the life of a record, by its form: each data set with a `life` declares those of its form.

Which of them decide, and how, stands in `catalogue.record_states`. A bureau states the severity and the procedure of a
penalty, the day of service and finality: the elements of double publicity have none of them, and the law needs all
(河南省社会信用条例 art. 13, 20; 信用修复管理办法). The notice before a listing is due by art. 28 of the regulation.
"""

from collections.abc import Mapping
from typing import Final

from catalogue.classification import FILTERED, ORDERED
from catalogue.columns import day, flag, text
from catalogue.declarations import Column
from catalogue.declared_codes import Codes
from catalogue.record_forms import CONFIRMED, ENTRY_ENDED, STATE, RecordForm

PROCEDURE: Final = Codes(
    "PenaltyProcedure",
    ("处罚程序", "Procedure of a penalty"),
    SIMPLIFIED=("简易程序", "Simplified, on the spot"),
    ORDINARY=("普通程序", "Ordinary"),
)
"""处罚程序 (行政处罚法 第五十一条、第五十四条)."""
SANCTION: Final = Codes(
    "PenaltySanction",
    ("处罚种类", "Sanction of a penalty"),
    WARNING=("仅警告", "A warning only"),
    FINE=("仅罚款", "A fine only"),
    WARNING_AND_FINE=("警告并罚款", "A warning and a fine"),
    OTHER=("其他或并处其他", "Another one, or with another one"),
)
SEVERITY: Final = Codes(
    "Severity",
    ("失信程度", "Severity"),
    MINOR=("轻微", "Minor"),
    GENERAL=("一般", "General"),
    SERIOUS=("严重", "Serious"),
)
"""失信程度 (信用修复管理办法): the organ that determined the record states it."""
RECORD_STATE: Final = Codes(
    "RecordState",
    ("记录状态", "State of a record"),
    PENDING_FINALITY=("尚未确定", "Not final yet"),
    EFFECTIVE=("有效", "Stands"),
    DISPUTED=("异议中", "Disputed"),
    REPAIRED=("已修复或已履行", "Repaired or put right"),
    WITHDRAWN=("已撤销", "Withdrawn"),
    EXPIRED=("已到期或已移出", "Its term is over, or it left its list"),
    SEALED=("已封存", "Sealed"),
    UNKNOWN=("无法确定", "Cannot be computed"),
)
RESPONSIBLE_ROLE: Final = Codes(
    "ResponsibleRole",
    ("责任身份", "Role in which a person is responsible"),
    LEGAL_REPRESENTATIVE=("法定代表人", "Legal representative"),
    PRINCIPAL=("主要负责人", "Principal"),
    ACTUAL_CONTROLLER=("实际控制人", "Actual controller"),
    DIRECTLY_RESPONSIBLE=("其他直接责任人", "Another person who is directly responsible"),
)
"""对严重失信行为负有责任的人员 (河南省社会信用条例 第三十五条)."""
STANDS: Final = "EFFECTIVE"
"""The one state in which a record is used."""
ENDS: Final = "ends_on"
"""The computed column of the last day on which a record stands by its terms, if nobody ends it before."""
PUBLISHED: Final = "published"
"""The computed column of a penalty that says whether it may be public: no review or suit suspends that."""

_ORGAN: Final = text("organ", "认定机关", "Organ that determined it")
_STATE: Final = text(STATE, "记录状态", "State today", codes=RECORD_STATE, computed=True)
_ENDS: Final = day(
    ENDS,
    "期限届满日期",
    "Last day by its terms; null where no term ends it or the term is not known",
    nullable=True,
    computed=True,
    ahead=True,
)
_CONFIRMED: Final = day(
    CONFIRMED,
    "最近核实日期",
    "Day on which the bureau last confirmed the record; null where it states none",
    nullable=True,
    field="asOf",
)
_WITHDRAWN: Final = day("withdrawn_on", "撤销日期", "Withdrawn on", nullable=True)
_CONDUCT_ENDED: Final = day(
    "conduct_ended_on", "行为终了日期", "End of the conduct; null where not known", nullable=True
)
_AFTER_OBJECTION: Final = (
    day("repaired_on", "信用修复日期", "Repaired on", nullable=True),
    _WITHDRAWN,
    day("sealed_on", "封存日期", "Sealed on", nullable=True),
    _CONFIRMED,
    _STATE,
    _ENDS,
)
_COURSE: Final = (
    _CONDUCT_ENDED,
    day("disputed_on", "异议收到日期", "Objection received on", nullable=True),
    day("settled_on", "异议办结日期", "Objection settled on", nullable=True),
    *_AFTER_OBJECTION,
)
PENALTY_LIFE: Final[tuple[Column, ...]] = (
    _ORGAN,
    text("procedure", "处罚程序", "Procedure; null where not stated", nullable=True, codes=PROCEDURE),
    text("sanction", "处罚种类", "Sanction", codes=SANCTION),
    text("severity", "失信程度", "Severity; null where not stated", nullable=True, codes=SEVERITY),
    flag("put_right", "违法轻微且主动消除或减轻危害", "Minor, and the harm was removed or reduced"),
    day("served_on", "送达日期", "Served on; null where not stated", nullable=True),
    day("contested_on", "复议或诉讼提起日期", "Review or suit begun on", nullable=True),
    day("final_on", "确定日期", "Final on; null where not stated", nullable=True),
    day("corrected_on", "纠正并履行完毕日期", "Corrected, and every duty done, on", nullable=True),
    day("publicity_until", "公示截止日期", "Last day of publicity, where stated", nullable=True, ahead=True),
    *_COURSE,
    flag(PUBLISHED, "是否可公示", "Whether it may be public today", computed=True),
)
LISTING_LIFE: Final[tuple[Column, ...]] = (
    _ORGAN,
    text("notice_number", "列入前告知文书号", "Number of the notice before the listing"),
    day("notified_on", "列入前告知日期", "Date of the notice before the listing"),
    *_COURSE,
)
COURT_LISTING_LIFE: Final[tuple[Column, ...]] = LISTING_LIFE[1:]
"""That of a court's list, of which the court is a column already."""
COURT_DUTY_LIFE: Final[tuple[Column, ...]] = _COURSE
DUTY_LIFE: Final[tuple[Column, ...]] = (
    _ORGAN,
    text(
        "determination_number",
        "欠缴认定文书号",
        "Number of the decision that determined the duty; null where none did",
        nullable=True,
    ),
    day("determined_on", "欠缴认定日期", "Determined on; null where it was not", nullable=True),
    *COURT_DUTY_LIFE,
)
"""That of a duty that is dishonesty once it is determined by law (河南省社会信用条例 art. 20 (6))."""
RESPONSIBILITY_LIFE: Final[tuple[Column, ...]] = (
    text("role", "责任身份", "Role in which the person is responsible", FILTERED, codes=RESPONSIBLE_ROLE),
    text("decision_number", "责任认定文书号", "Number of the decision that names the person", nullable=True),
    text("organ", "认定机关", "Organ that decided", nullable=True),
    day("decided_on", "认定日期", "Date of the decision", nullable=True),
    text("record_number", "所涉名单决定文书号", "Number of the entry that the mark is about", nullable=True),
    day("since", "责任标注起始日", "First day of the mark", ORDERED),
    day(
        "until",
        "责任标注截止日",
        "Last day of the mark, at the latest that of the entry; null where none is stated",
        ORDERED,
        nullable=True,
        ahead=True,
    ),
    day(
        ENTRY_ENDED,
        "所涉名单条目终止日期",
        "Day on which the entry left its list, was repaired, withdrawn or sealed; null while it is on the list",
        nullable=True,
    ),
    _CONDUCT_ENDED,
    day(
        "disputed_on",
        "对标注或所涉名单条目的异议收到日期",
        "Objection to the mark or to its entry received on",
        nullable=True,
    ),
    day("settled_on", "该异议办结日期", "That objection settled on", nullable=True),
    *_AFTER_OBJECTION,
)
"""A mark stands only while its entry does: the bureau states in the mark's own row when the entry ended or was disputed."""
AWARD_LIFE: Final[tuple[Column, ...]] = (_WITHDRAWN, _CONFIRMED, _STATE, _ENDS)
COLUMNS_OF: Final[Mapping[RecordForm, tuple[Column, ...]]] = {
    RecordForm.PENALTY: PENALTY_LIFE,
    RecordForm.LISTING: COURT_LISTING_LIFE,
    RecordForm.DUTY: COURT_DUTY_LIFE,
    RecordForm.AWARD: AWARD_LIFE,
    RecordForm.RESPONSIBILITY: RESPONSIBILITY_LIFE,
}
"""The columns that a data set must have by the form of its records."""
