"""The counties of the city, by which its bureaus count."""

from __future__ import annotations

from typing import Final

COUNTIES: Final = frozenset(
    map(str, (411500, 411502, 411503, 411521, 411522, 411523, 411524, 411525, 411526, 411527, 411528))
)
"""Division codes of GB/T 2260: the city's own authorities, both districts and the eight counties."""
