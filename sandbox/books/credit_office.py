"""The records of the credit office: score programmes, red lists, honours, volunteering, donations, consents, authorisations."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from sandbox.books.authorisations import BOOK as AUTHORISATIONS
from sandbox.books.book import Book, Row, Rows, Subject, recent, sometimes
from sandbox.books.book import until as last_day_of
from sandbox.books.tax import enterprise_grades
from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE
from sandbox.people import Person

_PROGRAMMES: Final = (("WANXIN", date(2022, 10, 1), 350), ("SHANGDING", date(2019, 5, 1), 250))
_ASSESSED: Final = date(2026, 6, 1)
_BANDS: Final = ((150, "OUTSTANDING"), (120, "EXCELLENT"), (100, "GOOD"), (80, "FAIR"))
_ORGANS: Final = {
    "GRADE_A_TAXPAYER": "市税务局",
    "MODEL_CITIZEN": "市文明办",
    "STAR_VOLUNTEER": "市文明办",
    "HONEST_BUSINESS": "市市场监督管理局",
}
_HONOURS: Final = ("诚实守信模范", "道德模范", "信阳好人", "最美志愿者", "五一劳动奖章")
_BUSINESS_HONOURS: Final = ("守合同重信用企业", "诚信示范企业", "质量信誉双优单位", "诚信经营示范店")
_LEVELS: Final = (
    ("COUNTY", "县文明委"),
    ("COUNTY", "县文明委"),
    ("CITY", "市文明委"),
    ("CITY", "市文明委"),
    ("PROVINCIAL", "省文明委"),
    ("NATIONAL", "中央文明办"),
)
_TEAMS: Final = ("浉河义工联合会", "大别山志愿服务队", "信阳市青年志愿者协会", "社区邻里互助队", "蓝天救援队")
_CHARITIES: Final = ("信阳市慈善总会", "信阳市红十字会", "希望工程信阳办公室", "大别山教育基金会")
_VOLUNTEERS_FROM: Final = 14
_LISTED: Final = timedelta(days=730)
_SCENES: Final = (
    ("reward.reading", "library"),
    ("reward.medical", "hospital"),
    ("reward.parking", "parking"),
    ("reward.approval", "green-lane"),
    ("reward.transit", "bus-company"),
    ("reward.tourism", "scenic-areas"),
    ("reward.rental", "housing-agency"),
)
"""The scenes of the city, each with the client in a consent to this client only."""
_CONSENT: Final = timedelta(days=3 * 365)


def band(score: int) -> str:
    """Return the band of a score; a bound belongs to the band above it (郑信用〔2019〕3号 read so)."""
    return next((name for least, name in _BANDS if score >= least), "LOW")


def _scores(subject: Person, drawn: Draw) -> Rows:
    for programme, opened, permille in () if subject.deceased else _PROGRAMMES:
        if drawn.chance(permille):
            enrolled = drawn.day(max(opened, subject.adult_on), REFERENCE)
            score = sum(drawn.between(12, 44) for _ in range(4))
            yield programme, enrolled, score, band(score), max(enrolled, _ASSESSED)


def _listing(subject: Subject, drawn: Draw, name: str) -> Row:
    listed = recent(subject, drawn, 3)
    ends = None if drawn.chance(400) else listed + _LISTED
    withdrawn = drawn.day(listed, last_day_of(subject)) if drawn.chance(40) else None
    return name, _ORGANS[name], listed, ends, withdrawn


def _personal_red_lists(subject: Person, drawn: Draw) -> Rows:
    for name in drawn.some(("MODEL_CITIZEN", "STAR_VOLUNTEER"), drawn.pick((1, 1, 2))):
        yield _listing(subject, drawn, name)


def _enterprise_red_lists(subject: Enterprise, drawn: Draw) -> Rows:
    if drawn.chance(50):
        yield _listing(subject, drawn, "HONEST_BUSINESS")
    stream = draw(subject.city.seed, "tax.taxpayer_grade.enterprise", subject.index)
    for _, grade, _, graded, _ in list(enterprise_grades(subject, stream))[-1:]:
        if grade == "A":
            yield "GRADE_A_TAXPAYER", _ORGANS["GRADE_A_TAXPAYER"], graded, None, None


def _honours(subject: Subject, drawn: Draw, titles: tuple[str, ...]) -> Rows:
    for title in drawn.some(titles, drawn.pick((1, 1, 1, 2))):
        awarded = recent(subject, drawn, 10)
        yield title, *drawn.pick(_LEVELS), awarded


def _volunteering(subject: Person, drawn: Draw) -> Rows:
    for year in (2023, 2024, 2025):
        if subject.born.year + _VOLUNTEERS_FROM <= year and drawn.chance(700):
            yield year, drawn.pick(_TEAMS), drawn.between(2, 260)


def _consents(subject: Person, drawn: Draw) -> Rows:
    """Members of a programme consent to most scenes, some to one operator only; some withdraw a consent."""
    scores = list(_scores(subject, draw(subject.city.seed, "credit_office.score.person", subject.index)))
    for scene, operator in _SCENES if scores else ():
        if drawn.chance(800):
            given = drawn.day(min(row[1] for row in scores), REFERENCE)
            until = given + _CONSENT if drawn.chance(300) else None
            withdrawn = drawn.day(given, REFERENCE) if drawn.chance(80) else None
            yield scene, operator if drawn.chance(100) else None, given, until, withdrawn


def _owners_consents(subject: Enterprise, drawn: Draw) -> Rows:
    """The owners of individual businesses consent to most scenes; some withdraw a consent."""
    for scene, operator in _SCENES if subject.kind == "INDIVIDUAL_BUSINESS" else ():
        if drawn.chance(700):
            given = recent(subject, drawn, 2)
            withdrawn = drawn.day(given, REFERENCE) if drawn.chance(80) else None
            yield scene, operator if drawn.chance(100) else None, given, None, withdrawn


def _donations(subject: Subject, drawn: Draw, largest: int) -> Rows:
    for recipient in drawn.some(_CHARITIES, drawn.pick((1, 1, 2, 3))):
        donated = recent(subject, drawn, 5)
        yield recipient, drawn.between(1, largest) * 5000, donated


BOOKS = {
    "score": Book(person=_scores),
    "red_list": Book(sometimes(40, _personal_red_lists), _enterprise_red_lists),
    "honour": Book(
        sometimes(25, partial(_honours, titles=_HONOURS)),
        sometimes(80, partial(_honours, titles=_BUSINESS_HONOURS)),
    ),
    "volunteering": Book(person=sometimes(120, _volunteering)),
    "donation": Book(
        sometimes(60, partial(_donations, largest=100)), sometimes(100, partial(_donations, largest=20_000))
    ),
    "consent": Book(_consents, _owners_consents),
    "authorisation": AUTHORISATIONS,
}
