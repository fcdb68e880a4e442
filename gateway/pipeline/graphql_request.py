"""A GraphQL request, whatever way it came."""

from __future__ import annotations

from typing import Any

import msgspec


class GraphQLRequest(msgspec.Struct, frozen=True):
    """A request that names exactly one of `document` and `document_id`."""

    document: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any]
    case_number: str | None = None
    """What the member `caseNumber` of the extensions holds, unchecked."""
