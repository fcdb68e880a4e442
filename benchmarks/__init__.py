"""Measures the gateway beside endpoints written by hand and stock libraries, in one run.

Every gateway that is measured serves the city that the tests are about.
"""

from tests.support.tested_city import set_city

set_city()
