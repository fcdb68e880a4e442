"""What the gauges show of a running gateway: slots of bureaus, terms, keys of issuers, the policy, the program."""

import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from gateway.access.identity.tokens import TrustedIssuer
from gateway.pipeline.lookup import CurrentPolicy
from observability.gauges import (
    BUILD_INFO,
    BUREAU_SLOTS,
    BUREAU_WAITING,
    KEYS_AGE,
    OPERATION_EXPIRY,
    POLICY_INFO,
    Reading,
    Watch,
)
from resolvers.fetch.batching import Loaders

_DAY: Final = 86_400


def present_state(
    current: CurrentPolicy,
    loaders: Loaders,
    issuers: Sequence[TrustedIssuer],
    clock: Callable[[], float] = time.time,
) -> Watch:
    """Return a function that reads the values of the gauges at present."""
    program = f"v{_program_version()}"

    def read() -> Iterator[Reading]:
        snapshot, now = current.snapshot, clock()
        for bureau, (used, size, waiting) in loaders.slots().items():
            yield BUREAU_SLOTS, (bureau, "used"), used
            yield BUREAU_SLOTS, (bureau, "free"), size - used
            yield BUREAU_WAITING, (bureau,), waiting
        for name, ends in snapshot.registered.ends().items():
            yield OPERATION_EXPIRY, (name,), (ends - now) / _DAY
        for issuer in issuers:
            yield KEYS_AGE, (issuer.label,), issuer.keys.age()
        yield POLICY_INFO, (snapshot.version,), 1
        yield BUILD_INFO, (program,), 1

    return read


def _program_version() -> str:
    try:
        return version("creditgraph")
    except PackageNotFoundError:  # run from a folder without being installed
        return "0"
