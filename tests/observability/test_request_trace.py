from __future__ import annotations

import json
import logging
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from observability.hooks import Hooks
from observability.log_observer import LogObserver
from observability.logging import make_logger, route_foreign
from observability.request_trace import RequestTrace, continue_trace, shared_trace
from tests.support import event_samples as samples

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
PARENT = f"00-{TRACE}-{SPAN}-01"
NUMBER = "110105194912310021"


def continued(traceparent: str | bytes | None = None, request_id: str | bytes | None = None) -> RequestTrace:
    """The trace of a request with these headers."""
    sent = [each.encode() if isinstance(each, str) else each for each in (traceparent, request_id)]
    trace = RequestTrace(1, 2)
    continue_trace(trace, *sent)
    return trace


@pytest.mark.parametrize("header", [PARENT, f"00-{TRACE}-{SPAN}-00", f"cc-{TRACE}-{SPAN}-09-later.version"])
def test_a_valid_traceparent_is_continued(header):
    """Trace, parent and the sampled flag are the caller's; the gateway's span stays its own."""
    trace = continued(header)
    assert (trace.trace_id, trace.parent_id, trace.span_id) == (int(TRACE, 16), int(SPAN, 16), 2)
    assert trace.flags == int(header[53:55], 16) & 1
    assert trace.request_id == TRACE


@pytest.mark.parametrize(
    "header",
    [
        "",
        PARENT.upper(),
        PARENT[:-1],
        PARENT + "-more",
        PARENT + " ",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-0g",
        f"cc-{TRACE}-{SPAN}-01-" + "x" * 300,
        f"00-00000000000000{NUMBER}-{SPAN}-01",
        f"00-{TRACE[:16]}{NUMBER[:16]}-{NUMBER[16:]}{SPAN[2:]}-01",
        f"00-{TRACE}-0110105491231002-01",
    ],
)
def test_another_traceparent_begins_a_new_trace(header):
    """A header of another form, and one whose digits may be an identity number, is ignored."""
    assert (continued(header).trace_id, continued(header).parent_id) == (1, 0)


@pytest.mark.parametrize(
    "given_id",
    [
        "a",
        "order-7.3_x",
        TRACE,
        "550E8400-e29b-41d4-a716-446655440000",
        "01J9ZQ4W7Y8X2M3N5P6R7S8T9V",
        "z" * 64,
    ],
)
def test_a_request_id_of_a_safe_form_is_taken(given_id):
    """A short id of letters, digits, points, dashes and underscores is the request's."""
    assert continued(PARENT, given_id).request_id == given_id


@pytest.mark.parametrize(
    "given_id",
    [
        "",
        "z" * 65,
        "a b",
        "a\nb",
        "-a",
        "é",
        "a/b",
        "<b>",
        NUMBER,
        f"id-{NUMBER}",
        "110105-19491231-0021",
        "110105.1949.1231.0021",
        "a11010519491231002X",
        "110105491231002",
        "00000000-0000-1101-0519-491231002100",
        f"00000000000000{NUMBER}",
        "6222020200112230000",
        "91411502MA9K4X017T",
    ],
)
def test_no_identity_number_is_taken_for_a_request_id(given_id):
    """An id of another form, and one that may hold an identity number, is ignored: the trace's stands for it."""
    assert continued(None, given_id).request_id == f"{1:032x}"


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_give_a_trace(traceparent, request_id):
    """Whatever stands in the headers, there is an id that can stand in a header and a log line."""
    trace = continued(traceparent, request_id)
    assert trace.request_id.isascii()
    assert 1 <= len(trace.request_id) <= 64


def test_a_round_trip_continues_the_trace_of_its_only_request():
    """A round trip of one request belongs to its trace; one of several has a trace of its own and no request's id."""
    first, second = continued(PARENT, "one"), continued(None, "two")
    alone = shared_trace([(first, None), (first,)])
    assert alone is not None
    assert (alone.trace_id, alone.flags, alone.request_id) == (first.trace_id, 1, "one")
    shared = shared_trace([(first,), (second,)])
    assert shared is not None
    assert shared.request_id is None
    assert shared.trace_id not in (first.trace_id, second.trace_id)
    assert shared_trace([None, (None,)]) is None


def lines(*events: object) -> list[dict[str, object]]:
    """The log lines of these events."""
    stream = StringIO()
    hooks = Hooks([LogObserver(make_logger("DEBUG", stream))])
    for event in events:
        if isinstance(event, type(samples.FINISHED)):
            hooks.finished(event, None)
        else:
            hooks.emit(event)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_log_lines_name_the_request():
    """Refusals, ends of operations and failed bureaus name the request, hexadecimal ids unredacted."""
    trace, other = continued(None, "12345678ABCDEFGH.7"), samples.TRACE
    trace.given_id = "550e840012345678abcdef0000000000"
    found = lines(
        replace(samples.REFUSED, trace=trace),
        replace(samples.FINISHED, trace=trace),
        replace(samples.FAULT, trace=trace),
        replace(samples.FAILED, origins=((trace, None),), broken_rows=0),
        replace(samples.FAILED, origins=((trace, None), (other,)), broken_rows=0),
    )
    assert [line.get("request_id") for line in found] == [trace.given_id] * 4 + [None]
    assert found[-1]["request_ids"] == [trace.given_id, f"{other.trace_id:032x}"]


def test_a_foreign_log_line_names_the_request_it_is_given():
    """A line of the standard library's logging keeps a request id of ours, and no text in its place."""
    stream, root = StringIO(), logging.getLogger("tests.foreign")
    route_foreign(root, make_logger("INFO", stream))
    root.error("it failed", extra={"request_id": samples.TRACE.request_id})
    root.error("it failed", extra={"request_id": NUMBER})
    root.handlers.clear()
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first["request_id"] == samples.TRACE.request_id
    assert "request_id" not in second
