"""Theorems about records: for which duties a class of them, or one catalogue item, is used."""

from typing import Final

from catalogue.classification import Use
from gateway.proofs.symbolic_request import itself_or_guardian
from gateway.proofs.theorem import Theorem


def _seen_for(name: str, zh: str, en: str, classes: tuple[str, ...], duties: tuple[str, ...]) -> Theorem:
    return Theorem(
        name,
        zh,
        en,
        lambda request: request.of(*classes) & request.sees(),
        lambda request: request.under(*duties),
    )


RECORD_THEOREMS: Final[tuple[Theorem, ...]] = (
    _seen_for(
        "adverse-records-serve-duties",
        "失信和司法信息只用于法定职责、依法公示、凭授权的出借人、权益保障和本人",
        "Adverse and judicial records are seen for the duties that the law names, for publication, by an authorised lender,"
        " for rights, and by the subject",
        ("ADVERSE", "JUDICIAL"),
        (
            *("approval", "supervision", "measure", "financing", "procurement", "personnel"),
            *("disclosure", "rights", "subject", "reward"),
        ),
    ),
    _seen_for(
        "grades-serve-duties",
        "评级只用于其列明的职责和本人",
        "Grades are seen for approval, supervision, procurement and rights, by an authorised lender and by the subject",
        ("GRADE",),
        ("approval", "supervision", "financing", "procurement", "rights", "subject"),
    ),
    _seen_for(
        "administrative-records-serve-duties",
        "政务信息只用于监管、融资、权益保障和本人",
        "Administrative records are seen for supervision, lending, rights, and by the subject",
        ("ADMINISTRATIVE",),
        ("supervision", "financing", "rights", "subject"),
    ),
    Theorem(
        "closed-enforcement-is-a-fact",
        "终结本次执行案件只供法院办案、凭授权的出借人、权益保障和本人使用",
        "Enforcement closed without result serves a court's case, an authorised lender, rights, and the subject",
        lambda request: request.takes("XY-CRT-002"),
        lambda request: request.under("measure.enforcement", "financing", "rights", "subject"),
    ),
    Theorem(
        "payment-grade-for-social-insurance-alone",
        "社会保险缴费信用等级只供社会保险缴费监管、权益保障和本人使用，此外只供推导和统计",
        "The payment grade serves supervision of social insurance, rights and the employer; else it is derived from or counted",
        lambda request: request.takes("XY-SS-002") & ~request.makes("derive", "aggregate"),
        lambda request: request.under("supervision.social_insurance", "rights", "subject"),
    ),
    Theorem(
        "insurance-arrears-for-whom-a-law-names",
        "社会保险费欠缴只供征缴机关、供应商核查、凭授权的出借人、权益保障和本人使用，此外只供推导",
        "Insurance arrears serve collectors, a check of suppliers, an authorised lender, rights and the employer; else they"
        " are derived from",
        lambda request: request.takes("XY-SS-003") & ~request.makes("derive"),
        lambda request: request.under(
            *("supervision.social_insurance", "supervision.tax", "procurement.supplier"),
            *("financing", "rights", "subject"),
        ),
    ),
    Theorem(
        "responsible-persons-as-marked",
        "责任人员标注只用于税务监管、权益保障、本人及其监护人，不经由他人可见",
        "Whom a decision marks as responsible serves the supervision of taxpayers, rights, the subject and the guardian of a"
        " minor, and is seen through nobody else",
        lambda request: request.takes("XY-TAX-004"),
        lambda request: (
            (request.under("supervision.tax", "rights") & request.through("asked"))
            | itself_or_guardian(request)
        ),
    ),
    Theorem(
        "history-only-for-subject-rights-and-courts",
        "已结束、已修复或尚未确定的记录仅本人及其监护人、权益保障和法院办案可见",
        "A record that does not stand is shown to its subject and the guardian of a minor, for its rights and in a court's case alone",
        lambda request: request.makes(Use.HISTORY.value),
        lambda request: request.under("rights", "measure.enforcement") | itself_or_guardian(request),
        ("history-only-for-subject-rights-and-courts",),
    ),
)
