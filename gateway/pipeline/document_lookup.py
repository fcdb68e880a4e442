"""How a request that names a document comes to a person: the links are read first, and the number takes the document's place.

Everything behind this page sees a number: the ages, the subject gate, the authorisations of a borrower, the bureaus, the
evidence. A document that joins nobody, for whatever reason, is asked for as a number that nobody has. So are documents of
minors for a purpose that shows none. The calls, the work and the answer are then those about a person whom no bureau knows.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

from adapters.bureau_errors import BureauTimedOut
from adapters.source import Key
from catalogue.identity_documents import NOBODY
from gateway.pipeline.prepare import Variant
from gateway.rights.identity_links import linked_person
from resolvers.fetch.age_limits import allowed_by_number
from resolvers.fetch.batching import Loader
from resolvers.fetch.levels import ReadRequest
from resolvers.fetch.reading import Reading, Table
from resolvers.plan.arguments import Arguments
from resolvers.plan.document_places import DocumentPlace, NamedDocument


async def look_up_documents(variant: Variant, arguments: Arguments, request: ReadRequest, day: date) -> None:
    """Put the number of the person in place of each document that a request names, in its arguments and its keys.

    Where the links cannot be read, the error stands for the argument, and nobody is asked for.
    """
    named = [(place, each) for place in variant.plan.documents if (each := place.document(arguments))]
    if variant.links is None or not named:
        return
    table = await _read(variant.links, [each for _, each in named], request)
    for place, document in named:
        if table.failure is not None:
            arguments.invalid[place.argument] = table.failure
            continue
        found = linked_person(table.rows.get(document.number, ()), document.kind, day)
        number = _shown(variant.plan.reading, place, found or NOBODY, day)
        arguments.values[place.argument] = number
        request.keys[place.position] = (number,)


def _shown(reading: Reading, place: DocumentPlace, number: Key, day: date) -> Key:
    """Return a number, or that of nobody where the person may not be shown by its age."""
    shown = [allowed_by_number(age, place.position, (number,), day) for age in reading.ages]
    return number if all(shown) else NOBODY


async def _read(links: Loader, documents: Sequence[NamedDocument], request: ReadRequest) -> Table:
    """Return the links of some documents by their numbers. What does not come in time is a failure of the bureau."""
    numbers = list(dict.fromkeys(each.number for each in documents))
    try:
        async with asyncio.timeout_at(request.deadline):
            return await links.load(numbers, request.deadline, request.origin)
    except TimeoutError:
        query = links.query
        return Table(failure=BureauTimedOut(query.bureau, query.dataset.name))
