"""What looks odd about a subject's identifier and is no reason to reject it; said in the explorer only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalogue.identifiers import credit_code_warnings, person_number_warnings
from resolvers.plan.arguments import Arguments
from resolvers.plan.plan_node import PlanNode


def identifier_warnings(roots: Sequence[PlanNode], arguments: Arguments) -> list[dict[str, Any]]:
    """Return one entry a warning: the path of the subject in the answer, and the rule in words."""
    return [
        {"path": list(path), "message": message}
        for root in roots
        for path, type_name, key in root.named_subjects(arguments)
        for message in (credit_code_warnings if type_name == "Enterprise" else person_number_warnings)(key)
    ]
