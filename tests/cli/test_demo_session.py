"""What the demo shows of a city, however small it is."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

from cli.demo_requests import demo_session
from gateway.installation import read_rules
from gateway.settings import Settings
from sandbox.model import City
from sandbox.people import person_number
from sandbox.representatives import representatives
from tests.support.gateway_in_memory import graph
from tests.support.tested_city import TESTED_CITY

NOBODY_ACTS = 5055
"""A seed of a city of ten persons in which nobody represents an enterprise."""


def test_a_city_in_which_nobody_represents_an_enterprise_has_a_session():
    """The tokens of clients that speak for a person name somebody of the city all the same."""
    city = City.of(10, NOBODY_ACTS, TESTED_CITY)
    assert next(representatives(city), None) is None
    settings = Settings(city=TESTED_CITY, explorer=True)
    gateway: Any = SimpleNamespace(settings=settings, rules=read_rules(settings, graph()))
    session = json.loads(demo_session(gateway, city))
    tokens = {each["name"]: each["token"] for each in session["clients"]}
    part = tokens["citizen"].split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(part + "==="))["person"] == person_number(city, 0)
