"""Two persons approve an operation by signature; a forged, single, borrowed or outdated approval is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey
from joserfc.util import urlsafe_b64encode
from msgspec.structs import fields, replace

from gateway.errors import StartRefused
from gateway.jwks import REGISTRY
from gateway.operations.approvals import (
    TYPE,
    approve,
    digest_of,
    read_approvals,
    refusals,
    require_approved,
)
from gateway.operations.approvers import (
    ROLES,
    SANDBOX_DAY,
    Role,
    load_approvers,
    refuse_sandbox_approvers,
    sandbox_key,
)
from gateway.operations.register import Duty, Registration
from gateway.settings import ROOT
from tests.support.admissions import REGISTER
from tests.support.approvers import TwoApprovers
from tests.support.tested_city import TESTED_CITY

LIBRARY = REGISTER["library"]
TODAY = date(2026, 1, 5)
BUREAU, OFFICER = ROLES
OTHER: dict[str, Any] = {
    "name": "other",
    "zh": "o",
    "en": "o",
    "purpose": "reward.parking",
    "legal_basis": "o",
    "owner": "o",
    "clients": LIBRARY.clients | {"parking"},
    "subjects": 2,
    "document": LIBRARY.document + "\n",
    "bind": {"id": "person"},
    "expires": date(2099, 1, 1),
    "quota": replace(LIBRARY.quota, per_caller=2),
    "duty": Duty(frozenset({"MON"}), time(8), time(9)),
    "ids": frozenset({"a-client-s-own"}),
}
"""Another value for each statement."""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> TwoApprovers:
    """A data bureau and a privacy officer."""
    return TwoApprovers(tmp_path_factory.mktemp("approvers") / "approvers.json")


@pytest.fixture
def given(two: TwoApprovers) -> dict[Role, str]:
    """Both approvals of the library's operation."""
    return {role: two.approve(LIBRARY, role) for role in ROLES}


@pytest.fixture
def why(two: TwoApprovers) -> Callable[..., list[str]]:
    """Say why the approvals of an operation do not hold."""
    approvers = load_approvers(two.file)
    return lambda given, registration=LIBRARY: refusals(approvers, registration, given, TODAY)


def signed(key: Any, statement: Any, **header: Any) -> str:
    """A signature over any statement with any header."""
    head = {"alg": "EdDSA", "kid": key.thumbprint(), "typ": TYPE, **header}
    return jws.serialize_compact(
        {name: value for name, value in head.items() if value},
        json.dumps(statement).encode(),
        key,
        registry=REGISTRY,
    )


def statement(role: Role = OFFICER, **changed: Any) -> dict[str, Any]:
    """What a good approval says, with changes; None takes a member out."""
    said = {"operation": "library", "role": role, "digest": digest_of(LIBRARY), "approved_on": f"{TODAY}"}
    return {name: value for name, value in (said | changed).items() if value is not None}


def test_two_approvals_hold(given: dict[Role, str], why: Callable[..., list[str]]):
    """An operation that both have signed is approved."""
    assert why(given) == []


def test_es256_holds_too(tmp_path: Path):
    """An approver may sign with a P-256 key, under a name of the publisher's choice."""
    keys = {role: ECKey.generate_key("P-256") for role in ROLES}
    sets = {role: {"keys": [{**key.as_dict(private=False), "kid": role}]} for role, key in keys.items()}
    (tmp_path / "a.json").write_text(json.dumps(sets))
    given = {role: approve(LIBRARY, role, keys[role], role, date(2026, 1, 5)) for role in ROLES}
    assert refusals(load_approvers(tmp_path / "a.json"), LIBRARY, given, TODAY) == []


@pytest.mark.parametrize("role", ROLES)
def test_one_approval_is_not_enough(given: dict[Role, str], why: Callable[..., list[str]], role: Role):
    """A single approval is refused, whichever it is."""
    assert why({role: given[role]}) == [
        f"approval of {other}: there is none" for other in ROLES if other != role
    ]


def test_one_person_cannot_approve_twice(
    two: TwoApprovers, given: dict[Role, str], why: Callable[..., list[str]]
):
    """The bureau's signature is none of the officer's, even where it says that it is."""
    key = two.keys[BUREAU]
    for forged in (given[BUREAU], signed(key, statement(OFFICER))):
        (refusal,) = why({BUREAU: given[BUREAU], OFFICER: forged})
        assert "not published for this role" in refusal


def test_an_approval_in_another_role_is_none(
    two: TwoApprovers, given: dict[Role, str], why: Callable[..., list[str]]
):
    """What the officer signs as the bureau does not count as the officer's."""
    (refusal,) = why({**given, OFFICER: signed(two.keys[OFFICER], statement(BUREAU))})
    assert refusal == "approval of privacy_officer: it was given in another role"


@pytest.mark.parametrize("name", [each.name for each in fields(Registration)])
def test_every_change_makes_both_approvals_void(
    given: dict[Role, str], why: Callable[..., list[str]], name: str
):
    """Whatever statement is changed after the approval, neither signature holds any more."""
    changed = replace(LIBRARY, **{name: OTHER[name]})
    assert digest_of(changed) != digest_of(LIBRARY)
    assert len(why(given, changed)) == 2


def test_a_digest_does_not_hang_on_the_order_of_sets():
    """The same statements have the same digest, however their sets and tables were built."""
    names = [f"client-{number}" for number in range(40)]
    bound = dict.fromkeys(names, "person")
    one = replace(LIBRARY, clients=frozenset(names), bind=bound)
    other = replace(LIBRARY, clients=frozenset(reversed(names)), bind=dict(reversed(bound.items())))
    assert digest_of(one) == digest_of(other)


def test_another_operations_approval_is_none(
    two: TwoApprovers, given: dict[Role, str], why: Callable[..., list[str]]
):
    """An approval is for the one operation that it names."""
    found = why({**given, OFFICER: signed(two.keys[OFFICER], statement(operation="bank"))})
    assert found == ["approval of privacy_officer: it is another operation's"]


@pytest.mark.parametrize("days", [1, 400])
def test_an_approval_of_a_day_to_come_is_none(
    two: TwoApprovers, given: dict[Role, str], why: Callable[..., list[str]], days: int
):
    """An approval counts from the day that it names, and not before."""
    day = TODAY + timedelta(days=days)
    later = {
        **given,
        OFFICER: approve(LIBRARY, OFFICER, two.keys[OFFICER], two.keys[OFFICER].thumbprint(), day),
    }
    assert why(later) == ["approval of privacy_officer: the day on which it was given is still to come"]
    assert refusals(load_approvers(two.file), LIBRARY, later, day) == []


def forgeries(two: TwoApprovers) -> dict[str, str]:
    """Texts that pass for the officer's approval at a glance."""
    key, stranger = two.keys[OFFICER], OKPKey.generate_key("Ed25519")
    kid = key.thumbprint()
    good = two.approve(LIBRARY, OFFICER)
    head, body, signature = good.split(".")
    public = json.dumps(key.as_dict(private=False))
    hmac = jws.serialize_compact(
        {"alg": "HS256", "kid": kid, "typ": TYPE},
        json.dumps(statement()),
        OctKey.import_key(public),
        ["HS256"],
    )
    return {
        "nothing": "",
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "half a signature": f"{head}.{body}.{signature[:40]}",
        "another's signature": f"{head}.{body}.{two.approve(LIBRARY, BUREAU).split('.')[2]}",
        "another's statement": f"{head}.{two.approve(replace(LIBRARY, subjects=9), OFFICER).split('.')[1]}.{signature}",
        "a stranger's key": signed(stranger, statement()),
        "a stranger's key under the name": signed(stranger, statement(), kid=kid),
        "a key of its own": signed(stranger, statement(), kid=kid, jwk=stranger.as_dict(private=False)),
        "the public key as a secret": hmac,
        "no algorithm": f"{_encoded({'alg': 'none', 'kid': kid, 'typ': TYPE})}.{body}.",
        "another type": signed(key, statement(), typ="JWT"),
        "no type": signed(key, statement(), typ=None),
        "no digest": signed(key, statement(digest=None)),
        "more than an approval": signed(key, statement(note="x")),
        "no day": signed(key, statement(approved_on="soon")),
        "no object": signed(key, []),
        "too long": good + "A" * 5000,
        "surrogates": "\ud800" + good,
    }


def _encoded(header: dict[str, str]) -> str:
    return urlsafe_b64encode(json.dumps(header).encode()).decode()


@pytest.mark.parametrize("name", [
    "nothing", "no signature", "two parts", "half a signature", "another's signature", "another's statement",
    "a stranger's key", "a stranger's key under the name", "a key of its own", "the public key as a secret",
    "no algorithm", "another type", "no type", "no digest", "more than an approval", "no day", "no object", "too long",
    "surrogates",
])  # fmt: skip
def test_a_forgery_is_refused(
    two: TwoApprovers, given: dict[Role, str], why: Callable[..., list[str]], name: str
):
    """What is not the officer's whole signature over this operation is refused, and nothing of it is repeated."""
    forged = forgeries(two)[name]
    (refusal,) = why({**given, OFFICER: forged})
    assert refusal.startswith("approval of privacy_officer: it")
    assert all(part not in refusal for part in forged.split(".") if part)


def test_what_is_too_long_is_not_looked_into(two: TwoApprovers, why: Callable[..., list[str]]):
    """A text longer than any approval is refused before it is decoded."""
    (refusal,) = why(
        {BUREAU: two.approve(LIBRARY, BUREAU), OFFICER: two.approve(LIBRARY, OFFICER) + "A" * 5000}
    )
    assert refusal == "approval of privacy_officer: it is too long for an approval"


def test_every_missing_approval_is_named(two: TwoApprovers, tmp_path: Path):
    """A register with operations that are not approved is refused with each of them and each role."""
    approvers = load_approvers(two.file)
    with pytest.raises(StartRefused) as caught:
        require_approved(tmp_path, approvers, REGISTER, TODAY, TESTED_CITY)
    assert all(
        f"{name}: approval of {role}: there is none" in str(caught.value)
        for name in REGISTER
        for role in ROLES
    )
    two.approve_all(tmp_path, REGISTER.values())
    require_approved(tmp_path, approvers, REGISTER, TODAY, TESTED_CITY)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"data_bureau": 1}', b'{"mayor": "x"}', b"[" * 9999]
)
def test_broken_approvals_are_none(two: TwoApprovers, tmp_path: Path, content: bytes):
    """A file of approvals that cannot be read gives none, and the operation is refused."""
    two.approve_all(tmp_path, REGISTER.values())
    (tmp_path / "approvals" / "library.json").write_bytes(content)
    assert read_approvals(tmp_path, "library") == {}
    with pytest.raises(StartRefused, match=r"library: approval of data_bureau: there is none"):
        require_approved(tmp_path, load_approvers(two.file), REGISTER, TODAY, TESTED_CITY)


def sets(**changed: Any) -> dict[str, Any]:
    """The approvers' file of this installation, with changes; None takes a role out."""
    whole = json.loads((ROOT / "policies" / "approvers.json").read_text()) | changed
    return {role: keys for role, keys in whole.items() if keys is not None}


WHOLE = sets()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "approvers.json, DecodeError"),
        (b'{"data_bureau": ' + b"[" * 9999, "approvers.json, RecursionError"),
        (json.dumps([]), "approvers.json, ValidationError"),
        (json.dumps(sets(privacy_officer=None)), "approvers.json, ValidationError"),
        (json.dumps(sets(mayor=WHOLE["data_bureau"])), "approvers.json, ValidationError"),
        (json.dumps(sets(privacy_officer={"keys": []})), "no Ed25519 and no P-256 key"),
        (json.dumps(sets(privacy_officer={"keys": [sandbox_key(OFFICER).as_dict(private=True)]})), "private key"),
        (json.dumps(sets(privacy_officer=WHOLE["data_bureau"])), "One key stands in both roles"),
    ],
)  # fmt: skip
def test_approvers_that_cannot_be_used(tmp_path: Path, content: str | bytes, named: str):
    """Keys that cannot be read, lack a role, or let one person approve in both stop the start."""
    file = tmp_path / "approvers.json"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(StartRefused, match=named):
        load_approvers(file)


def test_approvers_that_are_not_there(tmp_path: Path):
    """Without the file nobody can approve, so nothing starts."""
    with pytest.raises(StartRefused, match="FileNotFoundError"):
        load_approvers(tmp_path / "none.json")


def test_the_register_of_this_installation_is_approved_by_the_sandbox():
    """Each operation of the demo carries both approvals, by the keys that policies/approvers.json publishes."""
    approvers = load_approvers(ROOT / "policies" / "approvers.json")
    require_approved(ROOT / "operations", approvers, REGISTER, SANDBOX_DAY, TESTED_CITY)
    for role in ROLES:
        assert [key.thumbprint for key in approvers.keys[role]] == [sandbox_key(role).thumbprint()]
    folders = (ROOT / "operations", ROOT / "operations" / TESTED_CITY)
    approved = [file.stem for folder in folders for file in (folder / "approvals").iterdir()]
    assert sorted(approved) == sorted(REGISTER)


def test_sandbox_approvers_are_refused_in_any_role(two: TwoApprovers, tmp_path: Path):
    """A sandbox key among an installation's own, in whichever role, is found out; own keys alone are not."""
    refuse_sandbox_approvers(load_approvers(two.file))
    own = json.loads(two.file.read_text())
    for role in ROLES:
        for published in ROLES:
            key = {**sandbox_key(published).as_dict(private=False), "kid": "ours"}
            (tmp_path / "a.json").write_text(json.dumps({**own, role: {"keys": [*own[role]["keys"], key]}}))
            with pytest.raises(StartRefused, match="public sandbox key"):
                refuse_sandbox_approvers(load_approvers(tmp_path / "a.json"))


def test_the_same_day_gives_the_same_sandbox_approval():
    """Ed25519 signs without chance, so approving anew changes no file."""
    key, day = sandbox_key(BUREAU), date(2026, 1, 5)
    assert approve(LIBRARY, BUREAU, key, "k", day) == approve(LIBRARY, BUREAU, key, "k", day)
