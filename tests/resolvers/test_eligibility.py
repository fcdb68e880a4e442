"""The rules of the incentives are what the catalogue's words say, and look at everything whatever they find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from catalogue.ages import years_before
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS, RequirementKind
from catalogue.incentives.scene_threshold import answerable
from catalogue.record_life import RECORD_STATE
from resolvers.eligibility.facts import Circumstances, Facts, Needs
from resolvers.eligibility.incentive_rules import EligibilityRule, RuleGroup, rules_of
from resolvers.eligibility.requirements import clean, of_age
from tests.support import standing_oracle
from tests.support.declared_otherwise import ADVERSE_SETS, BUREAUS
from tests.support.effort import examples
from tests.support.gateway_in_memory import graph

DAY = date(2026, 6, 30)
CITY_OF: Mapping[str, str] = {
    each.field: city for city in standing_oracle.CITIES for each in answerable(city).values()
}
"""Every field of every city, with the city."""
RULES: Mapping[str, Mapping[Any, EligibilityRule]] = {
    each.field: rules_of(each, BUREAUS.values())
    for city in standing_oracle.CITIES
    for each in answerable(city).values()
}
DATASETS = sorted({name for rules in RULES.values() for rule in rules.values() for name in rule.needs})
NEAR = st.sampled_from(
    [DAY + timedelta(days) for days in (-1, 0, 1)]
    + [years_before(DAY, years) + timedelta(days) for years in (1, 3, 5, 18) for days in (-1, 0, 1)]
)
"""Days at which something begins or ends."""
NOTHING: dict[str, list[dict[str, Any]]] = {name: [] for name in DATASETS}
COLUMNS: Mapping[str, st.SearchStrategy[Any]] = {
    "birth_date": NEAR,
    "deceased": st.sampled_from([False, False, True]),
    "status": st.sampled_from(["ACTIVE", "ACTIVE", "SUSPENDED", "REVOKED", "DEREGISTERED"]),
    "kind": st.sampled_from(
        ["COMPANY", "INDIVIDUAL_BUSINESS", "COOPERATIVE", "VILLAGE_COLLECTIVE", "PUBLIC_INSTITUTION"]
    ),
    "programme": st.sampled_from(["WANXIN", "SHANGDING"]),
    "enrolled_on": NEAR,
    "score": st.sampled_from([79, 99, 100, 119, 120, 150]),
    "scene": st.sampled_from(standing_oracle.SCENES),
    "grantee": st.sampled_from([None, None, "library", "parking"]),
    "given_on": NEAR,
    "until": st.one_of(st.none(), NEAR),
    "withdrawn_on": st.one_of(st.none(), NEAR),
    "listed_on": NEAR,
    "state": st.sampled_from(["EFFECTIVE", *sorted(RECORD_STATE)]),
    "decided_on": NEAR,
    "level": st.sampled_from(["NATIONAL", "PROVINCIAL", "CITY", "COUNTY"]),
    "grade": st.sampled_from(["AA", "A", "B", "C", "D", "M"]),
    "region": st.sampled_from(["411502", "411500", "411302", "320505"]),
    "industry": st.sampled_from(["食品制造业", "家具制造业", "农业"]),
    "established_on": NEAR,
}


def needs() -> dict[str, frozenset[str]]:
    """Return every column that any rule looks at."""
    found: dict[str, frozenset[str]] = {}
    for rules in RULES.values():
        for rule in rules.values():
            for name, columns in rule.needs.items():
                found[name] = found.get(name, frozenset()) | columns
    return found


def rows(dataset: str, columns: frozenset[str]) -> st.SearchStrategy[Any]:
    """Draw rows with some columns of a dataset: one at the most where it has not many."""
    row = st.fixed_dictionaries({name: COLUMNS[name] for name in sorted(columns)})
    return st.lists(row, max_size=2 if graph().sources[dataset].dataset.many else 1)


HELD = st.fixed_dictionaries({name: rows(name, columns) for name, columns in sorted(needs().items())})


def scene_of(field: str) -> str:
    """Return the scene in which a field is asked."""
    city = CITY_OF[field]
    id_ = standing_oracle.fields_of_city(city)[field]
    return standing_oracle.file_of(city)["incentive"][id_]["scene"]


def holds(rule: EligibilityRule, facts: Facts) -> bool:
    """Evaluate one rule by itself."""
    return RuleGroup({"rule": rule}).evaluate(facts)["rule"]


@pytest.mark.rule("R27", "R28", "R39")
@examples(400)
@given(field=st.sampled_from(sorted(RULES)), held=HELD, grantee=st.sampled_from([None, "library", "parking"]))
def test_every_rule_is_what_the_catalogue_says(field: str, held: dict[str, Any], grantee: str | None):
    """For whatever is held, each incentive is answered as the oracle answers that knows no rule."""
    for kind, rule in RULES[field].items():
        for each in held["credit_office.consent"]:
            each["scene"] = scene_of(field)
        owed = {each: [] for each in standing_oracle.OF_EMPLOYERS} if kind == "person" else {}
        found = holds(rule, Facts(held | owed, Circumstances(DAY, grantee)))
        wanted = standing_oracle.expected(field, kind, held | owed, DAY, grantee, CITY_OF[field])
        assert found is (wanted == "TRUE")


ENTRIES = {
    field: standing_oracle.file_of(city)["incentive"][standing_oracle.fields_of_city(city)[field]]
    for field, city in CITY_OF.items()
}
"""What the file says of each field."""


@pytest.mark.rule("R39")
@pytest.mark.parametrize(("kind", "told"), [("COMPANY", True), ("INDIVIDUAL_BUSINESS", False)])
def test_what_is_for_enterprises_alone_is_for_no_individual_business(kind: str, told: bool):
    """An incentive that names enterprises alone asks nobody for a consent, and rewards no individual business."""
    alone = replace(incentives("xinyang")["XY-006"], benefiting=frozenset({"enterprise"}), by_duty=False)
    rule = rules_of(alone, BUREAUS.values())["enterprise"]
    firm = {"kind": kind, "status": "ACTIVE"}
    held = {**NOTHING, "registry.enterprise": [firm], "tax.latest_taxpayer_grade": [{"grade": "A"}]}
    assert holds(rule, Facts(held, Circumstances(DAY))) is told
    assert not alone.needs_consent("enterprise")


@pytest.mark.parametrize("field", RULES)
def test_every_incentive_can_be_enjoyed_and_missed(field: str):
    """There is a subject that each answerable incentive rewards, and one whom it does not."""
    scene = scene_of(field)
    individual = "individual_business" in ENTRIES[field]["for"]
    best: dict[str, list[dict[str, Any]]] = {
        **NOTHING,
        "registry.person": [{"birth_date": date(1990, 1, 1), "deceased": False}],
        "registry.enterprise": [
            {
                "kind": "INDIVIDUAL_BUSINESS" if individual else "COMPANY",
                "status": "ACTIVE",
                "region": "411502",
                "industry": "食品制造业",
                "established_on": DAY,
            }
        ],
        "credit_office.score": [
            {"programme": each, "enrolled_on": DAY, "score": 150} for each in ("WANXIN", "SHANGDING")
        ],
        "credit_office.consent": [
            {"scene": scene, "grantee": None, "given_on": DAY, "until": DAY, "withdrawn_on": None}
        ],
        "credit_office.red_list": [{"listed_on": DAY, "until": DAY}],
        "credit_office.honour": [{"level": "NATIONAL"}],
        "tax.latest_taxpayer_grade": [{"grade": "A"}],
        "transport.transport_grade": [{"grade": "AA"}],
        "social_security.payment_grade": [{"grade": "A"}],
    }
    for rule in RULES[field].values():
        assert holds(rule, Facts(best, Circumstances(DAY)))
        assert not holds(rule, Facts(NOTHING, Circumstances(DAY)))


class Watched(Mapping[str, Any]):
    """A record that remembers which of its columns were looked at."""

    def __init__(self, name: str, values: Mapping[str, Any], seen: set[tuple[str, str]]) -> None:
        self.name, self.values_, self.seen = name, values, seen

    def __getitem__(self, column: str) -> Any:
        self.seen.add((self.name, column))
        return self.values_[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def looked_at(rules: RuleGroup, held: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return the columns that rules look at where every dataset has one record."""
    seen: set[tuple[str, str]] = set()
    watched = {name: [Watched(name, each, seen) for each in found] for name, found in held.items()}
    rules.evaluate(Facts(watched, Circumstances(DAY, "library")))
    return seen


def flat(needed: Needs) -> set[tuple[str, str]]:
    """Return datasets and columns as pairs."""
    return {(name, column) for name, columns in needed.items() for column in columns}


@examples(200)
@given(
    field=st.sampled_from(sorted(RULES)),
    held=st.fixed_dictionaries(
        {
            name: st.tuples(st.fixed_dictionaries({each: COLUMNS[each] for each in sorted(columns)}))
            for name, columns in sorted(needs().items())
        }
    ),
)
def test_a_rule_looks_at_all_that_it_needs_and_at_nothing_else(field: str, held: dict[str, Any]):
    """Whatever a record says, every column that the rule declares is looked at: nothing is cut short."""
    for rule in RULES[field].values():
        assert looked_at(RuleGroup({field: rule}), held) == flat(rule.needs)


@examples(100)
@given(
    fields=st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=8, unique=True),
    kind=st.sampled_from(["person", "enterprise"]),
    held=HELD,
    broken=st.frozensets(st.sampled_from(DATASETS), max_size=2),
)
def test_rules_hold_together_as_each_holds_alone(
    fields: list[str], kind: str, held: dict[str, Any], broken: frozenset[str]
):
    """Rules that are evaluated together share requirements and no answer, and look at all that any of them needs."""
    rules = {each: RULES[each][kind] for each in fields if kind in RULES[each]}
    facts, together = Facts(held, Circumstances(DAY), broken), RuleGroup(rules)
    assert together.evaluate(facts) == {name: holds(rule, facts) for name, rule in rules.items()}
    assert flat(together.needs) == set().union(*(flat(rule.needs) for rule in rules.values()))
    one = {name: [dict.fromkeys(columns, DAY)] for name, columns in together.needs.items()}
    for record in one.get("credit_office.score", []):
        record |= {name: 0 for name in ("score",) if name in record}
    assert looked_at(together, one) == flat(together.needs)


@pytest.mark.rule("HN-3")
@pytest.mark.parametrize(
    ("day", "born", "adult"),
    [
        (date(2026, 6, 30), date(2008, 6, 30), True),
        (date(2026, 6, 30), date(2008, 7, 1), False),
        (date(2026, 2, 28), date(2008, 2, 29), False),
        (date(2026, 3, 1), date(2008, 2, 29), True),
        (date(2028, 2, 29), date(2010, 2, 28), True),
        (date(2028, 2, 29), date(2010, 3, 1), False),
    ],
)
def test_of_age_from_the_eighteenth_birthday(day: date, born: date, adult: bool):
    """Full civil capacity begins with the eighteenth birthday, on 1 March for whoever was born on a leap day."""
    facts = Facts({"registry.person": [{"birth_date": born}]}, Circumstances(day))
    assert of_age().holds(facts) is adult


@pytest.mark.parametrize(
    ("dataset", "record", "counts"),
    [
        *((name, {"state": "EFFECTIVE", "decided_on": DAY}, True) for name, _ in ADVERSE_SETS),
        *((name, {"state": "REPAIRED", "decided_on": DAY}, False) for name, _ in ADVERSE_SETS),
        *((name, {"state": "UNKNOWN", "decided_on": DAY}, False) for name, _ in ADVERSE_SETS),
        ("transport.transport_violation", {"state": "EFFECTIVE", "decided_on": date(2025, 7, 1)}, True),
        ("transport.transport_violation", {"state": "EFFECTIVE", "decided_on": date(2025, 6, 30)}, False),
    ],
)
def test_an_adverse_record_counts_while_it_stands(dataset: str, record: dict[str, Any], counts: bool):
    """Only what stands counts, and of penalties those that were decided in the years that must be clean."""
    facts = Facts({**dict.fromkeys(dict(ADVERSE_SETS), ()), dataset: [record]}, Circumstances(DAY))
    assert clean(1, ADVERSE_SETS).holds(facts) is not counts


@pytest.mark.parametrize("kind", REQUIREMENT_KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_of_requirement_is_checked_by_what_it_looks_at(kind: RequirementKind):
    """A kind that a condition can state is checked by the columns of its registry, and has no value that is wrong."""
    value = frozenset(kind.codes[:1]) if kind.codes else kind.numbers[0] if kind.numbers else True
    assert [*kind.problems(value)] == []
    asked = {"person": ({kind.name: value},), "enterprise": ()}
    incentive = replace(answerable("nanyang")["NY-001"], asked=asked)
    ((requirement,),) = rules_of(incentive, BUREAUS.values())["person"].alternatives
    if kind.dataset:
        columns = requirement.needs[kind.dataset] - {"programme"}
        assert (set(requirement.needs), columns) == ({kind.dataset}, set(kind.columns))
