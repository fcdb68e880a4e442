"""Every registered operation is right and covered by its purpose; a wrong file is refused by its name."""

from __future__ import annotations

import shutil
from datetime import date, time
from pathlib import Path

import pytest

from gateway.errors import RequestError, StartRefused
from gateway.operations.register import Duty, Quota, Registration, load_register, read_registration
from gateway.pipeline.cooperative import run_to_end
from gateway.pipeline.lookup import prepare_registered, registered_operations
from gateway.pipeline.prepare import Preparer
from gateway.principal import Principal
from gateway.settings import ROOT, LimitSettings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.admissions import CLIENTS, REGISTER, admission
from tests.support.gateway_in_memory import graph, policy
from tests.support.small_city import small_city
from tests.support.tested_city import TESTED_CITY

GOOD = '''
zh = "新"
en = "new"
purpose = "reward.approval"
legal_basis = "b"
owner = "o"
clients = ["green-lane"]
subjects = 1
expires = 2026-12-31
quota = { per_caller = 2, total = 3, seconds = 60 }
document = """
query Added($id: PersonNumber!) { person(id: $id) { name honours { title } } }
"""
'''


DUTY = '{ days = ["MON", "FRI"], from = 08:30:00, until = 18:00:00 }'


def preparer() -> Preparer:
    """Return a preparer over the rules of this installation."""
    hooks = Hooks()
    return Preparer(graph(), policy(), Loaders(small_city().sources(), hooks), hooks)


def loaded(folder: Path, text: str) -> Registration:
    """Read a register of one file."""
    (folder / "added.toml").write_text(text, "utf-8")
    return load_register(folder, policy().purposes, CLIENTS, TESTED_CITY)["added"]


@pytest.mark.rule("R15", "HN-24")
@pytest.mark.parametrize("name", sorted(REGISTER))
async def test_every_registered_operation_is_covered_by_its_purpose(name: str):
    """Nothing that an operation asks for is denied, under any condition of its document."""
    prepared = prepare_registered(preparer(), REGISTER[name], CLIENTS, LimitSettings())
    assert set(prepared) == {CLIENTS[client].kind for client in REGISTER[name].clients}
    for operation in prepared.values():
        run_to_end(operation.variants_of_all_conditions())
        assert operation.grant.denied == {}
        assert all(not each.plan.denies for each in operation.variants.values())


def test_every_client_has_an_operation():
    """Each client of the demo may ask something, and holds the purpose of whatever it may ask."""
    for registration in REGISTER.values():
        assert all(registration.purpose in CLIENTS[name].purposes for name in registration.clients)
    assert {name for each in REGISTER.values() for name in each.clients} == set(CLIENTS)
    assert len(REGISTER) >= 12


def test_who_speaks_for_a_person_reads_the_token_s_subject_alone():
    """Every operation of a client that speaks for a person takes each subject from the token: a person, or an enterprise."""
    for registration in REGISTER.values():
        if any(CLIENTS[name].speaks_for_person for name in registration.clients):
            assert set(registration.bind.values()) in ({"person"}, {"enterprise"})


async def test_an_operation_that_reads_beyond_its_purpose_is_refused(tmp_path: Path):
    """The start is refused with the field, the rule and its reason."""
    registration = loaded(tmp_path, GOOD.replace("honours { title }", "identityNumber taxArrears { since }"))
    with pytest.raises(
        StartRefused,
        match=r"reward\.approval for organ does not cover .*read Person\.identityNumber by ",
    ) as caught:
        run_to_end(
            registered_operations(preparer(), {"added": registration}, CLIENTS, LimitSettings(), admission())
        )
    assert "Person.taxArrears" in str(caught.value)


async def test_a_condition_hides_nothing_from_registration(tmp_path: Path):
    """A field that is only included under a condition is judged as if it always were."""
    registration = loaded(tmp_path, GOOD.replace("name ", "name birthDate @include(if: false) "))
    with pytest.raises(StartRefused, match=r"Person\.birthDate"):
        prepare_registered(preparer(), registration, CLIENTS, LimitSettings())


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('purpose = "reward.approval"', 'purpose = "reward"', "'reward' is no leaf"),
        ('purpose = "reward.approval"', 'purpose = "reward.parking"', "'green-lane' may not hold"),
        ('["green-lane"]', '["nobody"]', "'nobody' is not in clients"),
        ('["green-lane"]', '"green-lane"', "Expected a list.*clients"),
        ('["green-lane"]', "[]", r"length >= 1 .*clients"),
        ("subjects = 1", "subjects = 0", "`int` >= 1 .*subjects"),
        ("subjects = 1", "subjects = -1", "`int` >= 1 .*subjects"),
        ("subjects = 1", 'subjects = "1"', "`int`, got `str` .*subjects"),
        ("subjects = 1", "subjects = true", "`int`, got `bool` .*subjects"),
        ("subjects = 1", "subjects = 1\nbind = {id = 'department'}", "bound to 'department'"),
        ("2026-12-31", '"2026-12-31"', "Expected `date`, got `.*` - at .*expires"),
        ("2026-12-31", "2026-12-31T00:00:00", "Expected `date`, got `.*` - at .*expires"),
        ("expires = 2026-12-31", "", "does not state `expires`"),
        ("quota = {", "other = {", "means nothing: `other`"),
        (
            "quota = { per_caller = 2, total = 3,",
            "quota = { total = 3,",
            "does not state `per_caller` - at .*quota",
        ),
        ("total = 3,", "total = 3, burst = 1,", "means nothing: `burst` - at .*quota"),
        ("per_caller = 2", "per_caller = 0", "`int` >= 1 .*per_caller"),
        ("per_caller = 2", "per_caller = 2.5", "`int`, got `float` .*per_caller"),
        ("seconds = 60", "seconds = true", "`int`, got `bool` .*seconds"),
        ("seconds = 60", "seconds = 2678401", "`int` <= 2678400 .*quota.seconds"),
        ("total = 3", "total = 1000000001", "`int` <= 1000000000 .*quota.total"),
        ("per_caller = 2", "per_caller = 4", "one caller more than all callers"),
        (
            "subjects = 1",
            f"subjects = 1\nduty = {DUTY.replace('MON', 'mon')}",
            "Invalid .* 'mon' - at .*duty.days",
        ),
        ("subjects = 1", f"subjects = 1\nduty = {DUTY.replace('18:00:00', '08:30:00')}", "until a later one"),
        (
            "subjects = 1",
            f"subjects = 1\nduty = {DUTY.replace('08:30:00', '8')}",
            "`time`, got `int` - at .*duty.from",
        ),
        ("subjects = 1", f"subjects = 1\nduty = {DUTY.replace('[', '[[],')}", "Expected `str`.*duty.days"),
        ("subjects = 1", "subjects = 1\nduty = { days = [] }", "length >= 1 - at .*duty.days"),
        ("subjects = 1", "subjects = 1\nbind = 'id'", "Expected a table, got `str` - at .*bind"),
        ('owner = "o"', "owner = ['o']", "Expected `str`, got .*owner"),
        ('["green-lane"]', '[["green-lane"]]', "Expected `str`, got `array` - at .*clients"),
        ('owner = "o"', "", "does not state `owner`"),
        ('owner = "o"', 'owner = "o"\nother = 1', "means nothing: `other`"),
        ('owner = "o"', "owner = ", "added.toml cannot be read"),
    ],
)
def test_a_wrong_registration_is_named(tmp_path: Path, old: str, new: str, named: str):
    """A file that leaves out or mistakes what it must state stops the start with its name."""
    assert old in GOOD
    with pytest.raises(StartRefused, match=named) as caught:
        loaded(tmp_path, GOOD.replace(old, new))
    assert "added" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("name honours", "nome honours", "added: DOCUMENT_INVALID"),
        ("name honours", "honours", None),
        ("{ person", "{ __schema { queryType { name } } person", "added: INTROSPECTION_DISABLED"),
        ("subjects = 1", "subjects = 1\nbind = {other = 'person'}", r"added: bind names \$other"),
        ("($id: PersonNumber!)", "($id: CreditCode!)", "added: DOCUMENT_INVALID"),
    ],
)
async def test_a_wrong_document_is_named(tmp_path: Path, old: str, new: str, named: str | None):
    """A document that does not fit the schema, or a binding without its variable, stops the start."""
    registration = loaded(tmp_path, GOOD.replace(old, new))
    if named is None:
        prepare_registered(preparer(), registration, CLIENTS, LimitSettings())
    else:
        with pytest.raises(StartRefused, match=named):
            prepare_registered(preparer(), registration, CLIENTS, LimitSettings())


@pytest.mark.parametrize(
    "name", ["revoked", "Library", "a.b", "a b", "4a", "", "p411502199003071233", "书", "a" * 65]
)
def test_an_operations_name_is_no_number_and_no_other_file(tmp_path: Path, name: str):
    """A file whose name is not that of an operation is refused, and the name is not repeated."""
    file = tmp_path / f"{name}.toml"
    file.write_text(GOOD, "utf-8")
    with pytest.raises(StartRefused, match="named by small letters") as caught:
        read_registration(file, policy().purposes, CLIENTS)
    assert not name or name not in str(caught.value)


def test_what_was_revoked_is_no_operation(tmp_path: Path):
    """The file of revocations stands beside the operations and is not read as one."""
    (tmp_path / "revoked.toml").write_text("", "utf-8")
    loaded(tmp_path, GOOD)
    assert list(load_register(tmp_path, policy().purposes, CLIENTS, TESTED_CITY)) == ["added"]


def test_terms_are_read_as_they_stand(tmp_path: Path):
    """Last day, quota and hours of duty are those of the file."""
    registration = loaded(tmp_path, GOOD.replace("subjects = 1", f"subjects = 1\nduty = {DUTY}"))
    assert registration.expires == date(2026, 12, 31)
    assert registration.quota == Quota(per_caller=2, total=3, seconds=60)
    assert registration.duty == Duty(frozenset({"MON", "FRI"}), time(8, 30), time(18))


def test_a_document_has_one_purpose(tmp_path: Path):
    """The same document in two files is refused: its id could not tell which purpose is meant."""
    for name in ("one", "two"):
        shutil.copy(ROOT / "operations" / "bank.toml", tmp_path / f"{name}.toml")
    with pytest.raises(
        StartRefused, match=r"/two\.toml: it has the same document as [^ ]*/one\.toml; an operation has"
    ):
        load_register(tmp_path, policy().purposes, CLIENTS, TESTED_CITY)


def test_the_city_has_operations_of_its_own(tmp_path: Path):
    """Read are the common folder and the city's, and of no other city; a name stands in one of them."""
    for folder, name in (("", "one"), (TESTED_CITY, "two"), ("nanyang", "three")):
        (tmp_path / folder).mkdir(exist_ok=True)
        text = GOOD.replace("query Added", f"query {name.title()}")
        (tmp_path / folder / f"{name}.toml").write_text(text, "utf-8")
    assert list(load_register(tmp_path, policy().purposes, CLIENTS, TESTED_CITY)) == ["one", "two"]
    (tmp_path / TESTED_CITY / "one.toml").write_text(GOOD, "utf-8")
    with pytest.raises(
        StartRefused, match=r"pingdingshan/one\.toml: an operation of every city has this name"
    ):
        load_register(tmp_path, policy().purposes, CLIENTS, TESTED_CITY)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (
            'purpose = "reward.approval"',
            'purpose = "reward.network"',
            "line 7: the client 'green-lane' may not",
        ),
        ('purpose = "reward.approval"', 'purpose = "reward.aproval"', "line 4: 'reward.aproval' is no leaf"),
        (
            '["green-lane"]',
            '[\n  "green-lane",\n  "green-land",\n]',
            "line 9: the client 'green-land' is not in",
        ),
        ('owner = "o"', "", "it does not state `owner`"),
        ("subjects = 1", "subjects = 0", "line 8: Expected `int` >= 1"),
        (
            "subjects = 1",
            "subjects = 1\nbind = {id = 'department'}",
            "line 9: \\$id is bound to 'department'",
        ),
        ('owner = "o"', "owner = ", r"added\.toml cannot be read as TOML: .*line 6"),
        ('owner = "o"', 'owner = "o\\u202E"', "owner holds U\\+202E"),
    ],
)
def test_a_refusal_names_the_folder_and_the_line(tmp_path: Path, old: str, new: str, named: str):
    """Files of several cities have one name, so a refusal names the path within the project, and the line of the statement."""
    folder = tmp_path / "operations" / TESTED_CITY
    folder.mkdir(parents=True)
    assert old in GOOD
    (folder / "added.toml").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(StartRefused, match=named) as refused:
        load_register(tmp_path / "operations", policy().purposes, CLIENTS, TESTED_CITY)
    assert str(refused.value).startswith(f"operations/{TESTED_CITY}/added.toml")


@pytest.mark.rule("R10", "HN-25")
async def test_a_registered_operation_is_found_by_its_own_clients_alone():
    """An unknown id and one of another client's get the same answer; a token needs the purpose as well."""
    operations = run_to_end(
        registered_operations(preparer(), REGISTER, CLIENTS, LimitSettings(), admission())
    )
    library = REGISTER["library"]

    def found(client: str, document_id: str, *purposes: str) -> str:
        principal = Principal(client, "d", "r", frozenset(purposes), None, 0.0)
        try:
            return operations.find(document_id, principal).name
        except RequestError as error:
            return error.code.name

    assert found("library", library.document_id, "reward.reading") == "library"
    assert found("library", library.document_id, "reward.parking") == "PURPOSE_NOT_GRANTED"
    assert found("parking", library.document_id, "reward.reading") == "OPERATION_UNKNOWN"
    assert found("library", "sha256:" + "0" * 64, "reward.reading") == "OPERATION_UNKNOWN"
