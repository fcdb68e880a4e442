"""Each purpose uses named items alone, or its branch states what bounds it instead, and that is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from catalogue.catalogue_item import Disclosure
from catalogue.classification import DataClass, Sensitivity
from catalogue.toml_files import read_tables
from gateway.authorization.duty_items import NARROWED, root_of
from gateway.authorization.engine import Question
from gateway.authorization.purposes import Purpose
from gateway.errors import StartRefused
from gateway.settings import ROOT
from resolvers.graph.fields import Field
from resolvers.plan.field_use import AccessPath
from tests.support.folders import FIELDS, copy_of_policies, read
from tests.support.gateway_in_memory import policy
from tests.support.shared_verdicts import sharing

FILE = "duty_items.toml"
EXEMPT = read_tables(ROOT / "policies" / FILE)["exempt"]
ROOTS = {root_of(name) for name in policy().purposes.leaves}
Bound = Callable[[Purpose, Field, AccessPath], bool]


def of(field: Field, *classes: DataClass) -> bool:
    """Whether a field is of one of the classes."""
    return field.classification.data_class in classes


def ordinary(field: Field, *classes: DataClass) -> bool:
    """Whether a field is of one of the classes and no more than ordinary."""
    return of(field, *classes) and field.classification.sensitivity is Sensitivity.ORDINARY


BOUNDS: dict[str, Bound] = {
    "open": lambda _purpose, _field, _way: False,
    "reward": lambda _, field, _way: of(
        field, DataClass.INCENTIVE, DataClass.IDENTITY, DataClass.PUBLIC_RECORD
    ),
    "financing": lambda purpose, *_: purpose.authorisation,
    "recognition": lambda _, field, _way: ordinary(field, DataClass.IDENTITY, DataClass.PUBLIC_RECORD),
    "disclosure": lambda _, field, _way: (
        ordinary(field, DataClass.IDENTITY) or field.item.disclosure is Disclosure.PUBLIC
    ),
    "subject": lambda _purpose, _field, way: way != "asked",
    "rights": lambda purpose, *_: purpose.case_number,
    "push": lambda _, field, _way: ordinary(field, DataClass.PUBLIC_RECORD),
    "oversight": lambda _, field, _way: ordinary(field, DataClass.PUBLIC_RECORD),
    "statistics": lambda _, field, _way: of(field, DataClass.STATISTIC),
}
"""What bounds each exempt branch, said once more in plain Python; the catalogue itself is open to all."""


def reads(purpose: Purpose) -> Iterator[tuple[Field, AccessPath]]:
    """Yield each field that a purpose reads for one of its holders, with each way in which it does."""
    rules = sharing(policy())
    ways: tuple[AccessPath, ...] = get_args(AccessPath)
    for kind, (name, field), way in product(sorted(purpose.holders), FIELDS.items(), ways):
        if rules.judge(Question(kind, purpose.name, "read", name, way)).allowed:
            yield field, way


@pytest.mark.rule("R15", "HN-22")
def test_each_branch_names_items_or_states_what_bounds_it():
    """No purpose of the tree is left between: its branch names items, or stands among the exempt ones with a reason."""
    assert set(NARROWED).isdisjoint(EXEMPT)
    assert {*NARROWED, *EXEMPT} == ROOTS
    assert EXEMPT.keys() == BOUNDS.keys()
    named = {name for name in policy().purposes.leaves if root_of(name) in NARROWED}
    assert named == policy().duties.keys()


@pytest.mark.parametrize("purpose", [each for each in policy().purposes.leaves if root_of(each) in EXEMPT])
def test_an_exempt_purpose_stays_within_its_bound(purpose: str):
    """Whatever an exempt purpose reads, in whatever way, is open or within what the file states for its branch."""
    leaf, bound = policy().purposes.leaves[purpose], BOUNDS[root_of(purpose)]
    found = list(reads(leaf))
    assert found
    for field, way in found:
        assert of(field, DataClass.OPEN) or bound(leaf, field, way), field.coordinate


@pytest.mark.rule("R15")
def test_a_personnel_check_reads_lists_and_a_name():
    """公务员法 art. 26 item 4 keeps whoever stands on a list from the civil service, and names no other record."""
    (leaf,) = (each for name, each in policy().purposes.leaves.items() if root_of(name) == "personnel")
    seen = {field.item.code for field, way in reads(leaf) if way == "asked" and not of(field, DataClass.OPEN)}
    assert seen == {"XY-REG-001", "XY-REG-005", "XY-CRT-001", "XY-TAX-003"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return copy_of_policies(tmp_path)


def test_a_new_branch_states_its_bound_or_is_refused(folder: Path):
    """A branch that nobody thought of opens nothing: the gateway does not start with it."""
    purposes = folder / "purposes.toml"
    added = '[new]\nzh = "新"\nen = "New"\ncase_number = false\n'
    leaf = '[new.one]\nzh = "新"\nen = "New"\nbasis = "b"\nholders = ["organ"]\n'
    purposes.write_text(f"{purposes.read_text('utf-8')}\n{added}{leaf}", "utf-8")
    with pytest.raises(StartRefused, match=rf"{FILE}: new names no items: state under \[exempt\]"):
        read(folder)
    exempt(folder, 'new = "测试"')
    assert "new.one" not in read(folder).duties


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('supervision = "b"', "names 'supervision': name a branch at the root"),
        ('nothing = "b"', "names 'nothing': name a branch at the root"),
        ('"reward.travel" = "b"', "names 'reward.travel': name a branch at the root"),
    ],
)
def test_a_wrong_exemption_is_refused(folder: Path, line: str, named: str):
    """A branch that names items, one that is not there and a leaf are not exempt."""
    exempt(folder, line)
    with pytest.raises(StartRefused, match=named):
        read(folder)


@pytest.mark.parametrize("reason", ['""', '" "', "7"])
def test_an_exemption_without_a_reason_is_refused(folder: Path, reason: str):
    """An exempt branch says what bounds it."""
    file = folder / FILE
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("push = ")]
    file.write_text("\n".join(lines), "utf-8")
    exempt(folder, f"push = {reason}")
    with pytest.raises(StartRefused, match=r"exempt\.push states no reason"):
        read(folder)


def exempt(folder: Path, line: str) -> None:
    """Add a line to the exempt branches."""
    file = folder / FILE
    file.write_text(file.read_text("utf-8").replace("[exempt]\n", f"[exempt]\n{line}\n"), "utf-8")
