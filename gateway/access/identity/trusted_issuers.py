"""Opens the issuers that the settings name, each with its own keys."""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import AsyncExitStack
from typing import Final

from gateway.access.identity.demo_key import demo_jwks, refuse_demo_key
from gateway.access.identity.keys import DEFAULT_SETTING, Keys, Load, load_discovered, load_fixed, load_from
from gateway.access.identity.tokens import TrustedIssuer
from gateway.errors import StartRefused
from gateway.settings import IssuerSettings, Settings

_NO_KEYS: Final = (
    "No token keys are set. Set CREDITGRAPH_JWKS to a file or an https address, or CREDITGRAPH_ISSUER to an "
    "issuer that publishes its metadata (OpenID Connect Discovery)."
)


async def open_issuers(settings: Settings, opened: AsyncExitStack) -> list[TrustedIssuer]:
    """Read the keys of every issuer, at the same time; StartRefused where one cannot be used."""
    issuers = [*_first(settings), *(_further(name, settings) for name in settings.issuers)]
    if not issuers:
        raise StartRefused(_NO_KEYS)
    _check_names(issuers, settings)
    for each in issuers:
        opened.push_async_callback(each.keys.close)
    await asyncio.gather(*(each.keys.open() for each in issuers))
    if not settings.demo_key:
        for each in issuers:
            refuse_demo_key(each.keys)
    return issuers


def check_clients(issuers: Iterable[TrustedIssuer], known: Collection[str]) -> None:
    """Raise StartRefused where an issuer is set to speak for a client that clients.toml does not have."""
    for each in issuers:
        unknown = sorted((each.clients or frozenset()).difference(known))
        if unknown:
            raise StartRefused(
                f"CREDITGRAPH_ISSUERS__{each.label.upper()}__CLIENTS names {', '.join(unknown)}, and clients.toml has no"
                " such client."
            )


def _first(settings: Settings) -> list[TrustedIssuer]:
    """Return the issuer of the settings `issuer`, `jwks` and `demo_key`, where one of them names keys."""
    loads: list[Load] = []
    setting = DEFAULT_SETTING
    if settings.jwks:
        loads.append(load_from(settings.jwks))
    elif settings.issuer and not settings.demo_key:
        setting = "CREDITGRAPH_ISSUER or CREDITGRAPH_JWKS"
        loads.append(load_discovered(settings.issuer, setting=setting))
    if settings.demo_key:
        if not settings.explorer:
            raise StartRefused(
                "CREDITGRAPH_DEMO_KEY is for the explorer only: anybody can sign with that key."
            )
        loads.append(load_fixed(demo_jwks()))
    keys = Keys(*loads, setting=setting)
    return [TrustedIssuer(keys, settings.audience, settings.issuer, settings.claims)] if loads else []


def _further(name: str, settings: Settings) -> TrustedIssuer:
    given: IssuerSettings = settings.issuers[name]
    prefix = f"CREDITGRAPH_ISSUERS__{name.upper()}"
    if given.jwks:
        setting = f"{prefix}__JWKS"
        load = load_from(given.jwks, setting)
    else:
        setting = f"{prefix}__ISSUER or {prefix}__JWKS"
        load = load_discovered(given.issuer, setting=setting)
    return TrustedIssuer(
        Keys(load, setting=setting),
        given.audience or settings.audience,
        given.issuer,
        given.claims,
        frozenset(given.clients),
        name,
    )


def _check_names(issuers: list[TrustedIssuer], settings: Settings) -> None:
    """Refuse what `iss` could not tell apart: a token would be checked against the keys of another issuer."""
    names = [each.name for each in issuers]
    if len(set(names)) < len(names):
        raise StartRefused("Two issuers have one name. Each CREDITGRAPH_ISSUERS__<NAME>__ISSUER must differ.")
    # Without `jwks`, an issuer without a name has the demo key only, with which anybody can sign anything anyway.
    if len(names) > 1 and None in names and settings.jwks:
        raise StartRefused(
            "There are several issuers, so each must be named. Set CREDITGRAPH_ISSUER to the `iss` of the one "
            "whose keys CREDITGRAPH_JWKS holds."
        )
