"""What the demo shows: the explorer's session, and three requests to paste."""

from __future__ import annotations

from gateway.edge.gateway import Gateway
from gateway.explorer.session import Client, Purpose, Sample, Session, encode
from gateway.identity.demo import issue
from sandbox.city import sample
from sandbox.model import CITY_NAME, City

TOKEN_SECONDS = 12 * 3600
SAMPLES = 12


def demo_session(gateway: Gateway, city: City) -> bytes:
    """Return the explorer's session: every client with a fresh token, and subjects to try."""
    leaves = gateway.rules.policy.purposes.leaves
    subjects = sample(city, SAMPLES)
    citizen = next(each["identifier"] for each in subjects if each["kind"] == "person")
    clients = tuple(
        Client(
            name=client.name,
            title_zh=client.zh,
            title_en=client.en,
            token=issue(
                client.name,
                client.department,
                client.region,
                client.purposes,
                gateway.settings.audience,
                TOKEN_SECONDS,
                citizen if client.speaks_for_person else None,
            ),
            purposes=tuple(Purpose(name, leaves[name].zh, leaves[name].en) for name in client.purposes),
        )
        for client in gateway.rules.clients.values()
    )
    samples = tuple(Sample(each["kind"], each["identifier"]) for each in subjects)
    return encode(Session(city=CITY_NAME, clients=clients, samples=samples))


def requests_to_paste(address: str, city: City) -> str:
    """Return the address and three requests: a free document, a registered operation, readiness."""
    subjects = sample(city, 2)
    person = next(each["identifier"] for each in subjects if each["kind"] == "person")
    enterprise = next(each["identifier"] for each in subjects if each["kind"] == "enterprise")
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
  -d "{{\\"documentId\\": \\"$(.venv/bin/creditgraph operations id library)\\", \\"variables\\": {{\\"of\\": {{\\"person\\": \\"{person}\\"}}}}}}"

3. Ask whether every bureau answers:

curl -s {address}/readyz

Ctrl-C stops everything.
"""
