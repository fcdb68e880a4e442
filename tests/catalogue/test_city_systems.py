"""The systems of the documents: each has its row, each row names what there is, and a wrong row is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.city_systems import FILE, LAST, city_systems, require_registered
from catalogue.incentives.city_files import city_names
from catalogue.toml_files import TomlError
from gateway.settings import ROOT
from tests.support.reached_city import register_of
from tests.support.standing_oracle import CITIES

TEXT = FILE.read_text("utf-8")
WRONG = {
    "an unknown city": (
        'places = { nanyang = "三（一）" }',
        'places = { suzhou = "三（一）" }',
        "S02 names suzhou",
    ),
    "a city that does not name it": (
        '[system.operations]\nnanyang = ["citizen", "my-incentives"',
        '[system.operations]\nzhengzhou = ["citizen", "my-incentives"',
        "S02 is served in zhengzhou",
    ),
    "an id twice": ('id = "S02"', 'id = "S01"', "S01 stands where S02 is due"),
    "a gap": ('id = "S02"', 'id = "S03"', "S03 stands where S02 is due"),
    "an unknown state": ('state = "works"', 'state = "served"', "Invalid enum value 'served' - at `$.state`"),
    "an unknown member": ("[[system]]", '[[system]]\nowner = "x"', "it states what means nothing: `owner`"),
    "no paragraph": ('nanyang = "二（一）、二（六）"', 'nanyang = ""', "at `$.places[...]`"),
    "one language": (" · Waits for government contracts", "", "at `$.missing`"),
    "an operation twice": (
        '["tourism", "citizen",',
        '["tourism", "tourism",',
        "S33 names an operation of pingdingshan twice",
    ),
    "works without an operation": (
        '[system.operations]\npingdingshan = ["tourism", "accommodation"]\n',
        "",
        "S36 works, and no operation serves it in pingdingshan",
    ),
    "works, and something is missing": (
        'yes or nothing"\nstate = "works"',
        'yes or nothing"\nstate = "works"\nmissing = "无 · Nothing"',
        "S36 works, and states that something is missing",
    ),
    "partly without an operation": (
        '[system.operations]\nnanyang = ["citizen", "my-incentives", "open-index"]\n',
        "",
        "S02 works partly, and no operation serves it",
    ),
    "partly, and nothing is missing": (
        'missing = "没有产品登记；贷款结果不回传 · No register of products; outcomes do not come back"\n',
        "",
        "S54 is partly, and does not state what is missing or why",
    ),
    "outside with an operation": (
        'missing = "待政府合同数据 · Waits for government contracts"\n',
        'missing = "待政府合同数据 · Waits for government contracts"\n[system.operations]\nxinyang = ["citizen"]\n',
        "S44 lies outside, and operations serve it",
    ),
}
"""What stands in the file, what is put in its place, and the reason of the refusal."""


def refusal(file: Path) -> str:
    """Return the words with which a file is refused."""
    with pytest.raises(TomlError) as refused:
        city_systems(file)
    return str(refused.value)


def line_of(text: str, part: str) -> int:
    """Return the line at which a part of a text ends, counted from 1."""
    return text.count("\n", 0, text.index(part) + len(part)) + 1


def test_every_system_has_its_row():
    """The rows are S01 to S78 in their order, and each city names some."""
    found = city_systems()
    assert [each.id for each in found] == [f"S{number:02}" for number in range(1, LAST + 1)]
    assert {city for each in found for city in each.places} == {*city_names()} == {*CITIES}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_refused_where_it_stands(name: str, tmp_path: Path):
    """The refusal names the file, the line of the row and the reason."""
    old, new, reason = WRONG[name]
    assert old in TEXT
    file = tmp_path / "systems.toml"
    file.write_text(TEXT.replace(old, new, 1), "utf-8")
    assert refusal(file).startswith("systems.toml, line ")
    assert reason in refusal(file)


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("a gap", 'id = "S03"'),
        ("an unknown city", "places = { suzhou"),
        ("an unknown state", 'state = "served"'),
        ("an operation twice", '["tourism", "tourism"'),
        ("works, and something is missing", 'yes or nothing"\nstate = "works"'),
    ],
)
def test_a_refusal_names_the_line_of_the_member(name: str, stated: str, tmp_path: Path):
    """The line is that at which the wrong member stands."""
    old, new, _ = WRONG[name]
    text, file = TEXT.replace(old, new, 1), tmp_path / "systems.toml"
    file.write_text(text, "utf-8")
    assert refusal(file).startswith(f"systems.toml, line {line_of(text, stated)}: ")


def test_a_system_that_is_left_out_is_missed(tmp_path: Path):
    """A file that ends early is refused with the first system that it lacks."""
    file = tmp_path / "systems.toml"
    file.write_text(TEXT[: TEXT.index('[[system]]\nid = "S78"')], "utf-8")
    assert refusal(file) == "systems.toml: S78 and what follows is missing; there are 78 systems"


@pytest.mark.parametrize("city", CITIES)
def test_every_operation_is_registered_in_its_city(city: str):
    """What serves a system in a city is in the city's register; and what the city alone registers serves a system."""
    register = register_of(city)
    require_registered(city_systems(), city, register)
    serving = {name for each in city_systems() for name in each.operations.get(city, ())}
    own = {file.stem for file in (ROOT / "operations" / city).glob("*.toml")}
    assert own - serving == set()


def test_an_operation_that_is_not_registered_is_refused():
    """The refusal names the line of the row, the operation and the city."""
    names = {*register_of("pingdingshan")} - {"reading"}
    with pytest.raises(TomlError) as refused:
        require_registered(city_systems(), "pingdingshan", names)
    line = line_of(TEXT, 'pingdingshan = ["library", "reading"]')
    reason = "S39 names reading, which is no operation that is registered in pingdingshan"
    assert str(refused.value) == f"systems.toml, line {line}: {reason}"
