"""The register on the command line: approve, register, revoke, list."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from gateway.errors import StartRefused
from gateway.operations.approvals import approve, require_approved
from gateway.operations.approvers import ROLES, SANDBOX_DAY, Role, load_approvers, sandbox_key
from gateway.operations.city_time import city_date
from gateway.operations.register import load_register, read_registration
from gateway.operations.revocations import read_revocations
from gateway.settings import ROOT
from tests.support.admissions import CLIENTS, REGISTER
from tests.support.approvers import TwoApprovers, approved_register
from tests.support.gateway_in_memory import policy
from tests.support.tested_city import TESTED_CITY

BUREAU, OFFICER = ROLES


@dataclass(frozen=True, slots=True)
class Office:
    """A register of its own with its two approvers, and a draft of an operation."""

    folder: Path
    approvers: TwoApprovers

    @property
    def operations(self) -> Path:
        return self.folder / "operations"

    @property
    def draft(self) -> Path:
        return self.folder / "reading-room.toml"

    def key(self, role: Role) -> str:
        """The file of an approver's key."""
        file = self.folder / f"{role}.pem"
        file.write_bytes(self.approvers.keys[role].as_pem(private=True))
        return str(file)

    def approval(self, role: Role) -> str:
        """The file of an approval of the draft, made by the command."""
        file = self.folder / f"{role}.approval"
        file.write_text(self.run("approve", str(self.draft), "--role", role, "--key", self.key(role)))
        return str(file)

    def run(self, *arguments: str, **environment: str) -> str:
        """What a command prints on standard output."""
        result = CliRunner().invoke(app, ("operations", *arguments), env=self.settings() | environment)
        if isinstance(result.exception, StartRefused):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    def settings(self) -> dict[str, str]:
        """The settings that name this register."""
        return {
            "COLUMNS": "120",
            "CREDITGRAPH_OPERATIONS": str(self.operations),
            "CREDITGRAPH_APPROVERS": str(self.approvers.file),
        }

    def held(self) -> set[str]:
        """Everything in the register by its path."""
        files = (each for each in self.operations.rglob("*") if each.is_file())
        return {str(each.relative_to(self.operations)) for each in files}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """The demo's register without the library's operation, of which the draft is a copy."""
    found = Office(tmp_path, TwoApprovers(tmp_path / "approvers.json"))
    found.operations.mkdir()
    shutil.copy(ROOT / "operations" / "bank.toml", found.operations)
    shutil.copy(ROOT / "operations" / "revoked.toml", found.operations)
    found.approvers.approve_all(found.operations, [REGISTER["bank"]])
    shutil.copy(ROOT / "operations" / TESTED_CITY / "library.toml", found.draft)
    return found


def change(office: Office, old: str, new: str) -> None:
    """Change the draft."""
    text = office.draft.read_text("utf-8")
    assert old in text
    office.draft.write_text(text.replace(old, new), "utf-8")


def register(office: Office, *approvals: str) -> str:
    """Register the draft by approvals in files."""
    options = [word for each in approvals for word in ("--approval", each)]
    return office.run("register", str(office.draft), *options)


def states(office: Office) -> dict[str, str]:
    """The state of each operation as it is listed."""
    return {each["name"]: each["state"] for each in json.loads(office.run("list", "--json"))}


def test_two_approvals_register(office: Office):
    """An operation with both approvals stands in the register, as it was, and a gateway would start with it."""
    printed = register(office, office.approval(OFFICER), office.approval(BUREAU))
    assert printed.startswith(f"registered reading-room until 2035-12-31: {REGISTER['library'].document_id}")
    assert (office.operations / "reading-room.toml").read_text() == office.draft.read_text()
    assert states(office) == {"bank": "live", "reading-room": "live"}
    assert office.held() == {
        "bank.toml", "reading-room.toml", "revoked.toml", "approvals/bank.json", "approvals/reading-room.json",
    }  # fmt: skip


@pytest.mark.rule("R10", "HN-24")
def test_a_forged_or_single_approval_is_refused(office: Office):
    """One approval, one twice, or one that somebody else signed is refused, and the register stays as it was."""
    before = office.held()
    good, officer = office.approval(BUREAU), office.approval(OFFICER)
    forged = office.folder / "forged"
    head, body, _ = Path(officer).read_text().split(".")
    forged.write_text(f"{head}.{body}.{Path(good).read_text().split('.')[2]}")
    for approvals, said in [
        ((good,), "approval of privacy_officer: there is none"),
        ((officer,), "approval of data_bureau: there is none"),
        ((good, good), "two approvals are given as data_bureau"),
        ((good, str(forged)), "approval of privacy_officer: its signature does not hold"),
        ((good, str(office.draft)), "an approval is no signature"),
    ]:
        with pytest.raises(StartRefused, match=said) as caught:
            register(office, *approvals)
        assert str(caught.value).startswith("reading-room is not registered: ")
    assert office.held() == before


def test_a_draft_that_is_changed_after_the_approval_is_refused(office: Office):
    """Approvals are for what was read: one more subject, and both are void."""
    approvals = office.approval(BUREAU), office.approval(OFFICER)
    change(office, "subjects = 1", "subjects = 2")
    with pytest.raises(StartRefused) as caught:
        register(office, *approvals)
    assert str(caught.value).count("the file states something else than what was approved") == 2


def test_an_approval_of_a_day_to_come_is_refused(office: Office):
    """Nobody registers by an approval that was dated ahead."""
    draft = read_registration(office.draft, policy().purposes, CLIENTS)
    good, later = office.approval(BUREAU), office.folder / "later"
    key = office.approvers.keys[OFFICER]
    day = city_date(time.time()) + timedelta(days=2)
    later.write_text(approve(draft, OFFICER, key, key.thumbprint(), day))
    with pytest.raises(StartRefused, match="privacy_officer: the day on which it was given is still to come"):
        register(office, good, str(later))


def test_nothing_is_registered_while_the_sandbox_may_approve(office: Office):
    """Outside the explorer a sandbox key among the approvers refuses every registration; in it, it counts."""
    approvals = office.approval(BUREAU), office.approval(OFFICER)
    sets = json.loads(office.approvers.file.read_text())
    sets[OFFICER]["keys"].append(sandbox_key(OFFICER).as_dict(private=False))
    office.approvers.file.write_text(json.dumps(sets))
    before = office.held()
    with pytest.raises(StartRefused, match="public sandbox key"):
        register(office, *approvals)
    assert office.held() == before
    options = [word for each in approvals for word in ("--approval", each)]
    done = office.run("register", str(office.draft), *options, CREDITGRAPH_EXPLORER="1")
    assert done.startswith("registered reading-room")


def test_every_reason_is_said_at_once(office: Office):
    """A draft is refused for all that is wrong with it, in one answer."""
    change(office, "longerLoan: pds030", "longerLoan: pds030 parking: pds039")
    change(office, "2035-12-31", "2020-12-31")
    revoked = office.operations / "revoked.toml"
    revoked.write_text('[reading-room]\non = 2026-06-01\nreason = "r"\n')
    with pytest.raises(StartRefused) as caught:
        register(office, str(office.draft))
    for reason in (
        "reward.reading for scene_operator does not cover",
        "an approval is no signature over an operation in a role",
        "approval of data_bureau: there is none",
        "approval of privacy_officer: there is none",
        "its last day is over",
        "its name was revoked and is not registered again",
    ):
        assert reason in str(caught.value)


def test_a_document_is_registered_once(office: Office):
    """A document that stands in the register under another name is refused with that name."""
    shutil.copy(office.operations / "bank.toml", office.draft)
    approvals = office.approval(BUREAU), office.approval(OFFICER)
    with pytest.raises(StartRefused, match="its document is registered as bank"):
        register(office, *approvals)


def test_an_operation_is_replaced_by_a_new_version(office: Office):
    """The same name with new approvals takes the old one's place."""
    register(office, office.approval(BUREAU), office.approval(OFFICER))
    change(office, "subjects = 1", "subjects = 2")
    register(office, office.approval(BUREAU), office.approval(OFFICER))
    folder, rules = office.operations, policy().purposes
    assert "subjects = 2" in (folder / "reading-room.toml").read_text()
    found = load_register(folder, rules, CLIENTS, TESTED_CITY)
    require_approved(
        folder, load_approvers(office.approvers.file), found, city_date(time.time()), TESTED_CITY
    )


def test_an_approver_sees_what_it_approves(office: Office):
    """The approval stands alone on standard output; what is approved is said beside it."""
    arguments = ("operations", "approve", str(office.draft), "--role", BUREAU, "--key", office.key(BUREAU))
    result = CliRunner().invoke(app, arguments, env=office.settings())
    assert result.stdout.strip().count(".") == 2
    assert len(result.stdout.splitlines()) == 1
    for said in ("reading-room", "data_bureau", "reward.reading", "2035-12-31", "library", "sha256:"):
        assert said in result.stderr


def test_nobody_approves_what_its_purpose_does_not_cover(office: Office):
    """A draft that the gateway would refuse is not signed."""
    change(office, "longerLoan: pds030", "longerLoan: pds030 parking: pds039")
    with pytest.raises(StartRefused, match=r"reward\.reading for scene_operator does not cover"):
        office.approval(BUREAU)


def test_a_key_signs_in_its_own_role_alone(office: Office):
    """A key that is not published for a role does not sign in it; nor does the sandbox's where it is not published."""
    with pytest.raises(StartRefused, match="not among the approvers' keys for the role data_bureau"):
        office.run("approve", str(office.draft), "--role", BUREAU, "--key", office.key(OFFICER))
    with pytest.raises(StartRefused, match="not among the approvers' keys"):
        office.run("approve", str(office.draft), "--role", BUREAU, "--sandbox")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("DRAFT",),
        ("DRAFT", "--role", BUREAU),
        ("DRAFT", "--sandbox"),
        ("DRAFT", "--role", BUREAU, "--key", "k", "--sandbox"),
    ],
)
def test_approve_wants_a_file_a_role_and_a_key(office: Office, arguments: tuple[str, ...]):
    """What is left out, or said twice, is named."""
    with pytest.raises(StartRefused, match="Name an operation file"):
        office.run("approve", *(str(office.draft) if each == "DRAFT" else each for each in arguments))


@pytest.mark.parametrize(
    "more", [(), ("--key", "k"), ("--sandbox", "--role", BUREAU), ("--sandbox", "DRAFT")]
)
def test_nothing_but_the_sandbox_approves_everything(office: Office, more: tuple[str, ...]):
    """A real approver approves one operation at a time."""
    with pytest.raises(StartRefused, match="reads what it approves"):
        office.run("approve", "--all", *more)


def test_the_sandbox_approves_what_was_changed(tmp_path: Path):
    """`--sandbox --all` signs what is not approved any more and leaves every other file as it is."""
    operations = Path(shutil.copytree(ROOT / "operations", tmp_path / "operations"))
    library = operations / TESTED_CITY / "library.toml"
    library.write_text(library.read_text("utf-8").replace("subjects = 1", "subjects = 2"), "utf-8")
    before = {file: file.read_bytes() for file in operations.rglob("*.json")}
    arguments = ("operations", "approve", "--sandbox", "--all")
    done = CliRunner().invoke(app, arguments, env={"CREDITGRAPH_OPERATIONS": str(operations)})
    assert done.output == "approved library\n"
    after = {file: file.read_bytes() for file in operations.rglob("*.json")}
    changed = [file for file in before if before[file] != after[file]]
    assert changed == [operations / TESTED_CITY / "approvals" / "library.json"]
    register = load_register(operations, policy().purposes, CLIENTS, TESTED_CITY)
    require_approved(
        operations, load_approvers(ROOT / "policies" / "approvers.json"), register, SANDBOX_DAY, TESTED_CITY
    )


def test_a_revoked_operation_is_listed_so(office: Office):
    """`revoke` writes the day and the reason, `list` shows the state, and the name is not registered again."""
    register(office, office.approval(BUREAU), office.approval(OFFICER))
    assert office.run("revoke", "reading-room", "--reason", "试点结束").startswith(
        "revoked reading-room on 20"
    )
    assert states(office) == {"bank": "live", "reading-room": "revoked"}
    assert read_revocations(office.operations)["reading-room"].reason == "试点结束"
    with pytest.raises(StartRefused, match="its name was revoked"):
        register(office, office.approval(BUREAU), office.approval(OFFICER))


def test_revoking_needs_no_register_in_order(office: Office):
    """An operation is revoked even where another file of the register is broken."""
    (office.operations / "broken.toml").write_text("zh =")
    office.run("revoke", "bank", "--reason", "r")
    assert set(read_revocations(office.operations)) == {"bank"}


@pytest.mark.parametrize("name", ["libary", "../bank", "revoked", "411502199003071233"])
def test_what_is_not_there_is_not_revoked(office: Office, name: str):
    """A name that is no operation's is met with those that are, and is not repeated."""
    with pytest.raises(StartRefused, match=r"Operations: bank\.") as caught:
        office.run("revoke", name, "--reason", "r")
    assert name == "revoked" or name not in str(caught.value)
    assert read_revocations(office.operations) == {}


def test_states_are_told_apart(office: Office):
    """An operation whose last day is over is expired, and one that is not approved says so."""
    change(office, "2035-12-31", date(2020, 1, 1).isoformat())
    shutil.copy(office.draft, office.operations)
    parking = ROOT / "operations" / TESTED_CITY / "parking.toml"
    shutil.copy(parking, office.operations)
    assert states(office) == {"bank": "live", "parking": "unapproved", "reading-room": "expired"}


def test_a_copy_of_the_register_is_approved_for_one_run(tmp_path: Path):
    """What tests and benchmarks serve is approved by keys that are not the sandbox's."""
    settings = approved_register(tmp_path / "register")
    environment = {f"CREDITGRAPH_{name.upper()}": path for name, path in settings.items()}
    listed = CliRunner().invoke(app, ("operations", "list", "--json"), env=environment)
    assert {each["state"] for each in json.loads(listed.stdout)} == {"live"}
