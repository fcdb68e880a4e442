"""What the open index of a city must hold, read from the city's files as they stand and not from the gateway's index."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from catalogue.incentives.city_files import CITIES
from sandbox.expected.comparing import Rule, differences
from sandbox.truth import datasets

Operators: TypeAlias = Mapping[str, Sequence[str]]
"""The names of the clients that may ask in each scene."""
Table: TypeAlias = dict[str, Any]
_RIGHTS: Final = "subject_rights.toml"


def index_rule(city: str, operators: Operators) -> Rule:
    """Return what the index must hold; it may state more, as the words of its conditions."""
    return Rule(lambda found: differences(_index(city, operators), found, whole=False))


def _index(city: str, operators: Operators) -> Table:
    of = _file(CITIES / city / "city.toml")
    conditions = _file(CITIES / city / "conditions.toml")
    return {
        **{name: of[name] for name in ("zh", "en", "document")},
        "programme": _programme(of["programme"]) if "programme" in of else None,
        "scenes": [_scene(city, of, scene, operators) for scene in of["scenes"]],
        "thresholds": Rule(lambda found: differences(_thresholds(conditions), _owners(found))),
        "rights": [
            {"name": each["name"], "zh": each["zh"], "source": each["source"]} for each in _rights(of)
        ],
        "items": Rule(_missing_items),
    }


def _programme(stated: Table) -> Table:
    return {
        **{name: stated.get(name) for name in ("code", "zh", "en", "source", "base", "most")},
        "opened": stated["opened"].isoformat(),
        "indicators": [{"zh": each["zh"], "place": each["place"]} for each in stated.get("indicators", ())],
        "bandTables": [
            {
                "since": each["from"].isoformat(),
                "bands": [
                    {name: band.get(name) for name in ("zh", "least", "below")} for band in each["table"]
                ],
            }
            for each in stated.get("bands", ())
        ],
    }


def _scene(city: str, of: Table, scene: str, operators: Operators) -> Table:
    file, conditions = (_file(CITIES / city / name) for name in ("incentives.toml", "conditions.toml"))
    return {
        "purpose": scene,
        "duty": of["by_duty"].get(scene),
        "incentives": [
            _incentive(id_, each, of, file["unanswered"]) | {"reading": _reading(each, conditions)}
            for id_, each in file["incentive"].items()
            if each["scene"] == scene
        ],
        "operators": [{"name": each} for each in operators.get(scene, ())],
    }


def _incentive(id_: str, stated: Table, of: Table, unanswered: Table) -> Table:
    return {
        **{name: stated[name] for name in ("zh", "en", "basis", "place", "bureaus")},
        "id": id_,
        "document": of["document"],
        "answerable": stated["basis"] not in unanswered,
        "waitsFor": unanswered.get(stated["basis"]),
    }


def _reading(stated: Table, conditions: Table) -> Rule | None:
    """Return what a reading must have: the words of the incentive and of its condition; None where neither has any."""
    both = (stated.get("reading"), conditions.get(stated["basis"], {}).get("reading"))
    words = [each.partition(" · ")[0] for each in both if each]
    return (
        Rule(lambda found: iter([""] if any(each not in found for each in words) else [])) if words else None
    )


def _thresholds(conditions: Table) -> Table:
    return {name: each["owner"] for name, each in conditions.items()}


def _owners(found: Sequence[Table]) -> Table:
    return {each["basis"]: each["owner"] for each in found}


def _rights(of: Table) -> Iterator[Table]:
    """Yield the rights that there are in a city: some need a score programme, or scenes of duty."""
    there = {None: True, "programme": "programme" in of, "duty": bool(of["by_duty"])}
    for each in _file(CITIES.parent / _RIGHTS)["right"]:
        if there[each.get("needs")]:
            yield each


def _missing_items(found: Sequence[Table]) -> Iterator[str]:
    stated = {(each["code"], each["provider"], each["legalBasis"]) for each in found}
    for _, dataset in datasets().values():
        if (dataset.item.code, dataset.item.provider, dataset.item.legal_basis) not in stated:
            yield f"[{dataset.item.code}]"


@cache
def _file(file: Path) -> Table:
    return tomllib.loads(file.read_text("utf-8"))
