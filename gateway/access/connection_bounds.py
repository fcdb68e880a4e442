"""The bounds of each part of a request, of a connection, and of a turn of the event loop; and the server's own answers."""

from typing import Final

from observability.events import EndReason

MOST_HEAD_BYTES: Final = 64 * 1024
MOST_HEADERS: Final = 100
"""Header lines of a head: a line of five bytes takes more than a hundred of memory."""
SLICE: Final = 8 * 1024
"""Bytes that are parsed at once; the bounds are checked after each slice. No more of a body waits for its endpoint."""
RECEIVE_BUFFER: Final = 16 * 1024
"""What the kernel is asked to keep of one connection's bytes. Linux doubles it, and hands over up to 24 KB at once."""
FRAMING: Final = 9
"""A byte of a body excuses eight bytes around it: a chunk of one byte has five."""
MOST_WAITING_REQUESTS: Final = 100
"""Requests that a client may send before the first of them is answered."""
LINGER_SECONDS: Final = 5.0
MOST_LINGER_BYTES: Final = 16 * 1024 * 1024

SPARE_CONNECTIONS: Final = 64
"""Connections beyond the bound that may send one request: probes are answered, others refused."""
OVERLOAD_SECONDS: Final = 1.0
"""How long a request may wait until it is started."""
MOST_STARTS: Final = 32
"""Requests that begin in one turn of the event loop."""
LEAST_STARTS: Final = 2
TURN_SECONDS: Final = 0.01
"""Processor time of a turn under load: after a longer turn, fewer requests begin."""

_EMPTY: Final = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
REFUSALS: Final[dict[EndReason, bytes]] = {
    "head_too_large": b"HTTP/1.1 431 Request Header Fields Too Large" + _EMPTY,
    "malformed": b"HTTP/1.1 400 Bad Request" + _EMPTY,
    "connections_full": b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1" + _EMPTY,
}
"""The answers with which the server itself refuses. It sends one only while it sends no other answer."""
