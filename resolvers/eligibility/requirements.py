"""What can be required of a subject, one function each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from resolvers.eligibility.facts import Facts, Record, Requirement, years_before

OF_AGE: Final = 18
_PERSON: Final = "registry.person"
_ENTERPRISE: Final = "registry.enterprise"
_SCORE: Final = "credit_office.score"
_CONSENT: Final = "credit_office.consent"
_RED_LIST: Final = "credit_office.red_list"


def of_age() -> Requirement:
    """Require a known person of full civil capacity (河南省社会信用条例 art. 3; 民法典 art. 17)."""

    def holds(facts: Facts) -> bool:
        born_by = years_before(facts.day, OF_AGE)
        return _any([record["birth_date"] <= born_by for record in facts.records[_PERSON]])

    return Requirement("of age", {_PERSON: frozenset({"birth_date"})}, holds)


def alive() -> Requirement:
    """Require that the person lives."""
    return Requirement(
        "alive",
        {_PERSON: frozenset({"deceased"})},
        lambda facts: _any([not record["deceased"] for record in facts.records[_PERSON]]),
    )


def active() -> Requirement:
    """Require an enterprise that is registered and in business."""
    return Requirement(
        "active",
        {_ENTERPRISE: frozenset({"status"})},
        lambda facts: _any([record["status"] == "ACTIVE" for record in facts.records[_ENTERPRISE]]),
    )


def enrolled(programme: str | None) -> Requirement:
    """Require that the person joined a score programme, or that one, of their own will (郑信用〔2019〕3号)."""

    def holds(facts: Facts) -> bool:
        joined = [(_of(each, programme), each["enrolled_on"] <= facts.day) for each in facts.records[_SCORE]]
        return _any([all(both) for both in joined])

    return Requirement("enrolled", {_SCORE: _columns("enrolled_on", programme)}, holds)


def scored(least: int, programme: str | None) -> Requirement:
    """Require a score of at least `least` in a programme, or in that one."""

    def holds(facts: Facts) -> bool:
        reached = [(_of(each, programme), each["score"] >= least) for each in facts.records[_SCORE]]
        return _any([all(both) for both in reached])

    return Requirement(f"scored {least}", {_SCORE: _columns("score", programme)}, holds)


def consented(scene: str) -> Requirement:
    """Require a consent to the scene that stands today and is for whoever asks (个人信息保护法 art. 14, 15, 23)."""

    def holds(facts: Facts) -> bool:
        return _any([_stands(record, scene, facts) for record in facts.records[_CONSENT]])

    columns = frozenset({"scene", "grantee", "given_on", "until", "withdrawn_on"})
    return Requirement(f"consented to {scene}", {_CONSENT: columns}, holds)


def red_listed() -> Requirement:
    """Require an entry on a red list that stands today."""

    def holds(facts: Facts) -> bool:
        entries = facts.records[_RED_LIST]
        stands = [(each["listed_on"] <= facts.day, _runs(each["until"], facts)) for each in entries]
        return _any([all(both) for both in stands])

    return Requirement("red-listed", {_RED_LIST: frozenset({"listed_on", "until"})}, holds)


def holding(dataset: str, column: str, codes: Collection[str]) -> Requirement:
    """Require a record of the data set with one of the codes in the column."""
    wanted = frozenset(codes)
    return Requirement(
        f"{column} of {dataset}",
        {dataset: frozenset({column})},
        lambda facts: _any([record[column] in wanted for record in facts.records[dataset]]),
    )


def _columns(column: str, programme: str | None) -> frozenset[str]:
    return frozenset({column, "programme"} if programme else {column})


def _of(record: Record, programme: str | None) -> bool:
    return record["programme"] == programme if programme else True


def _stands(record: Record, scene: str, facts: Facts) -> bool:
    withdrawn, grantee = record["withdrawn_on"], record["grantee"]
    checked = (
        record["scene"] == scene,
        grantee is None or facts.asked.grantee in (None, grantee),
        record["given_on"] <= facts.day,
        _runs(record["until"], facts),
        withdrawn is None or withdrawn > facts.day,
    )
    return all(checked)


def _runs(until: date | None, facts: Facts) -> bool:
    return until is None or until >= facts.day


def _any(found: list[bool]) -> bool:
    """Of what was looked at in full: a generator would stop at the first."""
    return any(found)
