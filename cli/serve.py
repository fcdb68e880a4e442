"""`creditgraph serve`: the gateway over the bureaus that the settings name."""

from __future__ import annotations

import signal
import sys
from typing import Annotated, NoReturn

import typer

from cli.configured import configured
from gateway.access.app import make_app
from gateway.access.server import bound_socket, serve
from observability.logging import configure


def serve_command(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
) -> None:
    """Serve the gateway over the bureaus that the settings name.

    Settings come from the environment (CREDITGRAPH_...) or from the TOML file that CREDITGRAPH_CONFIG names;
    docs/settings.md lists them all. Stops on Ctrl-C or SIGTERM once accepted requests are answered.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nothing is in force yet that could be read again
    settings = configured(host=host, port=port)
    configure(settings.log_level)
    listener = bound_socket(settings.host, settings.port)
    address, bound = listener.getsockname()[:2]

    def ready() -> None:
        typer.echo(f"ready on http://{address}:{bound}")

    signal.signal(signal.SIGTERM, _stop)
    try:
        if not serve(make_app(settings), settings, listener, ready):
            raise typer.Exit(1)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _stop(_signal: int, _frame: object) -> NoReturn:
    """End with 0 once the server has stopped: uvicorn hands the signal that stopped it on to us."""
    sys.exit(0)
