"""The address of a bureau's source."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """A `dsn` for PostgreSQL, or a `url` with the `requester` and the `secret` that signs its requests.

    `connections` limits the round trips that run at once, and `timeout` the seconds of each. `repr` omits the
    DSN and the secret.
    """

    dsn: str | None = field(default=None, repr=False)
    url: str | None = None
    requester: str = "creditgraph"
    secret: str | None = field(default=None, repr=False)
    connections: int = 2
    timeout: float = 3.0
