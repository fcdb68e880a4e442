"""The transport that answers are written to: it hides that a client left, and lets a client read a last answer."""

import asyncio
from typing import Final

LINGER_SECONDS: Final = 5.0
MOST_LINGER_BYTES: Final = 16 * 1024 * 1024


class AnswerTransport(asyncio.Transport):
    """Writes to a connection for the server's protocol; bytes for a client that left are dropped without an error.

    An answer to a request whose body is not complete ends the connection. If the socket were closed while the client
    still sends, the kernel would reset the connection, and the client could lose the answer. So the gateway ends
    only its own direction, and discards for a bounded time and number of bytes what the client sends.
    """

    __slots__ = ("_discarded", "_loop", "_wire", "failed", "lingering", "unfinished")

    def __init__(self, wire: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._wire = wire
        self._loop = loop
        self._discarded = 0
        self.failed = False
        """Whether a write found that the client had left."""
        self.unfinished = False
        """Whether the body of the newest request is still on its way."""
        self.lingering = False
        """Whether the last answer is sent, and what still comes is discarded."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write. Between the end of the connection and `connection_lost`, uvloop raises: the client left."""
        try:
            self._wire.write(data)
        except RuntimeError:
            self.failed = True

    def is_closing(self) -> bool:
        """Tell whether the last answer of the connection is sent."""
        return self.lingering or self._wire.is_closing()

    def close(self) -> None:
        """Close when what was written is sent; where a body is on its way, discard it first."""
        if not self.unfinished or self.is_closing():
            self._wire.close()
            return
        self.lingering = True
        self._wire.write_eof()
        self._wire.resume_reading()
        self._loop.call_later(LINGER_SECONDS, self._wire.abort)

    def abort(self) -> None:
        """Close at once; what was not sent is lost."""
        self._wire.abort()

    def discard(self, data: bytes) -> None:
        """Count what came after the last answer, and close where it is too much."""
        self._discarded += len(data)
        if self._discarded > MOST_LINGER_BYTES:
            self._wire.abort()
