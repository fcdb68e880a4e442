"""What the demo shows: the explorer's session, and requests to paste."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from catalogue.catalogue_item import Nature
from catalogue.incentives.city_files import DEMO_CITY, city_called
from gateway.access.explorer.explorer_page import (
    Sample,
    Session,
    SessionClient,
    SessionOperation,
    SessionPurpose,
    encode,
)
from gateway.access.identity.demo_key import issue
from gateway.access.running_gateway import Gateway
from gateway.authorization.clients import Client
from sandbox.books.authorisations import standing_number
from sandbox.enterprises import credit_code
from sandbox.model import City
from sandbox.people import Person, person, person_number
from sandbox.places import places_of
from sandbox.representatives import Representative, representatives
from sandbox.truth import datasets, sample, truth_of

TOKEN_SECONDS = 12 * 3600
SAMPLES = 12
TRIED = 2_000
"""Persons who are looked at for one with a high score."""
HIGH = 130
"""A score above the bar of every scene."""
SCENES = {
    "nanyang": "library",
    "pingdingshan": "library",
    "xinyang": "scenic-areas",
    "zhengzhou": "library",
    "zhumadian": "service-hall",
}
"""A client that rewards in each city, whose operation has its name."""
PURPOSES = {
    "library": "reward.reading",
    "scenic-areas": "reward.tourism",
    "service-hall": "reward.government_service",
}
"""The scene of each."""


def demo_session(gateway: Gateway, city: City) -> bytes:
    """Return the explorer's session: every client with a fresh token, and subjects to try."""
    leaves = gateway.rules.policy.purposes.leaves
    subjects = sample(city, SAMPLES)
    acting = next(representatives(city), _anybody(city))
    clients = tuple(
        SessionClient(
            name=client.name,
            title_zh=client.zh,
            title_en=client.en,
            token=_token(gateway, client, acting),
            purposes=tuple(
                SessionPurpose(name, leaves[name].zh, leaves[name].en) for name in client.purposes
            ),
            operations=tuple(
                SessionOperation(each.name, each.zh, each.en, each.purpose, each.document.strip())
                for each in gateway.rules.register.values()
                if client.name in each.clients
            ),
        )
        for client in gateway.rules.clients.values()
    )
    samples = tuple(Sample(each["kind"], each["identifier"]) for each in subjects)
    return encode(Session(city=places_of(city.name).title, clients=clients, samples=samples))


def _anybody(city: City) -> Representative:
    """Return a person for tokens where, in a very small city, nobody represents an enterprise."""
    return Representative(person_number(city, 0), credit_code(city, 0))


def _token(gateway: Gateway, client: Client, acting: Representative) -> str:
    """Return a token of a client; one that speaks for a person says as well for which enterprise the person acts."""
    about = client.name, client.department, client.region
    person, enterprise = acting if client.speaks_for_person else (None, None)
    audience = gateway.settings.audience
    return issue(*about, client.purposes, audience, TOKEN_SECONDS, person, enterprise=enterprise)


def requests_to_paste(address: str, city: City) -> str:
    """Return the address and requests: a free document, registered operations, readiness."""
    command = ("" if city.name == DEMO_CITY else f"CREDITGRAPH_CITY={city.name} ") + ".venv/bin/creditgraph"
    asked = tuple(_asked(city, command))
    requests = "".join(_request(address, command, place, each) for place, each in enumerate(asked, 1))
    return f"""
The credit graph gateway of {city_called(city.name).en} is ready on {address}  (explorer: {address}/explorer)
{city.population:,} persons, {city.enterprises:,} enterprises, all of them synthetic.
{requests}
{len(asked) + 1}. Ask whether every bureau answers:

curl -s "{address}/readyz?strict=true" -H "Authorization: Bearer $({command} token developer)"

Ctrl-C stops everything.
"""


class _Asked(NamedTuple):
    """A request: what it is for, by which client with which options of its token, its header, and its body for a shell."""

    title: str
    client: str
    header: str
    body: str


def _asked(city: City, command: str) -> Iterator[_Asked]:
    """Yield the requests: a free document, one by a client that rewards, one by a person, and one by the bank."""
    enterprise = next(each["identifier"] for each in sample(city, 2) if each["kind"] == "enterprise")
    question = "{ name latestTaxGrade { year grade } transportGrade { grade } }"
    yield _Asked(
        "Ask a question of your own, under a purpose of yours",
        "developer",
        " -H 'Data-Purpose: supervision.inspection'",
        f"""'{{"query": "{{ enterprise(id: \\"{enterprise}\\") {question} }}"}}'""",
    )
    yield from _of_scene(city, command)
    yield _Asked(
        "Ask as a person does for every incentive of the city, with the outcome and the reasons",
        f"citizen --person {_favoured(city)}",
        "",
        _operation(command, "my-incentives", "", ""),
    )
    number, authorisation = _authorising(city)
    yield _Asked(
        "Ask as the bank does, under an authorisation that its borrower gave",
        "bank",
        "",
        _operation(command, "bank", f'"id": "{number}"', f'"caseNumber": "{authorisation}"'),
    )


def _request(address: str, command: str, place: int, asked: _Asked) -> str:
    return f"""
{place}. {asked.title}:

curl -s {address}/graphql -H "Authorization: Bearer $({command} token {asked.client})" \\
  -H 'Content-Type: application/json'{asked.header} \\
  -d {asked.body}
"""


def _of_scene(city: City, command: str) -> Iterator[_Asked]:
    """Yield a request of a client that rewards, where the demo knows one in the city."""
    if client := SCENES.get(city.name):
        of = f'"of": {{"person": "{_favoured(city)}"}}'
        title = f"Ask as a client does that rewards ({client}), by a registered operation"
        yield _Asked(title, client, "", _operation(command, client, of, ""))


def _operation(command: str, name: str, variables: str, extensions: str) -> str:
    """Return the body of a request by a registered operation, for a shell that puts its id in."""
    more = f', "extensions": {{{extensions}}}' if extensions else ""
    body = f'{{"documentId": "$({command} operations id {name})", "variables": {{{variables}}}{more}}}'
    return '"' + body.replace('"', '\\"') + '"'


@cache
def _favoured(city: City) -> str:
    """Return a person whom the scene favours; in a small city there may be none, then anybody."""
    tried = [person(city, index) for index in range(min(city.population, TRIED))]
    return next((each for each in tried if _is_favoured(each, city)), tried[0]).number


def _authorising(city: City) -> tuple[str, str]:
    """Return a person with the number of an authorisation that stands; in a small city there may be none, then nobody's."""
    tried = [person(city, index) for index in range(min(city.population, TRIED))]
    adults = ((each.number, standing_number(each)) for each in tried if each.adult)
    return next(((key, number) for key, number in adults if number), (tried[0].number, "XYD-2026-1"))


def _is_favoured(tried: Person, city: City) -> bool:
    records = {name: rows for name, rows in truth_of(tried)["records"].items() if rows}
    scores = [row["score"] for row in records.get("credit_office.score", ())]
    scored = city_called(city.name).programme is None or max(scores, default=0) >= HIGH
    scene = SCENES.get(city.name)
    consents = records.get("credit_office.consent", ())
    agreed = scene is None or any(_is_for(row, PURPOSES[scene]) for row in consents)
    adverse = {name for name, (_, dataset) in datasets().items() if dataset.item.nature is Nature.ADVERSE}
    return tried.adult and scored and agreed and not adverse & set(records)


def _is_for(consent: Mapping[str, Any], purpose: str) -> bool:
    ends = (consent["grantee"], consent["until"], consent["withdrawn_on"])
    return consent["scene"] == purpose and ends == (None, None, None)
