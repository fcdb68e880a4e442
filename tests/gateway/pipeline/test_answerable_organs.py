"""Who answers for a record: each one is shown with the unit that provides it and the rule under which it does."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.catalogue_item import SubjectKind
from catalogue.declarations import Dataset
from tests.support.declared_otherwise import DATASETS
from tests.support.gateway_in_memory import InMemory
from tests.support.small_city import ENTERPRISES, PERSONS, small_city

CITY = small_city(13)
SHOWN = sorted(name for name, each in DATASETS.items() if each.field and not each.counting)
ITEMS = {
    "tax.tax_arrears": ("市税务局", "税收征收管理法"),
    "courts.judgment_defaulter": ("市中级人民法院", "最高人民法院"),
    "credit_office.red_list": ("市信用办", "河南省社会信用条例 第二十八条"),
    "transport.transport_violation": ("市交通运输局", "道路运输条例"),
}
"""A provider and a part of the legal basis of some data sets, as a person reads them in docs/bureaus.md."""


def question(dataset: Dataset, kind: SubjectKind, key: str) -> str:
    """Return a document that asks for one record of a subject with the elements of its item."""
    assert dataset.field is not None
    arguments = "(first: 1)" if dataset.many else ""
    return f'{{ {kind.value}(id: "{key}") {{ shown: {dataset.field.name}{arguments} {{ provider legalBasis }} }} }}'


@pytest.mark.rule("R41")
@pytest.mark.parametrize("name", SHOWN)
async def test_each_record_names_who_answers_for_it(name: str):
    """A record of each data set is answered with the provider and the legal basis of its own catalogue item."""
    dataset, gateway = DATASETS[name], InMemory(CITY.sources())
    assert dataset.field is not None
    found: set[tuple[str, str]] = set()
    for kind, keys in ((SubjectKind.PERSON, PERSONS), (SubjectKind.ENTERPRISE, ENTERPRISES)):
        for key in keys if kind in dataset.field.subjects else ():
            answer = await gateway.asked(question(dataset, kind, key))
            subject: Any = answer["data"][kind.value] or {}
            shown: Any = subject.get("shown") or []
            for record in shown if isinstance(shown, list) else [shown]:
                found.add((record["provider"], record["legalBasis"]))
    assert found == {(dataset.item.provider, dataset.item.legal_basis)}
    provider, basis = ITEMS.get(name, (dataset.item.provider, dataset.item.legal_basis))
    assert dataset.item.provider == provider
    assert basis in dataset.item.legal_basis
