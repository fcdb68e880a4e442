"""`python -m benchmarks.registration`: the time to register an operation of 40 fields.

The time covers all work on a new document: the gateway parses it within the limits, validates and compiles it,
decides every use by Cedar with empty caches, and compiles the plan under the grant. It also covers the check of
both approvals, because a gateway makes it at its start. It does not cover reading and proving the policy.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer

from adapters import bureaus
from adapters.source import Batch, Key, Query, SourceMark
from gateway.authorization.policy import read_policy
from gateway.installation import Rules, read_rules
from gateway.operations.approvals import require_approved
from gateway.operations.approvers import SANDBOX_DAY, load_approvers
from gateway.operations.register import Registration, load_register
from gateway.pipeline.cooperative import run_to_end
from gateway.pipeline.lookup import prepare_registered
from gateway.pipeline.prepare import Preparer
from gateway.settings import Settings
from observability.hooks import Hooks
from observability.logging import configure
from resolvers.fetch.batching import Loaders
from tests.support.approvers import TwoApprovers
from tests.support.tested_city import TESTED_CITY

FIELDS: Final = """
name sex birthDate region deceased
taxArrears(first: 3) { state tax amountFen since clearedOn }
contribution { status monthsPaid lastPaidMonth }
seriousTaxViolations(first: 3) { state violation listedOn delistedOn }
judgmentDefaults(first: 3) { state caseNumber court performance listedOn expiresOn }
closedEnforcements(first: 3) { state caseNumber court closedOn unperformedFen }
transportGrade { year grade }
transportLicences(first: 3) { kind status }
"""
TEXT: Final = f'''
zh = "四十个字段"
en = "Forty fields"
purpose = "subject.report"
legal_basis = "河南省社会信用条例 第四十条"
owner = "市信用办"
clients = ["approval-hall"]
subjects = 1
expires = 2099-12-31
quota = {{ per_caller = 1000, total = 1000, seconds = 60 }}
bind = {{ id = "person" }}
document = """
query Forty($id: PersonNumber!) {{ person(id: $id) {{ {FIELDS} }} }}
"""
'''


@dataclass(frozen=True, slots=True)
class Unread:
    """A source that is never read, because registering an operation reads no bureau."""

    bureau: str
    concurrency: int = 1

    async def open(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""

    async def mark(self) -> SourceMark:
        """Refuse, because registering an operation reads no bureau."""
        raise NotImplementedError

    async def fetch(self, query: Query, keys: Sequence[Key], deadline: float) -> Batch:
        """Refuse, because registering an operation reads no bureau."""
        raise NotImplementedError


def run(times: Annotated[int, typer.Option(min=3, help="Registrations that are timed.")] = 30) -> None:
    """Time the registration of an operation of 40 fields, each time under a new policy."""
    configure("WARNING")
    asyncio.run(_measure(times))


async def _measure(times: int) -> None:
    settings = Settings()
    rules = read_rules(settings)
    with TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "forty.toml").write_text(TEXT, "utf-8")
        register = load_register(folder, rules.policy.purposes, rules.clients, TESTED_CITY)
        approvers = TwoApprovers(folder / "approvers.json")
        approvers.approve_all(folder, register.values())
        found = [_once(settings, rules, folder, approvers.file) for _ in range(times)]
    fields, uses = found[0][1], found[0][2]
    taken = sorted(1000 * seconds for seconds, _, _ in found)
    typer.echo(
        f"{fields} fields, {uses} uses of fields, {times} registrations: median {statistics.median(taken):.1f} ms, "
        f"least {taken[0]:.1f}, most {taken[-1]:.1f} (wanted: under 50 ms)"
    )


def _once(settings: Settings, rules: Rules, folder: Path, approvers: Path) -> tuple[float, int, int]:
    policy = read_policy(settings.policies, rules.policy.fields)
    loaders = Loaders({name: Unread(name) for name in bureaus.discover()}, Hooks())
    preparer = Preparer(rules.graph, policy, loaders, Hooks())
    started = time.perf_counter()
    register: dict[str, Registration] = load_register(folder, policy.purposes, rules.clients, TESTED_CITY)
    require_approved(folder, load_approvers(approvers), register, SANDBOX_DAY, TESTED_CITY)
    prepared = prepare_registered(preparer, register["forty"], rules.clients, settings.limits)
    for operation in prepared.values():
        run_to_end(operation.variants_of_all_conditions())
    seconds = time.perf_counter() - started
    allowed = next(iter(prepared.values())).grant.allowed
    return seconds, len({use.coordinate for use in allowed if use.use == "read"}), len(allowed)


if __name__ == "__main__":
    typer.run(run)
