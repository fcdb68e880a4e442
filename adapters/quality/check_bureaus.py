"""Reads each data set of the bureaus once and counts its rows by fault.

A PostgreSQL bureau is read whole. An HTTP bureau answers by key and lists no keys: it is asked for the identifiers
that the registry has, for their usual misspellings (`adapters.quality.misspellings`), and for the years of a table.
Rows under other keys cannot be seen there, and the result says so (`known_keys`).
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Final

import httpx2

from adapters.bureau_errors import BureauError, ContractBroken
from adapters.http.http_source import HttpSource
from adapters.postgres.error_mapping import error_of
from adapters.postgres.whole_dataset import open_whole
from adapters.quality.check_result import BureauCheck, CheckedDataset
from adapters.quality.misspellings import MISSPELLINGS, misspell
from adapters.quality.row_judge import RowJudge
from adapters.source import MAX_KEYS, Key, Query, SourceAddress
from catalogue.catalogue_item import SubjectKind
from catalogue.city_clock import city_today
from catalogue.declarations import Bureau, Dataset

PURPOSE: Final = "gateway.check"
"""The purpose that a bureau can log."""
KEYS: Final = MAX_KEYS // len(MISSPELLINGS)
"""Identifiers for which an HTTP bureau is asked at once."""
FIRST_YEAR: Final = 2000
"""The first year for which an HTTP bureau is asked for a table of counts."""
NO_KEYS: Final = "no bureau that is read from PostgreSQL lists the identifiers to ask for"


@dataclass(frozen=True, slots=True)
class BureauChecker:
    """Checks bureaus, each at its address. A statement may take `seconds`; `transport` replaces HTTP in tests."""

    bureaus: Sequence[Bureau]
    addresses: Mapping[str, SourceAddress]
    seconds: float
    transport: httpx2.AsyncBaseTransport | None = None

    async def check(self, names: Iterable[str]) -> BureauCheck:
        """Check the bureaus of these names, one data set after the other."""
        wanted = frozenset(names)
        found: list[CheckedDataset] = []
        for bureau in self.bureaus:
            if bureau.name in wanted:
                found += await self._check_bureau(bureau)
        return BureauCheck(time.time(), tuple(found))

    async def _check_bureau(self, bureau: Bureau) -> list[CheckedDataset]:
        address = self.addresses.get(bureau.name)
        if address is None:
            missing = "no source is set for the bureau"
            return [RowJudge(each).result(bureau.name, "none", missing) for each in bureau.shared]
        if address.dsn is not None:
            return [await self._check_whole(bureau.name, each, address) for each in bureau.shared]
        source = HttpSource(bureau.name, address, transport=self.transport)
        try:
            return [await self._check_known(source, each, address) for each in bureau.shared]
        finally:
            await source.close()

    async def _check_whole(self, bureau: str, dataset: Dataset, address: SourceAddress) -> CheckedDataset:
        judge, failure = RowJudge(dataset), ""
        query = Query(bureau, dataset, tuple(each.name for each in dataset.stored), PURPOSE)
        try:
            async with open_whole(query, address, self.seconds) as whole:
                judge = RowJudge(dataset, mistyped=whole.mistyped)
                async for rows in whole.chunks():
                    judge.take(rows)
        except Exception as error:
            failure = _failure_text(error_of(error, bureau, dataset.name))
        return judge.result(bureau, "all", failure)

    async def _check_known(
        self, source: HttpSource, dataset: Dataset, address: SourceAddress
    ) -> CheckedDataset:
        judge, asked, failure = RowJudge(dataset), False, ""
        columns = tuple(each.name for each in dataset.stored)
        query = Query(source.bureau, dataset, columns, PURPOSE, history=True)
        try:
            async for keys in self._known_keys(dataset):
                asked = True
                judge.take_batch(await source.fetch(query, keys, _deadline(address)))
                await self._take_misspelt(judge, source, query, keys, address)
        except Exception as error:
            failure = _failure_text(error_of(error, source.bureau, dataset.name))
        if not asked:
            return judge.result(source.bureau, "none", failure or NO_KEYS)
        return judge.result(source.bureau, "known_keys", failure)

    @staticmethod
    async def _take_misspelt(
        judge: RowJudge, source: HttpSource, query: Query, keys: Sequence[Key], address: SourceAddress
    ) -> None:
        """Ask for all misspellings at once, and for each by itself where the bureau reads one like the key itself.

        Its answer by another key than the asked one says nothing of a row, and must not hide the other misspellings.
        """
        forms = list(misspell(keys))
        try:
            every = list(dict.fromkeys(chain.from_iterable(forms)))
            judge.take_batch(await source.fetch(query, every, _deadline(address)))
        except ContractBroken:
            for form in forms:
                with suppress(ContractBroken):
                    judge.take_batch(await source.fetch(query, form, _deadline(address)))

    async def _known_keys(self, dataset: Dataset) -> AsyncGenerator[list[Key]]:
        """Yield the keys that a data set may have, as far as another bureau lists them."""
        if dataset.counting is not None:
            yield [str(year) for year in range(FIRST_YEAR, city_today().year + 1)]
            return
        subjects = dataset.field.subjects if dataset.field else ()
        for kind in sorted(subjects, key=str):
            async for keys in self._identifiers(kind):
                yield keys

    async def _identifiers(self, kind: SubjectKind) -> AsyncGenerator[list[Key]]:
        for bureau in self.bureaus:
            address = self.addresses.get(bureau.name)
            for each in bureau.datasets:
                if each.identifies is not kind or address is None or address.dsn is None:
                    continue
                query = Query(bureau.name, each, (), PURPOSE)
                async with open_whole(query, address, self.seconds) as whole:
                    async for rows in whole.chunks():
                        keys = list(dict.fromkeys(row[0] for row in rows if isinstance(row[0], str)))
                        for start in range(0, len(keys), KEYS):
                            yield keys[start : start + KEYS]


def _deadline(address: SourceAddress) -> float:
    return asyncio.get_running_loop().time() + address.timeout


def _failure_text(error: BureauError) -> str:
    return f"{error.code}: {error.reason}" if error.reason else error.code
