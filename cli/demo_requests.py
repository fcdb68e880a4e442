"""What the demo shows: the explorer's session, and four requests to paste."""

from collections.abc import Mapping
from typing import Any

from catalogue.catalogue_item import Nature
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
from sandbox.model import CITY_NAME, City
from sandbox.people import Person, person
from sandbox.representatives import Representative, representatives
from sandbox.truth import datasets, sample, truth_of

TOKEN_SECONDS = 12 * 3600
SAMPLES = 12
TRIED = 2_000
"""Persons who are looked at for one with a high score."""
PROGRAMME = "WANXIN"
HIGH = 130
"""A score of that programme above the library's bar."""


def demo_session(gateway: Gateway, city: City) -> bytes:
    """Return the explorer's session: every client with a fresh token, and subjects to try."""
    leaves = gateway.rules.policy.purposes.leaves
    subjects = sample(city, SAMPLES)
    acting = next(representatives(city))
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
    return encode(Session(city=CITY_NAME, clients=clients, samples=samples))


def _token(gateway: Gateway, client: Client, acting: Representative) -> str:
    """Return a token of a client; one that speaks for a person says as well for which enterprise the person acts."""
    about = client.name, client.department, client.region
    person, enterprise = acting if client.speaks_for_person else (None, None)
    audience = gateway.settings.audience
    return issue(*about, client.purposes, audience, TOKEN_SECONDS, person, enterprise=enterprise)


def requests_to_paste(address: str, city: City) -> str:
    """Return the address and four requests: a free document, two registered operations, readiness."""
    enterprise = next(each["identifier"] for each in sample(city, 2) if each["kind"] == "enterprise")
    borrower, lent = _borrower(city), _authorising(city)
    return f"""
The credit graph gateway is ready on {address}  (explorer: {address}/explorer)
{city.population:,} persons, {city.enterprises:,} enterprises, all of them synthetic.

1. Ask a question of your own, under a purpose of yours:

curl -s {address}/graphql -H "Authorization: Bearer $(.venv/bin/creditgraph token developer)" \\
  -H 'Content-Type: application/json' -H 'Data-Purpose: supervision.inspection' \\
  -d '{{"query": "{{ enterprise(id: \\"{enterprise}\\") {{ name latestTaxGrade {{ year grade }} transportGrade {{ grade }} }} }}"}}'

2. Ask as the library does, by a registered operation:

curl -s {address}/graphql -H "Authorization: Bearer $(.venv/bin/creditgraph token library)" \\
  -H 'Content-Type: application/json' \\
  -d "{{\\"documentId\\": \\"$(.venv/bin/creditgraph operations id library)\\", \\"variables\\": {{\\"of\\": {{\\"person\\": \\"{borrower}\\"}}}}}}"

3. Ask as the bank does, under an authorisation that its borrower gave:

curl -s {address}/graphql -H "Authorization: Bearer $(.venv/bin/creditgraph token bank)" \\
  -H 'Content-Type: application/json' \\
  -d "{{\\"documentId\\": \\"$(.venv/bin/creditgraph operations id bank)\\", \\"variables\\": {{\\"id\\": \\"{lent[0]}\\"}}, \\"extensions\\": {{\\"caseNumber\\": \\"{lent[1]}\\"}}}}"

4. Ask whether every bureau answers:

curl -s "{address}/readyz?strict=true" -H "Authorization: Bearer $(.venv/bin/creditgraph token developer)"

Ctrl-C stops everything.
"""


def _borrower(city: City) -> str:
    """Return a person to whom the library lends without a deposit; in a small city there may be none, then anybody."""
    tried = [person(city, index) for index in range(min(city.population, TRIED))]
    return next(filter(_may_borrow, tried), tried[0]).number


def _authorising(city: City) -> tuple[str, str]:
    """Return a person with the number of an authorisation that stands; in a small city there may be none, then nobody's."""
    tried = [person(city, index) for index in range(min(city.population, TRIED))]
    adults = ((each.number, standing_number(each)) for each in tried if each.adult)
    return next(((key, number) for key, number in adults if number), (tried[0].number, "XYD-2026-1"))


def _may_borrow(tried: Person) -> bool:
    records = {name: rows for name, rows in truth_of(tried)["records"].items() if rows}
    scores = [row["score"] for row in records.get("credit_office.score", ()) if row["programme"] == PROGRAMME]
    consents = [row for row in records.get("credit_office.consent", ()) if _is_for_reading(row)]
    adverse = {name for name, (_, dataset) in datasets().items() if dataset.item.nature is Nature.ADVERSE}
    return max(scores, default=0) >= HIGH and bool(consents) and not adverse & set(records)


def _is_for_reading(consent: Mapping[str, Any]) -> bool:
    ends = (consent["grantee"], consent["until"], consent["withdrawn_on"])
    return consent["scene"] == "reward.reading" and ends == (None, None, None)
