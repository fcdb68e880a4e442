"""A worker process that loads bureaus: standard input gives its jobs, standard output takes its progress."""

from __future__ import annotations

import asyncio
import json
import sys
from functools import partial
from typing import Any

from adapters.bureaus import discover
from sandbox.load import failure_text, load_bureau
from sandbox.model import City


def _tell(word: str, rest: object) -> None:
    sys.stdout.write(f"{word} {rest}\n")
    sys.stdout.flush()


async def _run(city: City, jobs: list[dict[str, Any]]) -> bool:
    bureaus = discover()
    for job in jobs:
        try:
            bureau, done = bureaus[job["bureau"]], partial(_tell, "done")
            await load_bureau(job["dsn"], city, bureau, job["password"], done)
        except Exception as error:
            _tell("failed", failure_text(job["bureau"], error))
            return False
    return True


def main() -> int:
    """Load the bureaus of standard input; return the exit status."""
    order = json.load(sys.stdin)
    population, seed = order["city"]
    return 0 if asyncio.run(_run(City.of(population, seed), order["jobs"])) else 1


if __name__ == "__main__":
    sys.exit(main())
