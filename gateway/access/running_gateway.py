"""The running gateway: opened from its settings before anything is served, and closed again."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from adapters import bureaus
from adapters.bureau_errors import BureauError
from adapters.open_source import ReadySource, make_source
from catalogue.declarations import Bureau
from gateway.access.addresses import address_of, store_dsn
from gateway.access.endpoint import GraphQLEndpoint
from gateway.access.identity.tokens import Authenticator, TrustedIssuer
from gateway.access.identity.trusted_issuers import check_clients, open_issuers
from gateway.access.last_bureau_check import LastBureauCheck
from gateway.access.present_state import present_state
from gateway.access.readiness import ReadinessProbe
from gateway.access.reload import Reloader
from gateway.access.serving_state import ServingState, open_file_bound
from gateway.errors import StartRefused
from gateway.installation import Rules, approved_rules
from gateway.openness.build_index import build_open_index, index_values
from gateway.operations.operation_gate import OperationGate, QuotaMemory, RegisterGate, RevokedFile
from gateway.pipeline.cooperative import Steps, run_to_end
from gateway.pipeline.free_documents import FreeDocuments, NoFreeDocuments
from gateway.pipeline.introspection import SchemaAnswers
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, registered_operations
from gateway.pipeline.prepare import Preparer
from gateway.pipeline.request import Answerer, SubjectRules
from gateway.pipeline.schema_views import SchemaViews
from gateway.pipeline.subject_bounds import SubjectBounds
from gateway.release.cursors import Cursors
from gateway.release.silence import ReleaseGrid, Silence, SubjectRate
from gateway.rights.authorisations import Authorisations
from gateway.settings import Settings
from observability.decisions import DecisionFile
from observability.hooks import Hooks, Observer
from observability.log_observer import LogObserver
from observability.telemetry import Telemetry
from resolvers.fetch.batching import Loaders
from resolvers.graph.graph import Graph
from store.database import OwnStore, open_store
from store.migrate import migrate, read_migrations
from store.store_errors import StoreError

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that can answer."""

    settings: Settings
    rules: Rules
    sources: Mapping[str, ReadySource]
    endpoint: GraphQLEndpoint
    reloader: Reloader[Rules]
    telemetry: Telemetry
    store: OwnStore | None
    """None where no store is set."""
    last_check: LastBureauCheck
    serving: ServingState
    readiness: ReadinessProbe


@dataclass(frozen=True, slots=True)
class Deciders:
    """Where decisions come from: the rules of the files, and the admission of each request."""

    rules: Callable[[Settings, Graph | None], Rules]
    admission: Callable[[Settings], OperationGate]
    subjects: Callable[[OwnStore | None], SubjectRules] = lambda _: SubjectRules()
    """What is decided and kept of single subjects, over the gateway's own store where there is one."""


PROVED: Final = Deciders(
    approved_rules, lambda settings: RegisterGate(RevokedFile(settings.operations), QuotaMemory())
)
"""What every gateway that is served decides by."""


@asynccontextmanager
async def open_gateway(settings: Settings, deciders: Deciders = PROVED) -> AsyncGenerator[Gateway]:
    """Open every part, and close it at the end; raise StartRefused with what is wrong."""
    async with AsyncExitStack() as opened:
        telemetry, hooks = _open_hooks(settings, opened)
        issuers = await open_issuers(settings, opened)
        rules = deciders.rules(settings, None)
        check_clients(issuers, rules.clients)
        sources = await _open_sources(settings, opened)
        probes = _probe_sources(settings)
        loaders = Loaders(sources, hooks)
        snapshot_of = partial(_snapshot, settings, loaders, deciders.admission(settings), hooks)
        current = CurrentPolicy(run_to_end(snapshot_of(rules)))
        telemetry.watch(present_state(current, loaders, issuers))
        store = await _open_store(settings, opened)
        silence = _silence(settings)
        opened.callback(silence.grid.close)
        endpoint = _endpoint(settings, rules, current, issuers, hooks, deciders.subjects(store), silence)
        reread = partial(deciders.rules, settings, rules.graph)
        reloader = Reloader(current, reread, snapshot_of, hooks)
        last_check = LastBureauCheck(settings.bureau_check, hooks)
        last_check.refresh()
        readiness = ReadinessProbe(probes, store, hooks)
        opened.push_async_callback(readiness.close)
        serving = ServingState(open_file_bound(settings), hooks=hooks)
        yield Gateway(
            settings, rules, sources, endpoint, reloader, telemetry, store, last_check, serving, readiness
        )


def _snapshot(
    settings: Settings, loaders: Loaders, admission: OperationGate, hooks: Hooks, rules: Rules
) -> Steps[PolicySnapshot]:
    """Prepare every operation under the rules step by step, or raise StartRefused."""
    limits, clients = settings.limits, rules.clients
    open_index = build_open_index(rules, str(settings.city))
    yield
    preparer = Preparer(rules.graph, rules.policy, loaders, hooks, index_values(open_index))
    registered = yield from registered_operations(
        preparer, rules.register, clients, limits, admission, rules.cases
    )
    free = FreeDocuments(preparer, clients, limits) if settings.explorer else NoFreeDocuments()
    views = free.views if isinstance(free, FreeDocuments) else SchemaViews(rules.graph, rules.policy)
    return PolicySnapshot(rules.policy.version, len(rules.policy.rules), registered, free, views, open_index)


def _endpoint(
    settings: Settings,
    rules: Rules,
    current: CurrentPolicy,
    issuers: Sequence[TrustedIssuer],
    hooks: Hooks,
    subjects: SubjectRules,
    silence: Silence,
) -> GraphQLEndpoint:
    limits, secret = settings.limits, settings.cursor_secret
    answerer = Answerer(
        SchemaAnswers(rules.graph),
        limits.nodes,
        limits.subjects,
        warns=settings.explorer,
        cursors=Cursors(secret.get_secret_value() if secret else None),
        hooks=hooks,
        subjects=subjects,
        bounds=SubjectBounds(hooks),
        authorisations=Authorisations(hooks),
        silence=silence,
    )
    return GraphQLEndpoint(
        authenticator=Authenticator(
            issuers,
            hooks,
            leeway=settings.leeway,
            find_client=current.client,
        ),
        current=current,
        answerer=answerer,
        hooks=hooks,
        body_bytes=limits.body_bytes,
        deadline=settings.deadline,
        get_allowed=settings.explorer,
    )


def _open_hooks(settings: Settings, opened: AsyncExitStack) -> tuple[Telemetry, Hooks]:
    """Return who watches; what they still hold is written at the end, off the event loop."""
    observers: list[Observer] = [LogObserver()]
    if settings.decisions:
        recorder = DecisionFile(settings.decisions)
        opened.push_async_callback(asyncio.to_thread, recorder.close)
        observers.append(recorder)
    telemetry = Telemetry(settings.otlp_endpoint)
    opened.push_async_callback(asyncio.to_thread, telemetry.shutdown)
    return telemetry, Hooks((telemetry, *observers))


async def _open_sources(settings: Settings, opened: AsyncExitStack) -> dict[str, ReadySource]:
    declared = bureaus.bureaus_of(str(settings.city))
    unknown = ", ".join(sorted(set(settings.sources) - set(declared)))
    missing = ", ".join(sorted(set(declared) - set(settings.sources)))
    if unknown or missing:
        raise StartRefused(
            f"CREDITGRAPH_SOURCES does not name each bureau: missing: {missing or 'none'}; unknown: {unknown or 'none'}."
            " Give each bureau of adapters/bureaus/ a dsn or a url, and remove the others."
        )
    sources = {name: _make_source(each, settings) for name, each in declared.items()}
    for source in sources.values():
        opened.push_async_callback(source.close)
    await asyncio.gather(*(source.open() for source in sources.values()))
    if settings.explorer:
        await _require_synthetic(sources)
    return sources


def _probe_sources(settings: Settings) -> dict[str, ReadySource]:
    """Return a source with one connection for each bureau; it connects at the first probe."""
    return {
        name: _make_source(each, settings, connections=1)
        for name, each in bureaus.bureaus_of(str(settings.city)).items()
    }


def _make_source(bureau: Bureau, settings: Settings, connections: int | None = None) -> ReadySource:
    address = address_of(bureau.name, settings)
    own = replace(address, connections=connections or address.connections)
    try:
        return make_source(bureau, own, require_synthetic=settings.explorer)
    except ValueError as error:
        raise StartRefused(f"CREDITGRAPH_SOURCES: {error}") from None


async def _require_synthetic(sources: Mapping[str, ReadySource]) -> None:
    """Refuse the explorer over any source that does not say of itself that it is synthetic."""
    for name, source in sources.items():
        try:
            mark = await source.mark()
        except BureauError as error:
            raise StartRefused(
                f"The explorer needs synthetic sources, and {name} does not say: {error}"
            ) from None
        if not mark.synthetic:
            raise StartRefused(f"The explorer needs synthetic sources, and {name} is not marked so.")


def _silence(settings: Settings) -> Silence:
    rate = SubjectRate(settings.limits.subject_requests)
    return Silence(rate, ReleaseGrid(settings.silence_grid), of_records=settings.silence_records)


async def _open_store(settings: Settings, opened: AsyncExitStack) -> OwnStore | None:
    """Open the store and migrate it, as the last part: a gateway that does not start leaves it as it was."""
    dsn = store_dsn(settings)
    if dsn is None:
        return None
    own = open_store(dsn, settings.store.connections, settings.store.timeout)
    try:
        store = await opened.enter_async_context(own)
        await migrate(store, read_migrations())
    except StoreError as error:
        raise StartRefused(f"CREDITGRAPH_STORE__DSN: {error}") from None
    return store
