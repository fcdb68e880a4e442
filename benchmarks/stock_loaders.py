"""The loaders of stock Strawberry: one for each data set, which reads whole records for many keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from strawberry.dataloader import DataLoader

from adapters.bureaus import discover
from benchmarks.databases import Pools
from benchmarks.standing import standing, state_of
from catalogue.declarations import Column, Dataset
from catalogue.record_forms import STATE
from catalogue.record_life import DUTY_LIFE, LISTING_LIFE, PENALTY_LIFE, STANDS

DATASETS: Final = {
    f"{bureau.name}.{dataset.name}": (bureau.name, dataset)
    for bureau in discover().values()
    for dataset in bureau.datasets
}
STANDING: Final = " standing: "


class Loaders(dict[str, DataLoader[str, Any]]):
    """The loaders of one request; the first use of a loader makes it."""

    def __init__(self, pools: Pools) -> None:
        super().__init__()
        self._pools = pools

    def __missing__(self, name: str) -> DataLoader[str, Any]:
        whole, _, condition = name.partition(STANDING)
        bureau, dataset = DATASETS[whole]
        state = "" if dataset.life is None else f"'{STANDS}'" if condition else state_of(whole)
        text = _select(dataset, state, f" AND {standing(whole)}" if condition else "")
        self[name] = made = DataLoader(load_fn=_load(self._pools[bureau], dataset, text))
        return made


def _load(pool: Any, dataset: Dataset, text: str) -> Any:
    columns = [*_own_columns(dataset), *((STATE,) if dataset.life else ())]

    async def load(keys: list[str]) -> Sequence[Any]:
        rows = await pool.fetch(text, keys)
        if not dataset.many:
            single = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}
            return [single.get(key) for key in keys]
        found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            found[row[0]].append(dict(zip(columns, row[1:], strict=True)))
        return [found.get(key, ()) for key in keys]

    return load


def _own_columns(dataset: Dataset) -> list[str]:
    """Return the columns of a record beside those that tell its life: this server reads its state instead of them."""
    life = {*PENALTY_LIFE, *LISTING_LIFE, *DUTY_LIFE} if dataset.life else set[Column]()
    return [each.name for each in dataset.stored if each not in life]


def _select(dataset: Dataset, state: str, condition: str) -> str:
    """Return the statement that reads whole records for an array of keys; `state` is the expression of their last column."""
    own = [f'"{name}"' for name in (dataset.key, *_own_columns(dataset))]
    columns = ", ".join([*own, state] if state else own)
    order = [f'"{term[1:]}" DESC' if term[0] == "-" else f'"{term}"' for term in dataset.order]
    distinct = f'DISTINCT ON ("{dataset.key}") ' if dataset.latest else ""
    terms = ", ".join([f'"{dataset.key}"', *order] if dataset.latest else order)
    by = f" ORDER BY {terms}" if terms else ""
    where = f'WHERE "{dataset.key}" = ANY($1::text[]){condition}'
    return f"SELECT {distinct}{columns} FROM {dataset.relation} {where}{by}"  # noqa: S608 declared names
