"""How a bureau is reached, in words of this room."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """A `dsn` for PostgreSQL, or a `url` with the `requester` and the `secret` that signs its requests.

    `connections` is how many round trips may be under way at once, `timeout` the seconds that one of them
    may take. What could open the source is kept out of `repr`.
    """

    dsn: str | None = field(default=None, repr=False)
    url: str | None = None
    requester: str = "creditgraph"
    secret: str | None = field(default=None, repr=False)
    connections: int = 2
    timeout: float = 3.0
