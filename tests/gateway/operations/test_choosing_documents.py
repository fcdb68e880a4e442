"""What a document may write into a filter, and why a list cannot be filtered."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.authorization.clients import load_clients
from gateway.errors import RequestError, StartRefused
from gateway.operations.document import read_document
from gateway.operations.register import Registration, load_register
from gateway.pipeline.lookup import prepare_registered
from gateway.pipeline.prepare import Preparer
from gateway.settings import ROOT, LimitSettings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from schema.list_arguments import MOST_VALUES
from tests.support.gateway_in_memory import graph, policy
from tests.support.small_city import PERSONS
from tests.support.tested_city import TESTED_CITY

CLIENTS = load_clients(ROOT / "policies", policy().purposes, policy().kinds, TESTED_CITY)
NUMBER = PERSONS[0]
ARREARS = 'query Q{declared} {{ person(id: "' + NUMBER + '") {{ taxArrears({arguments}) {{ tax }} }} }}'


def refused(declared: str, arguments: str, field: str = "taxArrears") -> list[str] | None:
    """Return all that is said against a document, or None."""
    text = ARREARS.format(declared=declared, arguments=arguments).replace("taxArrears", field)
    text = text.replace("{ tax }", "{ __typename }")
    try:
        read_document(graph(), text, None, LimitSettings(), introspection=False)
    except RequestError as error:
        hidden = NUMBER not in str(error.formatted())
        return [error.detail, *error.extensions.get("others", ())] if hidden else ["it was echoed"]
    return None


@pytest.mark.parametrize(
    ("declared", "arguments"),
    [
        ("($v: Date!)", "where: { since: { from: $v } }"),
        ('($v: Date! = "2020-01-01")', "where: { since: { from: $v } }"),
        ("($v: [Date!]!)", "where: { since: { in: $v } }"),
        ("($v: Date!)", "where: { since: { in: [$v] } }"),
        ("($v: TaxArrearsWhere!)", "where: $v"),
        ("($v: OrderDirection!)", "orderBy: { field: SINCE, direction: $v }"),
        ("($v: Cursor)", "after: $v"),
        ("", "where: {}, orderBy: { field: SINCE }, after: null"),
    ],
)
def test_a_certain_filter_is_accepted(declared: str, arguments: str):
    """Variables of non-null types may stand anywhere in a filter or an order, and a cursor may be left out."""
    assert refused(declared, arguments) is None


@pytest.mark.parametrize(
    ("declared", "arguments", "said"),
    [
        ("($v: Date)", "where: { since: { from: $v } }", "non-null type"),
        ('($v: Date = "2020-01-01")', "where: { since: { from: $v } }", "non-null type"),
        ("($v: [Date!])", "where: { since: { in: $v } }", "non-null type"),
        ("($v: DateCondition)", "where: { since: $v }", "non-null type"),
        ("($v: TaxArrearsWhere)", "where: $v", "non-null type"),
        ("($v: TaxArrearsOrder)", "orderBy: $v", "non-null type"),
        ("($v: OrderDirection = ASC)", "orderBy: { field: SINCE, direction: $v }", "non-null type"),
        ("", "where: null", "null is no condition"),
        ("", "where: { since: null }", "null is no condition"),
        ("", "where: { since: { from: null } }", "null is no condition"),
        ("", "orderBy: null", "null is no condition"),
        ("", f"where: {{ amountFen: {{ in: [{'1 ' * (MOST_VALUES + 1)}] }} }}", "at most 100 values"),
    ],
)
def test_what_could_lift_a_condition_is_refused(declared: str, arguments: str, said: str):
    """A nullable variable, a null, or a list without bound in a filter or an order refuses the document."""
    found = refused(declared, arguments)
    assert found is not None
    assert said in found[0]


def test_a_list_of_the_most_values_is_accepted():
    """A hundred values are allowed."""
    assert refused("", f"where: {{ amountFen: {{ in: [{'1 ' * MOST_VALUES}] }} }}") is None


INCENTIVE = "incentive data is only ever read (rule incentive-only-read)"


@pytest.mark.parametrize(
    ("field", "declared", "arguments", "reasons"),
    [
        (
            "redLists",
            "",
            "where: { until: { isNull: true } }",
            [f"filter is no use of RedListEntry.until: {INCENTIVE}"],
        ),
        (
            "redLists",
            "",
            "orderBy: { field: LISTED_ON }",
            [f"sort is no use of RedListEntry.listedOn: {INCENTIVE}"],
        ),
        ("redLists", "", 'after: "x"', [f"no list of RedListEntry is continued by cursors: {INCENTIVE}"]),
        (
            "scores",
            "($v: Int!)",
            "where: { score: { from: $v }, band: { eq: GOOD } }",
            [
                f"filter is no use of CreditScore.score: {INCENTIVE}",
                f"filter is no use of CreditScore.band: {INCENTIVE}",
            ],
        ),
        (
            "honours",
            "($v: Unknown)",
            "where: $v",
            [
                f"filter is no use of Honour.{name}: {INCENTIVE}"
                for name in ("title", "level", "organ", "awardedOn", "provider", "legalBasis")
            ],
        ),
        (
            "seriousTaxViolations",
            "",
            'where: { decisionNumber: { eq: "x" }, listedOn: { from: "2020-01-01" } }',
            [
                "filter is no use of SeriousTaxViolation.decisionNumber: the field does not declare it (rule no-filter-undeclared)"
            ],
        ),
        (
            "taxArrears",
            "",
            "orderBy: { field: TAX }",
            ["sort is no use of TaxArrears.tax: the field does not declare it (rule no-sort-undeclared)"],
        ),
        ("redLists", "", "first: 1000", []),
        ("taxArrears", "", "where: { unknown: 1 }", []),
    ],
)
def test_each_reason_is_told(field: str, declared: str, arguments: str, reasons: list[str]):
    """Of every field by which a document tries to choose it is said why it cannot, with the rule's name."""
    found = refused(declared, arguments, field)
    assert found is not None
    assert [each for each in found if "(rule " in each] == reasons


def test_the_rules_that_are_named_are_rules():
    """A reason names a rule that an officer can look up."""
    assert {"incentive-only-read", "no-filter-undeclared", "no-sort-undeclared"} <= policy().rules.keys()


def registered(folder: Path, selection: str) -> Registration:
    """Return the library's operation with another selection."""
    text = (ROOT / "operations" / TESTED_CITY / "library.toml").read_text("utf-8")
    start, _, _ = text.partition("document = ")
    document = f"query Library($id: PersonNumber!) {{ person(id: $id) {{ {selection} }} }}"
    (folder / "tried.toml").write_text(f"{start}document = '''{document}'''\n", "utf-8")
    return load_register(folder, policy().purposes, CLIENTS, TESTED_CITY)["tried"]


async def test_an_operation_that_filters_by_incentive_data_is_refused_with_each_reason(tmp_path: Path):
    """`operations check` and the start tell every field by which the operation tries to choose, and why it cannot."""
    tried = registered(
        tmp_path, "redLists(where: { until: { isNull: true } }, orderBy: { field: LIST }) { list }"
    )
    hooks = Hooks()
    with pytest.raises(StartRefused) as caught:
        prepare_registered(
            Preparer(graph(), policy(), Loaders({}, hooks), hooks), tried, CLIENTS, LimitSettings()
        )
    for told in ("filter is no use of RedListEntry.until", "sort is no use of RedListEntry.list", INCENTIVE):
        assert told in str(caught.value)
