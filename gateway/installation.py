"""The rules of an installation, read and checked: for the gateway that serves and for the command line."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec

from adapters.bureaus import bureaus_of
from catalogue.declarations import DeclarationError
from catalogue.incentives.city_files import City, city_called, city_names
from catalogue.toml_files import TomlError
from gateway.authorization.city_scenes import require_scenes
from gateway.authorization.clients import Client, load_clients
from gateway.authorization.policy import Policy
from gateway.errors import StartRefused
from gateway.installed_folders import refuse_unknown_files
from gateway.operations.approvals import require_approved
from gateway.operations.approvers import Approvers, load_approvers, refuse_sandbox_approvers
from gateway.operations.case_rules import AnyCase, CaseRules, load_case_rules
from gateway.operations.city_time import city_date
from gateway.operations.register import Registration, load_register
from gateway.operations.revocations import require_revocations
from gateway.proofs.proved_policy import load_policy
from gateway.settings import Settings
from resolvers.graph.build import build_graph
from resolvers.graph.fields import fields_of
from resolvers.graph.graph import Graph


@dataclass(frozen=True, slots=True)
class Rules:
    """What is read from files: the graph, the policy, the clients and the register."""

    graph: Graph
    policy: Policy
    clients: Mapping[str, Client]
    register: Mapping[str, Registration]
    cases: CaseRules = field(default_factory=AnyCase)


def city_of(settings: Settings) -> City:
    """Return the city of this installation, or raise StartRefused."""
    if settings.city is None:
        raise StartRefused(
            "No city is set, and an installation serves one. Set CREDITGRAPH_CITY to one of "
            f"{', '.join(city_names())}."
        )
    try:
        return city_called(settings.city)
    except TomlError as error:
        raise StartRefused(f"CREDITGRAPH_CITY: {error}") from None


def read_graph(settings: Settings) -> Graph:
    """Return the graph of this installation, from its city and the declarations of its bureaus, or raise StartRefused."""
    city_of(settings)
    try:
        return build_graph(bureaus_of(str(settings.city)).values(), str(settings.city))
    except (DeclarationError, TomlError) as error:
        raise StartRefused(str(error)) from error


def read_rules(settings: Settings, graph: Graph | None = None) -> Rules:
    """Read and check everything that stands in files but the approvals, or raise StartRefused.

    `graph` spares composing it once more.
    """
    graph = graph or read_graph(settings)
    city = str(settings.city)
    refuse_unknown_files(settings.policies, settings.operations)
    require_scenes(settings.policies, city)
    policy = load_policy(settings.policies, fields_of(graph))
    clients = load_clients(settings.policies, policy.purposes, policy.kinds, city)
    register = load_register(settings.operations, policy.purposes, clients, city)
    return Rules(graph, policy, clients, register, load_case_rules(settings.policies, policy.purposes))


def approvers_of(settings: Settings) -> Approvers:
    """Return the keys of those who approve operations here, or raise StartRefused."""
    return load_approvers(settings.approvers or settings.policies / "approvers.json")


def own_approvers(settings: Settings) -> Approvers:
    """Return the approvers' keys; raise StartRefused in production if a public sandbox key is among them."""
    approvers = approvers_of(settings)
    if not settings.explorer:
        refuse_sandbox_approvers(approvers)
    return approvers


def approved_rules(settings: Settings, graph: Graph | None = None) -> Rules:
    """Return the rules that this installation answers by, or raise StartRefused.

    Two approvers have signed every operation. In production no key of the sandbox counts.
    """
    rules, approvers = read_rules(settings, graph), own_approvers(settings)
    city = str(settings.city)
    require_approved(settings.operations, approvers, rules.register, city_date(time.time()), city)
    require_revocations(settings.operations)
    return rules if settings.explorer else without_sandbox(rules)


def without_sandbox(rules: Rules) -> Rules:
    """Return the rules without the clients that exist in the explorer only, and without what only they ask."""
    kinds = rules.policy.kinds
    clients = {name: client for name, client in rules.clients.items() if not kinds[client.kind].sandbox}
    register = {
        name: msgspec.structs.replace(each, clients=each.clients & clients.keys())
        for name, each in rules.register.items()
        if each.clients & clients.keys()
    }
    return replace(rules, clients=clients, register=register)
