"""Where a plan names persons by other documents than their identity numbers, and the keys that stand for these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from adapters.source import Key
    from resolvers.plan.arguments import Arguments


class NamedDocument(NamedTuple):
    """A document that a request names."""

    kind: str
    number: str

    def __repr__(self) -> str:
        """Return the kind alone: the number is that of a person."""
        return f"NamedDocument({self.kind})"


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """An argument that names a document, and the position of the person whom it leads to."""

    argument: int
    position: int
    dataset: str
    """The data set of the links, by its full name."""
    kinds: Mapping[str, str]
    """The kind of document by the member of the argument."""

    def document(self, arguments: Arguments) -> NamedDocument | None:
        """Return the document that a request names here, or None where the argument has no valid value."""
        if self.argument in arguments.invalid:
            return None
        ((member, number),) = arguments.values[self.argument].items()
        return NamedDocument(self.kinds[member], number)


def with_documents(
    places: Sequence[DocumentPlace], arguments: Arguments, keys: Sequence[Sequence[Key]]
) -> Sequence[Sequence[Key]]:
    """Return the keys of a request with each document as the key of its position: whom it names, before that is found."""
    named = list(keys)
    for place in places:
        document = place.document(arguments)
        if document is not None:
            named[place.position] = (" ".join(document),)
    return named
