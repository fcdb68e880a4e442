"""Warnings of identifiers that are unusual, beside the data of an answer in the explorer."""

from collections.abc import Sequence
from typing import Any, Final

from catalogue.identifiers import credit_code_warnings, person_number_warnings
from resolvers.plan.arguments import Arguments
from resolvers.plan.plan_node import PlanNode

ENTERPRISE: Final = "Enterprise"
"""The type of the subjects that are named by credit codes."""


def identifier_warnings(roots: Sequence[PlanNode], arguments: Arguments) -> list[dict[str, Any]]:
    """Return what is unusual about identifiers: the path of the subject in the answer, and the rule in words."""
    return [
        {"path": list(path), "message": message}
        for root in roots
        for path, type_name, key in root.named_subjects(arguments)
        for message in (credit_code_warnings if type_name == ENTERPRISE else person_number_warnings)(key)
    ]
