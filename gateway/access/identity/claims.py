"""What a verified token says, made into a Principal.

A signature says who wrote the claims, not that they hold here and now: joserfc's `decode` checks no claim.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

import msgspec

from catalogue.identifiers import IdentifierError, parse_person_number
from gateway.errors import TOKEN_EXPIRED, TOKEN_INVALID, TOKEN_NOT_YET_VALID, RequestError
from gateway.principal import Principal

_Moment = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_799)]
"""Seconds of the Unix clock up to the year 9999; neither NaN nor a number beyond a float fits."""
_Name = Annotated[str, msgspec.Meta(pattern=r"\A[^\s\x00-\x1f\x7f]{1,64}\Z")]
_Title = Annotated[str, msgspec.Meta(pattern=r"\A(?! )[^\x00-\x1f\x7f]{1,128}(?<! )\Z")]
"""A department's name may hold blanks between its words."""
_PURPOSE_PREFIX: Final = "purpose:"
_PURPOSE: Final = re.compile(r"[a-z0-9_.\-]{1,128}", re.ASCII)


class Claims(msgspec.Struct, frozen=True):
    """The claims that are read here; others are passed over."""

    exp: _Moment
    aud: str | list[str]
    client_id: _Name
    department: _Title
    region: _Name
    nbf: _Moment | None = None
    iss: str | None = None
    scope: str = ""
    person: str | None = None


def read_claims(claims: dict[str, Any]) -> Claims:
    """Return the typed claims, or raise TOKEN_INVALID."""
    try:
        return msgspec.convert(claims, Claims)
    except msgspec.ValidationError:
        raise RequestError(TOKEN_INVALID, "A claim is missing or of the wrong type.") from None


def check_claims(claims: Claims, audience: str, issuer: str | None, now: float, leeway: float) -> None:
    """Check for whom, by whom and for when the token was issued."""
    if audience != claims.aud and (isinstance(claims.aud, str) or audience not in claims.aud):
        raise RequestError(TOKEN_INVALID, "It names another audience.")
    if issuer is not None and claims.iss != issuer:
        raise RequestError(TOKEN_INVALID, "It names another issuer.")
    # Asked so that a clock which gives no number lets nothing through.
    if not now < claims.exp + leeway:
        raise RequestError(TOKEN_EXPIRED)
    if claims.nbf is not None and not now + leeway >= claims.nbf:
        raise RequestError(TOKEN_NOT_YET_VALID)


def principal_of(claims: Claims, leeway: float) -> Principal:
    """Return the caller that checked claims name."""
    return Principal(
        client=claims.client_id,
        department=claims.department,
        region=claims.region,
        purposes=_purposes(claims.scope),
        subject=_person(claims.person),
        expires_at=claims.exp + leeway,
    )


def _purposes(scope: str) -> frozenset[str]:
    """Return the purposes among the scopes; an entry that is no purpose grants nothing."""
    names = (
        entry.removeprefix(_PURPOSE_PREFIX) for entry in scope.split(" ") if entry.startswith(_PURPOSE_PREFIX)
    )
    return frozenset(name for name in names if _PURPOSE.fullmatch(name))


def _person(number: str | None) -> str | None:
    if number is None:
        return None
    try:
        return parse_person_number(number)
    except IdentifierError:
        raise RequestError(TOKEN_INVALID, "Its person is not a valid identity number.") from None
