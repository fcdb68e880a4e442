"""The city's identity numbers and credit codes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from catalogue.identifiers import (
    credit_code_warnings,
    parse_credit_code,
    parse_person_number,
    person_number_warnings,
)
from sandbox.enterprises import credit_code, enterprise
from sandbox.model import LARGEST, City
from sandbox.people import person, person_number
from sandbox.places import places_of

SEEDS = st.integers(0, 2**32)


@st.composite
def cities(draw: st.DrawFn) -> City:
    """Any city."""
    return City.of(draw(st.integers(10, LARGEST)), draw(SEEDS))


@given(cities(), st.data())
def test_person_numbers_are_valid(city: City, data: st.DataObject):
    """Every person's number passes the structural check, by our rules and by stdnum's check sign."""
    index = data.draw(st.integers(0, city.population - 1))
    number = person_number(city, index)
    assert parse_person_number(number) == number
    assert person_number_warnings(number) == ()
    assert ric.calc_check_digit(number) == number[-1]


@given(cities(), st.data())
def test_credit_codes_are_valid(city: City, data: st.DataObject):
    """Every enterprise's code passes the structural check, by our rules and by stdnum's check sign."""
    index = data.draw(st.integers(0, city.enterprises - 1))
    code = credit_code(city, index)
    assert parse_credit_code(code) == code
    assert credit_code_warnings(code) == ()
    assert uscc.calc_check_digit(code[:-1]) == code[-1]


@given(cities(), st.data())
def test_a_number_tells_the_person(city: City, data: st.DataObject):
    """The number's birth date and order code are those of the person, who is between 0 and 100."""
    index = data.draw(st.integers(0, city.population - 1))
    someone = person(city, index)
    assert someone.number[6:14] == someone.born.strftime("%Y%m%d")
    assert (int(someone.number[16]) % 2 == 1) == (someone.sex == "MALE")
    assert 0 <= someone.age <= 100
    assert someone.region in places_of(someone.city.name).home


@given(SEEDS)
def test_identifiers_are_unique(seed: int):
    """No two subjects of a city share an identifier."""
    city = City.of(3_000, seed)
    assert len({person_number(city, i) for i in range(city.population)}) == city.population
    assert len({credit_code(city, i) for i in range(city.enterprises)}) == city.enterprises


def test_identifiers_are_unique_in_a_large_city():
    """Numbers stay unique where every birth date of a large city comes back."""
    city = City.of(LARGEST)
    near = [*range(0, LARGEST, 40_009), *range(150_000), *range(LARGEST - 150_000, LARGEST)]
    assert len({person_number(city, i) for i in near}) == len(set(near))


def test_every_kind_of_identifier_occurs():
    """Home, neighbouring, permit and foreign address codes occur, and village collectives."""
    city = City.of(20_000)
    prefixes = {person_number(city, i)[:4] for i in range(city.population)}
    assert {"4115", "4101", "4104", "4113", "4117", "3205", "3415", "3412"} <= prefixes
    assert {"8100", "8200", "8300", "9418"} <= prefixes
    home = sum(person_number(city, i).startswith("4115") for i in range(city.population))
    assert home > city.population * 0.8
    assert {credit_code(city, i)[:2] for i in range(city.enterprises)} == {"91", "92", "93", "N2", "12", "51"}
    kinds = {enterprise(city, i).kind for i in range(city.enterprises) if credit_code(city, i)[0] == "N"}
    assert kinds == {"VILLAGE_COLLECTIVE"}
