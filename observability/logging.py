"""Log lines: JSON on stderr, or coloured text on a terminal, with an allow-list of keys.

The sieve also filters the records of other libraries, at WARNING and up. It keeps their logger, level, and the
type and place of an exception. It keeps a message only if the message is a constant of the source code, because
a text composed at run time can contain personal data. This applies to our own events as well: write the event
as a constant in the call, `log.info("gateway ready", port=port)`; any other text becomes "[redacted]".
"""

import contextlib
import inspect
import logging
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import PurePath
from types import CodeType, TracebackType
from typing import Final, TextIO, TypeGuard, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from observability.redaction import ALLOWED_KEYS, REDACTED, RequestId, Written, scrub, value
from observability.throttle import Throttle

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SERVER_LOGGERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
_PLACES: Final = 5
_FACTS: Final = ("request_id", "setting", "why")
"""What our own modules may give to a record beside its message: by `extra`, as a RequestId or as Written."""
_OWN_MODULES: Final = (__name__, "structlog")


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logging of this process through the sieve.

    Run uvicorn with `log_config=None, access_log=False`; otherwise it installs its own handlers afterwards.
    """
    target = sys.stderr if stream is None else stream
    structlog.configure(
        processors=_processors(target),
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    route_foreign(logging.getLogger(), make_logger("WARNING", target))
    for name in _SERVER_LOGGERS:
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = name != "uvicorn.access"  # no log line may contain a request's address and path


def make_logger(level: str, stream: TextIO) -> FilteringBoundLogger:
    """Return a logger that writes to `stream` through the sieve; it changes no global setting."""
    logger = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=_processors(stream),
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
    )
    return cast("FilteringBoundLogger", logger.bind())


def route_foreign(
    root: logging.Logger, logger: FilteringBoundLogger, clock: Callable[[], float] = time.monotonic
) -> None:
    """Make `root` hand its records, at WARNING and up, only to `logger`."""
    root.handlers[:] = [ForeignHandler(logger, clock)]
    root.setLevel(logging.WARNING)


class ForeignHandler(logging.Handler):
    """Hands on a few records of each place of other libraries, without arguments and without the texts of exceptions.

    A caller can cause such a record by a request, so each place in the source code has its throttle.
    """

    def __init__(self, logger: FilteringBoundLogger, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.WARNING)
        self._logger = logger
        self._throttle = Throttle(clock)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; drop a line that cannot be written, because logging itself would print it unfiltered."""
        suppressed = self._throttle.admit(record.name, record.pathname, str(record.lineno))
        if suppressed is None:
            return
        facts: dict[str, object] = {"logger": Written(record.name), "suppressed": suppressed or None}
        if isinstance(record.msg, str) and _is_written(record):
            facts["message"] = Written(record.msg)
        for name in _FACTS:
            given = getattr(record, name, None)
            if isinstance(given, RequestId | Written):
                facts[name] = given
        if record.exc_info is not None and record.exc_info[1] is not None:
            facts["exc_info"] = record.exc_info[1]
        else:
            facts["location"] = Written(_place(record.pathname, record.lineno, record.funcName or ""))
        with contextlib.suppress(Exception):
            self._logger.log(record.levelno, Written("another library"), **facts)


def sieve(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep the allowed keys with safe values, and reduce an exception to its type and place."""
    failure = _failure(event.pop("exc_info", None))
    kept: EventDict = {
        key: value(item)
        for key, item in event.items()
        if key in ALLOWED_KEYS and key != "event" and item is not None
    }
    return {"event": _event(event.get("event")), **kept, **_describe(failure)}


def _processors(stream: TextIO) -> list[Processor]:
    renderer: Processor = (
        structlog.dev.ConsoleRenderer() if stream.isatty() else structlog.processors.JSONRenderer()
    )
    return [
        sieve,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        renderer,
    ]


def _number(level: str) -> int:
    if level.upper() not in LEVELS:
        raise ValueError(f"the log level must be one of {', '.join(LEVELS)}")
    return logging.getLevelNamesMapping()[level.upper()]


def _event(text: object) -> str:
    """Return the event if it is a constant of the logging function, else "[redacted]"."""
    if isinstance(text, Written):
        return scrub(text)
    for frame, _ in traceback.walk_stack(inspect.currentframe()):
        if not str(frame.f_globals.get("__name__")).startswith(_OWN_MODULES):
            return scrub(text) if _is_constant_of(text, frame.f_code) else REDACTED
    return REDACTED


def _failure(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return next(
            (part for part in cast("tuple[object, ...]", exc_info) if isinstance(part, BaseException)), None
        )
    return sys.exception() if exc_info else None


def _describe(failure: BaseException | None) -> dict[str, str]:
    if failure is None:
        return {}
    kind = type(failure)
    return {
        "error_type": scrub(f"{kind.__module__}.{kind.__qualname__}"),
        "location": scrub(_places(failure.__traceback__)),
    }


def _places(trace: TracebackType | None) -> str:
    """Describe the calls that led to an exception, innermost first."""
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(trace)]
    places = [_place(code.co_filename, line, code.co_name) for code, line in frames[-_PLACES:]]
    return " < ".join(reversed(places))


def _place(path: str, line: int, function: str) -> str:
    return f"{'/'.join(PurePath(path).parts[-2:])}:{line}:{function}"


def _is_written(record: logging.LogRecord) -> bool:
    """Whether the message is a constant of the function that logged it."""
    for frame, line in traceback.walk_stack(inspect.currentframe()):
        if line == record.lineno and frame.f_code.co_filename == record.pathname:
            return _is_constant_of(record.msg, frame.f_code)
    return False


def _is_constant_of(text: object, code: CodeType) -> TypeGuard[str]:
    constants = (constant for constant in code.co_consts if isinstance(constant, str))
    return isinstance(text, str) and text in constants
