"""The register of operations: one TOML file each, with a document, its purpose, who may ask it and how often.

Its files are written under a lock, and so that a reader sees the old one or the new one, and never half of it.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Final, TypeAlias

import msgspec

from catalogue.toml_files import Text
from gateway.authorization.clients import Client
from gateway.authorization.purposes import PurposeTree
from gateway.errors import StartRefused
from gateway.operations.city_time import DAYS, Day, city_datetime
from gateway.operations.invisible_characters import refuse_invisible
from gateway.operations.operation_file import OperationFile

CLAIMS: Final[Mapping[str, str]] = {"person": "PersonNumber!", "enterprise": "CreditCode!"}
"""What a token can give to a variable, with the type of the variable: the identity number of the person for whom it was
issued, and the credit code of the enterprise for which that person acts.
"""
REVOKED_FILE: Final = "revoked.toml"
"""The one TOML file beside the operations that is none: what was revoked."""

_NAME: Final = re.compile(r"(?!revoked\Z)[a-z](?:[a-z-]|[0-9](?![0-9]{5})){0,63}", re.ASCII)
_CLIENT_ID: Final = r"^(?!sha256:)(?![0-9A-Za-z]{15,18}\Z)[0-9A-Za-z][0-9A-Za-z._:/+=~-]{0,127}\Z"
"""An id of a client's own making: never one that the gateway makes, nor of the length of an identity number."""
_READABLE: Final = 0o644
MOST_REQUESTS: Final = 1_000_000_000
MOST_SECONDS: Final = 31 * 86_400


PERSONS_SHARE: Final = 100
"""One person may use one part of so many of its client's quota, where the file states no `per_person`."""


class Quota(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many requests are answered in `seconds`: of one caller, and of all callers together.

    `per_person` bounds each person for whom a client speaks.
    """

    per_caller: Annotated[int, msgspec.Meta(ge=1)]
    total: Annotated[int, msgspec.Meta(ge=1, le=MOST_REQUESTS)]
    seconds: Annotated[int, msgspec.Meta(ge=1, le=MOST_SECONDS)]
    per_person: Annotated[int, msgspec.Meta(ge=1)] | None = None

    def __post_init__(self) -> None:
        """Refuse a quota of one caller that is larger than that of all, and of one person than of its client."""
        if self.per_caller > self.total:
            raise ValueError("it gives one caller more than all callers together")
        if self.per_person is not None and self.per_person > self.per_caller:
            raise ValueError("it gives one person more than the client that speaks for it")

    @property
    def person_share(self) -> int:
        """The number of requests of one person."""
        return self.per_person or max(1, self.per_caller // PERSONS_SHARE)


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days of the week and hours of the day, from `start` until before `until`, in the city's time."""

    days: Annotated[frozenset[Day], msgspec.Meta(min_length=1)]
    start: time = msgspec.field(name="from")
    until: time

    def __post_init__(self) -> None:
        """Refuse hours that do not lie within one day."""
        if self.start >= self.until:
            raise ValueError("its hours are of one day, from one time until a later one")

    def holds(self, now: float) -> bool:
        """Whether a moment, in seconds of the Unix clock, is within the hours of duty."""
        here = city_datetime(now)
        return DAYS[here.weekday()] in self.days and self.start <= here.time() < self.until


ClientId: TypeAlias = Annotated[str, msgspec.Meta(pattern=_CLIENT_ID)]


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One registered operation as its file states it.

    `subjects` is how many one request may name; `bind` gives variables from the token, by claim. It is
    answered up to the end of the day `expires`, within `quota`, and where `duty` is set within its hours.
    `ids` are further ids that its clients' tools made for it, by another hash or by a list of their own.
    """

    name: str
    zh: Text
    en: Text
    purpose: Text
    legal_basis: Text
    owner: Text
    clients: Annotated[frozenset[str], msgspec.Meta(min_length=1)]
    subjects: Annotated[int, msgspec.Meta(ge=1)]
    document: Text
    expires: date
    quota: Quota
    bind: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    duty: Duty | None = None
    ids: Annotated[frozenset[ClientId], msgspec.Meta(min_length=1)] | None = None

    @property
    def document_id(self) -> str:
        """The id that a request carries: the SHA-256 of the document's text."""
        return "sha256:" + hashlib.sha256(self.document.encode()).hexdigest()


def is_operation_name(text: str) -> bool:
    """Whether an operation may be named so: it stands in file names and logs, where no number belongs."""
    return _NAME.fullmatch(text) is not None


def folder_of(folder: Path, city: str, name: str) -> Path:
    """Return the folder in which an operation stands: the city's own, or the one of every city."""
    own = folder / city
    return own if (own / f"{name}.toml").is_file() else folder


def load_register(
    folder: Path, purposes: PurposeTree, clients: Mapping[str, Client], city: str
) -> dict[str, Registration]:
    """Read every operation of the city and of every city by name, or raise StartRefused with what is wrong in a file."""
    several = (*folder.glob("*.toml"), *(folder / city).glob("*.toml"))
    files = sorted((file for file in several if file.name != REVOKED_FILE), key=lambda file: file.stem)
    places = {file: f"{folder.name}/{file.relative_to(folder)}" for file in files}
    read = {file: read_registration(file, purposes, clients, place) for file, place in places.items()}
    for one, other in pairwise(files):
        if one.stem == other.stem:
            own = folder / city / one.name
            raise StartRefused(f"{places[own]}: an operation of every city has this name")
    known = dict[str, str]()
    for file, each in read.items():
        same = known.setdefault(each.document_id, places[file])
        if same != places[file]:
            reason = f"it has the same document as {same}; an operation has exactly one purpose"
            raise StartRefused(f"{places[file]}: {reason}")
        if reason := taken_ids(each, read.values()):
            raise StartRefused(f"{places[file]}: {reason}")
    return {each.name: each for each in read.values()}


def taken_ids(registration: Registration, register: Iterable[Registration]) -> str:
    """Say which of its ids another operation has, or return an empty text."""
    for other in register:
        others = {other.document_id.removeprefix("sha256:"), *(other.ids or ())}
        shared = sorted(others & (registration.ids or frozenset()))
        if other.name != registration.name and shared:
            return f"its id {shared[0]} is an id of {other.name}"
    return ""


def read_registration(
    file: Path, purposes: PurposeTree, clients: Mapping[str, Client], place: str = ""
) -> Registration:
    """Read one operation, wherever its file stands, or raise StartRefused with what is wrong in it, and where.

    `place` is the path within the project by which a refusal names the file; else it is the file's name.
    """
    if not is_operation_name(file.stem):
        raise StartRefused("An operation's file is named by small letters, hyphens and few digits.")
    stated = OperationFile.read(file, place or file.name)
    refuse_invisible(stated.place, stated.text, stated.table)
    registration = stated.structure(file.stem, Registration)
    _check_bound(stated, registration)
    _check_holders(stated, registration, purposes, clients)
    return registration


def _check_bound(stated: OperationFile, registration: Registration) -> None:
    for variable, claim in registration.bind.items():
        if claim not in CLAIMS:
            reason = f"${variable} is bound to {claim!r}, and a token gives {', '.join(CLAIMS)} only"
            raise stated.refusal(reason, ("bind", variable))


def _check_holders(
    stated: OperationFile, registration: Registration, purposes: PurposeTree, clients: Mapping[str, Client]
) -> None:
    purpose = registration.purpose
    if purpose not in purposes.leaves:
        raise stated.refusal(f"{purpose!r} is no leaf of the purpose tree", ("purpose",))
    for name in sorted(registration.clients):
        at, word = ("clients",), f'"{name}"'
        if name not in clients:
            raise stated.refusal(
                f"the client {name!r} is not in clients.toml of every city or of this one", at, word
            )
        if purpose not in clients[name].purposes:
            raise stated.refusal(f"the client {name!r} may not hold {purpose}", at, word)


def write_atomically(file: Path, text: str) -> None:
    """Put a text into a file, by a temporary one beside it that takes its place once it is on the disk.

    The mode of a file that is there stays; a new one can be read by all, as the gateway may run as another
    account than its operator's.
    """
    mode = file.stat().st_mode & 0o777 if file.exists() else _READABLE
    with NamedTemporaryFile("wb", dir=file.parent, prefix=".", suffix=".tmp", delete=False) as temporary:
        written = Path(temporary.name)
        try:
            temporary.write(text.encode())
            os.fchmod(temporary.fileno(), mode)
            temporary.flush()
            os.fsync(temporary.fileno())
            written.replace(file)
        except BaseException:
            written.unlink(missing_ok=True)
            raise
    with _opened(file.parent) as folder:
        os.fsync(folder)


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Keep other commands out of a register: of two that write at once, none undoes the other's work."""
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(folder: Path) -> Generator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
