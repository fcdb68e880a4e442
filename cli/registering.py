"""`creditgraph operations approve`, `approver`, `register` and `revoke`: how an operation enters the register and leaves it."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

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
from gateway.installation import Rules, approvers_of, own_approvers, read_rules
from gateway.jwks import VerifyingKey
from gateway.operations.approvals import (
    FOLDER,
    approve,
    claimed_role,
    digest_of,
    printed,
    read_approvals,
    refusals,
)
from gateway.operations.approvers import ROLES, SANDBOX_DAY, Approvers, Role, sandbox_key
from gateway.operations.city_time import city_date
from gateway.operations.register import (
    Registration,
    folder_of,
    is_operation_name,
    locked,
    read_registration,
    taken_ids,
    write_atomically,
)
from gateway.operations.revocations import require_revocations, revoke
from gateway.pipeline.lookup import prepare_registered
from gateway.settings import Settings

State: TypeAlias = Literal["live", "expired", "revoked", "unapproved"]
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


def _require_covered(rules: Rules, registration: Registration) -> None:
    """Raise StartRefused unless the purpose covers every field that the operation reads."""
    prepare_registered(preparer_of(rules), registration, rules.clients, configured().limits)


def _approve_one(file: Path, role: Role, key: VerifyingKey, day: date) -> None:
    settings = configured()
    rules = read_rules(settings)
    published = approvers_of(settings).published(role, key.thumbprint())
    if published is None:
        raise StartRefused(f"The key is not among the approvers' keys for the role {role}.")
    registration = read_registration(file, rules.policy.purposes, rules.clients)
    _require_covered(rules, registration)
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
            home = folder_of(settings.operations, str(settings.city), registration.name)
            approvals = read_approvals(home, registration.name)
            if refusals(approvers, registration, approvals, SANDBOX_DAY):
                _require_covered(rules, registration)
                text = printed({role: _by_sandbox(approvers, registration, role) for role in ROLES})
                (home / FOLDER).mkdir(exist_ok=True)
                write_atomically(home / FOLDER / f"{registration.name}.json", text)
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


def register_command(
    file: Annotated[Path, typer.Argument(help="The operation file; its name is the operation's.")],
    approval: Annotated[
        list[Path], typer.Option(help="A file with an approval; once for each of the two roles.")
    ],
) -> None:
    """Put an operation into the register with its two approvals, or say everything that keeps it out.

    Checked are the file, the fields that it reads, both signatures, its term, and that neither its name was
    revoked nor its document registered before. A gateway answers it from its next start or SIGHUP. Outside the
    explorer nothing is registered while a public sandbox key may approve.

    Example: creditgraph operations register loan.toml --approval loan.bureau --approval loan.officer
    """
    settings = configured()
    rules, approvers = read_rules(settings), own_approvers(settings)
    with locked(settings.operations):
        text = _text(file)
        registration = read_registration(file, rules.policy.purposes, rules.clients)
        given, reasons = _by_role([_text(each).strip() for each in approval])
        reasons += _reasons(rules, settings, approvers, registration, given)
        if reasons:
            raise StartRefused(f"{registration.name} is not registered: {'; '.join(reasons)}")
        home = folder_of(settings.operations, str(settings.city), registration.name)
        _write_registered(home, registration.name, text, printed(given))
    typer.echo(f"registered {registration.name} until {registration.expires}: {registration.document_id}")


def revoke_command(
    name: Annotated[str, typer.Argument(help="Name of a registered operation.")],
    reason: Annotated[str, typer.Option(help="Why: one line, without an identity number.")],
) -> None:
    """Revoke an operation: every gateway that reads this register answers it no more, from the next request on.

    A revoked name is never registered again. Revoking twice leaves the first entry as it is.

    Example: creditgraph operations revoke library --reason "the scheme ended"
    """
    settings = configured()
    folder, city = settings.operations, str(settings.city)
    if not is_operation_name(name) or not (folder_of(folder, city, name) / f"{name}.toml").is_file():
        several = (*folder.glob("*.toml"), *(folder / city).glob("*.toml"))
        known = ", ".join(sorted(each.stem for each in several if is_operation_name(each.stem)))
        raise StartRefused(f"There is no operation of this name. Operations: {known}.")
    entry = revoke(folder, name, reason, city_date(time.time()))
    typer.echo(f"revoked {name} on {entry.on}: {entry.reason}")


def states(settings: Settings, register: Mapping[str, Registration]) -> dict[str, State]:
    """Return the state of each operation by name, today in the city."""
    approvers, revoked = approvers_of(settings), require_revocations(settings.operations)
    today = city_date(time.time())

    def state(each: Registration) -> State:
        if each.name in revoked:
            return "revoked"
        if today > each.expires:
            return "expired"
        home = folder_of(settings.operations, str(settings.city), each.name)
        approvals = read_approvals(home, each.name)
        return "unapproved" if refusals(approvers, each, approvals, today) else "live"

    return {name: state(each) for name, each in register.items()}


def _by_role(given: Sequence[str]) -> tuple[dict[Role, str], list[str]]:
    """Return approvals by the role that each claims, and what is wrong with them taken together."""
    found: dict[Role, str] = {}
    wrong: list[str] = []
    for approval in given:
        role = claimed_role(approval)
        if role is None:
            wrong.append("an approval is no signature over an operation in a role")
        elif role in found:
            wrong.append(f"two approvals are given as {role}")
        else:
            found[role] = approval
    return found, wrong


def _reasons(
    rules: Rules,
    settings: Settings,
    approvers: Approvers,
    registration: Registration,
    given: Mapping[Role, str],
) -> Iterator[str]:
    """Yield everything that keeps an operation out of the register."""
    try:
        _require_covered(rules, registration)
    except StartRefused as refusal:
        yield str(refusal)
    today = city_date(time.time())
    yield from refusals(approvers, registration, given, today)
    if today > registration.expires:
        yield "its last day is over"
    if registration.name in require_revocations(settings.operations):
        yield "its name was revoked and is not registered again"
    for other in rules.register.values():
        if other.name != registration.name and other.document_id == registration.document_id:
            yield f"its document is registered as {other.name}"
    if taken := taken_ids(registration, rules.register.values()):
        yield taken


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file} cannot be read ({type(error).__name__}).") from None


def _write_registered(folder: Path, name: str, text: str, approvals: str) -> None:
    """Write the approvals first: an operation without them would keep the gateway from starting."""
    (folder / FOLDER).mkdir(exist_ok=True)
    write_atomically(folder / FOLDER / f"{name}.json", approvals)
    write_atomically(folder / f"{name}.toml", text)
