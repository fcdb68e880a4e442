"""The lint over the SDL of this installation: one line a violation, and exit status 1 where there is one."""

import sys

from adapters.bureaus import discover
from schema.compose import compose
from schema.rules import violations

found = violations(compose(discover().values()))
sys.stdout.writelines(f"{line}\n" for line in found)
sys.exit(1 if found else 0)
