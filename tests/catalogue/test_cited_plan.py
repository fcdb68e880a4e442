"""The plan of Xinyang is cited as the draft that was read, and never as the issued plan, which nobody here has read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalogue.incentives.city_files import city_called
from gateway.settings import ROOT

DRAFT = city_called("xinyang").document
PLAN = re.compile(r"信阳市[^；、\"]{0,30}?方案(?:（[^）]*）)?")
FILES = sorted(
    each
    for folder in ("policies", "operations", "catalogue", "adapters")
    for each in (ROOT / folder).rglob("*")
    if each.suffix in (".toml", ".cedar", ".py")
)


@pytest.mark.parametrize("file", FILES, ids=lambda each: str(each.relative_to(ROOT)))
def test_the_plan_is_cited_by_one_designation(file: Path):
    """Whatever cites a plan of Xinyang says that it is an untitled draft for comments."""
    assert set(PLAN.findall(file.read_text("utf-8"))) <= {DRAFT}


def test_the_designation_is_found():
    """The pattern finds the plan under its designation and under another title."""
    assert PLAN.findall(f"{DRAFT} 信用便民") == [DRAFT]
    assert PLAN.findall("信阳市社会信用体系建设示范区提升行动方案 信用便民") != [DRAFT]
