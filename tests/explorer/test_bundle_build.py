from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "explorer" / "bundle.py"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The build script as a module; it is a script beside the sources and no part of a package."""
    spec = importlib.util.spec_from_file_location("explorer_build", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_what_is_up_to_date_is_left_alone(bundle: Path):
    """A second build does nothing and says nothing."""
    built_at = (bundle / "index.html").stat().st_mtime_ns
    again = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, check=True)  # noqa: S603 our own
    assert (again.stdout, again.stderr) == (b"", b"")
    assert (bundle / "index.html").stat().st_mtime_ns == built_at


def test_the_stamp_covers_every_source(build: ModuleType):
    """Whatever the bundle is made from is in its stamp: the lock, the configuration and all of src."""
    names = {file.name for file in build.sources()}
    assert {"package-lock.json", ".npmrc", "vite.config.ts", "index.html", "main.tsx"} <= names
    assert names >= {file.name for file in (SCRIPT.parent / "src").iterdir()}


def test_a_change_changes_the_stamp(build: ModuleType, tmp_path: Path):
    """Another content and another name each make another stamp."""
    first, second = tmp_path / "a.ts", tmp_path / "b.ts"
    first.write_text("1")
    second.write_text("1")
    before = build.hash_of([first])
    assert build.hash_of([second]) != before
    first.write_text("2")
    assert build.hash_of([first]) != before


def test_a_step_that_fails_is_named_and_quoted(build: ModuleType):
    """A failing step raises with its name, its status and what it printed."""
    node = build.Node(Path(sys.executable), Path())
    with pytest.raises(build.BuildFailed, match=r"Bundling failed with status 3:\nthe reason"):
        node.run("Bundling", "-c", "print('the reason'); raise SystemExit(3)")


def test_a_step_that_succeeds_is_silent(build: ModuleType, capfd: pytest.CaptureFixture[str]):
    """What a step prints is not shown while it works."""
    build.Node(Path(sys.executable), Path()).run("Bundling", "-c", "print('chatter')")
    assert capfd.readouterr() == ("", "")
