"""What a failed HTTP exchange says about the bureau, and the error that callers see."""

import ssl
from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus
from typing import Final

import httpx2

from adapters.bureau_errors import (
    BureauError,
    BureauRefused,
    BureauTimedOut,
    BureauUnavailable,
    ContractBroken,
    OverBudget,
)

_RETRYABLE: Final = frozenset({429, 502, 503, 504})
_STATUS: Final[Mapping[int, tuple[type[BureauError], str]]] = {
    **dict.fromkeys((400, 404, 422), (ContractBroken, "the bureau does not know the dataset or a column")),
    401: (BureauRefused, "the signature"),
    403: (BureauRefused, "the permission"),
    413: (OverBudget, "the bureau's own limits"),
    429: (BureauRefused, "the quota"),
    504: (BureauTimedOut, "the bureau's own deadline"),
}


class Scope(Enum):
    """What a failure says about the bureau."""

    BUREAU = "the bureau cannot be reached, or is silent"
    DATASET = "the service fails, or wants no more reads, of this data set"
    ANSWERED = "the bureau answered"
    NOTHING = "the caller had little time left"


class ExchangeFailed(Exception):
    """One request failed with `failure`; if `again`, it may be sent once more."""

    def __init__(
        self, failure: BureauError, scope: Scope, *, again: bool = False, after: float | None = None
    ) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.scope = scope
        self.again = again
        self.after = after
        """The seconds that the bureau asks to wait."""


def refusal(bureau: str, dataset: str | None, response: httpx2.Response) -> ExchangeFailed:
    """Return the failure for an answer of another status than 200."""
    status = response.status_code
    kind, reason = _STATUS.get(status, (BureauUnavailable, "the service failed"))
    # A bureau that asks to be left alone is, as one that fails: each read would else be three requests.
    failing = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
    scope = Scope.DATASET if failing else Scope.ANSWERED
    failure = kind(bureau, dataset, f"{reason} (HTTP {status})")
    return ExchangeFailed(failure, scope, again=status in _RETRYABLE, after=_retry_after(response.headers))


def unreached(bureau: str, dataset: str | None, error: httpx2.TransportError) -> ExchangeFailed:
    """Return the failure for a connection that cannot be made or broke; a bad certificate is no passing failure."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ExchangeFailed(
            BureauRefused(bureau, dataset, "the bureau's certificate is not valid"), Scope.BUREAU
        )
    reason = "no connection" if cause is None else "no TLS connection"
    return ExchangeFailed(BureauUnavailable(bureau, dataset, reason), Scope.BUREAU, again=True)


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Return the seconds of Retry-After; None for its other form, a date, so that our own pauses apply."""
    seconds = headers.get("retry-after", "")
    return float(seconds) if seconds.isascii() and seconds.isdigit() else None
