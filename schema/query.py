"""The ways into the graph: by identifier, one or many, and the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from schema import records
from schema.catalogue_entry import OPEN, CatalogueEntry
from schema.classification import Classification, DataClass, Sensitivity, bilingual, classified
from schema.records.registry import NAME, REGISTRATION
from schema.scalars import CreditCode, PersonNumber
from schema.standing import STANDING, Standing
from schema.subjects import CreditSubject, Enterprise, Person

LOOKUP = Classification("XY-REG-001", DataClass.IDENTITY, Sensitivity.ORDINARY)


@strawberry.input(
    one_of=True, description=bilingual("主体标识", "The identifier of a person or an enterprise")
)
class SubjectKey:
    """主体标识: exactly one of the two."""

    person: PersonNumber | None = strawberry.field(
        default=strawberry.UNSET, description=bilingual("身份证号", "Identity number")
    )
    enterprise: CreditCode | None = strawberry.field(
        default=strawberry.UNSET, description=bilingual("统一社会信用代码", "Unified social credit code")
    )


@strawberry.type
class Ways:
    """The ways into the graph; every one is answered by a plan, never by calling these methods."""

    @classified(NAME, "按身份证号查自然人", "The person with this identity number; null if unknown")
    def person(self, id: PersonNumber) -> Person | None:
        """Answered by the plan."""

    @classified(NAME, "按身份证号批量查自然人", "Persons in the order asked for; null where unknown")
    def persons(self, ids: list[PersonNumber]) -> list[Person | None] | None:
        """Answered by the plan."""

    @classified(REGISTRATION, "按统一社会信用代码查企业", "The enterprise with this code; null if unknown")
    def enterprise(self, id: CreditCode) -> Enterprise | None:
        """Answered by the plan."""

    @classified(REGISTRATION, "批量查企业", "Enterprises in the order asked for; null where unknown")
    def enterprises(self, ids: list[CreditCode]) -> list[Enterprise | None] | None:
        """Answered by the plan."""

    @classified(LOOKUP, "批量查信用主体", "Subjects in the order asked for; null where unknown")
    def subjects(self, by: list[SubjectKey]) -> list[CreditSubject | None] | None:
        """Answered by the plan."""

    @classified(
        STANDING, "激励资格", "What a subject may enjoy; an object whether or not the subject is known"
    )
    def standing(self, of: SubjectKey) -> Standing | None:
        """Answered by the plan."""

    @classified(OPEN, "目录", "Every field of the graph and what binds it")
    def catalogue(self) -> list[CatalogueEntry] | None:
        """Answered from the composed schema."""


if TYPE_CHECKING:

    class Query(Ways):
        """The ways into the graph, with the tables that the bureaus registered."""

else:
    Query = strawberry.type(
        type("Query", (Ways, *records.mixins("QueryFields")), {"__module__": __name__}),
        description=bilingual("查询", "The ways into the graph"),
    )
