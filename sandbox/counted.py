"""The registered statistics of the city: the SQL by which a bureau counts, and the expected counts.

A bureau counts a year after its end. A year's table counts a subject in one cell at most.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Final, TypeAlias

from sandbox.books import Subject, rows_of, subjects_of
from sandbox.enterprises import Enterprise
from sandbox.model import REFERENCE, City
from sandbox.places import places_of

Cell: TypeAlias = tuple[int, str, str]
"""Year, row label, column label."""

# Signs 3 to 8 of a credit code are the county of registration (GB 32100). The same signs of an identity number
# end in the century of birth, so they are no county of the city.
_GRADED: Final = (
    "SELECT year::text AS year, substr(subject, 3, 6) AS county, grade, count(*)::integer AS count FROM own.{} "
    "WHERE substr(subject, 3, 6) LIKE '{}%' AND year < {} GROUP BY 1, 2, 3"
)
_DEFAULTERS: Final = (
    "SELECT year::text AS year, court, conduct, count(*)::integer AS count FROM ("
    "SELECT DISTINCT ON (subject, year) subject, extract(year FROM listed_on)::integer AS year, court, conduct "
    "FROM own.judgment_defaulter ORDER BY subject, year, listed_on DESC, case_number"
    ") AS latest WHERE year < {} GROUP BY 1, 2, 3"
)
_NEW_ENTERPRISES: Final = (
    "SELECT extract(year FROM established_on)::integer::text AS year, region AS county, kind, "
    "count(*)::integer AS count FROM own.enterprise WHERE extract(year FROM established_on) < {} GROUP BY 1, 2, 3"
)
_THIS_YEAR: Final = REFERENCE.year


def select_of(city: City, table: str) -> str:
    """Return the counting statement of a "bureau.table" in a city."""
    return _TABLES[table][0].replace("{prefix}", places_of(city.name).of.region[:4])


def counts_of(city: City, table: str) -> Mapping[Cell, int]:
    """Return the non-empty cells of a table, counted from the books without a database."""
    _, cells = _TABLES[table]
    return Counter(cell for subject in subjects_of(city) for cell in cells(subject))


def _graded(subject: Subject, bureau: str, table: str) -> Iterator[Cell]:
    if isinstance(subject, Enterprise):
        for year, grade, *_ in rows_of(subject, bureau, table):
            if year < _THIS_YEAR:
                yield year, subject.region, grade


def _listed(subject: Subject) -> Iterator[Cell]:
    """Count each subject once a year, by its latest listing."""
    rows = sorted(rows_of(subject, "courts", "judgment_defaulter"), key=itemgetter(4))
    latest = {listed.year: (court, conduct) for _, court, conduct, _, listed, *_ in rows}
    for year, (court, conduct) in latest.items():
        if year < _THIS_YEAR:
            yield year, court, conduct


def _established(subject: Subject) -> Iterator[Cell]:
    if isinstance(subject, Enterprise) and subject.established_on.year < _THIS_YEAR:
        yield subject.established_on.year, subject.region, subject.kind


_TABLES: Final[Mapping[str, tuple[str, Callable[[Subject], Iterator[Cell]]]]] = {
    "tax.enterprises_by_county_and_grade": (
        _GRADED.format("taxpayer_grade", "{prefix}", _THIS_YEAR),
        lambda subject: _graded(subject, "tax", "taxpayer_grade"),
    ),
    "social_security.employers_by_county_and_grade": (
        _GRADED.format("payment_grade", "{prefix}", _THIS_YEAR),
        lambda subject: _graded(subject, "social_security", "payment_grade"),
    ),
    "courts.defaulters_by_court_and_conduct": (_DEFAULTERS.format(_THIS_YEAR), _listed),
    "registry.new_enterprises_by_county_and_kind": (_NEW_ENTERPRISES.format(_THIS_YEAR), _established),
}
"""The counting statement of each "bureau.table", and the cells in which the table counts a subject."""
