"""Supervision, measures, approvals and procurement use the items that are named for them, each with its basis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from catalogue.classification import DataClass, Use
from catalogue.derived_items import OWN_ITEMS
from catalogue.record_forms import RecordForm
from gateway.authorization.duty_items import is_narrowed
from gateway.authorization.engine import Question
from gateway.authorization.grant import best_path, judge
from gateway.authorization.policy import Policy, read_policy
from gateway.errors import StartRefused
from resolvers.graph.fields import Field
from resolvers.plan.field_use import AccessPath
from tests.support.declared_otherwise import DATASETS
from tests.support.folders import FIELDS, copy_of_policies, read, write
from tests.support.gateway_in_memory import policy
from tests.support.shared_verdicts import sharing

DUTIES = tuple(name for name in policy().purposes.leaves if is_narrowed(name))
MEASURES = tuple(name for name in DUTIES if name.startswith("measure.") and name != "measure.enforcement")
"""The measures that others than a court carry out."""
FILE = "duty_items.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return copy_of_policies(tmp_path)


@pytest.fixture(scope="module")
def permitted(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The ceilings alone: this installation's rules under a permit of everything to everybody."""
    copied = copy_of_policies(tmp_path_factory.mktemp("permitted"))
    write(copied, "permit(principal, action, resource);")
    return sharing(read(copied))


def used(rules: Policy, duty: str) -> Iterator[Field]:
    """Yield each field of which a duty may make any use in any way."""
    for kind, (name, field) in product(sorted(rules.purposes.leaves[duty].holders), FIELDS.items()):
        ways = product(Use, get_args(AccessPath))
        if any(rules.judge(Question(kind, duty, use.value, name, way)).allowed for use, way in ways):
            yield field


def readers(field: str) -> set[str]:
    """Return the purposes of the whole tree that read a field."""
    return {purpose for purpose in policy().purposes.leaves if allowed(policy(), purpose, field)}


def allowed(rules: Policy, duty: str, field: str) -> bool:
    """Whether a duty reads a field of a subject that it asks for, or a subject a field of its own."""
    kinds = rules.purposes.leaves[duty].holders
    return any(judge(rules, Question(kind, duty, "read", field, best_path(duty))).allowed for kind in kinds)


@pytest.mark.rule("R15", "HN-22", "HN-46")
@pytest.mark.parametrize("duty", DUTIES)
def test_a_duty_uses_the_items_that_are_named_for_it(permitted: Policy, duty: str):
    """Whatever is permitted, a duty uses no field in any way but of the open catalogue and of items named for it."""
    found = list(used(permitted, duty))
    assert found
    for field in found:
        open_to_all = field.classification.data_class is DataClass.OPEN
        assert open_to_all or field.item.code in policy().duties[duty]


@pytest.mark.rule("R48", "HN-32", "HN-61")
@pytest.mark.parametrize("duty", DUTIES)
def test_every_item_of_a_duty_is_of_use_and_has_a_basis(duty: str):
    """A duty names no item of which it may read nothing, and states for each the rule that lets it."""
    readable = {field.item.code for name, field in FIELDS.items() if allowed(policy(), duty, name)}
    assert policy().duties[duty].keys() <= readable
    assert all(basis.strip() for basis in policy().duties[duty].values())


OF_THE_EMPLOYER = {"rights.objection", "rights.repair", "subject.access", "subject.report"}
GRADE_FOR = {"supervision.social_insurance", *OF_THE_EMPLOYER}
"""平信用办〔2020〕9号 信易保, read so that the bureau of social insurance alone sees its own payment grade."""
ARREARS_FOR = {
    *("supervision.social_insurance", "supervision.tax"),
    *("procurement.supplier", "financing.credit", "financing.rural", "financing.guarantee"),
    *OF_THE_EMPLOYER,
}
"""社会保险法 art. 86 and the measures of 2025; 政府采购法 art. 22; 国办发〔2021〕52号, under the borrower's authorisation."""


@pytest.mark.rule("R15", "R40")
def test_the_bureau_of_social_insurance_alone_sees_its_own_grade():
    """Under its duty it reads the payment grade and no other grade; of all purposes rights and the employer alone read it too."""
    grades = {name for name, field in FIELDS.items() if field.classification.data_class is DataClass.GRADE}
    own = {name for name in grades if allowed(policy(), "supervision.social_insurance", name)}
    assert {FIELDS[name].item.code for name in own} == {"XY-SS-002"}
    assert readers("SocialSecurityGrade.grade") == GRADE_FOR


def test_arrears_of_insurance_are_read_by_whom_a_law_names():
    """Of all purposes those read them that collect them, check a supplier, lend by authorisation, or are the employer's own."""
    assert readers("InsuranceArrears.amountFen") == ARREARS_FOR
    assert readers("Enterprise.insuranceArrears") == ARREARS_FOR


@pytest.mark.rule("R40")
@pytest.mark.parametrize(
    ("item", "seen", "beside"),
    [("XY-SS-002", GRADE_FOR, {Use.DERIVE, Use.AGGREGATE}), ("XY-SS-003", ARREARS_FOR, {Use.DERIVE})],
)
@pytest.mark.parametrize("purpose", policy().purposes.leaves)
def test_no_permit_opens_what_is_held_of_payers(
    permitted: Policy, purpose: str, item: str, seen: set[str], beside: set[Use]
):
    """Whatever is permitted, payment grade and insurance arrears are used for no other purpose of the tree, in no way, but
    to derive an answer from and to count.
    """
    fields = [name for name, field in FIELDS.items() if field.item.code == item]
    kinds = sorted(permitted.purposes.leaves[purpose].holders)
    uses = [use.value for use in Use if use not in beside]
    asked = [Question(*each) for each in product(kinds, (purpose,), uses, fields, get_args(AccessPath))]
    assert asked
    assert any(permitted.judge(each).allowed for each in asked) is (purpose in seen)


@pytest.mark.rule("R24", "HN-29", "C2", "C3")
@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_rests_on_lists_that_are_named_for_it(measure: str):
    """An adverse or judicial record that a measure reads is an entry on a list, and the measure states its basis."""
    lists = {
        each.item.code for each in DATASETS.values() if each.life and each.life.form is RecordForm.LISTING
    }
    adverse = {DataClass.ADVERSE, DataClass.JUDICIAL}
    found = {
        field.item.code
        for name, field in FIELDS.items()
        if field.classification.data_class in adverse and allowed(policy(), measure, name)
    }
    assert found
    assert found <= lists & policy().duties[measure].keys()


@pytest.mark.rule("R45", "C3")
def test_lenders_read_what_bureaus_hold_and_no_price(permitted: Policy):
    """Whatever is permitted, no purpose of a lender reads anything that the gateway derives itself, so nothing hints at a price."""
    lending = [name for name in policy().purposes.leaves if name.startswith("financing.")]
    derived = [
        name
        for name, field in FIELDS.items()
        if field.item.code in OWN_ITEMS and field.classification.data_class is not DataClass.OPEN
    ]
    assert {name.partition(".")[0] for name in derived} >= {"Standing", "Query"}
    for purpose, name in product(lending, derived):
        asked = Question("financial_institution", purpose, "read", name)
        assert name.endswith(".adverseRecords") or not judge(permitted, asked).allowed


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[supervision.tax]", "[supervision.taxes]", r"the duty 'supervision\.taxes': name a leaf"),
        ("[supervision.tax]", "[rights.repair]", r"the duty 'rights\.repair': name a leaf"),
        ("[supervision.tax]", "[supervision]", "the duty 'supervision': name a leaf"),
        ("XY-TAX-002 =", "XY-TAX-999 =", "the item 'XY-TAX-999', which no field of the graph has"),
        ('XY-TAX-002 = "税收征收管理法 第四十五条"', 'XY-TAX-002 = " "', "XY-TAX-002 without a basis"),
        ('XY-TAX-002 = "税收征收管理法 第四十五条"', "XY-TAX-002 = 7", r"tax\.XY-TAX-002 is no text"),
        ("[exempt]", 'loose = "x"\n[exempt]', "the duty ''"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, old: str, new: str, named: str):
    """A duty or an item that is not there, and a line without a basis, are refused with file and line's names."""
    text = (folder / FILE).read_text("utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(StartRefused, match=named) as refused:
        read(folder)
    assert str(refused.value).startswith(FILE)


def test_a_duty_that_names_no_item_is_refused(folder: Path):
    """A new duty composes when its items are named, and the refusal says which one names none."""
    purposes = folder / "purposes.toml"
    added = '[supervision.new]\nzh = "新"\nen = "New"\nbasis = "b"\nholders = ["organ"]\n'
    purposes.write_text(purposes.read_text("utf-8") + added, "utf-8")
    with pytest.raises(StartRefused, match=r"duty_items\.toml: supervision\.new may use no item"):
        read(folder)
    file = folder / FILE
    file.write_text(file.read_text("utf-8") + '\n[supervision.new]\nXY-TAX-001 = "b"\n', "utf-8")
    assert allowed(read(folder), "supervision.new", "TaxGrade.grade")


def serving(item: str, *serves: tuple[str, str]) -> dict[str, Field]:
    """Return the fields, where an item names further duties itself."""
    return {
        name: replace(field, item=replace(field.item, serves=serves)) if field.item.code == item else field
        for name, field in FIELDS.items()
    }


def test_an_item_names_a_further_duty_itself(folder: Path):
    """What a bureau states in its own file opens its item to that duty, and to no other."""
    opened = read_policy(folder, serving("XY-SS-004", ("supervision.tourism", "测试")))
    assert opened.duties["supervision.tourism"]["XY-SS-004"] == "测试"
    assert allowed(opened, "supervision.tourism", "LabourGrade.grade")
    assert not allowed(opened, "supervision.medical", "LabourGrade.grade")
    assert opened.version != policy().version


@pytest.mark.parametrize(
    ("serves", "named"),
    [
        (("supervision.social_insurance", "b"), "named already: leave one of the two out"),
        (("supervision.nothing", "b"), "the duty 'supervision.nothing': name a leaf"),
        (("supervision.tourism", ""), "without a basis"),
    ],
)
def test_a_wrong_duty_of_an_item_is_refused(folder: Path, serves: tuple[str, str], named: str):
    """A duty that is not there, one without a basis, and one that the file names too are refused with the item."""
    with pytest.raises(StartRefused, match=f"the item XY-SS-002, `serves`.*{named}"):
        read_policy(folder, serving("XY-SS-002", serves))
