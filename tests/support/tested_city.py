"""The city that most tests are about: one that rewards persons, individual businesses and enterprises. Processes of the tests serve it where they state no other."""

from __future__ import annotations

import os

TESTED_CITY = "pingdingshan"
VARIABLE = "CREDITGRAPH_CITY"


def set_city() -> None:
    """Let the settings of this process be those of the city."""
    os.environ[VARIABLE] = TESTED_CITY
