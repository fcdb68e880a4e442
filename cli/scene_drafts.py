"""`creditgraph operations from-scenes`: drafts of the operations in which a city's scenes are asked, from one template.

The template is expanded when the draft is written, and never afterwards: the file that the approvers read and sign is the
file that is in force.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from graphql import FieldNode, Visitor, parse, visit

from catalogue.incentives.city_files import City, city_called
from catalogue.incentives.incentive_catalogue import Incentive, incentives
from cli.common import configured
from cli.drafting import DAYS, check_new, free_name, quoted
from gateway.authorization.clients import Client
from gateway.authorization.purposes import Purpose
from gateway.errors import StartRefused
from gateway.installation import Rules, read_rules
from gateway.operations.city_time import city_date
from gateway.operations.register import Registration
from gateway.operations.revocations import require_revocations

MARK: Final = "# Made from the template of scenes (creditgraph operations from-scenes); the approvers sign what stands here.\n"
"""The first line of each file that was made from the template."""


def from_scenes(
    to: Annotated[Path, typer.Option(help="The folder for the drafts.")] = Path(),
    expires: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day of each; by default in a year."),
    ] = None,
) -> None:
    """Write a draft of an operation for each scene of the city: every incentive that no operation of the scene asks yet.

    A scene without a client that holds it, or without an incentive that the graph can answer, gets none; the output says why.

    Example: creditgraph operations from-scenes --to drafts
    """
    settings = configured()
    rules, city = read_rules(settings), str(settings.city)
    last = f"{expires or city_date(time.time()) + timedelta(days=DAYS):%Y-%m-%d}"
    taken = rules.register.keys() | require_revocations(settings.operations).keys()
    new: dict[str, str] = {}
    for scene in city_called(city).scenes:
        found = unasked(scene, city, rules.register)
        if isinstance(found, str):
            typer.echo(f"passed over {scene}: {found}")
            continue
        name = free_name(scene.rpartition(".")[2].replace("_", "-"), taken)
        check_new(name, to, new)
        new[name] = scene_text(rules, city_called(city), found, last)
    for name, text in new.items():
        (to / f"{name}.toml").write_text(text, "utf-8")
        typer.echo(f"drafted {to / name}.toml: read it, then let it be approved")


def unasked(scene: str, city: str, register: Mapping[str, Registration]) -> list[Incentive] | str:
    """Return the incentives of a scene that no operation of it asks, or say why an operation has nothing to ask."""
    listed = [each for each in incentives(city).values() if each.scene == scene]
    answered = [each for each in listed if each.condition is not None]
    if not answered:
        return "; ".join(dict.fromkeys(each.unanswered for each in listed))
    asked = {
        name for each in register.values() if each.purpose == scene for name in fields_asked(each.document)
    }
    return [each for each in answered if each.field not in asked] or "its incentives are asked already"


def fields_asked(document: str) -> set[str]:
    """Return the names of all fields that a document selects."""
    names: set[str] = set()

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            names.add(node.name.value)

    visit(parse(document), Fields())
    return names


def scene_text(rules: Rules, city: City, asked: Sequence[Incentive], last: str) -> str:
    """Return the text of an operation file that asks incentives of one scene; StartRefused where no client holds it."""
    scene = asked[0].scene
    held = _clients(rules, scene)
    if not held:
        raise StartRefused(
            f"No client holds {scene}. Add the client that asks in this scene to clients.toml."
        )
    leaf = rules.policy.purposes.leaves[scene]
    places = "、".join(dict.fromkeys(each.place for each in asked))
    members = {
        "zh": f"{held[0].zh}：{places}",
        "en": f"{held[0].en}: {leaf.en[0].lower()}{leaf.en[1:]}",
        "purpose": scene,
        "legal_basis": city.by_duty.get(scene, f"{city.document} {places}"),
        "owner": held[0].department,
    }
    return "".join(_lines(members, [each.name for each in held], last, _document(leaf, asked)))


def _clients(rules: Rules, scene: str) -> list[Client]:
    """Return the clients that hold a scene, but for those of the sandbox, by name."""
    kinds = rules.policy.kinds
    found = (
        each for each in rules.clients.values() if scene in each.purposes and not kinds[each.kind].sandbox
    )
    return sorted(found, key=lambda each: each.name)


def _lines(members: Mapping[str, str], clients: Sequence[str], last: str, document: str) -> Iterator[str]:
    yield MARK
    for name, value in members.items():
        yield f"{name} = {quoted(value)}\n"
    yield f"clients = [{', '.join(map(quoted, clients))}]\n"
    yield f"subjects = 1\nexpires = {last}\n"
    yield "quota = { per_caller = 600, total = 2_000, seconds = 60 }\n"
    yield f"document = '''\n{document}'''\n"


def _document(leaf: Purpose, asked: Sequence[Incentive]) -> str:
    """Return the document: each incentive by its number, and what it is in a comment."""
    name = "".join(word.capitalize() for word in leaf.name.rpartition(".")[2].split("_"))
    fields = "".join(f"    {each.field} # {each.zh} · {each.en}\n" for each in asked)
    return f"query {name}($of: SubjectKey!) {{\n  standing(of: $of) {{\n{fields}  }}\n}}\n"
