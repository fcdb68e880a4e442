from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import NoReturn

import pytest
import structlog
from msgspec.structs import asdict, replace

from observability.events import CaseSubjectsCounted, OperationFailed
from observability.hooks import Hooks
from observability.log_observer import LogObserver
from observability.logging import configure, make_logger, route_foreign
from observability.redaction import ALLOWED_KEYS, REDACTED
from observability.throttle import LINES, WINDOW_SECONDS, Throttle
from tests.support import event_samples as samples
from tests.support.marked_values import leaks, marked_values

SECRET = "11010519491231002X"


class Stream(io.StringIO):
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def stream() -> Stream:
    """What was logged."""
    return Stream()


@pytest.fixture
def foreign(stream: Stream) -> logging.Logger:
    """A root of its own, so that the process's logging stays as it is."""
    root = logging.getLogger("somelibrary")
    root.propagate = False
    route_foreign(root, make_logger("WARNING", stream))
    return root


def fail(error: Exception) -> NoReturn:
    """Raise the error from a place that has a name."""
    raise error


@pytest.fixture
def untouched() -> Iterator[None]:
    """Give the process's logging back as it was."""
    root, names = logging.getLogger(), ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
    before = (list(root.handlers), root.level)
    servers = {name: logging.getLogger(name).propagate for name in names}
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, propagate in servers.items():
        logging.getLogger(name).propagate = propagate
    structlog.reset_defaults()


def test_a_line_is_json_with_level_and_time(stream):
    """A line is one JSON object with the event, its level, its time and its allowed keys."""
    make_logger("INFO", stream).info("gateway ready", port=8000)
    (line,) = stream.lines()
    assert (line["event"], line["level"], line["port"]) == ("gateway ready", "info", 8000)
    assert str(line["timestamp"]).endswith("Z")


def test_a_key_outside_the_list_is_dropped(stream):
    """A key that is not on the list is left out with its value."""
    make_logger("INFO", stream).info("gateway ready", subject=SECRET, body={"a": SECRET})
    (line,) = stream.lines()
    assert set(line) == {"event", "level", "timestamp"} <= ALLOWED_KEYS


def test_an_event_put_together_at_run_time_is_redacted(stream):
    """An event that does not stand in the source of its function is not said."""
    logger = make_logger("INFO", stream)
    name = "Zhang San"
    logger.info(f"asked for {name}")
    logger.info("asked for %s", name)
    assert [line["event"] for line in stream.lines()] == [REDACTED, REDACTED]


def test_an_exception_is_its_type_and_place(stream):
    """Of an exception only the type and the places remain: no message, no locals, no cause's text."""
    subject = SECRET
    try:
        fail(LookupError(f"no row for {subject}"))
    except LookupError:
        make_logger("INFO", stream).exception("fetch failed")
    (line,) = stream.lines()
    assert line["error_type"] == "builtins.LookupError"
    assert "observability/test_logging.py" in str(line["location"])
    assert SECRET not in stream.getvalue()


def test_an_unknown_level_is_refused(stream):
    """A level that does not exist is an error that names those that do."""
    with pytest.raises(ValueError, match="DEBUG, INFO, WARNING"):
        make_logger("LOUD", stream)


def test_another_librarys_template_is_kept_without_its_arguments(foreign, stream):
    """Of another library's record the message's template is kept and its arguments are not."""
    foreign.warning("no row for %s", SECRET)
    (line,) = stream.lines()
    assert (line["event"], line["logger"], line["level"]) == ("another library", "somelibrary", "warning")
    assert line["message"] == "no row for %s"
    assert "test_logging.py" in str(line["location"])


def test_another_librarys_text_put_together_is_left_out(foreign, stream):
    """A message that was put together while the program ran is left out; where it came from is kept."""
    name = "欧阳标记"
    foreign.warning(f"no row for {name}")
    (line,) = stream.lines()
    assert "message" not in line
    assert "test_logging.py" in str(line["location"])


def test_another_librarys_exception_is_its_type_and_place(foreign, stream):
    """Another library's exception is reduced like our own."""
    try:
        fail(ValueError(SECRET))
    except ValueError:
        foreign.exception("task failed")
    (line,) = stream.lines()
    assert (line["error_type"], line["message"]) == ("builtins.ValueError", "task failed")
    assert SECRET not in stream.getvalue()


def test_another_librarys_chatter_is_left_out(foreign, stream):
    """Records below WARNING are not written."""
    foreign.info("connected")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("marked", marked_values(), ids=lambda marked: marked.kind)
def test_marked_values_never_come_out_of_another_library(marked, foreign, stream):
    """A marked value in a message, an argument, an exception or its chain comes out of no record."""
    foreign.error(marked.text)
    foreign.error(f"said {marked.text}")
    foreign.error("said %s %r", marked.text, {marked.text: 1})
    try:
        try:
            fail(KeyError(marked.text))
        except KeyError as error:
            raise RuntimeError(marked.text) from error
    except RuntimeError as error:
        error.add_note(marked.text)
        foreign.exception(marked.text)
        foreign.error(error, exc_info=error, stack_info=True, extra={"subject": marked.text})
    assert len(stream.lines()) == 5
    assert leaks(stream.getvalue()) == []


def test_a_closed_stream_harms_nobody(foreign, stream, capsys):
    """A line that cannot be written is lost: the library goes on and nothing is printed elsewhere."""
    stream.close()
    foreign.error("no row for %s", SECRET)
    assert capsys.readouterr().err == ""


def test_the_process_logs_through_the_sieve(untouched, stream):
    """Once configured, structlog and the server's loggers write here and the access log nowhere."""
    logging.getLogger("uvicorn").addHandler(logging.StreamHandler(sys.stderr))
    configure("INFO", stream)
    structlog.get_logger().info("gateway ready", port=1)
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    logging.getLogger("uvicorn.access").warning("GET /")
    lines = stream.lines()
    assert [line.get("message", line["event"]) for line in lines] == [
        "gateway ready",
        "Invalid HTTP request received.",
    ]


def test_a_terminal_gets_text():
    """On a terminal lines are text for people, through the same sieve."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    make_logger("INFO", terminal).info("gateway ready", port=8000, subject=SECRET)
    assert "gateway ready" in terminal.getvalue()
    assert SECRET not in terminal.getvalue()


def observed(stream: Stream, level: str = "INFO", clock=lambda: 0.0) -> Hooks:
    """Hooks that tell a log on `stream`."""
    return Hooks([LogObserver(make_logger(level, stream), clock)])


def test_what_somebody_has_to_look_at_is_logged(stream):
    """Refusals, failed bureaus, broken and refused rows, doubtful codes, changes of policy, inner failures: these are logged, and nothing else."""
    samples.run(observed(stream))
    assert [(line["event"], line["level"]) for line in stream.lines()] == [
        ("bureau failed", "warning"),
        ("rows broken", "warning"),
        ("request refused", "info"),
        ("credit codes with a wrong check sign", "warning"),
        ("many subjects under one case", "warning"),
        ("case number refused", "warning"),
        ("no authorisation", "warning"),
        ("records kept out", "warning"),
        ("rows not as declared", "warning"),
        ("connection ended", "warning"),
        ("policy in force", "info"),
        ("policy refused", "error"),
        ("operation failed", "error"),
    ]


def test_operations_are_logged_at_debug(stream):
    """At DEBUG every operation is a line with its purpose, outcome and time."""
    samples.run(observed(stream, "DEBUG"))
    (line,) = [line for line in stream.lines() if line["event"] == "operation"]
    assert (line["operation"], line["outcome"], line["errors"]) == ("profile", "partial", ["FIELD_DENIED"])


def test_a_case_number_stands_in_the_log_of_its_operation(stream):
    """An operation is logged with the number of its case, which is no name of the house's own."""
    ended = OperationFailed(**{**asdict(samples.FAULT), "case_number": "（2026）豫15执123号"})
    hooks = observed(stream, level="DEBUG")
    hooks.finished(ended, None)
    hooks.finished(samples.FINISHED, None)
    first, second = stream.lines()
    assert first["case_number"] == "（2026）豫15执123号"
    assert "case_number" not in second


def test_many_subjects_under_one_case_are_a_warning(stream):
    """The alarm names client, purpose, case number and the count of subjects, and no subject."""
    observed(stream).emit(CaseSubjectsCounted("bank", "financing.credit", "（2026）豫15执123号", 5, "alarm"))
    (line,) = stream.lines()
    assert (line["event"], line["level"]) == ("many subjects under one case", "warning")
    assert (line["client"], line["case_number"], line["count"]) == ("bank", "（2026）豫15执123号", 5)


def test_a_flood_is_a_few_lines_and_a_count(stream):
    """Of one kind a few lines pass in a window; the next window's first tells how many were left out."""
    now = 0.0
    hooks = observed(stream, clock=lambda: now)
    for _ in range(1_000):
        hooks.emit(samples.REFUSED)
    hooks.emit(replace(samples.REFUSED, code="TOKEN_INVALID"))
    now = WINDOW_SECONDS
    hooks.emit(samples.REFUSED)
    lines = stream.lines()
    assert [line["code"] for line in lines] == ["TOKEN_EXPIRED"] * LINES + ["TOKEN_INVALID", "TOKEN_EXPIRED"]
    assert lines[-1]["suppressed"] == 1_000 - LINES


def test_one_clients_refusals_hide_no_other_clients(stream):
    """The client is a part of a line's kind: nobody's noise stands on another's line, or in its place."""
    now = 0.0
    hooks = observed(stream, clock=lambda: now)
    for client, times in (("parking", LINES), ("bank", 200), ("library", 1)):
        for _ in range(times):
            hooks.emit(replace(samples.REFUSED, client=client))
    now = WINDOW_SECONDS
    for client in ("library", "bank"):
        hooks.emit(replace(samples.REFUSED, client=client))
    lines = stream.lines()
    assert [line["client"] for line in lines] == [
        *["parking"] * LINES,
        *["bank"] * LINES,
        *["library"] * 2,
        "bank",
    ]
    assert [line.get("suppressed") for line in lines[-2:]] == [None, 200 - LINES]


def test_one_clients_failures_hide_no_other_clients(stream):
    """A failed operation of one client is logged, however often another client's fails."""
    hooks = observed(stream)
    for client, times in (("bank", 200), ("library", 1)):
        for _ in range(times):
            hooks.finished(replace(samples.FAULT, client=client), None)
    assert [line["client"] for line in stream.lines()] == ["bank"] * LINES + ["library"]


def test_another_librarys_flood_is_a_few_lines_and_a_count(stream):
    """Of one place of another library a few lines pass in a window; other places are heard all the same."""
    now = 0.0
    foreign = logging.getLogger("flooding")
    foreign.propagate = False
    route_foreign(foreign, make_logger("WARNING", stream), lambda: now)
    for turn in range(600):
        now = WINDOW_SECONDS if turn == 599 else 0.0
        foreign.warning("Unsupported upgrade request.")
    foreign.warning("something else")
    lines = stream.lines()
    assert len(lines) == LINES + 2
    assert [line.get("suppressed") for line in lines[-2:]] == [599 - LINES, None]


def test_a_throttle_forgets_rather_than_grows():
    """However many kinds there are, a throttle remembers a bounded number."""
    throttle = Throttle(lambda: 0.0)
    for kind in range(5_000):
        assert throttle.admit(str(kind)) == 0
    assert len(throttle._windows) <= 1_000
