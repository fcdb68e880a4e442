"""Files of rules that are wrong are refused by file, line and reason, before they decide anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.incentives.city_files import city_called, city_names
from gateway.authorization.callers import load_callers
from gateway.authorization.cedar_rules import statements
from gateway.authorization.clients import load_clients
from gateway.authorization.policy import read_policy
from gateway.authorization.purposes import load_purposes
from gateway.errors import StartRefused
from tests.support.folders import FIELDS, NOTES, bare, copy_of_policies, read
from tests.support.tested_city import TESTED_CITY

CLIENT = """
[added]
kind = "scene_operator"
zh = "新"
en = "new"
department = "d"
region = "410400"
purposes = ["reward.reading"]
"""
TABLES = ("purposes.toml", "duty_items.toml", "callers.toml", "clients.toml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of this installation's policies."""
    return copy_of_policies(tmp_path)


def load(folder: Path) -> None:
    """Read everything, as the gateway does at its start."""
    read(folder)
    kinds = load_callers(folder / "callers.toml")
    load_clients(folder, load_purposes(folder / "purposes.toml", kinds), kinds, TESTED_CITY)


def append(folder: Path, file: str, text: str) -> None:
    """Add to a file."""
    path = folder / file
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_the_files_of_this_installation_are_read(folder: Path):
    """What is delivered is right."""
    load(folder)


@pytest.mark.parametrize("file", TABLES)
@pytest.mark.parametrize("how", ["missing", "not TOML", "not text"])
def test_a_table_that_cannot_be_read_is_named(folder: Path, file: str, how: str):
    """A missing or broken table stops the start with its name."""
    if how == "missing":
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(b"[a\n" if how == "not TOML" else b"a = '\xff'")
    with pytest.raises(StartRefused, match=file.replace(".", r"\.")):
        load(folder)


@pytest.mark.parametrize(
    ("file", "how", "named"),
    [
        ("schema.cedarschema", "missing", r"schema\.cedarschema cannot be read"),
        ("schema.cedarschema", "entity", r"schema\.cedarschema: this is no Cedar schema"),
        ("permits/reward.cedar", "not text", r"permits/reward\.cedar cannot be read"),
    ],
)
def test_a_file_of_rules_that_cannot_be_read_is_named(folder: Path, file: str, how: str, named: str):
    """A missing or broken file of Cedar stops the start with its name."""
    if how == "missing":
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(b"\xff" if how == "not text" else how.encode())
    with pytest.raises(StartRefused, match=named):
        load(folder)


def test_a_client_of_a_scene_of_another_city_is_refused(folder: Path):
    """A client that rewards does so in a scene of the city, wherever it stands."""
    append(folder, "clients.toml", CLIENT.replace("reward.reading", "reward.sport"))
    with pytest.raises(
        StartRefused, match=r"added holds reward\.sport, and Pingdingshan grants nothing in that"
    ):
        load(folder)


def test_a_client_stands_in_one_file(folder: Path):
    """The city's own clients are added to those of every city, and have other names."""
    append(folder, f"{TESTED_CITY}/clients.toml", CLIENT.replace("[added]", "[bank]"))
    with pytest.raises(
        StartRefused, match=r"pingdingshan/clients\.toml, line \d+: bank is a client of every city"
    ):
        load(folder)


def test_a_client_is_in_the_region_of_its_city(folder: Path):
    """What states no region is in that of the city that the installation serves."""
    kinds = load_callers(folder / "callers.toml")
    purposes = load_purposes(folder / "purposes.toml", kinds)
    regions = {city: load_clients(folder, purposes, kinds, city)["bank"].region for city in city_names()}
    assert regions == {city: city_called(city).region for city in city_names()}
    assert load_clients(folder, purposes, kinds, "xinyang")["suzhou"].region == "320500"


@pytest.mark.parametrize("name", ["permits", "ceilings"])
def test_a_folder_of_rules_that_is_missing_is_named(folder: Path, name: str):
    """Without its ceilings a set of rules is not read at all."""
    (folder / name).rename(folder / "elsewhere")
    with pytest.raises(StartRefused, match=f"{name}/ is missing"):
        load(folder)


def test_a_folder_without_rules_is_refused(tmp_path: Path):
    """A set that allows nothing to anybody is a mistake, and said to be one."""
    with pytest.raises(StartRefused, match="holds no rule"):
        read(bare(tmp_path))


WRONG = [
    (f'@id("x") {NOTES}\npermit(principal, action resource);', r"permits/z\.cedar:3: this is not Cedar"),
    (f'@id("x") {NOTES}\npermit(principal, action, resource)', r"permits/z\.cedar:3: this is not Cedar"),
    (f'@id("x") {NOTES}\nforbid(principal, action, resource);', r":3: a forbid cannot stand here"),
    (f"{NOTES}\npermit(principal, action, resource);", r":3: the rule lacks @id"),
    ('@id("x") @source("s")\npermit(principal, action, resource);', r":3: the rule lacks @reason"),
    ('@id("x") @reason("试 · r")\npermit(principal, action, resource);', r":3: the rule lacks @source"),
    (f'@id("x") {NOTES} @note("n")\npermit(principal, action, resource);', r"may not have @note"),
    ('@id("x") @reason("r") @source("s")\npermit(principal, action, resource);', "not bilingual"),
    (
        f'@id("reward-knows-whom") {NOTES}\npermit(principal, action, resource);',
        r":3: the id .* stands at permits/reward",
    ),
    (f'@id("x") {NOTES}\npermit(principal == ?principal, action, resource);', r":3: "),
    (
        f'@id("x") {NOTES}\npermit(principal, action, resource)\nwhen {{ context.purpose in Purpose::"rewards" }};',
        r'permits/z\.cedar:5: x names Purpose::"rewards", which does not exist',
    ),
    (
        f'@id("x") {NOTES}\npermit(principal, action,\nresource == Field::"Person.nome");',
        r'permits/z\.cedar:5: x names Field::"Person\.nome"',
    ),
    (
        f'@id("x") {NOTES}\npermit(principal, action, resource in DataClass::"GRADES");',
        r'DataClass::"GRADES"',
    ),
    (
        f'@id("x") {NOTES}\npermit(principal == CallerKind::"nobody", action, resource);',
        r'CallerKind::"nobody"',
    ),
    (f'@id("x") {NOTES}\npermit(principal, action == Action::"guess", resource);', r":3: x: "),
    (f'@id("x") {NOTES}\npermit(principal, action, resource) when {{ context.why }};', r":3: x: "),
    (
        f'@id("x") {NOTES}\npermit(principal, action, resource) when {{ resource.scene == context.purpose }};',
        ":3: x: ",
    ),
]


@pytest.mark.rule("R48")
@pytest.mark.parametrize(("rule", "named"), WRONG)
def test_a_wrong_rule_is_named_by_file_and_line(folder: Path, rule: str, named: str):
    """A rule that is no Cedar, that states too little or names what does not exist, is named by its place."""
    (folder / "permits" / "z.cedar").write_text(f"// a remark; with a semicolon\n\n{rule}", "utf-8")
    with pytest.raises(StartRefused, match=named):
        read(folder)


def test_everything_that_is_wrong_is_named_at_once(folder: Path):
    """Whoever mends a set of rules learns of every mistake of a kind in one go."""
    text = f'@id("x") {NOTES}\npermit(principal);\n@id("y")\npermit(principal, action, resource);'
    (folder / "permits" / "z.cedar").write_text(text, "utf-8")
    with pytest.raises(StartRefused, match=r"z\.cedar:1: .*z\.cedar:3: "):
        read(folder)


def test_statements_are_taken_apart_by_their_semicolons():
    """A semicolon in a text or in a remark ends nothing, and each statement knows its line."""
    text = '// one; two\n@id("a;b")\npermit(principal, action, resource); // c;\n\nforbid(\nprincipal);'
    found = [(each.line, each.text) for each in statements("f", text)]
    assert found == [(2, '@id("a;b")\npermit(principal, action, resource);'), (5, "forbid(\nprincipal);")]


@pytest.mark.parametrize("key", ["zh", "en", "basis", "holders"])
def test_a_purpose_states_what_it_is(folder: Path, key: str):
    """A leaf without a name, a basis or holders is named."""
    leaf = {"zh": '"新"', "en": '"new"', "basis": '"b"', "holders": '["organ"]'}
    text = "".join(f"{name} = {value}\n" for name, value in leaf.items() if name != key)
    append(folder, "purposes.toml", f"\n[reward.added]\n{text}")
    with pytest.raises(StartRefused, match=rf"reward\.added: it does not state `{key}`"):
        load(folder)


def test_a_purpose_that_states_nothing_is_named(folder: Path):
    """An empty leaf is refused like one that leaves something out."""
    append(folder, "purposes.toml", "\n[reward.added]\n")
    with pytest.raises(StartRefused, match=r"reward\.added: it does not state `zh`"):
        load(folder)


@pytest.mark.parametrize(
    ("leaf", "named"),
    [
        ('zh = "新"\nen = "new"\nbasis = "b"\nholders = ["library"]', "is held by 'library'"),
        (
            'zh = "新"\nen = "new"\nbasis = "b"\nholders = ["organ"]\nopen = true',
            "states what means nothing: `open`",
        ),
        (
            'zh = "新"\nen = "new"\nbasis = "b"\nholders = "organ"',
            "Expected a list, got `str` - at .*holders",
        ),
        ('zh = "新"\nen = "new"\nbasis = 1\nholders = ["organ"]', "Expected `str`, got `int` - at .*basis"),
        (
            'zh = "新"\nen = "new"\nbasis = "b"\nholders = ["organ"]\ncase_number = 1',
            r"reward\.added: Expected `bool`, got `int` - at .*case_number",
        ),
    ],
)
def test_a_wrong_purpose_is_named(folder: Path, leaf: str, named: str):
    """A leaf that nobody known may hold, or that states what means nothing, is named."""
    append(folder, "purposes.toml", f"\n[reward.added]\n{leaf}\n")
    with pytest.raises(StartRefused, match=named):
        load(folder)


@pytest.mark.parametrize("key", ["zh", "en", "basis"])
def test_a_kind_of_caller_states_what_it_is(folder: Path, key: str):
    """A kind of caller without a name or a basis is named."""
    kind = {"zh": '"新"', "en": '"new"', "basis": '"b"'}
    text = "".join(f"{name} = {value}\n" for name, value in kind.items() if name != key)
    append(folder, "callers.toml", f"\n[added]\n{text}")
    with pytest.raises(StartRefused, match=rf"added: it does not state `{key}`"):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('"reward.reading"', '"reward.unknown"', r"added names the purpose 'reward\.unknown'"),
        ('"reward.reading"', '"measure.funds"', r"scene_operator, which does not hold measure\.funds"),
        ('"reward.reading"', '"*"', "which does not hold"),
        (
            '["reward.reading"]',
            '["reward.reading", "reward.parking"]',
            r"holds reward\.reading and reward\.park",
        ),
        ('"scene_operator"', '"nobody"', "of the kind 'nobody'"),
        ('kind = "scene_operator"', "", "added: it does not state `kind`"),
        ('["reward.reading"]', "[]", "added: .*length >= 1 - at .*purposes"),
        ('department = "d"', "", "added: it does not state `department`"),
        ('department = "d"', "department = 1", "added: Expected `str`, got `int` - at .*department"),
        ('kind = "scene_operator"', 'kind = ["organ"]', "added: Expected `str`.* - at .*kind"),
        ('["reward.reading"]', '"reward.reading"', "added: Expected .* - at .*purposes"),
        ('["reward.reading"]', "[1]", "added: Expected .* - at .*purposes"),
        (
            "purposes",
            "speak_for_person = true\npurposes",
            "added: it states what means nothing: `speak_for_person`",
        ),
        ("purposes", "sandbox = true\npurposes", "added: it states what means nothing: `sandbox`"),
        (
            "purposes",
            "speaks_for_person = 1\npurposes",
            "added: Expected `bool`, got `int` - at .*speaks_for_person",
        ),
        (
            "purposes",
            'speaks_for_person = "no"\npurposes',
            "Expected `bool`, got `str` - at .*speaks_for_person",
        ),
    ],
)
def test_a_wrong_client_is_named(folder: Path, old: str, new: str, named: str):
    """A client that may not hold its purposes, or does not state what it is, is named."""
    append(folder, "clients.toml", CLIENT.replace(old, new))
    with pytest.raises(StartRefused, match=named):
        load(folder)


@pytest.mark.parametrize(
    ("kind", "purposes", "named"),
    [
        (
            "financial_institution",
            '["reward.finance", "financing.credit"]',
            "reward.finance and financing.credit",
        ),
        ("organ", '["supervision.tax", "reward.approval"]', "reward.approval and supervision.tax"),
        ("organ", '["reward.approval", "approval.admission"]', "reward.approval and approval.admission"),
    ],
)
def test_who_rewards_holds_no_duty_beside(folder: Path, kind: str, purposes: str, named: str):
    """A client that would see under one purpose what the answers of another are silent about is named."""
    client = CLIENT.replace("scene_operator", kind).replace('["reward.reading"]', purposes)
    append(folder, "clients.toml", client)
    with pytest.raises(StartRefused, match=f"added holds {named}"):
        load(folder)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 0.7, 0.9])
def test_a_schema_that_is_cut_is_named(folder: Path, part: float):
    """A schema that ends after any of its declarations is refused by its own name, though Cedar could read it."""
    lines = (folder / "schema.cedarschema").read_text("utf-8").splitlines(keepends=True)
    kept = lines[: int(part * len(lines))]
    (folder / "schema.cedarschema").write_text("".join(kept), "utf-8")
    with pytest.raises(StartRefused, match=r"^schema\.cedarschema: "):
        read(folder)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("purposes.toml", 'holders = ["court"]', 'holders = ["court", "organ"]'),
        ("callers.toml", "[court]", '[guild]\nzh = "a"\nen = "b"\nbasis = "c"\n\n[court]'),
        ("duty_items.toml", 'XY-SS-001 = "社会保险法 第七十四条"\n', ""),
        ("permits/reward.cedar", "resource.sensitivity <= 1", "resource.sensitivity <= 2"),
        ("ceilings/incentive.cedar", "宛信用办〔2022〕4号", "宛信用办〔2022〕5号"),
        ("schema.cedarschema", "scene?: Purpose,", "scene?: Purpose,\n  other?: Long,"),
    ],
)
def test_the_version_of_a_policy_changes_with_what_decides(folder: Path, file: str, old: str, new: str):
    """Two policies have the same version exactly where all that decides is the same."""
    before = read(folder).version
    assert read(folder).version == before
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    assert read(folder).version != before


def test_the_version_of_a_policy_changes_with_what_a_field_is_derived_from(folder: Path):
    """A field that is derived from less is another policy, for more of its uses may be allowed."""
    name, field = next((name, each) for name, each in FIELDS.items() if each.inputs)
    fewer = {**FIELDS, name: replace(field, inputs=field.inputs[1:])}
    assert read_policy(folder, fewer).version != read_policy(folder, FIELDS).version
