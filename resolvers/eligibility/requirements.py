"""What can be required of a subject, one function each.

Every requirement looks at every record in full: `|=` and `&=` evaluate both sides, where `any` would stop at the first.
The same requirement is one object, so that rules which share it look once.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Final, TypeAlias

from catalogue.ages import coming_of_age, years_after, years_before, youngest_adult
from catalogue.incentives import requirement_words as words
from catalogue.incentives.city_files import City
from catalogue.incentives.requirement_kinds import RequirementKind
from catalogue.legal_forms import LegalForm, legal_form_of
from catalogue.record_forms import STATE
from catalogue.record_life import ENDS, STANDS
from catalogue.score_programmes import ScoreProgramme
from resolvers.eligibility.facts import Barring, Facts, Gap, Record, Requirement

_PERSON: Final = "registry.person"
_ENTERPRISE: Final = "registry.enterprise"
_SCORE: Final = "credit_office.score"
_CONSENT: Final = "credit_office.consent"
_RED_LIST: Final = "credit_office.red_list"


AdverseSets: TypeAlias = tuple[tuple[str, str], ...]
"""Data sets of adverse records by their full names, each with the column of the day that must fall into the years asked
for; empty where every record that stands counts."""


@cache
def of_age() -> Requirement:
    """Require a known person of full civil capacity (河南省社会信用条例 art. 3; 民法典 art. 17)."""

    def holds(facts: Facts) -> bool:
        born_by, met = youngest_adult(facts.asked.day), False
        for record in facts.records[_PERSON]:
            met |= record["birth_date"] <= born_by
        return met

    def gap(facts: Facts) -> Gap:
        born = [record["birth_date"] for record in facts.records[_PERSON]]
        return Gap(min(map(coming_of_age, born), default=None), unknown=not born)

    return Requirement("of age", {_PERSON: frozenset({"birth_date"})}, holds, words.OF_AGE, gap)


@cache
def alive() -> Requirement:
    """Require that the person lives."""
    return _holding("alive", _PERSON, "deceased", frozenset({False}), words.ALIVE)


@cache
def active() -> Requirement:
    """Require an enterprise that is registered and in business."""
    return _holding("active", _ENTERPRISE, "status", frozenset({"ACTIVE"}), words.ACTIVE)


@cache
def founded_within(years: int) -> Requirement:
    """Require an enterprise that was founded in the last `years` full years."""

    def holds(facts: Facts) -> bool:
        since, met = years_before(facts.asked.day, years), False
        for record in facts.records[_ENTERPRISE]:
            met |= record["established_on"] > since
        return met

    def gap(facts: Facts) -> Gap:
        return Gap(unknown=not facts.records[_ENTERPRISE])

    needs = {_ENTERPRISE: frozenset({"established_on"})}
    return Requirement(
        f"founded within {years} years", needs, holds, words.of_kind("founded_within", years), gap
    )


@cache
def individual_business(is_one: bool) -> Requirement:
    """Require an individual business (个体工商户), or an enterprise that is none."""

    def holds(facts: Facts) -> bool:
        owned = legal_form_of(facts.subject) is LegalForm.INDIVIDUAL_BUSINESS
        for record in facts.records[_ENTERPRISE]:
            owned |= legal_form_of(facts.subject, record["kind"]) is LegalForm.INDIVIDUAL_BUSINESS
        return owned is is_one

    def gap(facts: Facts) -> Gap:
        return Gap(unknown=not facts.records[_ENTERPRISE])

    said = words.INDIVIDUAL if is_one else words.NOT_INDIVIDUAL
    return Requirement(f"individual {is_one}", {_ENTERPRISE: frozenset({"kind"})}, holds, said, gap)


def local(city: City) -> Requirement:
    """Require an enterprise that is registered with the city's own authorities or in a district of the city."""
    return _local(city.zh, city.en, city.counties)


@cache
def _local(zh: str, en: str, regions: frozenset[str]) -> Requirement:
    return _holding("local", _ENTERPRISE, "region", regions, words.registered_in(zh, en))


@cache
def enrolled(programme: ScoreProgramme | None) -> Requirement:
    """Require that the person joined the city's score programme of their own will (in Zhengzhou 郑信用〔2019〕3号)."""
    code = programme and programme.code

    def holds(facts: Facts) -> bool:
        day, met = facts.asked.day, False
        for record in facts.records[_SCORE]:
            met |= (record["programme"] == code) & (record["enrolled_on"] <= day)
        return met

    def gap(facts: Facts) -> Gap:
        joins = [each["enrolled_on"] for each in _of_programme(facts, code)]
        return Gap(min(joins, default=None))

    needs = {_SCORE: frozenset({"enrolled_on", "programme"})}
    return Requirement("enrolled", needs, holds, words.enrolled_in(programme), gap)


@cache
def scored(least: int, programme: ScoreProgramme | None) -> Requirement:
    """Require a score of at least `least` in the city's programme."""
    code = programme and programme.code

    def holds(facts: Facts) -> bool:
        met = False
        for record in facts.records[_SCORE]:
            met |= (record["programme"] == code) & (record["score"] >= least)
        return met

    def gap(facts: Facts) -> Gap:
        return Gap(unknown=not _of_programme(facts, code))

    needs = {_SCORE: frozenset({"score", "programme"})}
    return Requirement(f"scored {least}", needs, holds, words.of_kind("least_score", least), gap)


@cache
def consented(scene: str) -> Requirement:
    """Require a consent to the scene that stands today and is for whoever asks (个人信息保护法 art. 14, 15, 23)."""

    def holds(facts: Facts) -> bool:
        day, asking, met = facts.asked.day, facts.asked.grantee, False
        for record in facts.records[_CONSENT]:
            until, withdrawn, grantee = record["until"], record["withdrawn_on"], record["grantee"]
            met |= (
                (record["scene"] == scene)
                & (grantee is None or asking is None or asking == grantee)
                & (record["given_on"] <= day)
                & (until is None or until >= day)
                & (withdrawn is None or withdrawn > day)
            )
        return met

    columns = frozenset({"scene", "grantee", "given_on", "until", "withdrawn_on"})
    said = words.consented_to(scene)
    return Requirement(f"consented to {scene}", {_CONSENT: columns}, holds, said, _nothing_missing)


@cache
def owner_consented(scene: str) -> Requirement:
    """Require a consent to the scene of the owner, where the enterprise is an individual business (个体工商户).

    Its owner is a natural person who runs it under its own name (民法典 art. 54), so what it shows is personal.
    """
    asked = consented(scene)

    def holds(facts: Facts) -> bool:
        met, owned = asked.holds(facts), legal_form_of(facts.subject) is LegalForm.INDIVIDUAL_BUSINESS
        for record in facts.records[_ENTERPRISE]:
            owned |= legal_form_of(facts.subject, record["kind"]) is LegalForm.INDIVIDUAL_BUSINESS
        return met | (not owned)

    needs = {**asked.needs, _ENTERPRISE: frozenset({"kind"})}
    return Requirement(
        f"owner consented to {scene}", needs, holds, words.owner_consented_to(scene), asked.gap
    )


@cache
def red_listed() -> Requirement:
    """Require an entry on a red list that stands today."""

    def holds(facts: Facts) -> bool:
        day, met = facts.asked.day, False
        for record in facts.records[_RED_LIST]:
            until = record["until"]
            met |= (record["listed_on"] <= day) & (until is None or until >= day)
        return met

    needs = {_RED_LIST: frozenset({"listed_on", "until"})}
    return Requirement("red-listed", needs, holds, words.RED_LISTED, _nothing_missing)


@cache
def holding(kind: RequirementKind, codes: frozenset[str]) -> Requirement:
    """Require a record of the data set of a kind with one of the codes in its column."""
    (column, *_), dataset = kind.columns, kind.dataset
    found = _holding(f"{column} of {dataset}", dataset, column, codes, words.of_kind(kind.name, codes))
    return replace(found, gap=_nothing_missing) if kind.awarded else found


@cache
def clean(years: int, adverse: AdverseSets) -> Requirement:
    """Require that no adverse record that stands today counts in the last `years` full years.

    `adverse` are all data sets of adverse records about such a subject.
    """

    def holds(facts: Facts) -> bool:
        since = years_before(facts.asked.day, years)
        counted = False
        for dataset, within in adverse:
            for record in facts.records[dataset]:
                counted |= (record[STATE] == STANDS) & (not within or record[within] > since)
        return not counted

    def gap(facts: Facts) -> Gap:
        since = years_before(facts.asked.day, years)
        barring = tuple(
            Barring(dataset, _bars_until(record, within, years))
            for dataset, within in adverse
            for record in facts.records[dataset]
            if record[STATE] == STANDS and (not within or record[within] > since)
        )
        until = [each.until for each in barring]
        known = [each for each in until if each is not None]
        met_from = max(known) + timedelta(1) if known and len(known) == len(until) else None
        return Gap(met_from, barring=barring)

    needs = {name: frozenset(filter(None, (STATE, within))) for name, within in adverse}
    return Requirement(f"clean for {years} years", needs, holds, words.of_kind("clean_years", years), gap)


def _bars_until(record: Record, within: str, years: int) -> date | None:
    """Return the last day on which a record counts: by its own terms, or the last of the years that must be clean."""
    ends = [record.get(ENDS), years_after(record[within], years) - timedelta(1) if within else None]
    return min((each for each in ends if each is not None), default=None)


def _nothing_missing(_: Facts) -> Gap:
    """Return the gap of what a bureau gives and holds in full: who is not there was not given it."""
    return Gap()


def _of_programme(facts: Facts, programme: str | None) -> list[Record]:
    return [each for each in facts.records[_SCORE] if each["programme"] == programme]


def _holding(
    name: str, dataset: str, column: str, values: AbstractSet[str | bool], said: words.RequirementWords
) -> Requirement:
    def holds(facts: Facts) -> bool:
        met = False
        for record in facts.records[dataset]:
            met |= record[column] in values
        return met

    def gap(facts: Facts) -> Gap:
        return Gap(unknown=not facts.records[dataset])

    return Requirement(name, {dataset: frozenset({column})}, holds, said, gap)
