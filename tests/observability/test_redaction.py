from __future__ import annotations

import io
import json
import string
from hashlib import sha256
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from observability import redaction
from observability.hooks import Hooks
from observability.log_observer import LogObserver
from observability.logging import make_logger
from observability.redaction import ALLOWED_KEYS, REDACTED, Written
from observability.telemetry import Telemetry
from tests.support import event_samples as samples
from tests.support.marked_values import (
    CREDIT_SIGNS,
    Marked,
    credit_code,
    identity_number,
    leaks,
    marked_values,
)

digits = st.text(string.digits, min_size=1, max_size=1)
identity_numbers = st.text(string.digits, min_size=17, max_size=17).map(identity_number)
old_numbers = st.text(string.digits, min_size=15, max_size=15)
credit_codes = st.tuples(
    st.text(CREDIT_SIGNS, min_size=2, max_size=2),
    st.text(string.digits, min_size=6, max_size=6),
    st.text(CREDIT_SIGNS, min_size=9, max_size=9),
).map(lambda parts: credit_code("".join(parts)))
numbers = st.one_of(identity_numbers, old_numbers, credit_codes, credit_codes.map(str.lower))
around = st.text(st.characters(codec="utf-8", exclude_categories=("Nd",)), max_size=20)


def everything_said(text: str) -> str:
    """Tell every event with `text` in all its texts, log it under every key, and return what came out."""
    exporter, stream = InMemorySpanExporter(), io.StringIO()
    telemetry, logger = Telemetry(None, span_exporter=exporter), make_logger("DEBUG", stream)
    samples.run(Hooks([telemetry, LogObserver(logger)]), text)
    logger.warning(text, **dict.fromkeys(ALLOWED_KEYS - {"event"}, text), subject=text)
    logger.warning("said %s of somebody", text)
    logger.error("listed", errors=(text, {text: text}), keys={text}, **{text or "x": 1})
    telemetry.shutdown()
    spans = "".join(span.to_json() for span in exporter.get_finished_spans())
    return spans + telemetry.metrics_text()[0].decode() + stream.getvalue()


@pytest.mark.parametrize("marked", marked_values(), ids=lambda marked: marked.kind)
def test_marked_values_never_come_out(marked):
    """A marked value in every text of every event and log call is in no span, metric or line."""
    assert leaks(everything_said(marked.text)) == []


@given(around, numbers, around)
def test_numbers_inside_other_text_never_come_out(before, number, after):
    """An identity number or credit code inside any text never comes out, whatever stands around it."""
    said = everything_said(before + number + after)
    assert leaks(said, (Marked("number", number),)) == []


@given(around, numbers, around)
def test_a_text_from_a_source_is_scrubbed_of_numbers(before, number, after):
    """Even a text that counts as source text loses every number in it."""
    said = redaction.value(Written(before + number + after))
    assert isinstance(said, str)
    assert number not in said


@given(identity_numbers, st.sampled_from([" ", "-", ".", "_"]))
def test_a_number_in_groups_is_found(number, gap):
    """An identity number that was written in groups is found as well."""
    grouped = gap.join((number[:6], number[6:14], number[14:]))
    assert REDACTED in redaction.scrub(grouped)
    assert number[6:14] not in redaction.scrub(grouped)


@given(st.integers(min_value=10**14) | st.integers(max_value=-(10**14)))
def test_a_number_of_fifteen_digits_is_no_count(number):
    """A number as long as an identity number is not said as a number either."""
    assert redaction.value(number) == REDACTED


@pytest.mark.parametrize(
    "own",
    ["", "profile", "credit/review", "BUREAU_TIMED_OUT", "tax.tax_grade", "_Service", "approval-hall"],
)
def test_names_of_our_own_are_said(own):
    """Operations, purposes, clients, codes and datasets come out as they are."""
    assert redaction.value(own) == own


@pytest.mark.parametrize(
    "near", ["born19491231", "tel:13900077377", "9profile", "two words", "标记", "a" * 81]
)
def test_what_only_looks_like_a_name_is_not_said(near):
    """A text with a date or number in it, of other letters, or longer than a name is not said."""
    assert redaction.value(near) == REDACTED


def test_other_values_are_not_said():
    """A value that is no text, count or tuple of names is never said, whatever it prints as."""
    for given_value in (object(), {"a": "b"}, ["a"], b"a", Exception("a")):
        assert redaction.value(given_value) == REDACTED


def test_an_attribute_outside_the_list_is_dropped():
    """At run time an attribute outside the allow-list is left out, without an exception."""
    given_attributes = {"creditgraph.bureau": "tax", "subject.id": "x"}
    assert redaction.attributes(given_attributes) == {"creditgraph.bureau": "tax"}  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("marked", marked_values(), ids=lambda marked: marked.kind)
@pytest.mark.parametrize("coding", [str, json.dumps, quote, lambda text: sha256(text.encode()).hexdigest()])
def test_the_search_finds_every_coding(marked, coding):
    """The search for marked values finds each of them in plain, escaped and hashed form."""
    assert leaks(f"<{coding(marked.text)}>")
    assert leaks("nothing to see") == []


def test_a_source_text_is_a_label_and_another_text_none():
    """A metric shows a rule in our own words; the same words are redacted where nobody says that they are ours."""
    assert redaction.label(Written("for another lender")) == "for another lender"
    assert redaction.label("for another lender") == REDACTED
    assert redaction.label("client_gone") == "client_gone"
