"""The schemes of grades: who is graded, by whom, in which letters, for which period, from when to when, on which source.

A grade means nothing outside its scheme: B is the second best of a taxpayer and the worst of a driver. Marks say how well
the source is known, as in `dated_rules.toml`: V the instrument's own wording was read, S a secondary source, N none was
found, so that the organ that grades decides the letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from catalogue.declared_codes import Codes, bilingual
from catalogue.legal_forms import LegalForm

Mark: TypeAlias = Literal["V", "V copy", "S", "N"]


@dataclass(frozen=True, slots=True)
class GradeScheme:
    """One scheme. `since` and `until` are its first and last day; a grade belongs to it by the day of its assessment.

    `graded` are the subjects that the scheme covers by itself, `by_choice` those that it covers if they apply.
    """

    title: tuple[str, str]
    _: KW_ONLY
    organ: tuple[str, str]
    graded: frozenset[LegalForm]
    by_choice: frozenset[LegalForm] = frozenset()
    letters: Codes
    later_letters: tuple[tuple[str, date], ...] = ()
    """The letters that did not exist from the first day of the scheme, each with its own first day."""
    period: tuple[str, str]
    source: str
    mark: Mark
    since: date | None = None
    until: date | None = None

    @property
    def covered(self) -> frozenset[LegalForm]:
        """Whom the scheme grades, by itself or on application."""
        return self.graded | self.by_choice

    def holds(self, day: date) -> bool:
        """Whether the scheme is in force on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def has_letter(self, letter: str, day: date) -> bool:
        """Whether the scheme knows a letter on a day."""
        return letter in self.letters and all(
            letter != each or since <= day for each, since in self.later_letters
        )

    @property
    def named_letters(self) -> tuple[str, str]:
        """The letters in both languages, each with its first day where it came later."""
        later = dict(self.later_letters)
        zh = "、".join(
            f"{each}（{later[each]}起）" if each in later else each for each in self.letters.labels
        )
        en = ", ".join(
            f"{each} from {later[each]}" if each in later else each for each in self.letters.labels
        )
        return zh, en

    @property
    def text(self) -> str:
        """The scheme in both languages, for the graph."""
        subjects = _listed(self.graded, "", ""), _listed(self.by_choice, "（自愿申请）", " on application")
        zh, en = ("、".join(filter(None, each)) for each in zip(*subjects, strict=True))
        letters = self.named_letters
        from_to = _from_to(self.since, self.until)
        return bilingual(
            f"{self.title[0]}：{self.organ[0]}评定；对象：{zh}；等级：{letters[0]}；周期：{self.period[0]}{from_to[0]}；依据：{self.source}",
            f"{self.title[1]}: by {self.organ[1]}; of {en.replace('、', ', ')}; grades {letters[1]}; {self.period[1]}{from_to[1]}",
        )


@dataclass(frozen=True, slots=True)
class Grading:
    """The schemes of a data set of grades, and its columns by which a grade is held to them.

    `letter` is the grade, `day` the day of the assessment, and `chosen` the day on which a subject applied that no scheme
    covers by itself.
    """

    schemes: tuple[GradeScheme, ...]
    letter: str = "grade"
    day: str = "assessed_on"
    chosen: str = ""

    def of(self, kind: LegalForm) -> tuple[GradeScheme, ...]:
        """Return the schemes that grade a kind of subject."""
        return tuple(each for each in self.schemes if kind in each.covered)

    @property
    def tells_owners_apart(self) -> bool:
        """Whether an individual business is graded otherwise than an enterprise: on application, or not at all."""
        return not all(LegalForm.INDIVIDUAL_BUSINESS in each.graded for each in self.schemes)

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that decide whether a grade is one of a scheme; a letter only decides where it has a first day."""
        lettered = any(each.later_letters for each in self.schemes)
        dated = lettered or any(each.since or each.until for each in self.schemes)
        names = ((lettered, self.letter), (dated, self.day), (bool(self.chosen), self.chosen))
        return tuple(name for decides, name in names if decides)


def _listed(kinds: Iterable[LegalForm], zh: str, en: str) -> tuple[str, str]:
    pairs = [each.value.split(" · ") for each in LegalForm if each in kinds]
    return "、".join(f"{pair[0]}{zh}" for pair in pairs), "、".join(f"{pair[1]}{en}" for pair in pairs)


def _from_to(since: date | None, until: date | None) -> tuple[str, str]:
    zh = "".join((f"，自{since}起" if since else "", f"，至{until}止" if until else ""))
    en = "".join((f", from {since}" if since else "", f" until {until}" if until else ""))
    return zh, en


EVERY_CALENDAR_YEAR: Final = ("公历年度", "each calendar year")

TAXPAYER: Final = Codes(
    "TaxpayerGrade",
    ("纳税缴费信用级别", "Taxpayer grade"),
    A=("A级：90分以上", "A: 90 points and more"),
    B=("B级：70分以上不满90分", "B: 70 to below 90 points"),
    M=("M级：新设或无收入", "M: new or without revenue"),
    C=("C级：40分以上不满70分", "C: 40 to below 70 points"),
    D=("D级：不满40分或直接判级", "D: below 40 points, or directly"),
)
"""纳税缴费信用级别 (税务总局公告2025年第12号). The bounds are those of the former measures, which secondary sources repeat."""
ROAD_TRANSPORT: Final = Codes(
    "TransportCreditGrade",
    ("道路运输考核等级", "Grade in road transport"),
    AAA=("AAA级：优良", "AAA: good"),
    AA=("AA级：合格", "AA: passed"),
    A=("A级：基本合格", "A: barely passed"),
    B=("B级：不合格", "B: not passed"),
)
"""诚信考核等级、质量信誉等级 (道路运输从业人员管理规定 第三十七条；道路运输企业质量信誉考核办法)."""
PAYMENT: Final = Codes(
    "PaymentGrade",
    ("社会保险缴费信用等级", "Payment grade"),
    A=("A级", "A: the best"),
    B=("B级", "B"),
    C=("C级", "C: the worst"),
)
"""社会保险缴费信用等级 (平信用办〔2020〕9号 信易保), which names the grade and states no letters."""
LABOUR: Final = Codes(
    "LabourIntegrityGrade",
    ("劳动保障守法诚信等级", "Labour integrity grade"),
    A=("A级：未因劳动保障违法被查处", "A: no violation was found"),
    B=("B级：有违法被查处但不属C级", "B: a violation was found that does not lead to C"),
    C=("C级：多次或严重违法", "C: repeated or grave violations"),
)
"""企业劳动保障守法诚信等级 (人社部规〔2016〕1号)."""
CUSTOMS: Final = Codes(
    "CustomsCreditLevel",
    ("海关企业信用等级", "Customs credit level"),
    ADVANCED_CERTIFIED=("高级认证企业", "Advanced certified"),
    CERTIFIED=("认证企业", "Certified"),
    REGULAR=("常规企业", "Regular"),
    DISHONEST=("失信企业", "Dishonest"),
    SERIOUSLY_DISHONEST=("严重失信企业", "Seriously dishonest"),
)
"""海关企业信用等级 (海关总署令第282号)."""

TAX_OFFICE: Final = ("税务机关", "the tax office")
ENTERPRISE_TAXPAYERS: Final = GradeScheme(
    ("纳税信用评价（试行）", "Taxpayer credit, former measures"),
    organ=TAX_OFFICE,
    graded=frozenset({LegalForm.ENTERPRISE}),
    letters=TAXPAYER,
    later_letters=(("M", date(2018, 4, 1)),),
    period=EVERY_CALENDAR_YEAR,
    source="纳税信用管理办法（试行）（税务总局公告2014年第40号）；M级：税务总局公告2018年第8号",
    mark="S",
    since=date(2014, 10, 1),
    until=date(2025, 6, 30),
)
TAXPAYERS: Final = GradeScheme(
    ("纳税缴费信用评价", "Taxpayer credit"),
    organ=TAX_OFFICE,
    graded=frozenset({LegalForm.ENTERPRISE}),
    by_choice=frozenset({LegalForm.INDIVIDUAL_BUSINESS, LegalForm.COOPERATIVE, LegalForm.OTHER}),
    letters=TAXPAYER,
    period=EVERY_CALENDAR_YEAR,
    source="纳税缴费信用管理办法（税务总局公告2025年第12号）第三条、第十五条",
    mark="V",
    since=date(2025, 7, 1),
)
TRANSPORT_WORKERS: Final = GradeScheme(
    ("道路运输从业人员诚信考核", "Integrity of licensed road transport workers"),
    organ=("交通运输主管部门", "the transport bureau"),
    graded=frozenset({LegalForm.PERSON}),
    letters=ROAD_TRANSPORT,
    period=("自初次领取从业资格证起每12个月", "each 12 months from the first licence"),
    source="道路运输从业人员管理规定 第三十七条",
    mark="V copy",
)
TRANSPORT_ENTERPRISES: Final = GradeScheme(
    ("道路运输企业质量信誉考核", "Quality and reputation of road transport enterprises"),
    organ=("交通运输主管部门", "the transport bureau"),
    graded=frozenset({LegalForm.ENTERPRISE}),
    letters=ROAD_TRANSPORT,
    period=("每年", "each year"),
    source="道路运输企业质量信誉考核办法（试行）",
    mark="S",
)
PAYING_EMPLOYERS: Final = GradeScheme(
    ("社会保险缴费信用等级评定", "Payment of social insurance by employers"),
    organ=("社会保险经办机构", "the social insurance agency"),
    graded=frozenset({*LegalForm} - {LegalForm.PERSON}),
    letters=PAYMENT,
    period=("定期，文件未规定间隔", "at regular times; the document states no interval"),
    source="平信用办〔2020〕9号 信易保；等级由经办机构确定，文件未规定",
    mark="N",
)
LABOUR_INTEGRITY: Final = GradeScheme(
    ("企业劳动保障守法诚信等级评价", "Labour integrity of enterprises"),
    organ=("人力资源社会保障行政部门", "the human resources bureau"),
    graded=frozenset({LegalForm.ENTERPRISE}),
    letters=LABOUR,
    period=("每年，评价上一年度", "each year, of the year before"),
    source="企业劳动保障守法诚信等级评价办法（人社部规〔2016〕1号）第七条",
    mark="V",
    since=date(2017, 1, 1),
)
CUSTOMS_ENTERPRISES: Final = GradeScheme(
    ("海关企业信用管理", "Credit of enterprises at customs"),
    organ=("海关", "customs"),
    graded=frozenset({LegalForm.ENTERPRISE}),
    letters=CUSTOMS,
    period=("持续认定", "until it is determined anew"),
    source="海关注册登记和备案企业信用管理办法（海关总署令第282号）",
    mark="S",
    since=date(2026, 4, 1),
)
SCHEMES: Final = (
    TAXPAYERS,
    ENTERPRISE_TAXPAYERS,
    TRANSPORT_WORKERS,
    TRANSPORT_ENTERPRISES,
    PAYING_EMPLOYERS,
    LABOUR_INTEGRITY,
    CUSTOMS_ENTERPRISES,
)
"""Every scheme, those of the tax office first."""
