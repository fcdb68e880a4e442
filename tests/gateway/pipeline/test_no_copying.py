"""What an enterprise did stands against the enterprise: nothing of it is copied to whoever represents it, nor back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from adapters import bureaus
from adapters.source import Key
from catalogue.record_life import STANDS
from resolvers.graph.fields import fields_of
from tests.support.gateway_in_memory import InMemory, graph
from tests.support.hand_map import LISTS, gathered_of
from tests.support.rows_source import Record, RowsSource
from tests.support.small_city import ENTERPRISES, PERSONS

PERSON, FIRM = PERSONS[0], ENTERPRISES[0]
OFFICE: Record = {
    "person_number": PERSON,
    "credit_code": FIRM,
    "role": "LEGAL_REPRESENTATIVE",
    "since": date(2020, 1, 1),
    "until": None,
    "office_number": "1",
}
LISTED: Record = {
    "case_number": "（2026）豫15执1号",
    "listed_on": date(2026, 1, 1),
    "expires_on": date(2028, 1, 1),
    "performance": "NONE",
    "state": STANDS,
}
CLOSED: Record = {"case_number": "（2026）豫15执2号", "closed_on": date(2026, 1, 1), "state": STANDS}
TABLES: Mapping[str, Mapping[Key, Sequence[Record]]] = {
    "registry.person": {PERSON: [{"name": "蒋萍", "birth_date": date(1971, 1, 1)}]},
    "registry.enterprise": {FIRM: [{"name": "信阳甲公司"}]},
    "registry.office_by_person": {PERSON: [OFFICE]},
    "registry.legal_representative": {FIRM: [OFFICE]},
}
SUBJECTS = f"""{{
  person(id: "{PERSON}") {{ judgmentDefaults {{ caseNumber }} adverseRecords {{ __typename }} }}
  enterprise(id: "{FIRM}") {{ judgmentDefaults {{ caseNumber }} adverseRecords {{ __typename }} }}
}}"""


def holding(tables: Mapping[str, Mapping[Key, Sequence[Record]]]) -> InMemory:
    """Return a gateway over bureaus that hold the office, and these tables beside it."""
    held = {**TABLES, **tables}
    return InMemory(
        {
            name: RowsSource(
                name,
                {
                    each.name: {
                        key: [{**dict.fromkeys(each.by_name), **row} for row in rows]
                        for key, rows in held.get(f"{name}.{each.name}", {}).items()
                    }
                    for each in bureau.datasets
                },
            )
            for name, bureau in bureaus.discover().items()
        }
    )


@pytest.mark.rule("C4")
@pytest.mark.parametrize(("of", "other"), [("enterprise", "person"), ("person", "enterprise")])
async def test_the_listing_of_a_firm_lists_nobody_else(of: str, other: str):
    """An entry of the courts' list stands against whom it names: neither representative nor firm inherits it."""
    key = FIRM if of == "enterprise" else PERSON
    answer = await holding({"courts.judgment_defaulter": {key: [LISTED]}}).asked(SUBJECTS)
    assert answer["data"][of] == {
        "judgmentDefaults": [{"caseNumber": LISTED["case_number"]}],
        "adverseRecords": [{"__typename": "JudgmentDefault"}],
    }
    assert answer["data"][other] == {"judgmentDefaults": [], "adverseRecords": []}


MARK: Record = {
    "person_number": PERSON,
    "credit_code": FIRM,
    "role": "LEGAL_REPRESENTATIVE",
    "decision_number": "信税责〔2026〕1号",
    "since": date(2026, 1, 1),
    "mark_number": "1",
    "state": STANDS,
}
LISTED_FOR_TAX: Record = {
    "violation": "TAX_EVASION",
    "decision_number": "信税稽罚〔2026〕1号",
    "listed_on": date(2026, 1, 1),
    "state": STANDS,
}
MARKED = f"""{{
  person(id: "{PERSON}") {{
    responsibleFor {{ role decisionNumber enterprise {{ name }} }}
    seriousTaxViolations {{ violation }} adverseRecords {{ __typename }}
  }}
  enterprise(id: "{FIRM}") {{ responsiblePersons {{ role decisionNumber person {{ name }} }} }}
}}"""


@pytest.mark.rule("R26", "HN-35", "C4")
async def test_a_representative_is_responsible_by_a_decision_alone():
    """The entry of a firm marks nobody; a decision that names the person does, and adds no adverse record to the person."""
    entry = {"tax.serious_violation": {FIRM: [LISTED_FOR_TAX]}}
    answer = await holding(entry).asked(MARKED)
    nothing = {"responsibleFor": [], "seriousTaxViolations": [], "adverseRecords": []}
    assert answer["data"] == {"person": nothing, "enterprise": {"responsiblePersons": []}}
    marks = {
        "tax.responsibility_by_person": {PERSON: [MARK]},
        "tax.responsibility_by_enterprise": {FIRM: [MARK]},
    }
    answer = await holding({**entry, **marks}).asked(MARKED)
    shown = {"role": MARK["role"], "decisionNumber": MARK["decision_number"]}
    marked = [{**shown, "enterprise": {"name": "信阳甲公司"}}]
    assert answer["data"] == {
        "person": {**nothing, "responsibleFor": marked},
        "enterprise": {"responsiblePersons": [{**shown, "person": {"name": "蒋萍"}}]},
    }


@pytest.mark.rule("HN-20")
async def test_closed_enforcement_is_in_no_list_of_adverse_records():
    """Enforcement closed without result is a fact of its own, and among the adverse records of nobody."""
    asked = SUBJECTS.replace("judgmentDefaults", "closedEnforcements")
    held = {key: [CLOSED] for key in (PERSON, FIRM)}
    answer = await holding({"courts.closed_enforcement": held}).asked(asked)
    for subject in answer["data"].values():
        assert subject == {
            "closedEnforcements": [{"caseNumber": CLOSED["case_number"]}],
            "adverseRecords": [],
        }


@pytest.mark.rule("R14", "R41", "HN-17")
def test_the_organ_behind_each_grade_and_record_is_known():
    """Every field of a grade or of an adverse record names its provider and its legal basis, who answer for it."""
    found = fields_of(graph())
    shown = [f"{owner}.{name}" for owner, lists in LISTS.items() for name in lists]
    for coordinate in shown:
        item = found[coordinate].item
        assert item.provider
        assert item.legal_basis
    for owner in LISTS:
        inputs = {each.field for each in found[f"{owner}.adverseRecords"].inputs}
        assert {each.rpartition(".")[2] for each in inputs} == set(gathered_of(owner))
