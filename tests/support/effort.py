"""How many examples a property draws: few in a plain run, many with HYPOTHESIS_PROFILE=thorough."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

THOROUGH = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 1


def examples(count: int) -> settings:
    """Return the settings of a property over generated documents, which are large by nature."""
    return settings(
        max_examples=count * THOROUGH,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )


def few(count: int) -> settings:
    """Return settings by which the same few examples are drawn every time."""
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
