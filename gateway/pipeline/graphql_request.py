"""A GraphQL request, whatever way it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A request that names exactly one of `document` and `document_id`."""

    document: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any]
    case_number: str | None = None
    """What the member `caseNumber` of the extensions holds, unchecked."""
