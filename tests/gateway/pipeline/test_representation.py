"""An enterprise is its own subject through whoever represents it today, and the registry says who that is at each request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.bureau_errors import BureauUnavailable
from adapters.source import Batch, Key, Query
from catalogue.ages import coming_of_age, digits_of
from catalogue.identifiers import person_check_sign
from catalogue.record_life import STANDS
from gateway.errors import RequestError, StartRefused
from gateway.operations.register import Registration
from gateway.pipeline.lookup import prepare_registered
from gateway.pipeline.prepare import Operation, Preparer
from gateway.pipeline.request import Answerer, SubjectRules
from gateway.settings import LimitSettings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.admissions import CLIENTS, REGISTER
from tests.support.effort import examples
from tests.support.gateway_in_memory import TODAY, graph, policy, principal, schema_answers, start_of
from tests.support.rows_source import RowsSource
from tests.support.seams import Evidence
from tests.support.small_city import BY_ENTERPRISE, CHILDREN, ENTERPRISES, PERSONS, small_city

PERSON, OTHER = PERSONS[0], PERSONS[1]
FIRM, BUSINESS, UNKNOWN = ENTERPRISES[0], ENTERPRISES[4], ENTERPRISES[-1]
OWN = ("enterprise-file", "enterprise-report", "my-enterprise-incentives")
PLACE = "office_by_enterprise"
ADULT, CHILD = CHILDREN[0], CHILDREN[3]
"""An adult and a minor by their numbers."""
GROWN, YOUNG = date(1970, 1, 1), date(2015, 1, 1)


def office(**changed: Any) -> dict[str, Any]:
    """Return the office by which a person represents an enterprise today."""
    return {
        "person_number": PERSON,
        "credit_code": FIRM,
        "role": "LEGAL_REPRESENTATIVE",
        "since": date(2020, 1, 1),
        "until": None,
        "office_number": "1",
    } | changed


class Registry:
    """A gateway whose registry holds these offices in the enterprise, and what it was asked."""

    def __init__(
        self,
        *offices: dict[str, Any],
        down: str = "",
        broken: Key = "",
        faulty: str = BY_ENTERPRISE,
        firm: Key = FIRM,
        kind: str = "",
    ) -> None:
        at_fault = frozenset({(faulty, broken)}) if broken else frozenset()
        self.sources: dict[str, RowsSource] = small_city().sources(frozenset({down} - {""}), at_fault)
        self.sources["registry"].tables[PLACE][firm] = list(offices)
        if kind:
            self.sources["registry"].tables["enterprise"][firm][0]["kind"] = kind
        self.evidence = Evidence([])

    def with_person(self, number: Key, **row: Any) -> Registry:
        """Let the registry know a person, who is alive and grown up where the row does not say otherwise."""
        known = {"person_number": number, "birth_date": GROWN, "deceased": False} | row
        self.sources["registry"].tables["person"][number] = [known]
        return self

    def prepared(self, name: str) -> Operation:
        """Prepare a registered operation."""
        preparer = Preparer(graph(), policy(), Loaders(self.sources, Hooks()), Hooks())
        (operation,) = prepare_registered(preparer, REGISTER[name], CLIENTS, LimitSettings()).values()
        return operation

    async def ask(self, name: str, person: Key | None = PERSON, firm: Key | None = FIRM) -> dict[str, Any]:
        """Ask for what a token names, and return the data."""
        answerer = Answerer(
            schema_answers(),
            10**6,
            10,
            clock=lambda: start_of(TODAY),
            subjects=SubjectRules(evidence=self.evidence),
        )
        deadline = asyncio.get_running_loop().time() + 60
        caller = principal(person, firm)
        answer = await answerer.answer(self.prepared(name), {}, caller, deadline)
        return orjson.loads(answer.body)["data"]

    async def refusal(self, name: str, **asked: Any) -> tuple[str, list[Any]]:
        """Ask in vain, and return the whole error with every call that was made, but for the key."""
        with pytest.raises(RequestError) as caught:
            await self.ask(name, **asked)
        text = orjson.dumps(caught.value.formatted()).decode()
        assert not any(each in text for each in (*PERSONS, *ENTERPRISES))
        return text, [(query, len(keys)) for each in self.sources.values() for query, keys in each.asked]


@pytest.mark.rule("R49")
@pytest.mark.parametrize("name", OWN)
async def test_who_represents_an_enterprise_today_sees_its_own_file(name: str):
    """The representative in office is answered about the enterprise that the token names."""
    data = await Registry(office()).ask(name)
    (answered,) = data.values()
    assert answered is not None


@pytest.mark.rule("R49")
async def test_an_enterprise_sees_its_history_with_state():
    """Records that do not stand are in the file, each with its state."""
    registry = Registry(office())
    seen = (await registry.ask("enterprise-file"))["enterprise"]
    lists = [value for value in seen.values() if isinstance(value, list)]
    states = {each["state"] for value in lists for each in value if "state" in each}
    assert states - {STANDS}


NOT_IN_OFFICE = {
    "somebody else": [office(person_number=OTHER)],
    "nobody": [],
    "another office": [office(role="DIRECTOR"), office(role="SUPERVISOR"), office(role="MANAGER")],
    "a term that ended": [office(until=TODAY - timedelta(1))],
    "a term to come": [office(since=TODAY + timedelta(1))],
}


@pytest.mark.rule("R49")
@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("case", NOT_IN_OFFICE)
async def test_who_does_not_represent_it_today_is_refused_before_anything_is_read(name: str, case: str):
    """The registry's kind, offices and person are read and nothing else, whatever keeps the person from representing it."""
    registry = Registry(*NOT_IN_OFFICE[case])
    text, calls = await registry.refusal(name)
    assert '"code":"REPRESENTATIVE_NOT_IN_OFFICE"' in text
    assert [query.dataset.name for query, _ in calls] == ["enterprise", PLACE, "person"]
    assert [each.outcome for each in registry.evidence.log] == ["REPRESENTATIVE_NOT_IN_OFFICE"]


@pytest.mark.parametrize("name", OWN)
async def test_a_refusal_does_not_tell_whether_the_enterprise_exists(name: str):
    """An unknown enterprise, another person's and one whose offices are broken give equal bytes after equal calls."""
    others = await Registry(office(person_number=OTHER)).refusal(name)
    assert await Registry().refusal(name, firm=UNKNOWN) == others
    assert await Registry(office(), broken=FIRM).refusal(name) == others


@pytest.mark.parametrize(
    ("code", "kind"),
    [(BUSINESS, "INDIVIDUAL_BUSINESS"), (BUSINESS, "COMPANY"), (FIRM, "INDIVIDUAL_BUSINESS")],
)
async def test_the_operator_of_an_individual_business_alone_acts_for_it(code: str, kind: str):
    """Where the code or the kind says that it is an individual business, its operator sees its file, and nobody else."""
    operator = Registry(office(role="OPERATOR", credit_code=code), firm=code, kind=kind)
    assert (await operator.ask("enterprise-file", firm=code))["enterprise"]
    legal = Registry(office(credit_code=code), firm=code, kind=kind)
    text, _ = await legal.refusal("enterprise-file", firm=code)
    assert '"code":"REPRESENTATIVE_NOT_IN_OFFICE"' in text


async def test_a_company_has_no_operator():
    """Of every other organisation the legal representative alone acts for it."""
    text, _ = await Registry(office(role="OPERATOR")).refusal("enterprise-file")
    assert '"code":"REPRESENTATIVE_NOT_IN_OFFICE"' in text


@pytest.mark.parametrize(("first", "last"), [(TODAY, TODAY), (date(2000, 1, 1), TODAY), (TODAY, None)])
async def test_a_term_holds_on_its_first_and_on_its_last_day(first: date, last: date | None):
    """Both ends of a term belong to it."""
    assert (await Registry(office(since=first, until=last)).ask("enterprise-file"))["enterprise"]


@examples(60)
@given(since=st.integers(-3, 3), length=st.one_of(st.none(), st.integers(0, 3)))
async def test_exactly_the_days_of_the_term_count(since: int, length: int | None):
    """A person is answered on the days of the term and on no other."""
    first = TODAY + timedelta(since)
    last = None if length is None else first + timedelta(length)
    registry = Registry(office(since=first, until=last))
    if first <= TODAY and (last is None or last >= TODAY):
        assert await registry.ask("enterprise-report")
    else:
        await registry.refusal("enterprise-report")


def in_office(person: Key) -> Registry:
    """Return a registry in which a person holds the office that represents the enterprise."""
    return Registry(office(person_number=person))


UNFIT: dict[str, Callable[[], tuple[Registry, Key]]] = {
    "dead": lambda: (in_office(ADULT).with_person(ADULT, deceased=True), ADULT),
    "a broken row": lambda: (Registry(office(), broken=PERSON, faulty="registry.person"), PERSON),
    "a minor by the registry": lambda: (in_office(ADULT).with_person(ADULT, birth_date=YOUNG), ADULT),
    "a minor by the number": lambda: (in_office(CHILD).with_person(CHILD, birth_date=GROWN), CHILD),
    "a minor by both": lambda: (in_office(CHILD).with_person(CHILD, birth_date=YOUNG), CHILD),
}
"""A person in office who acts for nobody, by the reason."""


@pytest.mark.rule("R49")
@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("case", UNFIT)
async def test_a_representative_who_is_no_living_adult_opens_nothing(name: str, case: str):
    """Who is a minor or dead gets the bytes and the calls of who holds no office, and so nothing of the enterprise."""
    registry, person = UNFIT[case]()
    others = await Registry(office(person_number=OTHER)).refusal(name)
    assert '"code":"REPRESENTATIVE_NOT_IN_OFFICE"' in others[0]
    assert await registry.refusal(name, person=person) == others
    assert [each.outcome for each in registry.evidence.log] == ["REPRESENTATIVE_NOT_IN_OFFICE"]


@pytest.mark.rule("R49")
@pytest.mark.parametrize("name", OWN)
async def test_a_representative_from_another_city_is_answered(name: str):
    """Whom the city's registry does not know is of age by the number, and represents the enterprise by the office."""
    assert await in_office(PERSONS[-1]).ask(name, person=PERSONS[-1])
    young = f"411502{digits_of(YOUNG)}001"
    child = young + person_check_sign(young)
    await in_office(child).refusal(name, person=child)


@examples(40)
@given(by_number=st.integers(-2, 2), by_registry=st.integers(-2, 2))
async def test_the_younger_of_number_and_registry_decides_from_the_birthday_on(
    by_number: int, by_registry: int
):
    """A person acts from the eighteenth birthday on, of number and registry the later one."""
    eighteen = date(TODAY.year - 18, TODAY.month, TODAY.day)
    number, registered = eighteen + timedelta(by_number), eighteen + timedelta(by_registry)
    body = f"411502{digits_of(number)}001"
    person = body + person_check_sign(body)
    registry = Registry(office(person_number=person)).with_person(person, birth_date=registered)
    if max(coming_of_age(number), coming_of_age(registered)) <= TODAY:
        assert await registry.ask("enterprise-report", person=person)
    else:
        await registry.refusal("enterprise-report", person=person)


class PartlyDown(RowsSource):
    """A registry of which one data set cannot be read."""

    lost: str = ""

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Answer, but of the lost data set."""
        if query.dataset.name == self.lost:
            raise BureauUnavailable(self.bureau, self.lost)
        return await super().fetch(query, keys, deadline)


@pytest.mark.parametrize("lost", ["enterprise", PLACE, "person"])
async def test_where_one_of_the_three_reads_fails_nothing_is_released(lost: str):
    """Without the enterprise, its offices or the person nobody is known to represent anybody."""
    registry = Registry(office())
    partly = PartlyDown("registry", registry.sources["registry"].tables)
    partly.lost = lost
    registry.sources["registry"] = partly
    text, _ = await registry.refusal("enterprise-file")
    assert '"code":"AUTHORIZATION_UNAVAILABLE"' in text


@pytest.mark.parametrize("name", OWN)
async def test_where_the_registry_cannot_be_read_nothing_is_released(name: str):
    """Without the registry nobody is known to represent anybody."""
    text, _ = await Registry(office(), down="registry").refusal(name)
    assert '"code":"AUTHORIZATION_UNAVAILABLE"' in text


@pytest.mark.parametrize(("person", "firm"), [(None, None), (PERSON, None)])
async def test_a_token_without_an_enterprise_reads_no_enterprise_s_own_data(
    person: Key | None, firm: Key | None
):
    """A person's token is no enterprise's, whatever the person represents."""
    registry = Registry(office())
    text, calls = await registry.refusal("enterprise-file", person=person, firm=firm)
    assert '"code":"SUBJECT_NOT_SELF"' in text
    assert calls == []


async def test_a_person_who_acts_for_an_enterprise_is_still_the_person_of_its_own_file():
    """The enterprise in a token changes nothing of what a person reads about itself."""
    registry = Registry(office(person_number=OTHER))
    assert (await registry.ask("citizen"))["person"]["identityNumber"] == PERSON


async def test_persons_reached_through_the_enterprise_show_their_name_and_office_alone():
    """Of the persons in its offices an enterprise reads what is of ordinary identity."""
    seen = (await Registry(office()).ask("enterprise-file"))["enterprise"]
    (officer,) = seen["officers"]
    assert set(officer) == {"role", "since", "until", "person", "provider", "legalBasis"}
    assert set(officer["person"]) == {"name"}
    text = REGISTER["enterprise-file"].document.replace("person { name }", "person { birthDate }")
    preparer = Preparer(graph(), policy(), Loaders(small_city().sources(), Hooks()), Hooks())
    with pytest.raises(StartRefused, match=r"Person\.birthDate by "):
        prepare_registered(preparer, changed("enterprise-file", document=text), CLIENTS, LimitSettings())


def changed(name: str, **changes: Any) -> Registration:
    """Return a registered operation with something else in it."""
    return replace(REGISTER[name], **changes)


async def test_a_variable_is_bound_to_the_claim_of_its_type():
    """A credit code is no person's number: a binding of the wrong claim keeps an operation out."""
    preparer = Preparer(graph(), policy(), Loaders(small_city().sources(), Hooks()), Hooks())
    for name, claim in (("enterprise-file", "person"), ("citizen", "enterprise")):
        with pytest.raises(StartRefused, match=r"bind names \$id, which is no variable"):
            prepare_registered(preparer, changed(name, bind={"id": claim}), CLIENTS, LimitSettings())


async def test_without_something_that_looks_offices_up_nothing_is_answered():
    """An operation that lost its look-up refuses: it fails closed."""
    registry = Registry(office())
    operation = registry.prepared("enterprise-file")
    operation.representation = None
    registry.prepared = lambda _: operation  # type: ignore[method-assign]
    text, calls = await registry.refusal("enterprise-file")
    assert '"code":"AUTHORIZATION_UNAVAILABLE"' in text
    assert calls == []
