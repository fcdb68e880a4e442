"""The kinds of requirement that a condition can state: what each looks at, may ask for, and how it is put in words.

A kind is added here. One with codes needs nothing else; how any other is checked stands in
`resolvers.eligibility.incentive_rules`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from catalogue.grade_schemes import PAYMENT, ROAD_TRANSPORT, TAXPAYER
from catalogue.industries import INDUSTRIES, STANDARD

KEPT_YEARS: Final = 5
"""Full years for which an adverse record may be kept and count (河南省社会信用条例 art. 19)."""

Beneficiary: TypeAlias = Literal["person", "enterprise"]
KINDS: Final[tuple[Beneficiary, ...]] = ("person", "enterprise")


@dataclass(frozen=True, slots=True)
class RequirementKind:
    """One kind: it asks for some of its `codes`, for a number of `numbers`, or where it has neither, that it holds.

    `dataset` and `columns` are what it looks at. `text` says it in Chinese and in English, with what is asked for in
    the place of {}.
    """

    name: str
    dataset: str = ""
    """Full name of the data set; empty if the adverse rules of the bureaus decide which data sets count."""
    columns: tuple[str, ...] = ()
    text: tuple[str, str] = ("", "")
    codes: tuple[str, ...] = ()
    """In the order of their enumeration in the graph: the best first."""
    standard: str = ""
    """What lists the codes, where a refusal does not list them all."""
    numbers: range | None = None
    shames: bool = True
    """Whether the last of the codes cannot be asked for, since TRUE would say what puts to shame."""
    beneficiaries: tuple[Beneficiary, ...] = KINDS
    of_programme: bool = False
    """Whether its numbers can be compared within one score programme alone."""
    of_all: bool = False
    """Whether all answers of a scene ask for it where one does."""
    awarded: bool = False
    """Whether it is an award: who holds it may be rewarded without more, if no other answer tells more by it."""
    public: bool = False
    """Whether it looks at the public register alone: it says nothing that the register does not, and has no bar."""
    ranked: bool = True
    """Whether the codes stand in an order, the best first, of which a condition asks for the best ones."""

    def problems(self, value: bool | int | frozenset[str]) -> Iterator[str]:
        """Yield what is wrong with a value that a condition states."""
        if self.codes:
            yield from self._problems_of_codes(value if isinstance(value, frozenset) else frozenset())
        elif self.numbers is None:
            if value is not True:
                yield f"states {self.name}, which is true or left out"
        elif type(value) is not int or value not in self.numbers:
            yield f"has {self.name} that are not {self.numbers.start} to {self.numbers.stop - 1}"

    def _problems_of_codes(self, asked: frozenset[str]) -> Iterator[str]:
        unknown = sorted(asked - set(self.codes))
        if unknown or not asked:
            known = f"those of {self.standard}" if self.standard else ", ".join(self.codes)
            yield f"asks for {self.name} {unknown}, and there are {known}"
        if not self.ranked:
            return
        missing = [code for code in self.codes[: len(asked)] if code not in asked]
        if missing:
            yield f"asks for {self.name} without {', '.join(missing)}, which is better"
        if self.shames and self.codes[-1] in asked:
            yield f"asks for {self.name} down to {self.codes[-1]}, the worst"

    def strictest(self, values: Sequence[Any]) -> Any:
        """Return the strictest of the values that conditions ask for."""
        # Every set of codes begins with the best one, so that what several share is the shortest and never empty.
        return min(values, key=len) if self.codes else max(values)


REQUIREMENT_KINDS: Final[Mapping[str, RequirementKind]] = {
    each.name: each
    for each in (
        RequirementKind(
            "clean_years",
            text=("{}年内无不良记录", "years without an adverse record {}"),
            numbers=range(1, KEPT_YEARS + 1),
            of_all=True,
        ),
        RequirementKind(
            "least_score",
            "credit_office.score",
            ("score",),
            ("积分不低于{}", "score at least {}"),
            numbers=range(1, 10_000),
            beneficiaries=("person",),
            of_programme=True,
        ),
        RequirementKind("red_list", "credit_office.red_list", ("listed_on", "until"), awarded=True),
        RequirementKind(
            "honour_levels",
            "credit_office.honour",
            ("level",),
            ("荣誉级别{}", "honour of level {}"),
            codes=("NATIONAL", "PROVINCIAL", "CITY", "COUNTY"),
            shames=False,
            awarded=True,
        ),
        RequirementKind(
            "tax_grades",
            "tax.latest_taxpayer_grade",
            ("grade",),
            ("纳税信用{}级", "tax grade {}"),
            codes=tuple(TAXPAYER.labels),
            beneficiaries=("enterprise",),
        ),
        RequirementKind(
            "transport_grades",
            "transport.transport_grade",
            ("grade",),
            ("道路运输考核{}级", "transport grade {}"),
            codes=tuple(ROAD_TRANSPORT.labels),
        ),
        RequirementKind(
            "payment_grades",
            "social_security.payment_grade",
            ("grade",),
            ("社会保险缴费信用{}级", "payment grade {}"),
            codes=tuple(PAYMENT.labels),
            beneficiaries=("enterprise",),
        ),
        RequirementKind(
            "founded_within",
            "registry.enterprise",
            ("established_on",),
            ("成立不满{}年", "founded within {} years"),
            numbers=range(1, 11),
            beneficiaries=("enterprise",),
            public=True,
        ),
        RequirementKind(
            "industries",
            "registry.enterprise",
            ("industry",),
            ("登记行业为{}", "registered industry {}"),
            codes=INDUSTRIES,
            standard=STANDARD,
            beneficiaries=("enterprise",),
            public=True,
            ranked=False,
        ),
        RequirementKind(
            "legal_forms",
            "registry.enterprise",
            ("kind",),
            ("主体类型为{}", "kind of organisation {}"),
            codes=("COMPANY", "COOPERATIVE", "INDIVIDUAL_BUSINESS"),
            beneficiaries=("enterprise",),
            public=True,
            ranked=False,
        ),
        RequirementKind(
            "local", "registry.enterprise", ("region",), beneficiaries=("enterprise",), public=True
        ),
        RequirementKind(
            "individual_business",
            "registry.enterprise",
            ("kind",),
            beneficiaries=("enterprise",),
            public=True,
        ),
    )
}
"""By name, in the order in which a text says them."""
