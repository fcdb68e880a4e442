"""The transport bureau as its own process: an HTTP JSON service with its own database.

It answers the signed requests of `adapters.http.exchange_messages`. Its log names requester, data set and purpose, but
no key. Start it by::

    python -m sandbox.transport_service --dsn DSN --secret-file FILE --port 0
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import asyncpg
import msgspec
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.bureaus.transport import BUREAU
from adapters.http.exchange_messages import PURPOSE, REQUESTER, SIGNATURE
from adapters.postgres import sql
from adapters.postgres.connection import MARK
from adapters.postgres.statement_cache import key_argument
from adapters.source import MAX_KEYS, MAX_ROWS
from catalogue.declarations import Dataset
from sandbox.transport_door import Door, Refusal

DSN_VARIABLE: Final = "CREDITGRAPH_TRANSPORT_DSN"
LISTENING: Final = "listening "
BODY_BYTES: Final = 1024 * 1024
CONNECTIONS: Final = 4
STATEMENT_SECONDS: Final = 5.0
DATASETS: Final[Mapping[str, Dataset]] = {dataset.name: dataset for dataset in BUREAU.datasets}

DATASET_UNKNOWN: Final = Refusal("DATASET_UNKNOWN", 404)
REQUEST_MALFORMED: Final = Refusal("REQUEST_MALFORMED", 400)
COLUMN_UNKNOWN: Final = Refusal("COLUMN_UNKNOWN", 422)
TOO_MUCH: Final = Refusal("TOO_MUCH", 413)
DATABASE_UNAVAILABLE: Final = Refusal("DATABASE_UNAVAILABLE", 503)
ROW_UNREADABLE: Final = Refusal("ROW_UNREADABLE", 503)
DATABASE_TIMED_OUT: Final = Refusal("DATABASE_TIMED_OUT", 504)

log = logging.getLogger("transport")


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a batch request."""

    columns: tuple[str, ...]
    keys: list[str]


_QUESTION: Final = msgspec.json.Decoder(Question)


@dataclass(frozen=True, slots=True)
class Service:
    """Answers the requests that pass the door, from the database."""

    door: Door
    pool: asyncpg.Pool[Any]

    async def rows(self, request: Request) -> Response:
        """POST /v1/{dataset}: the requested columns of the requested keys."""
        name = request.path_params["dataset"]
        body = await request.body()
        question = self._question(request, name, body)
        if isinstance(question, Refusal):
            return _respond(request, name, question)
        answer = await self._select(DATASETS[name], question, request.headers[PURPOSE])
        if isinstance(answer, list) and len(answer) > MAX_ROWS:
            answer = TOO_MUCH
        return self._signed(request, name, _respond(request, name, answer, len(question.keys)))

    async def mark(self, request: Request) -> Response:
        """GET /v1/mark: the source's mark."""
        refusal = self._refusal(request, "mark", b"")
        answer = refusal or await self._read(MARK)
        if isinstance(answer, list) and len(answer) != 1:
            answer = DATABASE_UNAVAILABLE
        if isinstance(answer, Refusal):
            return _respond(request, "mark", answer)
        mark = dict(zip(("synthetic", "city", "edition"), answer[0], strict=True))
        return self._signed(request, "mark", _json(200, mark))

    async def ready(self, request: Request) -> Response:
        """GET /v1/ready: whether the database answers; this request needs no signature."""
        answer = await self._read("SELECT 1")
        if isinstance(answer, Refusal):
            return _respond(request, "ready", answer)
        return _json(200, {"ready": True})

    def _signed(self, request: Request, service: str, response: Response) -> Response:
        body = bytes(response.body)
        signature = self.door.answer_signature(service, request.headers, response.status_code, body)
        response.headers[SIGNATURE] = signature
        return response

    def _question(self, request: Request, name: str, body: bytes) -> Question | Refusal:
        refusal = self._refusal(request, name, body)
        if refusal is not None:
            return refusal
        if name not in DATASETS:
            return DATASET_UNKNOWN
        try:
            question = _QUESTION.decode(body)
        except (ValueError, RecursionError):
            return REQUEST_MALFORMED
        if not set(question.columns) <= {each.name for each in DATASETS[name].stored}:
            return COLUMN_UNKNOWN
        return question if len(question.keys) <= MAX_KEYS else TOO_MUCH

    def _refusal(self, request: Request, service: str, body: bytes) -> Refusal | None:
        path = cast("bytes", request.scope["raw_path"]).decode("latin-1")
        return self.door.refusal(request.method, path, service, request.headers, body)

    async def _select(
        self, dataset: Dataset, question: Question, purpose: str
    ) -> list[tuple[Any, ...]] | Refusal:
        keys = key_argument(question.keys)
        answer = await self._read(sql.select(dataset, question.columns, purpose), keys)
        if answer is ROW_UNREADABLE:  # dates as text: the requester finds the key of the broken row
            answer = await self._read(sql.select_text_dates(dataset, question.columns, purpose), keys)
        return answer

    async def _read(self, text: str, *arguments: Sequence[str]) -> list[tuple[Any, ...]] | Refusal:
        try:
            return list(map(tuple, await self.pool.fetch(text, *arguments)))
        except (TimeoutError, asyncpg.QueryCanceledError):
            return DATABASE_TIMED_OUT
        except asyncpg.DataError:  # a key that is no text for PostgreSQL
            return REQUEST_MALFORMED
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return DATABASE_UNAVAILABLE
        except (ValueError, OverflowError):  # a date beyond Python's
            return ROW_UNREADABLE


def _respond(
    request: Request, service: str, answer: list[tuple[Any, ...]] | Refusal, keys: int = 0
) -> Response:
    """Make the response; log the request, but its data set and purpose only after the signature was checked."""
    refused = isinstance(answer, Refusal)
    if refused and answer.status in {401, 403}:
        log.warning("refused code=%s", answer.code)
    else:
        outcome = answer.code if refused else f"rows={len(answer)}"
        known = service if service in DATASETS else "-"
        rid, purpose = request.headers.get(REQUESTER, "-"), request.headers.get(PURPOSE, "-")
        if service not in {"mark", "ready"}:
            log.info("rid=%s dataset=%s purpose=%s keys=%d %s", rid, known, purpose, keys, outcome)
    return _json(answer.status, {"code": answer.code}) if refused else _json(200, {"rows": answer})


def _json(status: int, value: object) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


async def _no_reset(connection: Any) -> None:
    """Reset nothing: only single statements that read are run."""


def make_app(dsn: str, door: Door, address: str) -> Starlette:
    """Return the service as an ASGI application; the database may start after the service.

    It prints its address at its start, for the process that started it.
    """
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=CONNECTIONS,
        reset=_no_reset,
        timeout=STATEMENT_SECONDS,
        command_timeout=STATEMENT_SECONDS,
        statement_cache_size=0,  # the driver's names of statements are other processes' names as well
        server_settings={"application_name": "transport_service", "default_transaction_read_only": "on"},
    )
    service = Service(door, pool)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with pool:
            sys.stdout.write(f"{LISTENING}{address}\n")
            sys.stdout.flush()
            yield

    routes = [
        Route("/v1/mark", service.mark),
        Route("/v1/ready", service.ready),
        Route("/v1/{dataset}", service.rows, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan, max_body_size=BODY_BYTES)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.transport_service", description=__doc__)
    parser.add_argument(
        "--dsn",
        default=os.environ.get(DSN_VARIABLE),
        help=f"the bureau's database; better given by {DSN_VARIABLE}, which a list of processes hides",
    )
    parser.add_argument("--secret-file", type=Path, required=True, help="holds the key that signs requests")
    parser.add_argument("--requester", default="creditgraph", help="the requester whose key it is")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    arguments = parser.parse_args(argv)
    if not arguments.dsn:
        parser.error(f"--dsn or {DSN_VARIABLE} is needed")
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    arguments = _arguments(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s transport %(levelname)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    secret = arguments.secret_file.read_text("utf-8").strip()
    try:
        listening = socket.create_server((arguments.host, arguments.port))
    except OSError:
        log.error("port %d is in use; choose another with --port", arguments.port)  # noqa: TRY400 - no traceback
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises them again after its stop; the process still ends with code 0.
        signal.signal(number, lambda _number, _frame: None)

    def app() -> Starlette:  # called in the server's loop, to which the pool belongs
        host, port = listening.getsockname()[:2]
        return make_app(arguments.dsn, Door(arguments.requester, secret), f"http://{host}:{port}")

    uvicorn.Server(uvicorn.Config(app, factory=True, log_config=None, access_log=False)).run([listening])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
