"""The headers of an answer that do not differ between equal requests."""

from __future__ import annotations

import httpx2


def fixed_headers(answer: httpx2.Response) -> tuple[tuple[str, str], ...]:
    """Return every header but the id of the request, sorted."""
    return tuple(sorted(item for item in answer.headers.multi_items() if item[0] != "x-request-id"))
