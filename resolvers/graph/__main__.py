"""The lint over the SDL of each city's installation: one line a violation, and exit status 1 where there is one."""

import sys

from adapters.bureaus import discover
from catalogue.incentives.city_files import city_names
from schema.compose import compose
from schema.rules import violations

found = [line for city in city_names() for line in violations(compose(discover().values(), city))]
sys.stdout.writelines(f"{line}\n" for line in found)
sys.exit(1 if found else 0)
