"""`creditgraph serve`: the gateway over the bureaus that the settings name."""

import signal
from typing import Annotated

import typer

from cli.common import settings_given
from gateway.access.server import bound_socket, serve
from gateway.installation import city_of
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
    settings = settings_given(host=host, port=port)
    city_of(settings)
    configure(settings.log_level)
    listener = bound_socket(settings.host, settings.port)
    address, bound = listener.getsockname()[:2]
    serve(settings, listener, lambda: typer.echo(f"ready on http://{address}:{bound}"))
