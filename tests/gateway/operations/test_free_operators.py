"""Who runs a scene takes part of its own choice: nothing here needs an operator."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.incentives.incentive_catalogue import incentives
from gateway.installation import Rules, read_rules
from gateway.openness.build_index import build_open_index
from gateway.settings import ROOT, Settings
from tests.support.gateway_in_memory import graph
from tests.support.tested_city import TESTED_CITY


def installed(folder: Path, *, clients: bool, operations: bool) -> Rules:
    """Return the rules of the city's installation, with or without the clients and operations that it alone has."""
    policies = shutil.copytree(ROOT / "policies", folder / "policies")
    register = shutil.copytree(ROOT / "operations", folder / "operations")
    if not clients:
        (policies / TESTED_CITY / "clients.toml").unlink()
    if not operations:
        shutil.rmtree(register / TESTED_CITY)
    settings = Settings(city=TESTED_CITY, policies=policies, operations=register, explorer=True)
    return read_rules(settings, graph())


@pytest.mark.rule("R38")
def test_no_scene_needs_an_operator(tmp_path: Path):
    """Without a single operator the installation serves, and its index shows each incentive in a scene that nobody runs."""
    index = build_open_index(installed(tmp_path, clients=False, operations=False), TESTED_CITY)
    assert {each.id for scene in index.scenes for each in scene.incentives} == set(incentives(TESTED_CITY))
    assert not any(scene.operators for scene in index.scenes)


@pytest.mark.rule("R38")
def test_an_operator_that_asks_nothing_is_no_fault(tmp_path: Path):
    """An operator that is known and has registered no question is left alone, and whoever registers takes nobody along."""
    whole = installed(tmp_path / "whole", clients=True, operations=True)
    idle = installed(tmp_path / "idle", clients=True, operations=False)
    assert idle.clients == whole.clients
    own = {name for name, each in whole.register.items() if each.purpose.startswith("reward.")}
    assert own, "operators of the city ask"
    assert idle.register == {name: each for name, each in whole.register.items() if name in idle.register}
    for name in own:
        assert len({whole.clients[each].department for each in whole.register[name].clients}) == 1
