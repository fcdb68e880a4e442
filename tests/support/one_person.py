"""One subject that may enjoy what it is asked about, and each way in which it may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from adapters import bureaus
from adapters.source import Key
from tests.support.gateway_in_memory import InMemory
from tests.support.rows_source import Record, RowsSource
from tests.support.small_city import ENTERPRISES, PERSONS
from tests.support.tested_city import TESTED_CITY

PERSON, ENTERPRISE = PERSONS[0], ENTERPRISES[0]
Held = dict[str, list[Record]]
"""What is held of the one subject, by "bureau.dataset"."""


def consent(**changes: Any) -> Record:
    """Return a consent to reading that stands, changed."""
    given: Record = {
        "scene": "reward.reading",
        "grantee": None,
        "given_on": date(2025, 1, 1),
        "until": None,
        "withdrawn_on": None,
    }
    return {**given, **changes}


def score(**changes: Any) -> Record:
    """Return a good score of the programme, changed."""
    given: Record = {
        "programme": "WANXIN",
        "enrolled_on": date(2024, 1, 1),
        "score": 130,
        "band": "信用优秀",
        "assessed_on": date(2026, 6, 1),
    }
    return {**given, **changes}


def somebody(**changes: Any) -> Record:
    """Return the registration of an adult who lives, changed."""
    given: Record = {
        "name": "蒋萍",
        "sex": "FEMALE",
        "birth_date": date(1977, 3, 18),
        "region": "411502",
        "deceased": False,
    }
    return {**given, **changes}


def firm(**changes: Any) -> Record:
    """Return the registration of an enterprise in business, changed."""
    given: Record = {
        "name": "信阳甲公司",
        "kind": "COMPANY",
        "status": "ACTIVE",
        "region": "410402",
        "industry": "食品制造业",
        "established_on": date(2025, 1, 1),
    }
    return {**given, **changes}


def graded(letter: str, applied: date | None = date(2025, 9, 1)) -> Record:
    """Return a taxpayer grade that was applied for."""
    return {"grade": letter, "assessed_on": date(2026, 4, 30), "applied_on": applied}


DEFAULT: Record = {
    "performance": "NONE",
    "listed_on": date(2026, 1, 1),
    "expires_on": date(2028, 1, 1),
}
ELIGIBLE: Held = {
    "registry.person": [somebody()],
    "credit_office.consent": [consent()],
}
"""A person to whom the library lends without deposit."""
SCORED: Held = {**ELIGIBLE, "credit_office.score": [score()]}
"""A person to whom the library of a city with a score programme lends without deposit."""
GOOD_FIRM: Held = {
    "registry.enterprise": [firm()],
    "tax.latest_taxpayer_grade": [graded("B")],
}
"""An enterprise that parks at a discount."""
OWNED: Held = {
    **GOOD_FIRM,
    "registry.enterprise": [firm(kind="INDIVIDUAL_BUSINESS")],
    "credit_office.consent": [consent(scene="reward.parking")],
}
"""An individual business that parks at a discount: its owner consents."""


def but(held: Held, **changed: Sequence[Record]) -> Held:
    """Return what is held, with some datasets changed; `a__b` stands for the dataset "a.b"."""
    return {**held, **{name.replace("__", "."): list(rows) for name, rows in changed.items()}}


NOT_A_PERSON: Mapping[str, Held] = {
    "unknown": {},
    "minor": but(ELIGIBLE, registry__person=[somebody(birth_date=date(2008, 7, 1))]),
    "dead": but(ELIGIBLE, registry__person=[somebody(deceased=True)]),
    "erased": but(ELIGIBLE, registry__person=[]),
    "with an adverse record": but(ELIGIBLE, courts__judgment_defaulter=[DEFAULT]),
    "without consent": but(ELIGIBLE, credit_office__consent=[]),
    "consent to another scene": but(ELIGIBLE, credit_office__consent=[consent(scene="reward.parking")]),
    "consent to another client": but(ELIGIBLE, credit_office__consent=[consent(grantee="parking")]),
    "consent from tomorrow": but(ELIGIBLE, credit_office__consent=[consent(given_on=date(2026, 7, 1))]),
    "consent that ended": but(ELIGIBLE, credit_office__consent=[consent(until=date(2026, 6, 29))]),
    "consent withdrawn": but(ELIGIBLE, credit_office__consent=[consent(withdrawn_on=date(2026, 6, 30))]),
    "with every record there is": but(
        ELIGIBLE,
        courts__judgment_defaulter=[DEFAULT, DEFAULT],
        credit_office__consent=[consent(withdrawn_on=date(2025, 2, 1)) for _ in range(40)],
    ),
}
"""Why a person may not borrow without deposit."""
NOT_SCORED: Mapping[str, Held] = {
    **{
        why: {**SCORED, **held}
        for why, held in NOT_A_PERSON.items()
        if held and "adverse" not in why and "every" not in why
    },
    "unknown": {},
    "erased by the credit office": but(SCORED, credit_office__score=[], credit_office__consent=[]),
    "not enrolled": but(SCORED, credit_office__score=[]),
    "enrolled from tomorrow": but(SCORED, credit_office__score=[score(enrolled_on=date(2026, 7, 1))]),
    "in another city's programme": but(SCORED, credit_office__score=[score(programme="SHANGDING")]),
    "in another city's programme, and below": but(
        SCORED, credit_office__score=[score(programme="SHANGDING"), score(score=99)]
    ),
    "below the condition": but(SCORED, credit_office__score=[score(score=99)]),
}
"""Why a person may not borrow without deposit in a city with a score programme."""
NOT_A_FIRM: Mapping[str, Held] = {
    "unknown": {},
    "erased": but(GOOD_FIRM, registry__enterprise=[]),
    "suspended": but(GOOD_FIRM, registry__enterprise=[firm(status="SUSPENDED")]),
    "deregistered": but(GOOD_FIRM, registry__enterprise=[firm(status="DEREGISTERED")]),
    "not graded": but(GOOD_FIRM, tax__latest_taxpayer_grade=[]),
    "below the condition": but(GOOD_FIRM, tax__latest_taxpayer_grade=[graded("M")]),
    "an owner who did not consent": but(OWNED, credit_office__consent=[]),
    "an owner who consents to another scene": but(OWNED, credit_office__consent=[consent()]),
    "an owner who consents to another client": but(
        OWNED, credit_office__consent=[consent(scene="reward.parking", grantee="library")]
    ),
    "an owner who withdrew": but(
        OWNED,
        credit_office__consent=[consent(scene="reward.parking", withdrawn_on=date(2026, 6, 30))],
    ),
}
"""Why an enterprise may not park at a discount."""


def holding(
    key: Key, held: Held, down: frozenset[str] = frozenset(), broken: str = "", city: str = TESTED_CITY
) -> InMemory:
    """Return a gateway over bureaus that hold this of one subject; `broken` names a dataset in full."""
    return InMemory(
        {
            name: RowsSource(
                name,
                {
                    each.name: {key: held[f"{name}.{each.name}"]}
                    for each in bureau.datasets
                    if held.get(f"{name}.{each.name}")
                },
                down=name in down,
                broken=frozenset({(broken.partition(".")[2], key)} if broken.startswith(name) else ()),
            )
            for name, bureau in bureaus.discover().items()
        },
        city=city,
    )


def calls(gateway: InMemory) -> list[tuple[str, str, tuple[str, ...], int]]:
    """Return what the bureaus were asked: bureau, dataset, columns, number of keys."""
    return sorted(
        (query.bureau, query.dataset.name, query.columns, len(keys))
        for source in gateway.sources.values()
        for query, keys in source.asked
    )
