"""Approvals: an operation is registered by two signatures, the data bureau's and the privacy officer's.

An approval is a JSON Web Signature in compact form (RFC 7515), ES256 or Ed25519. It names the operation, the
role, the day, and a digest of every statement of the operation's file, so that whatever is changed afterwards
makes both approvals void.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from gateway.errors import StartRefused
from gateway.jwks import REGISTRY, VerifyingKey
from gateway.operations.approvers import ROLES, Approvers, Role
from gateway.operations.register import Registration, folder_of

FOLDER: Final = "approvals"
TYPE: Final = "creditgraph-approval"
"""The header `typ`: nothing else that is signed with an approver's key passes for an approval (RFC 8725)."""

_LONGEST: Final = 4_096


class ApprovalError(ValueError):
    """An approval does not hold; the text names the rule and holds nothing of the approval."""


class _Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an approval says."""

    operation: str
    role: Role
    digest: str
    approved_on: date


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


_decode_header: Final = msgspec.json.Decoder(_Header).decode
_decode_statement: Final = msgspec.json.Decoder(_Statement).decode


def digest_of(registration: Registration) -> str:
    """Return the SHA-256, in hexadecimal, of all statements of a registration in canonical JSON.

    Canonical is: members and sets sorted, no blanks, UTF-8, members without a value left out.
    """
    stated = msgspec.structs.asdict(registration)
    known = _known(stated)
    known |= {
        name: _known(msgspec.structs.asdict(known[name])) for name in ("quota", "duty") if name in known
    }
    return hashlib.sha256(msgspec.json.encode(known, order="sorted")).hexdigest()


def _known(stated: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stated.items() if value is not None}


def approve(registration: Registration, role: Role, key: VerifyingKey, kid: str, today: date) -> str:
    """Return an approval signed with a private key, whose published half is named `kid`."""
    algorithm = "ES256" if key.key_type == "EC" else "EdDSA"
    statement = _Statement(registration.name, role, digest_of(registration), today)
    header = {"alg": algorithm, "kid": kid, "typ": TYPE}
    return jws.serialize_compact(header, msgspec.json.encode(statement), key, registry=REGISTRY)


def check_approval(
    approvers: Approvers, registration: Registration, role: Role, approval: str | None, today: date
) -> date:
    """Return the day on which a registration was approved in a role, or raise ApprovalError.

    `today` is the city's date.
    """
    if approval is None:
        raise ApprovalError("there is none")
    statement = _verified(approvers, role, approval)
    if statement.role != role:
        raise ApprovalError("it was given in another role")
    if statement.operation != registration.name:
        raise ApprovalError("it is another operation's")
    if statement.digest != digest_of(registration):
        raise ApprovalError("the file states something else than what was approved")
    if statement.approved_on > today:
        raise ApprovalError("the day on which it was given is still to come")
    return statement.approved_on


def claimed_role(approval: str) -> Role | None:
    """Return the role that an approval claims, which nothing has verified."""
    try:
        return _decode_statement(urlsafe_b64decode(approval.encode().split(b".")[1])).role
    except (msgspec.MsgspecError, ValueError, IndexError):
        return None


def refusals(
    approvers: Approvers, registration: Registration, given: Mapping[Role, str], today: date
) -> list[str]:
    """Return, for each role, why its approval does not hold on the city's date; nothing where both do."""
    found: list[str] = []
    for role in ROLES:
        try:
            check_approval(approvers, registration, role, given.get(role), today)
        except ApprovalError as error:
            found.append(f"approval of {role}: {error}")
    return found


def read_approvals(folder: Path, name: str) -> dict[Role, str]:
    """Return the approvals that stand beside an operation; none where they are missing or cannot be read."""
    try:
        content = (folder / FOLDER / f"{name}.json").read_bytes()
        return msgspec.json.decode(content, type=dict[Role, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def printed(approvals: Mapping[Role, str]) -> str:
    """Return the text of the file in which approvals stand."""
    return msgspec.json.format(msgspec.json.encode(dict(approvals)), indent=1).decode() + "\n"


def require_approved(
    folder: Path, approvers: Approvers, register: Mapping[str, Registration], today: date, city: str
) -> None:
    """Raise StartRefused with every operation of a folder that is not approved twice by the city's date, and why."""
    found = [
        f"{registration.name}: {refusal}"
        for registration in register.values()
        for given in [read_approvals(folder_of(folder, city, registration.name), registration.name)]
        for refusal in refusals(approvers, registration, given, today)
    ]
    if found:
        raise StartRefused("; ".join(found))


def _verified(approvers: Approvers, role: Role, approval: str) -> _Statement:
    """Return what an approval says, once the signature of one of the role's keys holds."""
    raw = approval.encode("utf-8", "replace")
    key = approvers.find(role, *_names(raw))
    if key is None:
        raise ApprovalError("it is signed with a key that is not published for this role")
    try:
        return _decode_statement(jws.deserialize_compact(raw, key.key, registry=REGISTRY).payload)
    except (JoseError, msgspec.MsgspecError, ValueError, RecursionError):
        raise ApprovalError("its signature does not hold, or it says more or less than an approval") from None


def _names(raw: bytes) -> tuple[str, str]:
    """Return kid and algorithm of an approval's header."""
    if len(raw) > _LONGEST:
        raise ApprovalError("it is too long for an approval")
    try:
        header = _decode_header(urlsafe_b64decode(raw.partition(b".")[0]))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise ApprovalError("it is no JSON Web Signature with alg, kid and typ") from None
    if header.typ != TYPE:
        raise ApprovalError("it is a signature of another type")
    return header.kid, header.alg
