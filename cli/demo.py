"""`creditgraph demo`: the synthetic city, its bureaus and the gateway in the explorer's mode."""

import secrets
import signal
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from catalogue.incentives.city_files import DEMO_CITY
from cli.city import CityName, Population, size_of
from cli.demo_requests import demo_session, requests_to_paste
from gateway.access.server import bound_socket, serve
from gateway.settings import Settings, SourceSettings, StoreSettings
from observability.logging import configure
from sandbox.city import DEFAULT_DATA, SHOWN_DATA, RunningCity, known_city, prepare
from sandbox.transport_process import TransportProcess

HTTP_BUREAU = "transport"
STORE = "gateway"
"""The database of the gateway's own, beside those of the bureaus."""


def demo(
    city: CityName = None,
    population: Population = None,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 picks a free one.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    data: Annotated[
        Path,
        typer.Option(
            help="Directory of the city's databases; made where it is not there.", show_default=SHOWN_DATA
        ),
    ] = DEFAULT_DATA,
) -> None:
    """Bring up a synthetic city and the gateway of that city over it, ready to ask.

    Every bureau is started as a source of its own, with its own read-only login. The first start makes
    the city; a second start uses it again. Ctrl-C or SIGTERM stops everything that was started.

    Example: creditgraph demo --city nanyang --population 2000 --port 0 --data .demo/nanyang
    """
    configure("WARNING")
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    known = known_city(data)
    name = city if city is not None else (known.name if known else DEMO_CITY)
    wanted = size_of(population, known)
    try:
        with ExitStack() as stack:
            listener = stack.enter_context(bound_socket(host, port))
            running = stack.enter_context(prepare(data, wanted, name=name))
            settings, made = _settings(listener, running, stack, data), running.city
            text = requests_to_paste(f"http://{settings.host}:{settings.port}", made)
            serve(settings, listener, lambda: typer.echo(text), lambda gateway: demo_session(gateway, made))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _settings(listener: socket.socket, city: RunningCity, stack: ExitStack, data: Path) -> Settings:
    host, port = listener.getsockname()[:2]
    secret = secrets.token_urlsafe(32)
    file = data / "transport.secret"
    file.touch(mode=0o600)
    file.write_text(secret)
    service = TransportProcess(city.dsns[HTTP_BUREAU], file, log=data / "transport.log")
    url = stack.enter_context(service).url
    sources = {
        name: SourceSettings.model_validate({"dsn": dsn})
        for name, dsn in city.dsns.items()
        if name != HTTP_BUREAU
    }
    sources[HTTP_BUREAU] = SourceSettings.model_validate({"url": url, "secret": secret})
    store = StoreSettings.model_validate({"dsn": city.own_database(STORE)})
    name = city.city.name
    return Settings(
        city=name, host=host, port=port, explorer=True, demo_key=True, sources=sources, store=store
    )
