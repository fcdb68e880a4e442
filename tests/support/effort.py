"""How much of what takes long is done, by HYPOTHESIS_PROFILE.

`house`, the default, draws a tenth of the examples of long properties and decides one in eleven of very many cases, so
that `make test` stays short; `full` does all of it, as `.ci/run` does; `thorough` draws twenty times as many examples.
Every test runs in each of them; some look at fewer kinds of caller, contenders or damaged files where FULL is not set.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from math import ceil
from typing import Final, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

T = TypeVar("T")
SHARES: Final = {"house": 1 / 10, "full": 1, "thorough": 20}
SHARE: Final = SHARES[os.environ.get("HYPOTHESIS_PROFILE", "house")]
FULL: Final = SHARE >= 1
LARGE: Final = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""What Hypothesis has against generated documents, which are large by nature."""


def drawn(count: int) -> int:
    """Return how many examples are drawn where `count` is the full number."""
    return ceil(count * SHARE)


def spread(cases: Iterable[T]) -> Iterator[T]:
    """Yield every eleventh case, or at full strength each; those of a group that eleven does not divide come in turn."""
    return islice(cases, 0, None, 1 if FULL else 11)


def examples(count: int, *suppressed: HealthCheck) -> settings:
    """Return the settings of a property that takes long; `count` is the full number of its examples."""
    return settings(max_examples=drawn(count), suppress_health_check=[*LARGE, *suppressed])


class WithoutConstants(HypothesisProvider):
    """Draws without the constants that Hypothesis collects from the modules that happen to be imported.

    By these, what is drawn would depend on the tests that ran before in the same process.
    """

    def _maybe_draw_constant(self, *_: object, **__: object) -> None:
        """Draw none."""


assert hasattr(HypothesisProvider, "_maybe_draw_constant"), (
    "Hypothesis draws its constants by another name now"
)
AVAILABLE_PROVIDERS["without constants"] = f"{__name__}.{WithoutConstants.__name__}"


def few(count: int) -> settings:
    """Return settings by which the same few examples are drawn every time."""
    return settings(
        backend="without constants",
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
