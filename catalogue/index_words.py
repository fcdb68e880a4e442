"""The words of the open index for codes and terms that other files hold as data."""

from collections.abc import Mapping
from typing import Final

from catalogue.catalogue_item import Disclosure, Nature, SubjectKind
from catalogue.dated_rules import DatedRule, Term
from catalogue.declared_codes import bilingual
from catalogue.incentives.incentive_catalogue import Benefit, Benefiting

BENEFITS: Final[Mapping[Benefit, str]] = {
    "CONVENIENCE": "享受便利 · Convenience",
    "DEPOSIT_FREE": "免交押金 · No deposit",
    "DISCOUNT": "享受优惠 · Discount",
    "FEE_WAIVER": "减免费用 · Lower or no fee",
    "FINANCE": "融资支持 · Finance",
    "GREEN_LANE": "绿色通道 · Green lane",
    "LIGHT_SUPERVISION": "减少检查 · Fewer checks",
    "LOWER_THRESHOLD": "降低门槛 · Lower threshold",
    "MULTI": "多种激励，其一或者多项 · Several kinds, one or more of them",
    "OTHER": "其他，见激励内容 · Other, as its words say",
    "PRIORITY": "优先办理 · Priority",
    "SIMPLIFIED_PROCEDURE": "简化程序 · Simpler procedure",
}
BENEFICIARIES: Final[Mapping[Benefiting, str]] = {
    "person": "自然人 · Persons",
    "individual_business": "个体工商户 · Individual businesses",
    "enterprise": "企业 · Enterprises",
}
NATURES: Final[Mapping[Nature, str]] = {
    Nature.BASIC: "基础信息 · Basic",
    Nature.GOOD: "良好信息 · Good",
    Nature.ADVERSE: "失信信息 · Adverse",
    Nature.GRADE: "评价信息 · Grade",
    Nature.OTHER: "其他信息 · Other",
}
DISCLOSURES: Final[Mapping[Disclosure, str]] = {
    Disclosure.PUBLIC: "公开公示 · Public",
    Disclosure.GOV_SHARED: "政务共享 · Shared by organs",
    Disclosure.AUTHORISED: "授权查询 · By authorisation",
}
SUBJECTS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.PERSON: "自然人 · Persons",
    SubjectKind.ENTERPRISE: "企业 · Enterprises",
}
_MONTHS: Final = 12


def term_text(row: DatedRule) -> str | None:
    """Return the value of a rule in both languages; None where it is unknown, which is no value."""
    if row.working_days is not None:
        return _counted(row.working_days, "个工作日", "working day")
    if row.number is not None:
        return str(row.number)
    term = row.as_term()
    return row.text if term is None else _calendar_text(term)


def _calendar_text(term: Term) -> str:
    years, months = divmod(term.months, _MONTHS)
    parts = [(years, "年", "year"), (months, "个月", "month"), (term.days, "日", "day")]
    given = [each for each in parts if each[0]] or parts[-1:]
    zh = "".join(f"{count}{unit}" for count, unit, _ in given)
    return bilingual(zh, " ".join(_english(count, unit) for count, _, unit in given))


def _counted(count: int, zh: str, en: str) -> str:
    return bilingual(f"{count}{zh}", _english(count, en))


def _english(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
