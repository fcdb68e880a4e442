"""The departments' systems: who they are and which purposes a token of theirs may carry."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, cast

import msgspec

from catalogue.incentives.city_files import City, city_called
from catalogue.incentives.city_folders import neighbour_of
from catalogue.toml_files import Text, TomlError, named_structure, read_text_and_tables
from gateway.authorization.callers import CallerKind
from gateway.authorization.purposes import PurposeTree, covers
from gateway.errors import StartRefused

FILE: Final = "clients.toml"
_HEADER: Final = re.compile(r'^[ \t]*\["?([\w-]+)"?\]', re.MULTILINE)
"""The line with which the table of a client begins."""
_PARTNER: Final = "partner_city"
"""The kind of caller that speaks for another city."""
SCENES: Final = "reward.*"
"""The purposes that are answered by one-sided answers (TRUE or null), which adverse records would explain."""


class Client(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A department's system of a kind. One of a sandbox kind exists in the explorer only.

    The file states `purposes` by patterns such as "reward.*"; here they are leaves.
    """

    name: str
    kind: Text
    zh: Text
    en: Text
    department: Text
    region: Text
    """The code of its region; that of the city where the file states none."""
    purposes: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    speaks_for_person: bool = False
    """Whether each of its tokens speaks for one person, whose identity number it carries."""


def load_clients(
    folder: Path, purposes: PurposeTree, kinds: Mapping[str, CallerKind], city: str
) -> dict[str, Client]:
    """Read the clients of every city and the city's own, or raise StartRefused with the client that is wrong."""
    of, own, found = city_called(city), folder / city / FILE, dict[str, Client]()
    for file, shown in ((folder / FILE, f"{folder.name}/{FILE}"), (own, f"{folder.name}/{city}/{FILE}")):
        text, tables = _read(file, shown) if file != own or own.is_file() else ("", {})
        lines = {header[1]: text.count("\n", 0, header.start(1)) + 1 for header in _HEADER.finditer(text)}
        for name, table in tables.items():
            place = f"{shown}, line {lines[name]}" if name in lines else shown
            if name in found:
                raise StartRefused(f"{place}: {name} is a client of every city, in {FILE}")
            found[name] = _client(place, name, table, purposes, kinds, of)
    return found


def _read(file: Path, shown: str) -> tuple[str, dict[str, Any]]:
    try:
        return read_text_and_tables(file, TomlError)
    except TomlError as error:
        raise StartRefused(shown + str(error).removeprefix(file.name)) from None


def _client(
    place: str, name: str, table: object, purposes: PurposeTree, kinds: Mapping[str, CallerKind], city: City
) -> Client:
    stated = {"region": city.region, **cast("dict[str, Any]", table)} if isinstance(table, dict) else table
    client = named_structure(f"{place}: {name}", name, stated, Client, StartRefused)
    kind = kinds.get(client.kind)
    if kind is None:
        raise StartRefused(f"{place}: {name} is of the kind {client.kind!r}, which is not in callers.toml")
    leaves = _leaves(place, client, purposes)
    for purpose in leaves:
        if kind.name not in purposes.leaves[purpose].holders:
            raise StartRefused(
                f"{place}: {name} is of the kind {kind.name}, which does not hold {purpose} in purposes.toml"
            )
    if kind.name != _PARTNER and (neighbour := neighbour_of(client.region, city.region)):
        raise StartRefused(
            f"{place}: {name} is of the region {client.region}, which is in {neighbour}; a client of the kind {_PARTNER} alone "
            "is of another city"
        )
    if not kind.sandbox:
        _check_departments(place, client, leaves, purposes)
        _check_scenes(place, name, leaves, purposes, city)
    return msgspec.structs.replace(client, purposes=leaves)


def _leaves(place: str, client: Client, purposes: PurposeTree) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for pattern in client.purposes:
        matching = purposes.matching(pattern)
        if not matching:
            raise StartRefused(f"{place}: {client.name} names the purpose {pattern!r}, which does not exist")
        found.update(dict.fromkeys(matching))
    return tuple(found)


def _check_departments(place: str, client: Client, held: Sequence[str], purposes: PurposeTree) -> None:
    """Refuse a purpose whose answers tell what another department alone may see."""
    for purpose in held:
        alone = purposes.leaves[purpose].department
        if alone is not None and client.department != alone:
            raise StartRefused(
                f"{place}: {client.name} is of {client.department}, and {purpose} is for clients of {alone} alone"
            )


def _check_scenes(place: str, name: str, held: Sequence[str], purposes: PurposeTree, city: City) -> None:
    """Refuse what would tell why a one-sided answer is null: another scene's answer, or the records themselves."""
    scenes = [purpose for purpose in held if covers(SCENES, purpose)]
    for scene in scenes:
        if scene not in city.scenes:
            raise StartRefused(f"{place}: {name} holds {scene}, and {city.en} grants nothing in that scene")
    if len(scenes) > 1:
        raise StartRefused(
            f"{place}: {name} holds {' and '.join(scenes)}; a client asks in one scene, for the answers of two "
            "can be compared"
        )
    beside = [each for each in held if each not in scenes and not purposes.leaves[each].beside_rewards]
    if scenes and beside:
        raise StartRefused(
            f"{place}: {name} holds {scenes[0]} and {beside[0]}; a client that rewards holds no duty beside, for "
            "what it sees under that would tell why an answer is null"
        )
