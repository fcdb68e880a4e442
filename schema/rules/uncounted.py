"""Nothing says how many records there are beyond those that were read.

A count, or a sign that a list goes on, tells of records that a filter met and the caller did not read: asked
often enough, of every value. Only registered tables of statistics hold counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from catalogue.classification import DataClass
from schema.compose import ComposedSchema

_CONTINUES: Final = ("hasnext", "hasprevious", "hasmore", "pageinfo", "endcursor", "startcursor", "edges")
_COUNTS: Final = re.compile(r"^(count|total)|((?<!ac)count|total)$")
"""An account is no count."""


def violations(composed: ComposedSchema) -> list[str]:
    """Return one line for each field that counts a list or says whether it goes on."""
    return list(_violations(composed))


def _violations(composed: ComposedSchema) -> Iterator[str]:
    for coordinate, classification in composed.classifications.items():
        name = coordinate.partition(".")[2].lower()
        if name.startswith(_CONTINUES):
            yield f"{coordinate} says whether a list goes on"
        elif classification.data_class is not DataClass.STATISTIC and _COUNTS.search(name):
            yield f"{coordinate} counts records"
