"""What the bureaus' books say, for any subject of any city."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bureaus import discover
from catalogue.catalogue_item import Nature
from catalogue.dated_rules import dated_rules
from catalogue.declarations import Bureau, Dataset, Kind
from catalogue.incentives.city_files import city_called, city_names
from catalogue.record_life import RECORD_STATE, RESPONSIBLE_ROLE
from catalogue.record_states import LifeReader
from sandbox import ddl
from sandbox.books import BOOKS, Subject, rows_of
from sandbox.books.responsibilities import responsibilities_of_enterprise, responsibilities_of_person
from sandbox.enterprises import enterprise
from sandbox.guardians import Guardianship, guardianships_of_child, guardianships_of_guardian
from sandbox.model import REFERENCE, City, CityError
from sandbox.offices import offices_of_enterprise, offices_of_person
from sandbox.people import Person, person
from sandbox.truth import records_of, sample

TYPES = {Kind.TEXT: str, Kind.INTEGER: int, Kind.FEN: int, Kind.DATE: date, Kind.BOOLEAN: bool}
DATASETS = {f"{b.name}.{d.name}": d for b in discover().values() for d in b.datasets if not d.resolves}


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    """Any subject of any small city."""
    size, seed = draw(st.integers(10, 40_000)), draw(st.integers(0, 2**32))
    city = City.of(size, seed, draw(st.sampled_from(city_names())))
    if draw(st.booleans()):
        return person(city, draw(st.integers(0, city.population - 1)))
    return enterprise(city, draw(st.integers(0, city.enterprises - 1)))


def fits(dataset: Dataset, record: dict[str, Any]) -> bool:
    """Whether every value is of its column's type, code and nullability."""
    return list(record) == [c.name for c in dataset.stored] and all(
        (value is None and column.nullable)
        or (type(value) is TYPES[column.kind] and (column.codes is None or value in column.codes))
        for column, value in zip(dataset.stored, record.values(), strict=True)
    )


def test_every_table_has_a_book():
    """There is a book for each table of a bureau that has books, and no other."""
    declared = {name: set(ddl.tables(bureau)) for name, bureau in discover().items()}
    assert {bureau: set(books) for bureau, books in BOOKS.items()}.items() <= declared.items()


@given(subjects())
def test_records_fit_their_declaration(subject: Subject):
    """Every record has exactly the declared columns, with values of their types and codes."""
    for name, rows in records_of(subject).items():
        assert all(fits(DATASETS[name], row) for row in rows), name
        assert DATASETS[name].many or len(rows) <= 1, name


@given(subjects())
def test_the_order_of_records_is_total(subject: Subject):
    """No two records of a subject are alike in the columns by which the dataset is ordered."""
    for name, rows in records_of(subject).items():
        columns = [term.removeprefix("-") for term in DATASETS[name].order]
        if columns:
            assert len({tuple(row[c] for c in columns) for row in rows}) == len(rows), name


@given(subjects())
def test_records_are_a_function_of_seed_and_index(subject: Subject):
    """The same city made again holds the same records."""
    again = City.of(subject.city.population, subject.city.seed, subject.city.name)
    make = person if isinstance(subject, Person) else enterprise
    assert records_of(make(again, subject.index)) == records_of(subject)


@given(subjects())
def test_nothing_is_recorded_before_it_can_be(subject: Subject):
    """No record is dated before majority or foundation, and none made after the reference date."""
    first = subject.adult_on if isinstance(subject, Person) else subject.established_on
    for name, rows in records_of(subject).items():
        if name in {"registry.person", "registry.enterprise"} or name in OF_CHILDREN:
            continue
        for row in rows:
            made = [v for k, v in row.items() if isinstance(v, date) and k in MADE_ON]
            assert all(first <= day <= REFERENCE for day in made), name


MADE_ON = {
    *("since", "assessed_on", "listed_on", "closed_on", "enrolled_on", "awarded_on", "donated_on"),
    *("valid_from", "decided_on", "cleared_on", "delisted_on", "given_on", "withdrawn_on"),
}


OF_CHILDREN = {"registry.guardianship_by_child", "registry.identity_document", "credit_office.volunteering"}
"""What is recorded of minors beside their registration."""


@given(st.integers(0, 2**32))
def test_minors_have_a_registration_documents_guardians_and_hours_at_most(seed: int):
    """Nobody under 18 has a score, a grade, an adverse or a transport record, or an office."""
    city = City.of(200, seed)
    minors = [someone for i in range(200) if not (someone := person(city, i)).adult]
    assert minors
    for minor in minors:
        held = {name for name, rows in records_of(minor).items() if rows}
        assert {"registry.person"} <= held <= {"registry.person", *OF_CHILDREN}


@given(subjects())
def test_young_enterprises_have_no_tax_grade(subject: Subject):
    """An enterprise under a year old has no tax grade."""
    if not isinstance(subject, Person) and (REFERENCE - subject.established_on).days < 365:
        assert rows_of(subject, "tax", "taxpayer_grade") == []


@given(subjects())
def test_one_present_head(subject: Subject):
    """What is not deregistered has one present legal representative, an individual business an operator in its place."""
    if not isinstance(subject, Person):
        records = records_of(subject)
        heads = [records[f"registry.{name}"] for name in ("legal_representative", "operator")]
        if subject.kind == "INDIVIDUAL_BUSINESS":
            heads.reverse()
        assert list(map(len, heads)) == [subject.status != "DEREGISTERED", 0]


@given(subjects())
def test_offices_are_the_same_from_both_sides(subject: Subject):
    """A person's offices are those in which enterprises name the person."""
    city = subject.city
    if isinstance(subject, Person):
        for office in offices_of_person(city, subject.index):
            assert office in offices_of_enterprise(enterprise(city, office.enterprise))
    else:
        for office in offices_of_enterprise(subject):
            assert office in offices_of_person(city, office.person)


def test_no_case_is_both_a_firms_and_a_persons():
    """A legal representative is not listed because the firm is: no case has two subjects."""
    city = City.of(20_000)
    everybody = [person(city, i) for i in range(city.population)]
    firms = [enterprise(city, i) for i in range(city.enterprises)]
    cases = [row[0] for s in [*everybody, *firms] for row in rows_of(s, "courts", "judgment_defaulter")]
    assert len(cases) == len(set(cases)) > 100


@pytest.mark.parametrize("city", ["nanyang", "zhengzhou"])
def test_a_label_of_dishonesty_follows_from_a_record(city: str):
    """Nobody is below 100 without an adverse record, few with one are above, and the band is that of the city's table."""
    adverse = [(b.name, ddl.table_name(d)) for b, d in _adverse()]
    programme = city_called(city).programme
    assert programme is not None
    below, above = Counter[bool](), Counter[bool]()
    for index in range(3_000):
        subject = person(City.of(3_000, name=city), index)
        marked = any(rows_of(subject, *name) for name in adverse)
        for code, _, points, band, assessed in rows_of(subject, "credit_office", "score"):
            found = programme.band(points, assessed)
            assert (code, band) == (programme.code, found and found.zh)
            (below if points < 100 else above)[marked] += 1
    assert below[True] > 10
    assert (below[False], above[True] * 3 < below[True]) == (0, True)


@pytest.mark.parametrize("city", city_names())
def test_a_city_has_its_own_prefixes_scenes_and_programme(city: str):
    """Codes, names and courts are the city's, consents are to its scenes alone, and scores to its programme alone."""
    of, model = city_called(city), City.of(600, name=city)
    people = [person(model, index) for index in range(600)]
    firms = [enterprise(model, index) for index in range(120)]
    assert {each.region for each in (*people, *firms)} <= set(of.districts)
    assert all(each.number[2:8] in of.districts and each.name.startswith(of.zh) for each in firms)
    assert sum(each.number[:6] in of.districts for each in people) > 400
    scenes = {row[0] for each in (*people, *firms) for row in rows_of(each, "credit_office", "consent")}
    assert scenes == set(of.scenes)
    programmes = {row[0] for each in people for row in rows_of(each, "credit_office", "score")}
    assert programmes == ({of.programme.code} if of.programme else set())


def test_a_city_that_is_not_there_is_refused():
    """A model is made of a city of the catalogue, and of no other."""
    with pytest.raises(CityError, match="Cities: nanyang, "):
        City.of(100, name="atlantis")


def _adverse() -> list[tuple[Bureau, Dataset]]:
    return [(b, d) for b in discover().values() for d in b.datasets if d.item.nature is Nature.ADVERSE]


def test_every_table_has_plenty_and_most_people_nothing_adverse():
    """In the demo's city each table has plenty of rows, and few people have an adverse record."""
    city = City.of(20_000)
    everybody: list[Subject] = [person(city, i) for i in range(city.population)]
    firms: list[Subject] = [enterprise(city, i) for i in range(city.enterprises)]
    counts = {
        (bureau, table): sum(len(rows_of(subject, bureau, table)) for subject in everybody + firms)
        for bureau, books in BOOKS.items()
        for table in books
    }
    assert counts.pop(("credit_office", "score")) == 0, "the demo's city has no score programme"
    assert min(counts.values()) >= 100, counts
    adverse = [(b.name, ddl.table_name(d)) for b, d in _adverse()]
    marked = sum(any(rows_of(subject, *name) for name in adverse) for subject in everybody)
    assert 0.02 < marked / len(everybody) < 0.12


def test_a_sample_is_varied():
    """A sample has as many persons as enterprises, an officer, a minor, and every kind of record."""
    subjects = sample(City.of(20_000), 36)
    assert Counter(s["kind"] for s in subjects) == {"person": 18, "enterprise": 18}
    assert len({s["identifier"] for s in subjects}) == 36
    held = {name for s in subjects for name, rows in s["records"].items() if rows}
    assert held == set(DATASETS) - {"credit_office.score"}, "the demo's city has no score programme"
    of_a_minor = {"registry.person", "registry.guardianship_by_child"}
    kept = [{n for n, rows in s["records"].items() if rows} for s in subjects]
    assert any(each - {"registry.identity_document"} == of_a_minor for each in kept)


@pytest.mark.parametrize("population", [9, -1, 5_000_001])
def test_a_size_out_of_bounds_is_refused(population: int):
    """A city has between 10 and 5,000,000 persons."""
    with pytest.raises(CityError, match="--population"):
        City.of(population)


@given(subjects())
def test_guardianships_are_the_same_from_both_sides(subject: Subject):
    """A guardian's guardianships are those in which children name the guardian."""
    if isinstance(subject, Person):
        for each in guardianships_of_child(subject):
            assert each in guardianships_of_guardian(subject.city, each.guardian)
        for each in guardianships_of_guardian(subject.city, subject.index):
            assert each in guardianships_of_child(person(subject.city, each.child))


@given(subjects())
def test_a_guardian_is_of_age_and_the_ward_is_not(subject: Subject):
    """A guardianship begins after the guardian came of age and before the ward does, and nobody is a guardian twice."""
    found = guardianships_of_child(subject) if isinstance(subject, Person) else []
    for each in found:
        assert person(subject.city, each.guardian).adult_on <= each.since
        assert isinstance(subject, Person)
        assert each.since < subject.adult_on
        assert each.until is None or each.since <= each.until < subject.adult_on
    assert len({each.guardian for each in found}) == len(found) <= 3


def test_the_city_has_guardianships_of_every_kind():
    """Most minors have a guardian in office; some have two, some a term that ended, some came of age in an open one."""
    city = City.of(2_000)
    children = [person(city, index) for index in range(2_000)]
    found = [(child, guardianships_of_child(child)) for child in children]
    minors = [held for child, held in found if not child.adult and not child.deceased]
    assert sum(any(is_open(each) for each in held) for held in minors) > len(minors) * 0.7
    assert any(sum(map(is_open, held)) > 1 for held in minors)
    assert any(not is_open(each) for held in minors for each in held)
    assert any(child.adult and is_open(each) for child, held in found for each in held)


@given(subjects())
def test_marks_are_the_same_from_both_sides(subject: Subject):
    """A person is marked for those entries of enterprises whose decisions name the person, and held an office there."""
    city = subject.city
    if isinstance(subject, Person):
        for mark in responsibilities_of_person(city, subject.index):
            assert mark in responsibilities_of_enterprise(enterprise(city, mark.enterprise))
    else:
        for mark in responsibilities_of_enterprise(subject):
            assert mark in responsibilities_of_person(city, mark.person)
            assert mark.person in {office.person for office in offices_of_enterprise(subject)}


def test_the_city_has_marks_of_every_state():
    """Marks of each state that a mark can have are drawn, and some without a decision; none cannot be."""
    city, name = City.of(20_000), "tax.responsibility_by_enterprise"
    life = DATASETS[name].life
    assert life is not None
    reader, firms = LifeReader(life, dated_rules()), [enterprise(city, i) for i in range(city.enterprises)]
    marks = [(firm.number, row) for firm in firms for row in records_of(firm)[name]]
    assert {reader.fault(row, key, REFERENCE) for key, row in marks} == {None}
    assert {reader.refusal(row, key) for key, row in marks} == {None, "responsible person without a decision"}
    states = {reader.state(row, key, REFERENCE) for key, row in marks}
    assert states == set(RECORD_STATE) - {"PENDING_FINALITY", "UNKNOWN"}
    assert {row["role"] for _, row in marks} == set(RESPONSIBLE_ROLE)


def test_who_heads_a_listed_enterprise_is_marked_by_a_decision_alone():
    """Some officers of listed enterprises have no mark, and no entry is copied to any of them."""
    city = City.of(20_000)
    listed = [
        firm
        for index in range(city.enterprises)
        if rows_of(firm := enterprise(city, index), "tax", "serious_violation")
    ]
    officers = {office.person for firm in listed for office in offices_of_enterprise(firm)}
    marked = {mark.person for firm in listed for mark in responsibilities_of_enterprise(firm)}
    assert marked < officers
    numbers = {row[1] for firm in listed for row in rows_of(firm, "tax", "serious_violation")}
    for index in officers:
        assert numbers.isdisjoint(row[1] for row in rows_of(person(city, index), "tax", "serious_violation"))


def is_open(each: Guardianship) -> bool:
    """Whether the bureau knows no day before the reference date on which a guardianship ended."""
    return each.until is None or each.until >= REFERENCE
