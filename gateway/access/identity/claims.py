"""The claims of a verified token: read under the names that an issuer uses, checked, and made a Principal.

A signature says who wrote the claims. It does not say that they are meant for this gateway and valid now, so
`check_claims` must follow `read_claims`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, TypeAlias

import msgspec

from catalogue.identifiers import IdentifierError, parse_credit_code, parse_person_number
from gateway.authorization.clients import Client
from gateway.errors import TOKEN_EXPIRED, TOKEN_INVALID, TOKEN_NOT_YET_VALID, RequestError
from gateway.principal import Principal
from gateway.settings import ClaimSettings

FindClient: TypeAlias = Callable[[str], Client | None]
"""Returns the client of that name as clients.toml has it, or None."""

_Moment = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_799)]
"""Seconds of the Unix clock up to the year 9999; neither NaN nor a number beyond a float fits."""
_Name = Annotated[str, msgspec.Meta(pattern=r"\A[^\s\x00-\x1f\x7f]{1,64}\Z")]
_Title = Annotated[str, msgspec.Meta(pattern=r"\A(?! )[^\x00-\x1f\x7f]{1,128}(?<! )\Z")]
"""A department's name may hold blanks between its words."""
_PURPOSE_PREFIX: Final = "purpose:"
_PURPOSE: Final = re.compile(r"[a-z0-9_.\-]{1,128}", re.ASCII)
_TYPES: Final[Mapping[str, Any]] = {
    "exp": _Moment,
    "nbf": _Moment,
    "aud": str | list[str],
    "iss": str,
    "client": _Name,
    "department": _Title,
    "region": _Name,
    "scope": str | list[str],
    "person": str,
    "enterprise": str,
}
_REQUIRED: Final = frozenset({"exp", "aud", "client"})


class Claims(msgspec.Struct, frozen=True):
    """The claims that are read here, under the gateway's own names; others are ignored."""

    exp: float
    aud: str | list[str]
    client: str
    department: str | None = None
    region: str | None = None
    nbf: float | None = None
    iss: str | None = None
    scope: str | list[str] = ""
    person: str | None = None
    enterprise: str | None = None


def read_claims(claims: Mapping[str, Any], names: ClaimSettings) -> Claims:
    """Return the typed claims; TOKEN_INVALID names each claim that is missing or of another form, not its value."""
    found: dict[str, Any] = {}
    missing: list[str] = []
    wrong: list[str] = []
    for field, kind in _TYPES.items():
        name: str = getattr(names, field, field)
        value = claims.get(name)
        if value is None:
            if field in _REQUIRED:
                missing.append(name)
            continue
        try:
            found[field] = msgspec.convert(value, kind)
        except msgspec.ValidationError:
            wrong.append(name)
    if missing or wrong:
        raise RequestError(TOKEN_INVALID, _detail(missing, wrong))
    return Claims(**found)


def _detail(missing: list[str], wrong: list[str]) -> str:
    """Return the sentences that name the claims; the names come from the settings, never from the token."""
    sentences = (
        f"Missing claims: {', '.join(missing)}." if missing else "",
        f"Claims of another type or form than docs/tokens.md states: {', '.join(wrong)}." if wrong else "",
    )
    return " ".join(each for each in sentences if each)


def check_claims(claims: Claims, audience: str, issuer: str | None, now: float, leeway: float) -> None:
    """Check for whom, by whom and for when the token was issued."""
    if audience != claims.aud and (isinstance(claims.aud, str) or audience not in claims.aud):
        raise RequestError(TOKEN_INVALID, "It names another audience: see the claim aud.")
    if issuer is not None and claims.iss != issuer:
        raise RequestError(TOKEN_INVALID, "It names another issuer: see the claim iss.")
    # Asked so that a clock which gives no number lets nothing through.
    if not now < claims.exp + leeway:
        raise RequestError(TOKEN_EXPIRED)
    if claims.nbf is not None and not now + leeway >= claims.nbf:
        raise RequestError(TOKEN_NOT_YET_VALID)


def principal_of(claims: Claims, names: ClaimSettings, leeway: float, find_client: FindClient) -> Principal:
    """Return the caller that checked claims name; clients.toml states what the token does not carry."""
    client = find_client(claims.client)
    return Principal(
        client=claims.client,
        department=claims.department or (client.department if client else ""),
        region=claims.region or (client.region if client else ""),
        purposes=_purposes(claims.scope),
        subject=_person(claims.person, names.person),
        expires_at=claims.exp + leeway,
        enterprise=_enterprise(claims, names),
    )


def _purposes(scope: str | list[str]) -> frozenset[str]:
    """Return the purposes among the scopes, which are one text or a list; an entry that is no purpose grants nothing."""
    entries = scope.split(" ") if isinstance(scope, str) else scope
    names = (each.removeprefix(_PURPOSE_PREFIX) for each in entries if each.startswith(_PURPOSE_PREFIX))
    return frozenset(name for name in names if _PURPOSE.fullmatch(name))


def _person(number: str | None, claim: str) -> str | None:
    if number is None:
        return None
    try:
        return parse_person_number(number)
    except IdentifierError:
        raise RequestError(TOKEN_INVALID, f"Its claim {claim} is not a valid identity number.") from None


def _enterprise(claims: Claims, names: ClaimSettings) -> str | None:
    """Return the enterprise for which the token's person acts: nobody acts for one without being a person."""
    if claims.enterprise is None:
        return None
    if claims.person is None:
        raise RequestError(
            TOKEN_INVALID, f"Its claim {names.enterprise} needs the claim {names.person} beside it."
        )
    try:
        return parse_credit_code(claims.enterprise)
    except IdentifierError:
        raise RequestError(
            TOKEN_INVALID, f"Its claim {names.enterprise} is not a valid credit code."
        ) from None
