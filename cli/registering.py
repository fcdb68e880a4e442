"""`creditgraph operations register` and `revoke`: what enters the register, and what leaves it at once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from cli.approving import require_covered
from cli.common import configured
from gateway.errors import StartRefused
from gateway.installation import Rules, approvers_of, own_approvers, read_rules
from gateway.operations.approvals import FOLDER, claimed_role, printed, read_approvals, refusals
from gateway.operations.approvers import Approvers, Role
from gateway.operations.city_time import city_date
from gateway.operations.register import (
    Registration,
    is_operation_name,
    locked,
    read_registration,
    write_atomically,
)
from gateway.operations.revocations import require_revocations, revoke
from gateway.settings import Settings

State: TypeAlias = Literal["live", "expired", "revoked", "unapproved"]


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
        _put(settings.operations, registration.name, text, printed(given))
    typer.echo(f"registered {registration.name} until {registration.expires}: {registration.document_id}")


def revoke_command(
    name: Annotated[str, typer.Argument(help="Name of a registered operation.")],
    reason: Annotated[str, typer.Option(help="Why: one line, without an identity number.")],
) -> None:
    """Revoke an operation: every gateway that reads this register answers it no more, from the next request on.

    A revoked name is never registered again. Revoking twice leaves the first entry as it is.

    Example: creditgraph operations revoke library --reason "the scheme ended"
    """
    folder = configured().operations
    if not is_operation_name(name) or not (folder / f"{name}.toml").is_file():
        known = ", ".join(sorted(each.stem for each in folder.glob("*.toml") if is_operation_name(each.stem)))
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
        approvals = read_approvals(settings.operations, each.name)
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
        require_covered(rules, registration)
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


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file} cannot be read ({type(error).__name__}).") from None


def _put(folder: Path, name: str, text: str, approvals: str) -> None:
    """Write the approvals first: an operation without them would keep the gateway from starting."""
    (folder / FOLDER).mkdir(exist_ok=True)
    write_atomically(folder / FOLDER / f"{name}.json", approvals)
    write_atomically(folder / f"{name}.toml", text)
