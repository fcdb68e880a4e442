"""The records of the credit office: score programmes, red lists, honours, volunteering, donations, consents, authorisations."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from sandbox.books.authorisations import BOOK as AUTHORISATIONS
from sandbox.books.book import Book, Row, Rows, Subject, recent, sometimes, written
from sandbox.books.book import until as last_day_of
from sandbox.books.course import confirmed
from sandbox.books.points import points_of
from sandbox.books.tax import enterprise_grades
from sandbox.draws import Draw, draw
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE
from sandbox.people import Person
from sandbox.places import places_of

_ENROLLED: Final = 510
"""Of a thousand adults, those who joined the programme, or use the city's app where there is none."""
_ASSESSED: Final = date(2026, 6, 1)
_ORGANS: Final = {
    "GRADE_A_TAXPAYER": "市税务局",
    "MODEL_CITIZEN": "市文明办",
    "STAR_VOLUNTEER": "市文明办",
    "HONEST_BUSINESS": "市市场监督管理局",
}
_HONOURS: Final = ("诚实守信模范", "道德模范", "{}好人", "最美志愿者", "五一劳动奖章")
_BUSINESS_HONOURS: Final = ("守合同重信用企业", "诚信示范企业", "质量信誉双优单位", "诚信经营示范店")
_LEVELS: Final = (
    ("COUNTY", "县文明委"),
    ("COUNTY", "县文明委"),
    ("CITY", "市文明委"),
    ("CITY", "市文明委"),
    ("PROVINCIAL", "省文明委"),
    ("NATIONAL", "中央文明办"),
)
_TEAMS: Final = ("{}义工联合会", "晨光志愿服务队", "{}市青年志愿者协会", "社区邻里互助队", "蓝天救援队")
_CHARITIES: Final = ("{}市慈善总会", "{}市红十字会", "希望工程{}办公室", "晨光教育基金会")
_VOLUNTEERS_FROM: Final = 14
_LISTED: Final = timedelta(days=730)
_OPERATORS: Final = {
    "reward.accommodation": "hotels",
    "reward.approval": "green-lane",
    "reward.consumption": "shopping",
    "reward.culture": "venues",
    "reward.education": "education-bureau",
    "reward.eldercare": "care-homes",
    "reward.employment": "employment-office",
    "reward.finance": "credit-loans",
    "reward.government_service": "service-hall",
    "reward.insurance": "insurance-office",
    "reward.intermediary": "intermediaries",
    "reward.medical": "hospital",
    "reward.network": "telecoms",
    "reward.reading": "library",
    "reward.rental": "rentals",
    "reward.social": "market",
    "reward.sport": "sports-venues",
    "reward.tourism": "scenic-areas",
    "reward.travel": "transport-bureau",
    "reward.utility": "utilities",
}
"""The client in a consent to this client only, by scene; any other is called by its scene."""
_CONSENT: Final = timedelta(days=3 * 365)


def _scores(subject: Person, drawn: Draw) -> Rows:
    """The programme of the city, if it has one and the person joined it; the band is the one of its table."""
    programme = places_of(subject.city.name).of.programme
    if programme is not None and not subject.deceased and drawn.chance(_ENROLLED):
        enrolled = drawn.day(max(programme.opened, subject.adult_on), REFERENCE)
        score, assessed = points_of(subject, drawn, _good_records(subject)), max(enrolled, _ASSESSED)
        band = programme.band(score, assessed)
        yield programme.code, enrolled, score, band and band.zh, assessed


def _good_records(subject: Person) -> int:
    names = ("honour", "red_list", "volunteering", "donation")
    return sum(len(written(BOOKS[name], f"credit_office.{name}", subject)) for name in names)


def _listing(subject: Subject, drawn: Draw, name: str) -> Row:
    listed = recent(subject, drawn, 3)
    ends = None if drawn.chance(400) else listed + _LISTED
    withdrawn = drawn.day(listed, last_day_of(subject)) if drawn.chance(40) else None
    return name, _ORGANS[name], listed, ends, withdrawn, confirmed(subject, listed)


def _personal_red_lists(subject: Person, drawn: Draw) -> Rows:
    for name in drawn.some(("MODEL_CITIZEN", "STAR_VOLUNTEER"), drawn.pick((1, 1, 2))):
        yield _listing(subject, drawn, name)


def _enterprise_red_lists(subject: Enterprise, drawn: Draw) -> Rows:
    if drawn.chance(50):
        yield _listing(subject, drawn, "HONEST_BUSINESS")
    stream = draw(subject.city.seed, "tax.taxpayer_grade.enterprise", subject.index)
    for _, grade, _, graded, _ in list(enterprise_grades(subject, stream))[-1:]:
        if grade == "A":
            organ = _ORGANS["GRADE_A_TAXPAYER"]
            yield "GRADE_A_TAXPAYER", organ, graded, None, None, confirmed(subject, graded)


def _here(subject: Subject, text: str) -> str:
    """Return a name with that of the city in the place of {}."""
    return text.format(places_of(subject.city.name).short)


def _honours(subject: Subject, drawn: Draw, titles: tuple[str, ...]) -> Rows:
    for title in drawn.some(titles, drawn.pick((1, 1, 1, 2))):
        awarded = recent(subject, drawn, 10)
        yield _here(subject, title), *drawn.pick(_LEVELS), awarded


def _volunteering(subject: Person, drawn: Draw) -> Rows:
    for year in (2023, 2024, 2025):
        if subject.born.year + _VOLUNTEERS_FROM <= year and drawn.chance(700):
            yield year, _here(subject, drawn.pick(_TEAMS)), drawn.between(2, 260)


def _operator(scene: str) -> str:
    return _OPERATORS.get(scene, scene.rpartition(".")[2].replace("_", "-"))


def _consents(subject: Person, drawn: Draw) -> Rows:
    """Members of the programme, or users of the app, consent to most scenes of the city; some to one operator only."""
    city = places_of(subject.city.name).of
    joined = _joined(subject, drawn)
    for scene in city.scenes if joined else ():
        if drawn.chance(800):
            given = drawn.day(joined or REFERENCE, REFERENCE)
            until = given + _CONSENT if drawn.chance(300) else None
            withdrawn = drawn.day(given, REFERENCE) if drawn.chance(80) else None
            yield scene, _operator(scene) if drawn.chance(100) else None, given, until, withdrawn


def _joined(subject: Person, drawn: Draw) -> date | None:
    """Return since when a person has an account: that of the programme, or of the app where there is no programme."""
    if places_of(subject.city.name).of.programme is not None:
        return min((row[1] for row in written(BOOKS["score"], "credit_office.score", subject)), default=None)
    return recent(subject, drawn, 3) if not subject.deceased and drawn.chance(_ENROLLED) else None


def _owners_consents(subject: Enterprise, drawn: Draw) -> Rows:
    """The owners of individual businesses consent to most scenes; some withdraw a consent."""
    scenes = places_of(subject.city.name).of.scenes
    for scene in scenes if subject.kind == "INDIVIDUAL_BUSINESS" else ():
        if drawn.chance(700):
            given = recent(subject, drawn, 2)
            withdrawn = drawn.day(given, REFERENCE) if drawn.chance(80) else None
            yield scene, _operator(scene) if drawn.chance(100) else None, given, None, withdrawn


def _donations(subject: Subject, drawn: Draw, largest: int) -> Rows:
    for recipient in drawn.some(_CHARITIES, drawn.pick((1, 1, 2, 3))):
        donated = recent(subject, drawn, 5)
        yield _here(subject, recipient), drawn.between(1, largest) * 5000, donated


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
