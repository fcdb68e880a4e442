"""What the gauges of a running gateway tell."""

from __future__ import annotations

from datetime import date

from gateway.access.identity.demo_key import demo_jwks
from gateway.access.identity.keys import Keys, load_fixed
from gateway.access.identity.tokens import TrustedIssuer
from gateway.access.present_state import present_state
from gateway.operations.city_time import end_of
from gateway.pipeline.cooperative import run_to_end
from gateway.pipeline.free_documents import NoFreeDocuments
from gateway.pipeline.lookup import CurrentPolicy, PolicySnapshot, registered_operations
from gateway.pipeline.prepare import Preparer
from gateway.settings import LimitSettings
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders
from tests.support.admissions import CLIENTS, REGISTER, admission
from tests.support.gateway_in_memory import graph, policy
from tests.support.small_city import small_city

LIBRARY = REGISTER["library"]


async def test_the_gauges_read_what_is_so_at_present():
    """Slots, terms, the age of keys and the versions are read each time, from the parts that know them."""
    times = [100.0]
    keys = Keys(load_fixed(demo_jwks()), clock=lambda: times[0])
    await keys.open()
    loaders = Loaders(small_city().sources(), Hooks())
    preparer = Preparer(graph(), policy(), loaders, Hooks())
    register = {LIBRARY.name: LIBRARY}
    registered = run_to_end(registered_operations(preparer, register, CLIENTS, LimitSettings(), admission()))
    current = CurrentPolicy(PolicySnapshot("kbadcafe", 0, registered, NoFreeDocuments()))
    day_before = end_of(LIBRARY.expires) - 86_400
    read = present_state(current, loaders, [TrustedIssuer(keys, label="city")], clock=lambda: day_before)
    times[0] = 130.0
    found = {(name, labels): amount for name, labels, amount in read()}
    assert isinstance(LIBRARY.expires, date)
    assert found["creditgraph.operation.expiry", ("library",)] == 1
    assert found["creditgraph.issuer.keys.age", ("city",)] == 30
    assert found["creditgraph.policy.info", ("kbadcafe",)] == 1
    size = small_city().sources()["tax"].concurrency
    assert found["creditgraph.bureau.slots", ("tax", "free")] == size
    assert found["creditgraph.bureau.slots", ("tax", "used")] == 0
    assert found["creditgraph.bureau.waiting", ("tax",)] == 0
    ((version, _),) = [key for key in found if key[0] == "creditgraph.build.info"]
    assert version
    await keys.close()


async def test_the_age_of_keys_goes_on_while_they_cannot_be_read():
    """A renewal that fails leaves the age as it was."""
    times, answers = [100.0], [demo_jwks(), b"{}"]

    async def load() -> bytes:
        return answers.pop(0)

    keys = Keys(load, clock=lambda: times[0])
    await keys.open()
    times[0] += 700
    assert await keys.find("unknown", "EdDSA") is None
    assert keys.age() == 700
    await keys.close()
