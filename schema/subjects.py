"""Persons and enterprises: composed of what the registry knows and of what every bureau adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry

from schema import records
from schema.classification import bilingual


def _compose(name: str, bases: tuple[type[Any], ...]) -> type[Any]:
    return type(name, bases, {"__module__": __name__})


if TYPE_CHECKING:

    class CreditSubject:
        """信用主体: whoever is spoken of in a credit record."""

    class Person(CreditSubject):
        """自然人."""

    class Enterprise(CreditSubject):
        """法人和非法人组织."""

else:
    CreditSubject = strawberry.interface(
        _compose("CreditSubject", records.mixins("SubjectFields")),
        description=bilingual("信用主体", "A credit subject: a person or an enterprise"),
    )
    Person = strawberry.type(
        _compose("Person", (*records.mixins("PersonFields"), CreditSubject)),
        description=bilingual("自然人", "A person"),
    )
    Enterprise = strawberry.type(
        _compose("Enterprise", (*records.mixins("EnterpriseFields"), CreditSubject)),
        description=bilingual("法人和非法人组织", "An enterprise or other organisation"),
    )
