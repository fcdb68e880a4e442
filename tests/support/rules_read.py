"""Imported by the process that commands are forked from: it reads this installation's rules once for all of them.

A command finds the graph composed and this version of the policy proved, as a gateway does that reads its files anew.
Other declarations are composed and other rules are proved as ever.
"""

from __future__ import annotations

import gc

import cli  # noqa: F401 what every command imports
from gateway.installation import read_graph
from gateway.proofs.proved_policy import load_policy
from gateway.settings import ROOT, Settings
from resolvers.graph.fields import fields_of
from tests.support.tested_city import TESTED_CITY

load_policy(ROOT / "policies", fields_of(read_graph(Settings(city=TESTED_CITY))))
gc.collect()
gc.freeze()  # what was read here stays: no command looks through it for garbage
