"""A one-sided answer is TRUE, or the same silence and the same work whatever it is that is not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.incentives.incentive_catalogue import incentives
from gateway.pipeline.request import Answer
from observability.events import RoundTrip
from observability.hooks import Hooks
from tests.support import standing_oracle
from tests.support.effort import examples
from tests.support.gateway_in_memory import InMemory, errors_of, policy
from tests.support.hearing_observer import Hearing
from tests.support.one_person import (
    ELIGIBLE,
    ENTERPRISE,
    GOOD_FIRM,
    NOT_A_FIRM,
    NOT_A_PERSON,
    OWNED,
    PERSON,
    Held,
    but,
    calls,
    consent,
    firm,
    holding,
    somebody,
)
from tests.support.small_city import ENTERPRISES, PERSONS, small_city

LIBRARY = "query Q($of: SubjectKey!) { standing(of: $of) { depositFree: pds028 newBooks: pds029 } }"
PARKING = "query Q($of: SubjectKey!) { standing(of: $of) { card: pds037 space: pds039 } }"
SILENCE = b'{"data":{"standing":{"depositFree":null,"newBooks":null}}}'
IN_COURT = [("courts", "judgment_defaulter", ("state",), 1)]
ARREARS = [("social_security", "insurance_arrears", ("state",), 1)]
VIOLATIONS = [
    ("tax", "serious_violation", ("state",), 1),
    ("tax", "tax_arrears", ("state",), 1),
    ("transport", "transport_violation", ("decided_on", "state"), 1),
]
REGISTERED = ("registry", "enterprise", ("kind", "status"), 1)
GOOD = [
    ("credit_office", "honour", ("level",), 1),
    ("credit_office", "red_list", ("listed_on", "until"), 1),
]
GRADED = ("tax", "latest_taxpayer_grade", ("grade", "assessed_on", "applied_on"), 1)
CONSENTED = ("credit_office", "consent", ("scene", "grantee", "given_on", "until", "withdrawn_on"), 1)
WORK = [
    *IN_COURT,
    CONSENTED,
    *GOOD,
    ("registry", "person", ("birth_date", "deceased"), 1),
    *VIOLATIONS,
]
"""Every call that the library's question makes: each data set once, for one key, with these columns."""


async def asked(gateway: InMemory, text: str, purpose: str, **of: str) -> Answer:
    """Ask as a scene operator does."""
    operation = gateway.prepared(text, purpose, kind="scene_operator")
    assert operation.grant.denied == {}
    return await gateway.answer(operation, {"of": of})


async def test_a_subject_that_meets_the_condition_is_told_so():
    """Of age, alive, enrolled, consenting and above the condition: TRUE, by the same calls as ever."""
    gateway = holding(PERSON, ELIGIBLE)
    answer = await asked(gateway, LIBRARY, "reward.reading", person=PERSON)
    assert answer.body == b'{"data":{"standing":{"depositFree":"TRUE","newBooks":"TRUE"}}}'
    assert calls(gateway) == WORK


@pytest.mark.rule("R02", "C12")
@pytest.mark.parametrize("why", NOT_A_PERSON)
async def test_silence_about_a_person_is_always_the_same(why: str):
    """Unknown, minor, dead, erased, not enrolled, without consent, below, adverse record: the same bytes by the same calls."""
    gateway = holding(PERSON, NOT_A_PERSON[why])
    answer = await asked(gateway, LIBRARY, "reward.reading", person=PERSON)
    assert answer.body == SILENCE
    assert answer.codes == ()
    assert calls(gateway) == WORK


async def test_every_reason_is_the_only_one():
    """Each case of the test above differs from the person who is told TRUE, so none passes by another's merit."""
    assert all(held != ELIGIBLE for held in NOT_A_PERSON.values())
    assert len({orjson.dumps(held) for held in NOT_A_PERSON.values()}) == len(NOT_A_PERSON)


@pytest.mark.parametrize("why", NOT_A_FIRM)
async def test_silence_about_an_enterprise_is_always_the_same(why: str):
    """Unknown, erased, out of business, not graded, below, an owner's consent missing: the same bytes by the same calls."""
    answers: list[tuple[bytes, Any]] = []
    for held in (NOT_A_FIRM[why], {}):
        gateway = holding(ENTERPRISE, held)
        answers.append(
            ((await asked(gateway, PARKING, "reward.parking", enterprise=ENTERPRISE)).body, calls(gateway))
        )
    assert answers[0] == answers[1]
    assert answers[0] == (
        b'{"data":{"standing":{"card":null,"space":null}}}',
        sorted([*IN_COURT, CONSENTED, GOOD[1], *ARREARS, *VIOLATIONS, REGISTERED, GRADED]),
    )


@pytest.mark.rule("R39")
@pytest.mark.parametrize("held", [GOOD_FIRM, OWNED])
async def test_a_company_needs_no_consent_and_an_individual_business_that_of_its_owner(held: Held):
    """An enterprise in business with the grade is told TRUE."""
    gateway = holding(ENTERPRISE, held)
    answer = await asked(gateway, PARKING, "reward.parking", enterprise=ENTERPRISE)
    assert answer.body == b'{"data":{"standing":{"card":"TRUE","space":"TRUE"}}}'


@pytest.mark.parametrize("held", [ELIGIBLE, {}, *NOT_A_PERSON.values()])
@pytest.mark.parametrize("bureau", ["registry", "credit_office", "courts", "transport"])
async def test_a_bureau_that_is_down_is_no_silence(held: Held, bureau: str):
    """An answer that depends on a bureau that is down is an error with its code, whoever the subject is."""
    answer = await asked(holding(PERSON, held, frozenset({bureau})), LIBRARY, "reward.reading", person=PERSON)
    nobody = await asked(holding(PERSON, {}, frozenset({bureau})), LIBRARY, "reward.reading", person=PERSON)
    found = orjson.loads(answer.body)
    failing = [(["standing", each], "BUREAU_UNAVAILABLE") for each in ("depositFree", "newBooks")]
    assert errors_of(found) == failing
    assert found["data"] == {"standing": {"depositFree": None, "newBooks": None}}
    if held is not ELIGIBLE:
        assert answer.body == nobody.body


@pytest.mark.parametrize("bureau", ["registry", "credit_office", "courts", "tax", "transport"])
async def test_a_bureau_that_is_down_is_named_and_no_data_set(bureau: str):
    """An error of a one-sided answer says which bureau failed, and not what was to be read of it."""
    answer = await asked(
        holding(PERSON, ELIGIBLE, frozenset({bureau})), LIBRARY, "reward.reading", person=PERSON
    )
    for error in orjson.loads(answer.body)["errors"]:
        assert error["extensions"]["bureau"] == bureau
        assert "dataset" not in error["extensions"]


@pytest.mark.parametrize(("bureau", "dataset", "_columns", "_keys"), WORK)
async def test_a_record_that_breaks_its_contract_is_silence(
    bureau: str, dataset: str, _columns: tuple[str, ...], _keys: int
):
    """Whichever record of a subject cannot be read, the answer is null with no error and by the same calls."""
    gateway = holding(PERSON, ELIGIBLE, broken=f"{bureau}.{dataset}")
    answer = await asked(gateway, LIBRARY, "reward.reading", person=PERSON)
    assert answer.body == SILENCE
    assert answer.codes == ()
    assert calls(gateway) == WORK


async def test_a_broken_record_is_told_to_operators_without_its_key():
    """The round trip that brought what breaks its contract says so by bureau, data set and number of rows."""
    heard = Hearing()
    gateway = replace(holding(PERSON, ELIGIBLE, broken="courts.judgment_defaulter"), hooks=Hooks([heard]))
    await asked(gateway, LIBRARY, "reward.reading", person=PERSON)
    trips = [each for each in heard.facts if isinstance(each, RoundTrip)]
    assert [(each.bureau, each.dataset) for each in trips if each.broken_rows] == [
        ("courts", "judgment_defaulter")
    ]
    assert PERSON not in str(trips)


async def test_a_broken_record_is_silence_beside_a_bureau_that_is_down():
    """Where one data set failed and another one's record is broken, the error is what it is for everybody."""
    bodies = {
        (
            await asked(
                holding(PERSON, held, frozenset({"tax"}), broken), LIBRARY, "reward.reading", person=PERSON
            )
        ).body
        for held, broken in ((NOT_A_PERSON["minor"], "courts.judgment_defaulter"), ({}, ""))
    }
    assert len(bodies) == 1


@pytest.mark.parametrize(
    ("scene", "fields", "person"),
    [
        ("reward.travel", "a: pds006 b: pds007", {"transport.transport_grade": [{"grade": "AA"}]}),
        ("reward.approval", "a: pds001 b: pds002", {}),
    ],
)
async def test_an_organ_needs_no_consent_on_what_it_holds_by_duty(scene: str, fields: str, person: Held):
    """Without consent and without a score programme an organ is told TRUE, and reads neither."""
    gateway = holding(PERSON, {"registry.person": [somebody()], **person})
    text = f"query Q($of: SubjectKey!) {{ standing(of: $of) {{ {fields} }} }}"
    operation = gateway.prepared(text, scene, kind="organ")
    answer = await gateway.answer(operation, {"of": {"person": PERSON}})
    assert orjson.loads(answer.body)["data"]["standing"] == {"a": "TRUE", "b": "TRUE"}
    assert "credit_office" not in {bureau for bureau, *_ in calls(gateway)}


def test_scenes_of_duty_are_those_that_organs_alone_run():
    """What the catalogue names as a duty is held by organs and by nobody else, and each such scene is named."""
    leaves = policy().purposes.leaves
    organs = {"organ"} | {each.name for each in policy().kinds.values() if each.sandbox}
    held = {name for name, leaf in leaves.items() if name.startswith("reward.") and leaf.holders == organs}
    assert held == set(standing_oracle.BY_DUTY)
    for city in standing_oracle.CITIES:
        assert {each.scene for each in incentives(city).values() if each.by_duty} <= held


@pytest.mark.rule("R03", "C12")
async def test_a_consent_to_one_client_is_for_that_client():
    """The client that a consent names is told TRUE; the subject itself is, whomever it named."""
    held = but(ELIGIBLE, credit_office__consent=[consent(grantee="test")])
    gateway = holding(PERSON, held)
    answer = await asked(gateway, LIBRARY, "reward.reading", person=PERSON)
    assert orjson.loads(answer.body)["data"]["standing"]["depositFree"] == "TRUE"
    other = holding(PERSON, but(ELIGIBLE, credit_office__consent=[consent(grantee="hospital")]))
    own = await other.answer(
        other.prepared(LIBRARY, "subject.access", kind="person"), {"of": {"person": PERSON}}
    )
    assert orjson.loads(own.body)["data"]["standing"]["depositFree"] == "TRUE"
    assert (await asked(other, LIBRARY, "reward.reading", person=PERSON)).body == SILENCE


@pytest.mark.rule("R50")
async def test_the_subject_reads_its_own_standing_in_every_scene():
    """Whoever asks about itself is answered for every scene, and denied none."""
    fields = " ".join(standing_oracle.FIELDS)
    gateway = small_city().sources()
    text = f"query Q($id: PersonNumber!) {{ standing(of: {{person: $id}}) {{ {fields} }} }}"
    operation = InMemory(gateway).prepared(text, "subject.access", kind="person", bound={"id": "person"})
    assert operation.grant.denied == {}
    told: set[str | None] = set()
    for person in PERSONS:
        found = orjson.loads((await InMemory(gateway).answer(operation, {}, subject=person)).body)
        told |= set(found["data"]["standing"].values())
        assert "errors" not in found
    assert told == {"TRUE", None}


@pytest.mark.rule("HN-3")
@pytest.mark.parametrize(("day", "told"), [(date(2026, 6, 30), None), (date(2026, 7, 1), "TRUE")])
async def test_the_day_of_the_eighteenth_birthday_counts(day: date, told: str | None):
    """Who was born on 2008-07-01 is of age on 2026-07-01 in the city, and not a day before."""
    held = but(ELIGIBLE, registry__person=[somebody(birth_date=date(2008, 7, 1))])
    gateway = replace(holding(PERSON, held), today=day)
    answer = await asked(gateway, LIBRARY, "reward.reading", person=PERSON)
    assert orjson.loads(answer.body)["data"]["standing"]["depositFree"] == told


async def test_two_standings_of_one_question_are_apart():
    """A person and an enterprise in one question are each answered from their own records."""
    people = holding(
        PERSON, {**ELIGIBLE, **GOOD_FIRM, "credit_office.consent": [consent(scene="reward.medical")]}
    )
    for source in people.sources.values():
        for table in source.tables.values():
            table[ENTERPRISE] = table[PERSON]
    text = f"""{{ a: standing(of: {{person: "{PERSON}"}}) {{ pds035 }}
      b: standing(of: {{enterprise: "{ENTERPRISE}"}}) {{ pds035 __typename }} }}"""
    operation = people.prepared(text, "reward.medical", kind="scene_operator")
    answer = orjson.loads((await people.answer(operation)).body)
    assert answer["data"] == {"a": {"pds035": "TRUE"}, "b": {"pds035": None, "__typename": "Standing"}}


@examples(60)
@given(
    fields=st.lists(st.sampled_from(sorted(standing_oracle.FIELDS)), min_size=1, max_size=30, unique=True),
    key=st.sampled_from([{"person": key} for key in PERSONS] + [{"enterprise": key} for key in ENTERPRISES]),
    seed=st.integers(0, 5),
)
async def test_an_answer_is_true_or_nothing(fields: list[str], key: dict[str, str], seed: int):
    """Whatever is held of whomever, a field is TRUE or null, and its absence changes nothing of the calls."""
    text = f"query Q($of: SubjectKey!) {{ standing(of: $of) {{ {' '.join(fields)} }} }}"
    gateway, empty = InMemory(small_city(seed).sources()), holding("nobody", {})
    answer = orjson.loads((await gateway.answer(gateway.prepared(text), {"of": key})).body)
    await empty.answer(empty.prepared(text), {"of": key})
    assert set(answer) == {"data"}
    assert set(answer["data"]["standing"].values()) <= {"TRUE", None}
    assert calls(gateway) == calls(empty)


def test_a_firm_is_no_person():
    """The cases above are about registrations that the registry could hold."""
    assert set(somebody()) & set(firm()) == {"name", "region"}
