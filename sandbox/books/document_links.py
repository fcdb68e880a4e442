"""The documents beside the identity number: most links join, some are not reviewed, doubtful or over, some claimed by two."""

from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from sandbox.books.book import Book, Rows
from sandbox.draws import Draw, draw
from sandbox.model import REFERENCE, City
from sandbox.people import Person, person_number

_JOINS: Final = "JOINS"
_FATES: Final = (_JOINS,) * 12 + ("UNREVIEWED", "UNREVIEWED", "MEDIUM", "LOW", "OVER")
_LAST_FORMER: Final = date(1999, 9, 30)
"""The last day on which numbers of 15 digits were issued."""
_OPENED: Final = date(2015, 1, 1)
_DAY: Final = timedelta(days=1)
_KINDS: Final = {
    "81": ("HONG_KONG_MACAO_PERMIT", "H"),
    "82": ("HONG_KONG_MACAO_PERMIT", "M"),
    "83": ("TAIWAN_PERMIT", ""),
    "71": ("TAIWAN_PERMIT", ""),
}
"""The permits of residents of Hong Kong, Macao and Taiwan, by the province of the identity number."""
_Document: TypeAlias = tuple[str, str]
"""The kind and the number of a document."""


def former_number(number: str) -> str:
    """Return the former number of a person who had one: the city, which made both, knows it."""
    return number[:6] + number[8:17]


def document_of(city: City, index: int) -> _Document | None:
    """Return the document of a person: most residents from elsewhere have a permit or a card, one in five others a passport."""
    number = person_number(city, index)
    if not draw(city.seed, "registry.document", index).chance(200 if number[0] in "123456" else 900):
        return None
    kind, letters = _KINDS.get(number[:2], ("PASSPORT", "E"))
    if number[0] == "9":
        kind, letters = "FOREIGN_PERMANENT_RESIDENCE", "XYZ4115"
    return kind, f"{letters}{(index * 7_919 + 13) % 10**8:08}"


def write_links(subject: Person, drawn: Draw) -> Rows:
    """Yield the links of a person; some claim the document of a neighbour."""
    own = document_of(subject.city, subject.index)
    if own:
        yield _link(subject, own, drawn, drawn.pick(_FATES))
    had_one = subject.born <= _LAST_FORMER and "11" <= subject.number[:2] <= "65"
    if had_one and drawn.chance(300):
        former = "FORMER_NUMBER", former_number(subject.number)
        yield _link(subject, former, drawn, drawn.pick(_FATES))
    neighbours = document_of(subject.city, subject.index ^ 1)
    if neighbours and subject.index ^ 1 < subject.city.population and drawn.chance(80):
        yield _link(subject, neighbours, drawn, drawn.pick((_JOINS, "UNREVIEWED", "LOW")))


def _link(subject: Person, document: _Document, drawn: Draw, fate: str) -> tuple[Any, ...]:
    kind, number = document
    since = drawn.day(max(_OPENED, subject.born), REFERENCE - _DAY)
    return (
        kind,
        number[-4:],
        fate if fate in ("MEDIUM", "LOW") else "HIGH",
        None if fate == "UNREVIEWED" else drawn.day(since, REFERENCE),
        since,
        drawn.day(since, REFERENCE - _DAY) if fate == "OVER" else None,
        f"{drawn.bits():016x}",
        number,
    )


BOOK: Final = Book(person=write_links)
