"""The city links documents to persons in every way that the gateway must tell apart."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.books import rows_of
from sandbox.books.document_links import document_of
from sandbox.model import City
from sandbox.people import person

CITY = City.of(4_000)


def drawn() -> dict[tuple[str, str], list[tuple[int, tuple[Any, ...]]]]:
    """Return the links of the city by kind and number of the document, each with the index of its person."""
    found: dict[tuple[str, str], list[tuple[int, tuple[Any, ...]]]] = {}
    for index in range(CITY.population):
        for row in rows_of(person(CITY, index), "registry", "identity_document"):
            found.setdefault((row[0], row[7]), []).append((index, row))
    return found


def test_links_of_each_fate_are_drawn():
    """Links that join, unreviewed, doubtful and ended ones, and documents that two persons claim are all there."""
    links = drawn()
    rows = [row for held in links.values() for _, row in held]
    assert {row[2] for row in rows} == {"HIGH", "MEDIUM", "LOW"}
    assert 0 < sum(row[3] is None for row in rows) < len(rows) / 3
    assert 0 < sum(row[5] is not None for row in rows) < len(rows) / 5
    claimed = Counter(len({index for index, _ in held}) for held in links.values())
    assert claimed[1] > 10 * claimed[2] > 0


def test_documents_are_of_every_kind_and_of_one_person():
    """Passports, permits, cards and former numbers are drawn, and no two persons have the document of one number."""
    assert {kind for kind, _ in drawn()} == {
        "PASSPORT",
        "HONG_KONG_MACAO_PERMIT",
        "TAIWAN_PERMIT",
        "FOREIGN_PERMANENT_RESIDENCE",
        "FORMER_NUMBER",
    }
    held = [each for index in range(CITY.population) if (each := document_of(CITY, index))]
    assert len(set(held)) == len(held)


def test_nobody_who_never_had_one_has_a_former_number():
    """Who was born after 15 digits ended, or has a permit or a card, has no former number."""
    former = [index for (kind, _), held in drawn().items() if kind == "FORMER_NUMBER" for index, _ in held]
    assert former
    for each in (person(CITY, index) for index in former):
        assert each.born.year < 2000
        assert each.number[0] in "123456"
