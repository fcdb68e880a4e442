"""`creditgraph operations draft`: operation files from the manifest that a client's build tool wrote.

graphql-codegen and the Relay compiler write one JSON object, texts by id; Apollo writes a list of operations. A draft
states the id of the client where that is not the SHA-256 of the text. What only people know is left empty, so that
nothing is registered before it was filled in.
"""

import json
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import chain, count
from pathlib import Path
from typing import Annotated, Any, Final, cast

import msgspec
import typer
from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse, print_ast

from cli.common import configured, find
from gateway.authorization.clients import Client
from gateway.authorization.purposes import is_own
from gateway.errors import StartRefused
from gateway.installation import read_rules
from gateway.operations.city_time import city_date
from gateway.operations.document_forms import digest_of_text, ids_by_client, stated_ids
from gateway.operations.invisible_characters import refuse_invisible
from gateway.operations.register import CLAIMS, ClientId, Registration, is_operation_name
from gateway.operations.revocations import require_revocations
from observability.redaction import scrub

_APOLLO: Final = "apollo-persisted-query-manifest"
_FORMS: Final = (
    "Name persisted-documents.json of graphql-codegen, persisted-query-manifest.json of Apollo, or"
    " persisted_queries.json of the Relay compiler"
)
_SHARED_ID: Final = "Two entries of the manifest have one id. Build the manifest again."
DAYS: Final = 365
"""The term of a draft that states no other."""
_CASE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+")


class _Body(msgspec.Struct):
    id: str
    body: str


class _ApolloManifest(msgspec.Struct):
    """What Apollo's generator writes."""

    operations: list[_Body]


class Drafted(msgspec.Struct, frozen=True):
    """One document of a manifest: the name of its operation file, its id and its text."""

    name: str
    id: str
    text: str
    subject_variables: Mapping[str, str]
    """Its variables that a token can give, each with the claim of its type."""


def draft(
    source: Annotated[Path, typer.Option("--from", help="The manifest that the client's build tool wrote.")],
    client: Annotated[str, typer.Option(help="The client that sends the documents.")],
    purpose: Annotated[
        str | None, typer.Option(help="The purpose of the documents; by default the client's, if it has one.")
    ] = None,
    to: Annotated[Path, typer.Option(help="The folder for the drafts.")] = Path(),
) -> None:
    """Write a draft of an operation file for each document of a manifest, under the id that the client sends.

    Fill in what a draft leaves empty, then check it with `operations check` and have it approved.

    Example: creditgraph operations draft --from persisted-documents.json --client library --to drafts
    """
    settings = configured()
    rules = read_rules(settings)
    found = find("client", client, rules.clients)
    meant = _purpose(found, purpose)
    revoked, today = require_revocations(settings.operations).keys(), city_date(time.time())
    over = revoked | {each.name for each in rules.register.values() if each.expires < today}
    new: dict[str, str] = {}
    for each in not_registered(read_manifest(source), rules.register, client, over):
        name = free_name(each.name, rules.register.keys() | revoked)
        check_new(name, to, new)
        new[name] = draft_text(each, found, meant)
    for name, text in new.items():
        file = to / f"{name}.toml"
        file.write_text(text, "utf-8")
        typer.echo(f"drafted {file}: fill in zh, en and legal_basis, and look at every other line")


def not_registered(
    manifest: Iterable[Drafted], register: Mapping[str, Registration], client: str, over: Collection[str]
) -> Iterator[Drafted]:
    """Yield the documents that need a draft, and print why the others get none; `over` names what is answered no more."""
    stated = {form: each for each in register.values() for form in stated_ids(each)}
    known_ids = stated | ids_by_client(register.values(), register).get(client, {})
    texts = {each.document: each for each in register.values()}
    for each in manifest:
        known = known_ids.get(each.id or digest_of_text(each.text))
        if known is not None and print_ast(parse(known.document)) != print_ast(parse(each.text)):
            raise StartRefused(f"The id of {each.name} is an id of {known.name}, which has another document.")
        same = known or texts.get(each.text)
        if same is None:
            yield each
        elif lack := _lack(same, client, over) or ("" if known else "without this id"):
            typer.echo(f"left out {each.name}: its document is registered as {same.name}, {lack}")
        else:
            typer.echo(f"passed over {each.name}: it is registered as {same.name}")


def _lack(registration: Registration, client: str, over: Collection[str]) -> str:
    """Say why a registration does not answer a client, or return an empty text."""
    if registration.name in over:
        return "but revoked or expired"
    return "" if client in registration.clients else f"without {client}"


def free_name(name: str, taken: Collection[str]) -> str:
    """Return the name, or with the first number from 2 on with which no operation is or was registered."""
    further = (f"{name}-{number}" for number in count(2))
    return next(each for each in chain((name,), further) if each not in taken)


def read_manifest(file: Path) -> list[Drafted]:
    """Return the documents of a manifest, or raise StartRefused with what is wrong in it."""
    try:
        value: Any = json.loads(file.read_text("utf-8-sig"), object_pairs_hook=_unique)
    except OSError as error:
        raise StartRefused(f"{file} cannot be read ({type(error).__name__}). {_FORMS}.") from None
    except (ValueError, RecursionError):
        raise StartRefused(f"{file} is not JSON in UTF-8. {_FORMS}.") from None
    documents = list(_documents(value))
    if not documents:
        raise StartRefused(f"{file} holds no document. {_FORMS}.")
    if len({document_id for document_id, _ in documents}) < len(documents):
        raise StartRefused(_SHARED_ID)
    return [_drafted(*each) for each in documents]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON, or raise StartRefused where two of its members have one name."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise StartRefused(_SHARED_ID)
    return found


def _documents(value: Any) -> Iterator[tuple[str, str]]:
    """Yield id and text of each document."""
    try:
        if isinstance(value, dict) and cast("dict[str, Any]", value).get("format") == _APOLLO:
            yield from ((each.id, each.body) for each in msgspec.convert(value, _ApolloManifest).operations)
        else:
            yield from msgspec.convert(value, dict[str, str]).items()
    except msgspec.ValidationError as error:
        raise StartRefused(f"The manifest has not the form of one: {error}. {_FORMS}.") from None


def _drafted(document_id: str, text: str) -> Drafted:
    try:
        definitions = parse(text).definitions
    except GraphQLError:
        raise StartRefused(
            "A text of the manifest is no GraphQL document. Build the manifest again."
        ) from None
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].name is None:
        raise StartRefused("A document of the manifest has not exactly one operation with a name. Name each.")
    (operation,) = operations
    name = _file_name(operation.name.value if operation.name else "")
    if operation.operation is not OperationType.QUERY:
        raise StartRefused(
            f"{name} is no query, and only queries are registered. Take it out of the manifest."
        )
    refuse_invisible(name, "", {"document": text})
    return Drafted(name, _client_id(name, document_id, text), text, _subject_variables(operation))


def _file_name(name: str) -> str:
    found = _CASE.sub("-", name).strip("-").lower()
    if not is_operation_name(found):
        raise StartRefused(
            f"The operation {scrub(name)} has no name for a file: give it letters and few digits."
        )
    return found


def _client_id(name: str, document_id: str, text: str) -> str:
    """Return the client's id, or an empty text where it is the SHA-256 of the text."""
    if document_id.removeprefix("sha256:") == digest_of_text(text):
        return ""
    try:
        return msgspec.convert(document_id, ClientId)
    except msgspec.ValidationError:
        raise StartRefused(
            f"The id of {name} cannot be registered. Let the tool make SHA-256 hashes, or ids of letters and digits."
        ) from None


def _subject_variables(operation: OperationDefinitionNode) -> Mapping[str, str]:
    claims = {type_: claim for claim, type_ in CLAIMS.items()}
    return {
        each.variable.name.value: claims[print_ast(each.type)]
        for each in operation.variable_definitions or ()
        if print_ast(each.type) in claims
    }


def _purpose(client: Client, given: str | None) -> str:
    if given is None and len(client.purposes) == 1:
        return client.purposes[0]
    if given not in client.purposes:
        raise StartRefused(f"Name a --purpose of {client.name}: {', '.join(client.purposes)}.")
    return given


def check_new(name: str, folder: Path, new: Mapping[str, str]) -> None:
    """Raise StartRefused if a draft has another one's name, no folder, or a file in its place."""
    if name in new:
        raise StartRefused(
            f"Two operations of the manifest would be {name}.toml. Name them differently, or build the manifest again from"
            " an empty one: the Relay compiler keeps what it wrote before."
        )
    if not folder.is_dir():
        raise StartRefused(f"{folder} is no folder. Make it, or name another by --to.")
    if (folder / f"{name}.toml").exists():
        raise StartRefused(f"{folder / name}.toml is there already. Move it, or name another folder.")


def draft_text(drafted: Drafted, client: Client, purpose: str) -> str:
    """Return the text of an operation file that needs its names and its legal basis."""
    lines = [
        'zh = "" # its use, in Chinese',
        'en = "" # its use, in English',
        f"purpose = {quoted(purpose)}",
        'legal_basis = "" # the rule that permits the owner to ask',
        f"owner = {quoted(client.department)}",
        f"clients = [{quoted(client.name)}]",
        "subjects = 1 # the highest number of subjects in one request",
        f"expires = {city_date(time.time()) + timedelta(days=DAYS)}",
        "quota = { per_caller = 600, total = 2_000, seconds = 60 }",
    ]
    if drafted.subject_variables and (client.speaks_for_person or is_own(purpose)):
        bound = ", ".join(f'{name} = "{claim}"' for name, claim in drafted.subject_variables.items())
        lines.append(f"bind = {{ {bound} }}")
    if drafted.id:
        lines.append(f"ids = [{quoted(drafted.id)}]")
    return "\n".join([*lines, f"document = {_exact(drafted.text)}", ""])


def _exact(text: str) -> str:
    """Return a text as TOML that keeps each of its characters: the id is the hash of all of them."""
    plain = "'''" not in text and not text.endswith("'") and text.replace("\n", "").isprintable()
    return f"'''\n{text}'''" if plain else quoted(text)


def quoted(text: str) -> str:
    """Return a text as TOML and JSON write it."""
    return json.dumps(text, ensure_ascii=False)
