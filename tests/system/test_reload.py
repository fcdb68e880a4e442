"""Rules change while the gateway answers: taken as a whole or refused as a whole, and no request is dropped."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event

import httpx2
import pytest

from sandbox.city import RunningCity
from tests.support.command_line import Caller, Process, codes, demo_token, sources_of
from tests.support.effort import FULL
from tests.support.folders import NOTES, copy_of_policies
from tests.system.conftest import served

ASKED = "query Q($id: PersonNumber!) { person(id: $id) { name birthDate } }"
NO_BIRTHDAYS = f"""
@id("no-birthdays") {NOTES}
forbid(principal, action, resource == Field::"Person.birthDate")
when {{ context.purpose == Purpose::"supervision.inspection" }};
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway over a folder of policies of its own."""

    process: Process
    folder: Path
    sound: Path
    caller: Caller

    def change(self, file: str, text: str) -> str:
        """Add to a file of the policies, tell the gateway, and return what it says of it."""
        with (self.folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)
        return self.reload()

    def reload(self) -> str:
        """Tell the gateway to read its files again and return what it says of it."""
        before, told = self.process.logged, self.told
        self.process.tell(signal.SIGHUP)
        self.process.wait_for(lambda: self.told > told)
        return self.process.logged[len(before) :]

    def mend(self) -> None:
        """Put the sound files back and wait until they are in force."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.sound, self.folder)
        while "policy in force" not in self.reload():  # an earlier signal's rules may be heard of first
            pass

    @property
    def told(self) -> int:
        """How often the gateway has taken or refused rules."""
        return self.process.logged.count("policy in force") + self.process.logged.count("policy refused")


@pytest.fixture(scope="module")
def started(
    city: RunningCity, transport: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A gateway in the explorer's mode whose policies no other module uses."""
    root = tmp_path_factory.mktemp("reload")
    folder = copy_of_policies(root)
    shutil.copytree(folder, root / "sound")
    settings = {"explorer": "1", "demo_key": "1", "policies": str(folder)}
    with (
        served(root / "run", sources_of(city, transport), **settings) as process,
        httpx2.Client(base_url=process.ready(), timeout=30, trust_env=False) as http,
    ):
        token = demo_token("approval-hall", ("approval.admission", "supervision.inspection"))
        yield Running(process, folder, root / "sound", Caller(http, token))


@pytest.fixture
def running(started: Running) -> Iterator[Running]:
    """The gateway of this module. After each test its sound policies are put back."""
    yield started
    started.mend()


def test_a_changed_rule_decides_from_the_signal_on(running: Running, persons: list[str]):
    """After SIGHUP a new ceiling denies what was allowed before, in a gateway that was not restarted."""
    asked = running.caller.ask(ASKED, {"id": persons[0]}, "supervision.inspection")
    assert asked.json()["data"]["person"]["birthDate"]
    running.change("ceilings/persons.cedar", NO_BIRTHDAYS)
    changed = running.caller.ask(ASKED, {"id": persons[0]}, "supervision.inspection").json()
    assert changed["data"]["person"]["birthDate"] is None
    assert changed["errors"][0]["extensions"]["rule"] == "no-birthdays"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("permits/approval.cedar", "permit(principal, action resource);", "permits/approval.cedar:"),
        (
            "permits/approval.cedar",
            f'\n@id("x") {NOTES}\npermit(principal, action, resource == Field::"P.x");',
            "P.x",
        ),
        (
            "ceilings/persons.cedar",
            f'\n@id("x") {NOTES}\npermit(principal, action, resource);',
            "cannot stand here",
        ),
        (
            "ceilings/persons.cedar",
            f'\n@id("x") {NOTES}\nforbid(principal, action, resource);',
            "no rule allows it to anybody",
        ),
        (
            "ceilings/persons.cedar",
            f'\n@id("x") {NOTES}\nforbid(principal, action, resource == Field::"Enterprise.status");',
            "does not cover",
        ),
        ("purposes.toml", "\n[reward.added]\nzh = '新'\n", "reward.added: it does not state"),
        ("clients.toml", "\n[added]\nkind = 'nobody'\n", "added: it does not state"),
    ],
)
def test_a_wrong_set_is_refused_and_the_old_one_stays(
    running: Running, persons: list[str], file: str, text: str, said: str
):
    """What does not parse, names what is not there, breaks a proof or a registered operation is refused."""
    before = running.caller.ask(ASKED, {"id": persons[0]}, "supervision.inspection")
    told = running.change(file, text)
    assert "policy refused" in told
    assert said in told
    after = running.caller.ask(ASKED, {"id": persons[0]}, "supervision.inspection")
    assert (after.status_code, after.content) == (before.status_code, before.content)


def test_the_last_of_many_signals_decides(running: Running, persons: list[str]):
    """Of files that change faster than they are read, wrong ones in between, the last state is taken."""
    file = running.folder / "ceilings" / "persons.cedar"
    whole = file.read_text("utf-8")
    for number in range(8):
        said = "nonsense;" if number % 2 else NO_BIRTHDAYS.replace("no-birthdays", f"no-birthdays-{number}")
        file.write_text(f"{whole}\n{said}\n", "utf-8")
        running.process.tell(signal.SIGHUP)
    file.write_text(f"{whole}\n{NO_BIRTHDAYS}\n", "utf-8")
    running.process.tell(signal.SIGHUP)

    def denied_by() -> set[str]:
        answer = running.caller.ask(ASKED, {"id": persons[0]}, "supervision.inspection").json()
        return {error["extensions"]["rule"] for error in answer.get("errors", ())}

    running.process.wait_for(lambda: denied_by() == {"no-birthdays"})


def test_a_reload_under_load_drops_no_request(running: Running, persons: list[str]):
    """While rules change again and again every request is answered, under the old rules or the new ones."""
    stop, begun = Event(), Barrier(9)

    def ask(person: str) -> list[tuple[int, bool, tuple[str, ...]]]:
        found: list[tuple[int, bool, tuple[str, ...]]] = []
        with httpx2.Client(base_url=running.process.ready(), timeout=30, trust_env=False) as http:
            caller = Caller(http, running.caller.token)
            while not stop.is_set():
                answer = caller.ask(ASKED, {"id": person}, "supervision.inspection")
                shown = answer.json()["data"]["person"]["birthDate"] is not None
                found.append((answer.status_code, shown, tuple(codes(answer))))
                if len(found) == 1:
                    begun.wait(timeout=30)
        return found

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask, person) for person in persons[:8]]
        begun.wait(timeout=30)
        for number in range(6 if FULL else 4):
            rule = NO_BIRTHDAYS.replace("no-birthdays", f"no-birthdays-{number}")
            running.change("ceilings/persons.cedar", rule if number % 2 == 0 else "\nnonsense;\n")
            if number % 2:
                whole = (running.folder / "ceilings" / "persons.cedar").read_text("utf-8")
                (running.folder / "ceilings" / "persons.cedar").write_text(
                    whole.replace("\nnonsense;\n", ""), "utf-8"
                )
        stop.set()
        answers = [each for asked in asking for each in asked.result()]
    assert {(200, True, ()), (200, False, ("FIELD_DENIED",))} == set(answers)
