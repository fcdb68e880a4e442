"""`creditgraph operations approve` and `approver`: what the data bureau and the privacy officer do."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.jwk import ECKey, OKPKey

from cli.common import configured, preparer_of
from gateway.errors import StartRefused
from gateway.installation import Rules, approvers_of, read_rules
from gateway.jwks import VerifyingKey
from gateway.operations.approvals import (
    FOLDER,
    approve,
    digest_of,
    printed,
    read_approvals,
    refusals,
)
from gateway.operations.approvers import ROLES, SANDBOX_DAY, Approvers, Role, sandbox_key
from gateway.operations.city_time import city_date
from gateway.operations.register import Registration, locked, read_registration, write_atomically
from gateway.pipeline.lookup import prepare_registered

_KINDS: Final = "an Ed25519 or P-256 private key in PEM"


def approve_command(
    file: Annotated[Path | None, typer.Argument(help="The operation file to approve.")] = None,
    role: Annotated[Role | None, typer.Option(help="The role in which the key approves.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="The approver's private key: PEM, Ed25519 or P-256.")
    ] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Sign with the public sandbox key.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Approve anew, in both roles, what is not approved; sandbox only.")
    ] = False,
) -> None:
    """Print the approval of an operation in one role: a signature over everything that its file states.

    The operation is checked first, and what is approved is said on standard error. With --sandbox --all the
    approvals beside the operations are written instead; a gateway takes those in the explorer only.

    Example: creditgraph operations approve loan.toml --role privacy_officer --key officer.pem > loan.officer
    """
    if everything:
        if not sandbox or file or role or key:
            raise StartRefused("--all goes with --sandbox alone: a real approver reads what it approves.")
        _approve_all()
        return
    if file is None or role is None or (key is None) != sandbox:
        raise StartRefused("Name an operation file, a --role, and either --key or --sandbox.")
    signing = _read_private_key(key) if key else sandbox_key(role)
    _approve_one(file, role, signing, city_date(time.time()) if key else SANDBOX_DAY)


def approver(
    key: Annotated[Path, typer.Argument(help="The approver's private key: PEM, Ed25519 or P-256.")],
) -> None:
    """Print the public half of an approver's key, as it stands in the file of the approvers' keys.

    Example: creditgraph operations approver officer.pem
    """
    typer.echo(json.dumps(_read_private_key(key).as_dict(private=False, use="sig")))


def require_covered(rules: Rules, registration: Registration) -> None:
    """Raise StartRefused unless the purpose covers every field that the operation reads."""
    prepare_registered(preparer_of(rules), registration, rules.clients, configured().limits)


def _approve_one(file: Path, role: Role, key: VerifyingKey, day: date) -> None:
    settings = configured()
    rules = read_rules(settings)
    published = approvers_of(settings).published(role, key.thumbprint())
    if published is None:
        raise StartRefused(f"The key is not among the approvers' keys for the role {role}.")
    registration = read_registration(file, rules.policy.purposes, rules.clients)
    require_covered(rules, registration)
    typer.echo(
        f"approves {registration.name} as {role}: {registration.purpose}, until {registration.expires}, "
        f"for {', '.join(sorted(registration.clients))}; statements sha256:{digest_of(registration)}",
        err=True,
    )
    typer.echo(approve(registration, role, key, published.kid, day))


def _approve_all() -> None:
    settings = configured()
    rules, approvers = read_rules(settings), approvers_of(settings)
    with locked(settings.operations):
        for registration in rules.register.values():
            approvals = read_approvals(settings.operations, registration.name)
            if refusals(approvers, registration, approvals, SANDBOX_DAY):
                require_covered(rules, registration)
                text = printed({role: _by_sandbox(approvers, registration, role) for role in ROLES})
                write_atomically(settings.operations / FOLDER / f"{registration.name}.json", text)
                typer.echo(f"approved {registration.name}")


def _by_sandbox(approvers: Approvers, registration: Registration, role: Role) -> str:
    key = sandbox_key(role)
    published = approvers.published(role, key.thumbprint())
    if published is None:
        raise StartRefused("The sandbox keys are not among the approvers' keys.")
    return approve(registration, role, key, published.kid, SANDBOX_DAY)


def _read_private_key(file: Path) -> VerifyingKey:
    """Return the key of a PEM file, asking for its password where it has one; StartRefused for another."""
    try:
        raw = file.read_bytes()
        try:
            key = load_pem_private_key(raw, None)
        except TypeError:  # this is how cryptography says that there is a password
            key = load_pem_private_key(raw, typer.prompt("Password", hide_input=True, err=True).encode())
    except OSError as error:
        raise StartRefused(f"{file} cannot be read ({type(error).__name__}): name {_KINDS}.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise StartRefused(
            f"{file} cannot be read as {_KINDS}: it is another file, or the password another one."
        ) from None
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if isinstance(key, Ed25519PrivateKey):
        return OKPKey.import_key(plain)
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return ECKey.import_key(plain)
    raise StartRefused(f"{file} is not {_KINDS}.")
