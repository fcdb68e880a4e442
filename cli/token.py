"""`creditgraph token`: a token of the public demo key, for the explorer's synthetic city only."""

from pathlib import Path
from typing import Annotated

import typer

from catalogue.identifiers import IdentifierError, parse_credit_code, parse_person_number
from cli.city import DEFAULT_POPULATION
from cli.common import configured, find
from gateway.access.identity.demo_key import issue
from gateway.authorization.callers import load_callers
from gateway.authorization.clients import Client, load_clients
from gateway.authorization.purposes import load_purposes
from gateway.errors import StartRefused
from sandbox.city import DEFAULT_DATA, SHOWN_DATA, known_city
from sandbox.model import City
from sandbox.representatives import representative_of
from sandbox.truth import sample

LIFETIME_HOURS = 12.0
Data = Annotated[
    Path,
    typer.Option(
        help="The demo's data directory, where the default person is looked up.", show_default=SHOWN_DATA
    ),
]


def token(
    client: Annotated[str, typer.Argument(help="A client of policies/, such as scenic-areas.")],
    purpose: Annotated[
        list[str] | None,
        typer.Option(
            help="Carry only this purpose; may be given several times. Default: all of the client's."
        ),
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Identity number of the person that the token speaks for.")
    ] = None,
    enterprise: Annotated[
        str | None,
        typer.Option(
            help="Credit code of the enterprise for which the person acts; without --person, its representative in the demo."
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
    hours: Annotated[float, typer.Option(min=0.01, help="How long the token holds.")] = LIFETIME_HOURS,
) -> None:
    """Print a bearer token of the public demo key, for `creditgraph demo` only.

    The key is public, so a gateway outside the explorer refuses it. A token of citizen speaks for a person:
    for --person, else for one of the demo's. With --enterprise it says that the person acts for an enterprise;
    whether the person represents it, the gateway looks up at each request.

    Example: TOKEN=$(creditgraph token scenic-areas)
    """
    settings = configured()
    kinds = load_callers(settings.policies / "callers.toml")
    purposes = load_purposes(settings.policies / "purposes.toml", kinds)
    chosen = find("client", client, load_clients(settings.policies, purposes, kinds, str(settings.city)))
    carried = _carried(chosen, purpose)
    about = chosen.name, chosen.department, chosen.region
    firm = _enterprise(enterprise)
    city = _city(data, str(settings.city))
    acting = _representative(firm, city) if firm and person is None else _person(chosen, person, city)
    typer.echo(issue(*about, carried, settings.audience, hours * 3600, acting, enterprise=firm))


def _carried(client: Client, wanted: list[str] | None) -> tuple[str, ...]:
    for name in wanted or ():
        if name not in client.purposes:
            raise StartRefused(
                f"{client.name} may not hold {name!r}. It may hold: {', '.join(client.purposes)}."
            )
    return tuple(wanted) if wanted else client.purposes


def _person(client: Client, text: str | None, city: City) -> str | None:
    if text is None:
        return _sample_person(city) if client.speaks_for_person else None
    try:
        return parse_person_number(text)
    except IdentifierError as error:
        raise StartRefused(f"--person: {error}") from None


def _enterprise(text: str | None) -> str | None:
    try:
        return None if text is None else parse_credit_code(text)
    except IdentifierError as error:
        raise StartRefused(f"--enterprise: {error}") from None


def _representative(code: str, city: City) -> str:
    """Return the person who represents an enterprise of the demo today."""
    found = representative_of(city, code)
    if found is None:
        raise StartRefused("--enterprise: nobody of the demo represents it today; state --person")
    return found


def _city(data: Path, name: str) -> City:
    """Return the synthetic city of this name: the one in the directory, if it is the one."""
    known = known_city(data)
    return known if known and known.name == name else City.of(DEFAULT_POPULATION, name=name)


def _sample_person(city: City) -> str:
    return next(each["identifier"] for each in sample(city, 2) if each["kind"] == "person")
