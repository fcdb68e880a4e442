"""The catalogue items that each duty of supervision, measure, approval, procurement and personnel may use, each with its basis.

A duty uses what it needs and nothing else (个人信息保护法 art. 6, 34); a measure rests on the lists that the catalogue of
measures names for it (河南省社会信用条例 art. 29). A lender uses the items that the borrower's authorisation names. The policies
name the items; an item may name further duties itself. They also state, for each branch whose purposes name no items, what
bounds it instead.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from catalogue.catalogue_item import CatalogueItem
from catalogue.toml_files import read_tables
from gateway.authorization.purposes import PurposeTree
from gateway.errors import StartRefused

DUTY_ITEMS_FILE: Final = "duty_items.toml"
NARROWED: Final = ("supervision", "measure", "approval", "procurement", "personnel")
"""The branches of which each leaf names its items."""
EXEMPT: Final = "exempt"
"""The table of the branches whose purposes name no items, each with what bounds it instead."""
DutyItems: TypeAlias = Mapping[str, Mapping[str, str]]
"""By duty and code of the item: the basis on which the duty uses the item."""
_Named: TypeAlias = tuple[str, str, str]
"""A duty, the code of an item, and the basis."""


def load_duty_items(folder: Path, purposes: PurposeTree, items: Mapping[str, CatalogueItem]) -> DutyItems:
    """Read the items of each duty, or raise StartRefused with the file, the duty and what is wrong."""
    tables = {**read_tables(folder / DUTY_ITEMS_FILE, StartRefused)}
    _check_exempt(tables.pop(EXEMPT, {}), purposes)
    found: dict[str, dict[str, str]] = {name: {} for name in purposes.leaves if is_narrowed(name)}
    for place, named in _all_named(tables, items.values()):
        for duty, item, basis in named:
            _check(place, duty, item, basis, found, items)
            found[duty][item] = basis
    if empty := [name for name, named in found.items() if not named]:
        raise StartRefused(
            f"{DUTY_ITEMS_FILE}: {', '.join(empty)} may use no item: name the items that it needs, each with its basis"
        )
    return found


def is_narrowed(purpose: str) -> bool:
    """Whether a purpose uses named items alone."""
    return root_of(purpose) in NARROWED


def root_of(purpose: str) -> str:
    """Return the branch at the root that a purpose hangs on."""
    return purpose.split(".", maxsplit=1)[0]


def duties_of(item: str, duties: DutyItems) -> list[str]:
    """Return the duties that may use an item, in the order of their names."""
    return sorted(duty for duty, items in duties.items() if item in items)


def _check_exempt(exempt: object, purposes: PurposeTree) -> None:
    """Refuse a branch that neither names items nor states what bounds it, and one that does both."""
    stated = cast("dict[str, Any]", exempt) if isinstance(exempt, dict) else {}
    roots = dict.fromkeys(root_of(name) for name in purposes.leaves)
    for branch, reason in stated.items():
        if branch not in roots or branch in NARROWED:
            raise StartRefused(
                f"{DUTY_ITEMS_FILE}: [{EXEMPT}] names {branch!r:.80}: name a branch at the root of purposes.toml other than"
                f" {', '.join(NARROWED)}"
            )
        if not isinstance(reason, str) or not reason.strip():
            raise StartRefused(
                f"{DUTY_ITEMS_FILE}: {EXEMPT}.{branch} states no reason: state what bounds the branch"
            )
    if missing := [each for each in roots if each not in (*NARROWED, *stated)]:
        raise StartRefused(
            f"{DUTY_ITEMS_FILE}: {', '.join(missing)} names no items: state under [{EXEMPT}] what bounds it instead"
        )


def _all_named(
    tables: Mapping[str, Any], items: Iterable[CatalogueItem]
) -> Iterator[tuple[str, Iterable[_Named]]]:
    yield DUTY_ITEMS_FILE, _named(tables, ())
    for item in items:
        named = ((duty, item.code, basis) for duty, basis in item.serves)
        yield f"the item {item.code}, `serves`", named


def _named(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[_Named]:
    for key, below in node.items():
        if isinstance(below, dict):
            yield from _named(cast("dict[str, Any]", below), (*path, key))
        elif isinstance(below, str):
            yield ".".join(path), key, below
        else:
            raise StartRefused(
                f"{DUTY_ITEMS_FILE}: {'.'.join((*path, key))} is no text: state the basis of the item"
            )


def _check(
    place: str,
    duty: str,
    item: str,
    basis: str,
    found: Mapping[str, Mapping[str, str]],
    items: Mapping[str, CatalogueItem],
) -> None:
    if duty not in found:
        raise StartRefused(
            f"{place} names the duty {duty!r:.80}: name a leaf of purposes.toml below {' or '.join(NARROWED)}"
        )
    if item not in items:
        raise StartRefused(f"{place}: {duty} names the item {item!r:.80}, which no field of the graph has")
    if not basis.strip():
        raise StartRefused(f"{place}: {duty} names {item} without a basis: state the rule that lets it")
    if item in found[duty]:
        raise StartRefused(f"{place}: {duty} names {item}, which is named already: leave one of the two out")
