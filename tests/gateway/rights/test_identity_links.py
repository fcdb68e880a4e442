"""A link from a document to an identity number joins for certain or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.identity_documents import IDENTITY_DOCUMENT_KIND, LINK_CONFIDENCE
from gateway.rights.identity_links import COLUMNS, IdentityLink, linked_person
from tests.support.effort import examples
from tests.support.small_city import ADULTS

DAY = date(2026, 6, 30)
days = st.dates(DAY - timedelta(days=2), DAY + timedelta(days=2))
links = st.fixed_dictionaries(
    {
        "person_number": st.sampled_from(ADULTS[:2]),
        "kind": st.sampled_from(("PASSPORT", "PASSPORT", "TAIWAN_PERMIT")),
        "confidence": st.sampled_from(("HIGH", "HIGH", "HIGH", "MEDIUM", "LOW")),
        "reviewed_on": st.none() | days,
        "since": days,
        "until": st.none() | days,
    }
)


def rows(held: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return rows as the data set gives them."""
    return [("E12345678", *(each[name] for name in COLUMNS)) for each in held]


@pytest.mark.rule("C15")
@examples(400)
@given(st.lists(links, max_size=4))
def test_a_document_leads_to_a_person_by_every_rule_at_once(held: list[dict[str, Any]]):
    """Reviewed, of the highest confidence, running, and claimed by nobody else: with one of these missing it leads nowhere."""
    running = [
        each
        for each in held
        if each["kind"] == "PASSPORT" and each["since"] <= DAY <= (each["until"] or date.max)
    ]
    claimants = {each["person_number"] for each in running}
    certain = {
        each["person_number"]
        for each in running
        if each["confidence"] == "HIGH" and each["reviewed_on"] and each["reviewed_on"] <= DAY
    }
    found = linked_person(rows(held), "PASSPORT", DAY)
    assert found == (next(iter(claimants)) if len(claimants) == 1 and certain else None)


def test_a_claim_of_another_kind_of_document_is_no_claim():
    """A passport and a permit may have one number: each leads to its own person."""
    link: dict[str, Any] = {
        "person_number": ADULTS[0],
        "kind": "PASSPORT",
        "confidence": "HIGH",
        "reviewed_on": DAY,
        "since": DAY,
        "until": DAY,
    }
    held = rows([link, {**link, "kind": "TAIWAN_PERMIT", "person_number": ADULTS[1]}])
    assert linked_person(held, "PASSPORT", DAY) == ADULTS[0]
    assert linked_person(held, "TAIWAN_PERMIT", DAY) == ADULTS[1]
    assert [linked_person(held, each, DAY) for each in sorted(IDENTITY_DOCUMENT_KIND)].count(None) == 3


def test_one_level_of_confidence_joins():
    """No text says how sure a link must be, so the highest level alone joins."""
    link: dict[str, Any] = {
        "person_number": ADULTS[0],
        "kind": "PASSPORT",
        "reviewed_on": DAY,
        "since": DAY,
        "until": None,
    }
    joining = [
        each
        for each in LINK_CONFIDENCE
        if linked_person(rows([{**link, "confidence": each}]), "PASSPORT", DAY)
    ]
    assert joining == ["HIGH"]


def test_a_link_in_print_has_no_number():
    """What a log or a traceback prints of a link says its kind and no more."""
    assert repr(IdentityLink(ADULTS[0], "PASSPORT", "HIGH", DAY, DAY, None)) == "IdentityLink(PASSPORT)"
