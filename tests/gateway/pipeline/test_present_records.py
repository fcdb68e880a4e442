"""An answer is what the bureaus hold now: nothing that was read is kept, and who is dissolved keeps its records."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest

from tests.support.gateway_in_memory import InMemory
from tests.support.one_person import ENTERPRISE, GOOD_FIRM, PERSON, Held, but, firm, holding, somebody
from tests.support.rows_source import Record

GRADE = "query Q($id: PersonNumber!) { person(id: $id) { name transportGrade { grade } } }"
FIRM = "query Q($id: CreditCode!) { enterprise(id: $id) { name status taxArrears { amountFen } } }"
PARKING = "query Q($of: SubjectKey!) { standing(of: $of) { card: pds037 } }"


async def asked(gateway: InMemory, text: str, purpose: str, **variables: Any) -> Any:
    """Return the data of an answer to an organ, or to the operator of a scene."""
    kind = "scene_operator" if purpose.startswith("reward.") else "organ"
    operation = gateway.prepared(text, purpose, kind=kind)
    assert operation.grant.denied == {}
    return orjson.loads((await gateway.answer(operation, variables)).body)["data"]


def graded(letter: str) -> Held:
    """Return what is held of a driver with this grade."""
    grade: Record = {"year": 2025, "grade": letter, "demerits": 0, "assessed_on": date(2026, 4, 30)}
    return {"registry.person": [somebody()], "transport.transport_grade": [grade]}


@pytest.mark.rule("R35")
async def test_what_a_bureau_changes_is_in_the_next_answer():
    """Bureaus are read at each request: one operation, prepared once, answers what they hold at that moment."""
    gateway = holding(PERSON, graded("AA"))
    operation = gateway.prepared(GRADE, "supervision.transport", kind="organ")
    held: list[Any] = []
    for letter in ("AA", "B", None):
        rows = holding(PERSON, graded(letter) if letter else {"registry.person": [somebody(name="改名")]})
        for name, source in gateway.sources.items():
            source.tables = rows.sources[name].tables
        answer = await gateway.answer(operation, {"id": PERSON})
        held.append(orjson.loads(answer.body)["data"]["person"])
    assert held == [
        {"name": "蒋萍", "transportGrade": {"grade": "AA"}},
        {"name": "蒋萍", "transportGrade": {"grade": "B"}},
        {"name": "改名", "transportGrade": None},
    ]


@pytest.mark.rule("C18")
async def test_a_dissolved_enterprise_keeps_its_records_and_is_rewarded_no_more():
    """Its register, its status and what stands against it are shown to a duty; no scene is told anything of it."""
    owed: Record = {"tax": "VALUE_ADDED", "amount_fen": 100, "since": date(2026, 1, 1), "cleared_on": None}
    of = {"of": {"enterprise": ENTERPRISE}}
    for status, told in (("ACTIVE", "TRUE"), ("DEREGISTERED", None), ("REVOKED", None)):
        held = but(GOOD_FIRM, registry__enterprise=[firm(status=status)])
        gateway = holding(ENTERPRISE, but(held, tax__tax_arrears=[owed]))
        shown = await asked(gateway, FIRM, "supervision.tax", id=ENTERPRISE)
        assert shown["enterprise"] == {
            "name": "信阳甲公司",
            "status": status,
            "taxArrears": [{"amountFen": 100}],
        }
        gateway = holding(ENTERPRISE, held)
        assert (await asked(gateway, PARKING, "reward.parking", **of))["standing"] == {"card": told}
