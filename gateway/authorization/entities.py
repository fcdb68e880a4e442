"""The entity store: kinds of caller, purposes, classes, items and fields, as Cedar sees them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from catalogue.classification import DataClass
from gateway.authorization.callers import CallerKind
from gateway.authorization.duty_items import DutyItems, duties_of
from gateway.authorization.purposes import PurposeTree, parent_of
from resolvers.graph.fields import Field

Uid: TypeAlias = tuple[str, str]
"""Type and id of an entity."""


@dataclass(frozen=True, slots=True)
class Store:
    """Every entity, as Cedar's JSON and by type and id."""

    entities: tuple[dict[str, Any], ...]
    uids: frozenset[Uid]


def build_store(
    kinds: Mapping[str, CallerKind], purposes: PurposeTree, fields: Mapping[str, Field], duties: DutyItems
) -> Store:
    """Return the store of an installation."""
    entities = (
        *(_entity("CallerKind", name) for name in kinds),
        *_purposes(purposes),
        *(_entity("DataClass", each.name) for each in DataClass),
        *(_entity("Item", code) for code in sorted({field.item.code for field in fields.values()})),
        *(_field(field, duties_of(field.item.code, duties)) for field in fields.values()),
    )
    return Store(entities, frozenset((each["uid"]["type"], each["uid"]["id"]) for each in entities))


def uid(type_: str, id_: str) -> dict[str, str]:
    """Return an entity's identity as Cedar's JSON."""
    return {"type": type_, "id": id_}


def _entity(
    type_: str, id_: str, attrs: dict[str, Any] | None = None, parents: tuple[Uid, ...] = ()
) -> dict[str, Any]:
    return {"uid": uid(type_, id_), "attrs": attrs or {}, "parents": [uid(*each) for each in parents]}


def _purposes(tree: PurposeTree) -> Iterator[dict[str, Any]]:
    for name in tree.branches:
        yield _entity("Purpose", name, {"leaf": False, "holders": []}, _above(name))
    for name, leaf in tree.leaves.items():
        holders = [{"__entity": uid("CallerKind", each)} for each in sorted(leaf.holders)]
        yield _entity("Purpose", name, {"leaf": True, "holders": holders}, _above(name))


def _above(name: str) -> tuple[Uid, ...]:
    parent = parent_of(name)
    return (("Purpose", parent),) if parent else ()


def _field(field: Field, duties: Iterable[str]) -> dict[str, Any]:
    classification = field.classification
    attrs: dict[str, Any] = {
        "sensitivity": int(classification.sensitivity),
        "disclosure": field.item.disclosure.name,
        "uses": sorted(use.value for use in classification.uses),
        "duties": [{"__entity": uid("Purpose", each)} for each in duties],
    }
    if classification.scene is not None:
        attrs["scene"] = {"__entity": uid("Purpose", classification.scene)}
    parents = (("DataClass", classification.data_class.name), ("Item", field.item.code))
    return _entity("Field", field.coordinate, attrs, parents)
