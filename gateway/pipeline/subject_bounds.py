"""How many subjects one case opens, and how often one client asks about one subject: checked before anything is read."""

from collections.abc import Iterator, Sequence

from adapters.source import Key
from gateway.operations.case_rules import CaseBound
from gateway.operations.case_subjects import CaseAsked, CaseSubjects
from gateway.pipeline.prepare import Variant
from gateway.principal import RequestFacts
from observability.hooks import Hooks


class SubjectBounds:
    """The bounds of a process on the subjects that requests name."""

    def __init__(self, hooks: Hooks) -> None:
        self._cases = CaseSubjects(hooks)

    def check(
        self, case: CaseBound | None, variant: Variant, facts: RequestFacts, keys: Sequence[Sequence[Key]]
    ) -> None:
        """Count the subjects that a request names; raise CASE_SUBJECTS_EXCEEDED above the bound of its case."""
        if case is not None and facts.case_number is not None:
            asked = CaseAsked(facts.client, facts.purpose, facts.case_number)
            self._cases.admit(asked, case, _named_subjects(variant, keys))


def _named_subjects(variant: Variant, keys: Sequence[Sequence[Key]]) -> Iterator[Key]:
    """Yield the keys of the subjects that a request names."""
    for type_name, named in zip(variant.plan.reading.subjects, keys, strict=True):
        if type_name is not None:
            yield from named
