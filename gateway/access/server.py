"""Opens a gateway, serves it with uvicorn on the same event loop, and closes it: one process, a graceful stop."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Any, Final, Self, cast

import uvicorn
import uvloop
from starlette.types import ASGIApp

from gateway.access.app import SessionMaker, make_app
from gateway.access.connection_bounds import RECEIVE_BUFFER
from gateway.access.reload import reload_at_hangup
from gateway.access.running_gateway import PROVED, Deciders, open_gateway
from gateway.access.serving_state import ServingState, open_file_bound
from gateway.access.uvicorn_protocol import BoundedProtocol, sweep
from gateway.errors import StartRefused
from gateway.settings import Settings

_STOPS: Final = (signal.SIGINT, signal.SIGTERM)
LISTENERS: Final = 16
"""uvloop accepts one connection of a listener in each turn of the loop, so the same socket is listened on several times."""


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that is bound and does not listen yet, or raise StartRefused where the port is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        why = error.strerror or type(error).__name__
        raise StartRefused(
            f"Port {port} on {host} cannot be used: {why}. Choose another with --port, or 0 for any."
        ) from None
    listener.set_inheritable(True)
    return listener


def serve(
    settings: Settings,
    listener: socket.socket,
    ready: Callable[[], None],
    session: SessionMaker | None = None,
    deciders: Deciders = PROVED,
) -> None:
    """Open the gateway and serve it until SIGINT or SIGTERM; accepted requests are answered.

    `ready` is called when it listens. Raises StartRefused where the gateway does not open.
    """
    stopped_while_opened = suppress(asyncio.CancelledError)
    with stopped_while_opened, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, listener, ready, session, deciders))


async def _serve(
    settings: Settings,
    listener: socket.socket,
    ready: Callable[[], None],
    session: SessionMaker | None,
    deciders: Deciders,
) -> None:
    with _Stop() as stop:
        async with open_gateway(settings, deciders) as gateway:
            listeners = [listener, *(listener.dup() for _ in range(LISTENERS - 1))]
            server = stop.server = Server(make_app(gateway, session), settings, ready, gateway.serving)
            with reload_at_hangup(gateway.reloader):
                await server.serve(sockets=listeners)


class Server(uvicorn.Server):
    """uvicorn's server over an application that is open already; it says when it listens, and hears no signal."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        ready: Callable[[], None],
        state: ServingState | None = None,
    ) -> None:
        self._state = state or ServingState(open_file_bound(settings))
        self._drain_seconds = settings.drain
        protocol: Any = partial(BoundedProtocol, state=self._state)
        super().__init__(
            uvicorn.Config(
                app,
                interface="asgi3",
                http=protocol,
                ws="none",  # nothing speaks it, and uvicorn would advise to install it in each log line
                lifespan="off",
                proxy_headers=False,  # nothing reads a client's address
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=cast("int", settings.keep_alive),  # uvicorn passes it on as seconds
                timeout_graceful_shutdown=int(settings.shutdown) or 1,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then say so."""
        await super().startup(sockets)
        sweep(asyncio.get_running_loop(), cast("set[Any]", self.server_state.connections))
        _freeze_garbage_collection()
        self._ready()

    def stop(self, number: int) -> None:
        """End the serving: after the drain at SIGTERM, else at once, as at a second signal."""
        if number != signal.SIGTERM or self._state.draining or not self._drain_seconds:
            self.handle_exit(number, None)
            return
        self._state.draining = True
        for connection in self._bounded():
            connection.drain()
        asyncio.get_running_loop().call_later(self._drain_seconds, self.handle_exit, number, None)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the serving; each answer from here on ends its connection."""
        self._state.draining = True
        for listener in sockets or ():
            listener.listen(0)  # what waits already is accepted in this moment; the kernel takes no more
        await asyncio.sleep(0.05)
        await super().shutdown(sockets)

    def _bounded(self) -> Iterator[BoundedProtocol]:
        connections = self.server_state.connections
        return (each for each in connections if isinstance(each, BoundedProtocol))

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals alone: `_Stop` hears them, also while the gateway opens and closes."""
        yield


def _freeze_garbage_collection() -> None:
    """Take what the start has made out of the garbage collector's rounds: it stays until the end.

    Measured in-process on batches of 100 enterprises, on a busy machine: 2.1 to 2.5 ms of processor time a
    request without, 1.4 ms with it. The thresholds stay as they are, since higher ones cost pauses.
    """
    gc.collect()
    gc.freeze()


class _Stop:
    """Ends what SIGINT and SIGTERM find: the opening at once, the serving when accepted requests are answered."""

    def __init__(self) -> None:
        self.server: Server | None = None
        self._opening = cast("asyncio.Task[None]", asyncio.current_task())
        self._formers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._formers = {number: signal.signal(number, self._on_signal) for number in _STOPS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, former in self._formers.items():
            signal.signal(number, former)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Do the rest on the loop: a signal comes between any two instructions."""
        self._opening.get_loop().call_soon_threadsafe(self._end, number)

    def _end(self, number: int) -> None:
        if self.server is not None:
            self.server.stop(number)
        elif not self._opening.cancelling():
            self._opening.cancel()
