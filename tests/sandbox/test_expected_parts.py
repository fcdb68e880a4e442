"""The parts of answers that are no constants: what is right is no difference, and each change that matters is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from adapters.bureaus import bureaus_of
from cli.systems_check import ReadRules
from gateway.openness.build_index import index_values
from gateway.operations.register import Registration
from gateway.settings import Settings
from resolvers.graph.fields import catalogue_entries
from sandbox.books import subjects_of
from sandbox.counted import counts_of
from sandbox.expected.comparing import differences
from sandbox.expected.documents import Caller, ExpectedAnswers
from sandbox.expected.holdings import Holdings
from sandbox.model import City
from tests.support.gateway_in_memory import TODAY, graph
from tests.support.open_indexes import index_of
from tests.support.reached_city import ReachedCity, clients_of, register_of
from tests.support.tested_city import TESTED_CITY

Change = Callable[[Any], None]
POPULATION = 600
YEAR = 2025
WHY = "why { incentive title scene document responsible reading unanswerable unmet { requirement kinds { kind provider } } alternatives { unmet { kinds { kind provider } } } }"
TABLE = "query Q($year: Int!) { newEnterprisesByCountyAndKind(year: $year) { county kind count suppressed } }"
CATALOGUE = "{ catalogue { field item provider legalBasis dataClass sensitivity } }"


@cache
def expected_of(city: str) -> ExpectedAnswers:
    """What must be answered about a small city."""
    of = City.of(POPULATION, name=city)
    return ExpectedAnswers(of, Holdings(subjects_of(of), TODAY), ReadRules.of(Settings(city=city)).operators)


def found_in(
    document: str, answer: Any, city: str = TESTED_CITY, purpose: str = "", **variables: Any
) -> list[str]:
    """Return where an answer differs from what must be answered."""
    told = orjson.loads(orjson.dumps(answer))
    return list(differences(expected_of(city).to(document, variables, Caller(purpose, "anybody")), told))


@pytest.mark.parametrize("city", ["nanyang", "pingdingshan", "zhengzhou"])
def test_the_index_of_the_gateway_is_the_cities_files(city: str):
    """What the gateway builds holds all that the files of the city state."""
    assert found_in("{ openIndex { zh } }", {"openIndex": index_values(index_of(city))}, city) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda index: index["scenes"].pop(),
        lambda index: index["scenes"][0]["operators"].pop(),
        lambda index: index["scenes"][0]["incentives"][0].update(bureaus=["nobody"]),
        lambda index: index["scenes"][0]["incentives"][0].update(answerable=False),
        lambda index: index["scenes"][0]["incentives"][0].update(reading="other · Other"),
        lambda index: index["thresholds"][0].update(owner="nobody"),
        lambda index: index["programme"]["bandTables"][0]["bands"][0].update(below=79),
        lambda index: index["programme"]["indicators"].pop(),
        lambda index: index["rights"].pop(),
        lambda index: index["items"][3].update(legalBasis=""),
        lambda index: index.update(programme=None),
    ],
)
def test_another_index_is_found(change: Change):
    """An index that lacks something, or states it otherwise, differs."""
    index = orjson.loads(orjson.dumps(index_values(index_of("zhengzhou"))))
    change(index)
    assert found_in("{ openIndex { zh } }", {"openIndex": index}, "zhengzhou")


def entries() -> list[dict[str, Any]]:
    """The catalogue as the gateway answers it."""
    names = ("field", "item", "provider", "legalBasis", "dataClass", "sensitivity")
    return [{name: each[name] for name in names} for each in catalogue_entries(graph())]


def test_the_catalogue_of_the_gateway_is_the_declarations():
    """Each field that shows a column has the item, the class and the sensitivity that its bureau declares."""
    assert found_in(CATALOGUE, {"catalogue": entries()}) == []


@pytest.mark.parametrize("name", ["item", "provider", "legalBasis", "dataClass", "sensitivity"])
def test_another_catalogue_is_found(name: str):
    """An entry that states a member otherwise differs, and so does a catalogue without the field."""
    changed = entries()
    place = next(at for at, each in enumerate(changed) if each["field"] == "TaxArrears.amountFen")
    changed[place][name] = "other"
    assert found_in(CATALOGUE, {"catalogue": changed}) == [f"catalogue[TaxArrears.amountFen].{name}"]
    del changed[place]
    assert found_in(CATALOGUE, {"catalogue": changed}) == ["catalogue[TaxArrears.amountFen]"]


def test_a_field_without_a_legal_basis_is_found():
    """A field that no bureau declares needs a legal basis too."""
    changed = entries()
    changed[0]["legalBasis"] = ""
    assert found_in(CATALOGUE, {"catalogue": changed}) == [f"catalogue[{changed[0]['field']}].legalBasis"]


def cells() -> Iterator[dict[str, Any]]:
    """A table as it may be released: counts of five and more, and no smaller one."""
    truth = counts_of(City.of(POPULATION, name=TESTED_CITY), "registry.new_enterprises_by_county_and_kind")
    (table,) = bureaus_of(TESTED_CITY)["registry"].tables
    rows, columns = ((*table.by_name[name].labels, None) for name in ("county", "kind"))
    for row in rows:
        for column in columns:
            count = sum(
                number
                for (year, one, other), number in truth.items()
                if year == YEAR and row in (None, one) and column in (None, other)
            )
            hidden = 0 < count < 5
            yield {"county": row, "kind": column, "count": None if hidden else count, "suppressed": hidden}


def table_with(change: Change) -> list[str]:
    """Return where a changed table differs."""
    table = list(cells())
    change(table)
    return found_in(TABLE, {"newEnterprisesByCountyAndKind": table}, year=YEAR)


def test_a_table_of_true_counts_is_right():
    """Released counts that are true and withheld small ones are no difference."""
    assert table_with(lambda _: None) == []
    assert any(each["suppressed"] for each in cells())


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.pop(),
        lambda table: table[-1].update(count=table[-1]["count"] + 1),
        lambda table: next(each for each in table if each["suppressed"]).update(suppressed=False, count=1),
        lambda table: next(each for each in table if each["suppressed"]).update(count=1),
        lambda table: table[0].update(county=table[-2]["county"]),
    ],
)
def test_another_table_is_found(change: Change):
    """A table that lacks a cell, tells a false count or a small one differs."""
    assert table_with(change)


@cache
def own_incentives() -> Registration:
    """The operation by which a person asks for every incentive and, in this test, for the reasons beside."""
    found = register_of(TESTED_CITY)["my-incentives"]
    return replace(
        found, document=found.document.replace("    incentives {", f"    {WHY}\n    incentives {{")
    )


@pytest.fixture(scope="module")
async def own() -> list[tuple[str, dict[str, Any]]]:
    """What the gateway tells some persons about their incentives."""
    reached, client = ReachedCity(TESTED_CITY, POPULATION), clients_of(TESTED_CITY)["citizen"]
    found = await reached.told_themselves(own_incentives(), client)
    return [(key, answer["data"]) for key, answer in found.items()]


def reasons(number: str, answer: Any) -> list[str]:
    """Return where the answer to a person differs."""
    operation = own_incentives()
    return found_in(operation.document, answer, purpose=operation.purpose, id=number)


def test_what_the_gateway_tells_a_subject_is_right(own: list[tuple[str, dict[str, Any]]]):
    """Each incentive stands as the truth has it, what is not granted has its reason, and only records that stand bar."""
    assert [found for each in own if (found := reasons(*each))] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop(),
        lambda told: told.insert(0, told[-1]),
        lambda told: told[0].update(bureaus=["nobody"]),
        lambda told: told[0].update(documentTitle=None),
        lambda told: told[0].update(reading="other · Other"),
        lambda told: told[7].update(waitsFor=None),
        lambda told: told[0].update(outcome=None),
        lambda told: told[0]["outcome"].update(state="WAITS"),
        lambda told: told[0]["outcome"].update(answer="FALSE"),
        lambda told: told[7]["outcome"].update(always=told[0]["outcome"]["always"]),
        lambda told: told[0]["outcome"].update(alternatives=[]),
        lambda told: told[0]["outcome"]["alternatives"][0].update(met=None),
        lambda told: told[0]["outcome"]["always"][0].update(
            kinds=[{"kind": "欠税 · Tax arrears", "provider": "nobody"}]
        ),
    ],
)
def test_another_outcome_is_found(own: list[tuple[str, dict[str, Any]]], change: Change):
    """An incentive that is missing, one of other words, and an outcome that does not follow from its requirements differ."""
    number, answer = next(each for each in own if each[1]["standing"]["incentives"][0]["outcome"]["answer"])
    changed = deepcopy(answer)
    change(changed["standing"]["incentives"])
    assert any("incentives" in each for each in reasons(number, changed))


@pytest.mark.parametrize(
    "change",
    [
        lambda why: why.pop(),
        lambda why: why.insert(0, why[-1]),
        lambda why: why[0].update(title="other"),
        lambda why: why[0].update(unanswerable="other"),
        lambda why: [each.update(unmet=[], alternatives=[]) for each in why],
        lambda why: why[-1]["unmet"].append(
            {"kinds": [{"kind": "欠税 · Tax arrears", "provider": "nobody"}]}
        ),
    ],
)
def test_other_reasons_are_found(own: list[tuple[str, dict[str, Any]]], change: Change):
    """A reason that is missing, one too many, one of other words and one without anything unmet differ."""
    number, answer = next(each for each in own if len(each[1]["standing"]["why"]) > 3)
    changed = deepcopy(answer)
    change(changed["standing"]["why"])
    assert any("why" in each for each in reasons(number, changed))
