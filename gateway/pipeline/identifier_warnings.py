"""Warnings of identifiers that are unusual, beside the data of an answer in the explorer."""

from collections.abc import Sequence
from typing import Any, Final

from catalogue.identifiers import credit_code_warnings, person_number_warnings
from resolvers.plan.arguments import Arguments
from resolvers.plan.document_places import DocumentPlace
from resolvers.plan.plan_node import PlanNode

ENTERPRISE: Final = "Enterprise"
"""The type of the subjects that are named by credit codes."""


def identifier_warnings(
    roots: Sequence[PlanNode], arguments: Arguments, documents: Sequence[DocumentPlace] = ()
) -> list[dict[str, Any]]:
    """Return what is unusual about identifiers: the path of the subject in the answer, and the rule in words.

    Whoever names a document did not name the number that it leads to, and is told nothing of that.
    """
    beside = {each.argument for each in documents}
    return [
        {"path": list(path), "message": message}
        for root in roots
        if root.subject_argument() not in beside
        for path, type_name, key in root.named_subjects(arguments)
        for message in (credit_code_warnings if type_name == ENTERPRISE else person_number_warnings)(key)
    ]
