"""The disclosure of an answer: about whom it is, and which fields it releases and withholds.

It is handed to one hook, which is awaited before anything of the answer is sent. What a bureau said is not in it.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from gateway.principal import RequestFacts


class AnswerDisclosure(msgspec.Struct, frozen=True):
    """What one answer discloses, or what a request tried to read that the subject gate refused."""

    facts: RequestFacts
    subjects: Mapping[str, Sequence[str]]
    """The keys of the subjects whose data was read, by type, with those that were reached by reference."""
    released: tuple[str, ...]
    """Coordinates of the fields that grant and authorisations release, whether or not they had a value, of one subject at
    least; none if the gate refused."""
    withheld: tuple[str, ...]
    """Coordinates of the fields that were asked for and that the grant takes away, or an authorisation of one subject."""
    outcome: str
    """"ok", "partial", or the code of the error of a refused request: then nothing was released."""

    def __repr__(self) -> str:
        """Return a text without the subjects' identity numbers."""
        return f"AnswerDisclosure({self.facts.operation!r}, {self.outcome!r})"


class DisclosureHook(Protocol):
    """Keeps disclosures."""

    async def record(self, disclosure: AnswerDisclosure) -> None:
        """Return once the disclosure is kept durably.

        Nothing is released if it raises, or takes longer than `DISCLOSURE_SECONDS` of `gateway.pipeline.request`.
        """
        ...
