"""The wheel: installed apart from the checkout, it has all that it needs to answer."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from sandbox.city import RunningCity
from tests.support.admissions import REGISTER
from tests.support.command_line import ROOT, Caller, Process, clean_environment, demo_token, sources_of


class InstalledProcess(Process):
    """A process of the command that a wheel installed, started outside of the checkout."""

    def __init__(self, program: Path, folder: Path, *arguments: str, **environment: str) -> None:
        self._program = program
        super().__init__(folder, *arguments, root=folder, **environment)

    def _started(self, root: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with self._out.open("wb") as out, self._err.open("wb") as err:
            return subprocess.Popen(  # noqa: S603 the arguments are the test's own
                [self._program, *self.arguments],
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program that has to succeed, without the path of modules of whoever runs the tests."""
    environment = {name: value for name, value in clean_environment().items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a wheel in an environment of its own; other packages are those of the tests, nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=folder)
    python = environment / "bin" / "python"
    apart = json.loads(
        run(python, "-c", "import site, json; print(json.dumps(site.getsitepackages()))", cwd=folder)
    )
    # A line of a .pth file adds a folder, and not the editable checkout that a .pth file in that folder names.
    (Path(apart[0]) / "packages_of_the_tests.pth").write_text(sysconfig.get_path("purelib"))
    install = ("-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel)
    run(sys.executable, *install, cwd=folder)
    return environment / "bin" / "creditgraph"


@pytest.fixture(scope="module")
def served_wheel(
    program: Path, city: RunningCity, transport: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Process]:
    """A gateway of the wheel over the city, with the rules, operations and page that the wheel has."""
    settings = {
        "CREDITGRAPH_SOURCES": json.dumps(sources_of(city, transport)),
        "CREDITGRAPH_EXPLORER": "1",
        "CREDITGRAPH_DEMO_KEY": "1",
    }
    folder = tmp_path_factory.mktemp("outside")
    with InstalledProcess(program, folder, "serve", "--port", "0", **settings) as process:
        process.ready()
        yield process
        process.stop()


def test_a_wheel_answers_a_question(served_wheel: Process, persons: list[str]):
    """A gateway that was installed from the wheel answers a registered operation."""
    with httpx2.Client(base_url=served_wheel.ready(), timeout=30, trust_env=False) as http:
        caller = Caller(http, demo_token("library", ("reward.reading",)))
        answer = caller.call(REGISTER["library"].document_id, of={"person": persons[0]})
        assert answer.status_code == 200
        assert set(answer.json()["data"]["standing"]) == {"depositFree", "longerLoan"}


def test_a_wheel_runs_apart_from_the_checkout(program: Path, tmp_path: Path):
    """Code, rules and operations are those of the installation: nothing is read from the checkout."""
    names = ("policies", "operations", "explorer_bundle")
    where = f"import cli, gateway.settings as s; print(cli.__file__, *(getattr(s.Settings(), n) for n in {names}))"
    found = run(program.parent / "python", "-c", where, cwd=tmp_path).split()
    # A checkout whose explorer is not bundled makes a wheel without it.
    built = found if (ROOT / "explorer" / "dist" / "index.html").is_file() else found[:-1]
    assert [each for each in built if not each.startswith(str(program.parents[1]))] == []
    listed = json.loads(run(program, "operations", "list", "--json", cwd=tmp_path))
    assert {each["name"]: each["state"] for each in listed} == dict.fromkeys(REGISTER, "live")
