"""Where a field of the graph comes from: the ways in which a field is bound to a dataset, or to a rule over some.

A leaf needs no binding of its own: `registeredCapitalFen` of a type that is read from a dataset is that
dataset's column `registered_capital_fen`, unless the declaration renames it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from catalogue.incentives.requirement_kinds import Beneficiary
from resolvers.eligibility.incentive_rules import EligibilityRule
from resolvers.eligibility.own_incentives import IncentiveTeller
from resolvers.eligibility.reasons import Explainer


@dataclass(frozen=True, slots=True)
class Entity:
    """A type with an identity: its leaves are columns of `dataset`, read by that identity."""

    dataset: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A field of an entity that lists records of `dataset`, read by the entity's identity."""

    dataset: str


@dataclass(frozen=True, slots=True)
class Gathering:
    """A field of an entity that lists the records of several edges, in the order of `datasets`."""

    datasets: Mapping[str, str]
    """The dataset of each member type."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a record that leads to the entity whose identity stands in `column`.

    `term` has the columns of the first and the last day of a guardianship, where it leads from a guardian to the ward.
    """

    column: str
    term: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ItemElement:
    """A field of a record that holds an element of its catalogue item, the same for every record."""

    text: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A field of the query that leads to entities by the identities in `argument`.

    `form` is "one" identity, a list of "many", or a list of "keyed" objects that each hold one identity
    under the member name that `members` maps to a type.
    """

    argument: str
    form: Literal["one", "many", "keyed"]
    members: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class DocumentLookup:
    """A field of the query that leads to the person to whom the document in `argument` is linked by `dataset`.

    `kinds` maps each member of the argument to the kind of document.
    """

    argument: str
    dataset: str
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StandingOf:
    """A field of the query that holds the one-sided answers about the subject, or the list of subjects, in `argument`.

    `members` maps each member of the argument to its type. The field has an object for each, whoever the subject is.
    """

    argument: str
    members: Mapping[Beneficiary, str]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A one-sided answer: the rule for each kind of subject that the incentive is for."""

    rules: Mapping[Beneficiary, EligibilityRule]


@dataclass(frozen=True, slots=True)
class Reasons:
    """A field of the standing that tells why incentives are not granted, by what tells it to each kind of subject."""

    explainers: Mapping[Beneficiary, Explainer]


@dataclass(frozen=True, slots=True)
class OwnIncentives:
    """A field of the standing that tells of every incentive of the city, by what tells of them to each kind of subject."""

    tellers: Mapping[Beneficiary, IncentiveTeller]


@dataclass(frozen=True, slots=True)
class ReasonMember:
    """A field of what the subject alone is told, or of what hangs on it.

    A list of objects holds `most` at the most; None where it is none.
    """

    most: int | None = None


@dataclass(frozen=True, slots=True)
class Tabulation:
    """A field of the query that gives a registered table of counts, whole, for the period in `argument`."""

    dataset: str
    argument: str = "year"


FieldBinding: TypeAlias = (
    Edge
    | Gathering
    | Reference
    | ItemElement
    | Lookup
    | DocumentLookup
    | StandingOf
    | Eligibility
    | Reasons
    | OwnIncentives
    | ReasonMember
    | Tabulation
)
