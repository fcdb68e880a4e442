"""The subject gate: whether the data of this person or enterprise may be used for this request.

A grant says what a kind of caller may read for a purpose, of anybody. The gate says of whom: consent, objection, a
sealed record. Ages are looked at apart from it, in `resolvers.fetch.age_limits`. It is asked for the subjects of every level of a plan before the bureaus of that level
are, because persons who are reached by reference appear only between levels.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from gateway.principal import RequestFacts


class SubjectGate(Protocol):
    """Admits subjects to one level of a request."""

    async def admit(
        self, facts: RequestFacts, subjects: Mapping[str, Sequence[str]]
    ) -> Mapping[str, Collection[str]]:
        """Return the subjects whose data may be read, of those at one level; both are keys by type.

        A subject that is left out looks like one that no bureau knows. RequestError refuses the whole request. Where
        all are admitted the gate returns `subjects` itself, which cannot be changed. Nothing is released if it raises
        anything else, or has not answered at `facts.deadline`: AUTHORIZATION_UNAVAILABLE.
        """
        ...


class AdmitAll:
    """Admits every subject: the gate of an installation without rules about single subjects."""

    async def admit(
        self, facts: RequestFacts, subjects: Mapping[str, Sequence[str]]
    ) -> Mapping[str, Collection[str]]:
        """Return all subjects."""
        del facts
        return subjects
